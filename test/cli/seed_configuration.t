A whole .claude-agents.yaml, as it was written for the original: each key works, before what the user's own file says, or
tells by its name why it does nothing.
$ git init -q -b main r
$ cd r
$ git config user.name Ada; git config user.email ada@localhost
$ printf '#!/bin/sh\necho x > $PIANOLA_TASK.txt\n' > agent.sh; chmod +x agent.sh
$ mkdir -p "$HOME/.config/pianola"; printf 'isolation: none\njobs: 2\norchestration: {max_iterations: 9, worker_model: opus}\nagents: {mine: {kind: command, argv: [%s/agent.sh]}}\n' "$PWD" > "$HOME/.config/pianola/config.yaml"
$ cat > .claude-agents.yaml <<'END'
> orchestration:
>   planner_model: opus
>   supervisor_model: sonnet
>   worker_model: sonnet
>   verifier_model: sonnet
>   max_parallel_workers: 5
>   max_iterations: 4
>   merge_strategy: merge_bubble
>   worktree_dir: .worktrees
> approval:
>   auto_approve_threshold: 25
>   sensitive_patterns:
>     - {pattern: "auth|security|crypto", weight: 20}
>     - {pattern: "payment|billing", weight: 25}
>   always_require_human: ["**/.env*", "**/migrations/**"]
> verification:
>   require_executable_checks: true
>   min_checks_per_task: 2
>   template_resolution:
>     test_file_patterns: ["tests/test_{basename}.py", "tests/{basename}_test.py"]
>     fallback_on_no_match: "tests/"
> boundaries:
>   enforce_via_git_diff: true
>   reject_excessive_churn: true
>   churn_threshold_lines: 500
>   reject_formatting_churn: true
>   formatting_check_allowlist: [".js", ".ts"]
>   formatting_check_denylist: [".py", ".yaml"]
>   forbidden_patterns: ["node_modules/", "\\.min\\.(js|css)$"]
> patch_intents:
>   enabled: true
>   adapter: auto
>   hot_files:
>     - {path: src/main.py, actions: [add_router, add_middleware]}
>   fallback: serialize
>   region_markers: {auto_insert: true, style: comment}
> resources:
>   enabled: true
>   auto_emit_from_intents: true
> dependencies:
>   install_phase: stage_0.5
>   detect_conflicts_early: true
>   allow_worker_installs: false
>   verify_env_hash: true
>   auto_approve: false
>   allowed_packages: [requests]
>   ecosystems:
>     python: {manager: uv, manifest: pyproject.toml, lockfile: uv.lock}
> contracts:
>   version_enforcement: strict
>   max_renegotiations: 2
>   track_renegotiations: true
> mailbox:
>   enabled: true
>   message_types: [info, api_change]
> phases:
>   stabilization_gate: true
>   barrier_checks:
>     - {name: tests, command: pytest, required: true}
> x-team: payments
> END
$ one='{command: test -f a.txt, type: test}'; printf 'tasks: [{id: a, files_write: [a.txt], verification: [%s]}]\n' "$one" > tasks.yaml; git add -A; git commit -q -m start
$ : one check is too few for this configuration; pianola check
tasks.yaml:1:53: task "a" has 1 check; expected at least 2, as min_checks_per_task asks ($TOP/work/r/.claude-agents.yaml:18:24); write another
1 error in tasks.yaml, nothing changed
[3]
$ : a file that is listed is no second one; printf 'tasks: [{id: a, files_write: [a.txt], verification: [{command: test -f a.txt, type: test}, {command: ls src/main.py}]}]\n' > tasks.yaml; pianola check
tasks.yaml:1:102: command "ls src/main.py" cannot fail; expected a check that can; write one, or set allow_trivial: true
1 error in tasks.yaml, nothing changed
[3]
$ printf 'tasks: [{id: a, files_write: [a.txt], verification: [{command: test -f a.txt, type: test}, {command: grep -q x a.txt}]}]\n' > tasks.yaml; git commit -q -am 'two checks'; pianola check
$TOP/work/r/.claude-agents.yaml:3:3: warning: "orchestration.supervisor_model" has no effect: the engine is deterministic and uses no model
$TOP/work/r/.claude-agents.yaml:5:3: warning: "orchestration.verifier_model" has no effect in this version: no command verifies by a model yet
$TOP/work/r/.claude-agents.yaml:9:3: warning: "orchestration.worktree_dir" has no effect: workspaces lie in <repo>.pianola/ beside the checkout, where its watchers and test discovery do not walk
$TOP/work/r/.claude-agents.yaml:20:5: warning: "verification.template_resolution" has keys without effect (test_file_patterns, fallback_on_no_match): checks are commands; none is guessed from the names of files
$TOP/work/r/.claude-agents.yaml:24:3: warning: "boundaries" has keys without effect in this version (reject_excessive_churn, churn_threshold_lines, reject_formatting_churn, formatting_check_allowlist, formatting_check_denylist, forbidden_patterns)
$TOP/work/r/.claude-agents.yaml:31:12: warning: "patch_intents.enabled" has no effect in this version: an intent only implies a resource
$TOP/work/r/.claude-agents.yaml:32:3: warning: "patch_intents" has keys without effect in this version (adapter, hot_files, fallback)
$TOP/work/r/.claude-agents.yaml:36:20: warning: "patch_intents.region_markers" has keys without effect in this version (auto_insert, style)
$TOP/work/r/.claude-agents.yaml:41:3: warning: "dependencies" has keys without effect in this version (install_phase, detect_conflicts_early, auto_approve, allowed_packages, ecosystems)
$TOP/work/r/.claude-agents.yaml:54:3: warning: "mailbox" has keys without effect in this version (enabled, message_types)
$TOP/work/r/.claude-agents.yaml:57:3: warning: "phases" has keys without effect in this version (stabilization_gate, barrier_checks)
tasks.yaml  ok: 1 task, 0 dependencies, 1 wave, no conflicts, 1 of 1 tested
critical    a
risk        0 AUTO-APPROVE (threshold 25)
runs        2 commands on this machine; see them: pianola approve tasks.yaml --show
$ : the model of the worker is part of what is trusted; pianola trust --show
  $TOP/work/r/agent.sh  agent "mine", model sonnet
  isolation none                           agents run as you, each in a clone of its own
  risk                                     only sensitive auth|security|crypto +20
  risk                                     only sensitive payment|billing +25
  test -f a.txt                            gate of a
  grep -q x a.txt                          gate of a
  test -f a.txt                            final check
  grep -q x a.txt                          final check
