A .claude-agents.yaml that would loosen what holds always: refused with its line, or told that it does not.
$ git init -q -b main r
$ cd r
$ git config user.name Ada; git config user.email ada@localhost
$ printf 'tasks: [{id: a, files_write: [a.txt], verification: [{command: test -f a.txt}]}]\n' > tasks.yaml
$ git add -A; git commit -q -m start
$ cat > .claude-agents.yaml <<'END'
> boundaries:
>   enforce_via_git_diff: false
> contracts:
>   version_enforcement: warn
>   max_renegotiations: 5
> orchestration:
>   merge_strategy: squash
>   max_parallel_workers: 5
>   max_iterationss: 3
> jobs: 4
> END
$ pianola check
$TOP/work/r/.claude-agents.yaml:2:25: boundaries.enforce_via_git_diff is false; expected true; what a task changed is read from git always, and no configuration loosens that
$TOP/work/r/.claude-agents.yaml:4:24: contracts.version_enforcement is warn; expected strict; work by an old version of a contract never lands, and no configuration loosens that
$TOP/work/r/.claude-agents.yaml:5:23: contracts.max_renegotiations is 5; expected at most 2; one more asks a person always, and no configuration loosens that
$TOP/work/r/.claude-agents.yaml:7:19: orchestration.merge_strategy is squash; expected merge_bubble; a task lands by a commit of two parents and no other way
$TOP/work/r/.claude-agents.yaml:8:25: orchestration.max_parallel_workers is 5, and jobs is 4 (10:7); expected one number of agents; drop one of <span> and 10:7
$TOP/work/r/.claude-agents.yaml:9:3: unknown key "max_iterationss" of orchestration; expected a key it knows; nearest is max_iterations
[3]
$ pianola run --approve
$TOP/work/r/.claude-agents.yaml:2:25: boundaries.enforce_via_git_diff is false; expected true; what a task changed is read from git always, and no configuration loosens that
$TOP/work/r/.claude-agents.yaml:4:24: contracts.version_enforcement is warn; expected strict; work by an old version of a contract never lands, and no configuration loosens that
$TOP/work/r/.claude-agents.yaml:5:23: contracts.max_renegotiations is 5; expected at most 2; one more asks a person always, and no configuration loosens that
$TOP/work/r/.claude-agents.yaml:7:19: orchestration.merge_strategy is squash; expected merge_bubble; a task lands by a commit of two parents and no other way
$TOP/work/r/.claude-agents.yaml:8:25: orchestration.max_parallel_workers is 5, and jobs is 4 (10:7); expected one number of agents; drop one of <span> and 10:7
$TOP/work/r/.claude-agents.yaml:9:3: unknown key "max_iterationss" of orchestration; expected a key it knows; nearest is max_iterations
[3]
$ cat > .claude-agents.yaml <<'END'
> verification: {require_executable_checks: false, min_checks_per_task: 0}
> patch_intents: {enabled: false}
> resources: {enabled: false, auto_emit_from_intents: false}
> dependencies: {allow_worker_installs: true}
> contracts: {track_renegotiations: false, max_renegotiations: 1}
> END
$ pianola check
$TOP/work/r/.claude-agents.yaml:1:43: warning: "verification.require_executable_checks: false" has no effect: a task without a check stays an error
$TOP/work/r/.claude-agents.yaml:1:71: warning: "verification.min_checks_per_task: 0" has no effect: a task without a check stays an error
$TOP/work/r/.claude-agents.yaml:2:26: warning: "patch_intents.enabled: false" has no effect: resources that intents imply count still
$TOP/work/r/.claude-agents.yaml:3:22: warning: "resources.enabled: false" has no effect: tasks that share a resource conflict still, and resources that intents imply count
$TOP/work/r/.claude-agents.yaml:3:53: warning: "resources.auto_emit_from_intents: false" has no effect: resources that intents imply count still
$TOP/work/r/.claude-agents.yaml:4:39: warning: "dependencies.allow_worker_installs: true" has no effect: sealed agents have no network to registries; install by setup: in the plan
$TOP/work/r/.claude-agents.yaml:5:35: warning: "contracts.track_renegotiations: false" has no effect: every renegotiation is recorded always
$TOP/work/r/.claude-agents.yaml:5:62: warning: "contracts.max_renegotiations: 1" has no effect in this version: a contract may change 2 times
tasks.yaml  ok: 1 task, 0 dependencies, 1 wave, no conflicts, 0 of 1 tested
critical    a
risk        20 AUTO-APPROVE (threshold 25)
            +20 incomplete_test_coverage:0%
runs        1 command on this machine; see it: pianola approve tasks.yaml --show
$ : and so it is; printf 'tasks: [{id: a, files_write: [a.txt], resources_write: [db], verification: [make]}, {id: b, files_write: [b.txt], resources_write: [db], verification: []}]\n' > tasks.yaml; pianola check 2>&1 | tail -3
tasks.yaml:1:133: "db" is owned by a too (<span>), and b and a have no order; expected one owner at a time; add to b: depends_on: [a]
tasks.yaml:1:152: task "b" has no verification; expected at least one check; write verification: [{command: ...}]
2 errors in tasks.yaml, nothing changed
$ : the user asks for two checks, the repository for one; mkdir -p "$HOME/.config/pianola"; echo 'verification: {min_checks_per_task: 2}' > "$HOME/.config/pianola/config.yaml"; echo 'verification: {min_checks_per_task: 1}' > .claude-agents.yaml; printf 'tasks: [{id: a, files_write: [a.txt], verification: [make]}]\n' > tasks.yaml; pianola check
tasks.yaml:1:53: task "a" has 1 check; expected at least 2, as min_checks_per_task asks ($TOP/home/.config/pianola/config.yaml:1:37); write another
1 error in tasks.yaml, nothing changed
[3]