commands <id>
$ pianola run --approve --promote checkout > ../log 2>&1; echo exit $?; grep -c 'has no effect\|without effect' ../log
exit 0
11
$ : two parents, four attempts at most, five agents; git log --first-parent --format=%s main; git log -1 --format=%p main | wc -w; cat a.txt; pianola log tail -n 200 --json | grep -o '"jobs":[0-9]*\|"attempts":[0-9]*' | sort -u
Merge a
two checks
start
2
x
"attempts":4
"jobs":5
$ : the attempts of a task are its own; printf 'tasks: [{id: b, attempts: 2, files_write: [b.txt], verification: [{command: test -f b.txt, type: test}, {command: grep -q x b.txt}]}]\n' > more.yaml; pianola run more.yaml --jobs 3 --approve --promote leave > ../log 2>&1; pianola log tail -n 200 --json | grep -o '"jobs":[0-9]*\|"attempts":[0-9]*' | sort -u
"attempts":2
"jobs":3
$ : a model that the worker itself names counts, and other agents keep theirs; printf 'isolation: none\nagents:\n  mine: {kind: command, argv: [./agent.sh], model: opus}\n  other: {kind: command, argv: [./agent.sh, other]}\nroles: {worker: {agent: mine}}\norchestration: {worker_model: haiku}\n' > own.yaml; printf 'tasks: [{id: a, files_write: [a.txt], verification: [make]}, {id: b, agent: other, files_write: [b.txt], verification: [make]}]\n' > two.yaml; PIANOLA_CONFIG=own.yaml pianola trust --show two.yaml | head -2; sed -i 's/, model: opus//' own.yaml; PIANOLA_CONFIG=own.yaml pianola trust --show two.yaml | head -2
  $TOP/work/r/agent.sh  agent "mine", model opus
  $TOP/work/r/agent.sh other agent "other"
  $TOP/work/r/agent.sh  agent "mine", model haiku
  $TOP/work/r/agent.sh other agent "other"
