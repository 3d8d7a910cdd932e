A plan asked of an agent, which errs twice and is told what pianola check finds; the plan is risky, so a person looks
at it, makes it better, approves it and runs it.
$ git init -q -b main r
$ cd r
$ git config user.name Ada; git config user.email ada@localhost; printf 'isolation: none\nagents:\n  mine: {kind: command, argv: [./agent.sh]}\n  thinker: {kind: command, argv: [./planner.sh]}\nroles: {worker: {agent: mine}, planner: {agent: thinker}}\napproval: {auto_approve_threshold: 10}\n' > .pianola.yaml
$ cat > planner.sh <<'END'
> #!/bin/sh
> # What it says depends on what it was told of its earlier attempts.
> prompt=$(cat)
> case $prompt in *"Add a login"*) ;; *) echo 'no request' >&2; exit 1 ;; esac
> plan() { printf 'request: Add a login\ntasks:\n- {id: login, description: Write the login, files_write: [src/auth.txt], %s}\n- {id: page, description: Show it, files_write: [page.txt]%s, verification: [{command: grep page page.txt, type: test}]}\n' "$1" "$2" > pianola-plan.yaml; }
> case $prompt in
> *'no task "logon"'*) plan 'verification: [{command: grep login src/auth.txt, type: test}]' ', depends_on: [login]' ;;
> *'cannot fail'*) plan 'verification: [{command: grep login src/auth.txt, type: test}]' ', depends_on: [logon]' ;;
> *) plan 'verification: ["true"]' '' ;;
> esac
> END
$ printf '#!/bin/sh\ncase $PIANOLA_TASK in login) mkdir -p src; echo login > src/auth.txt;; *) echo "$PIANOLA_TASK" > "$PIANOLA_TASK.txt";; esac\n' > agent.sh; chmod +x agent.sh planner.sh; git add -A; git commit -q -m start
$ pianola plan
pianola plan: no request; expected what is to be done, in words; pianola plan "Add a login page", or: pianola plan new --template NAME
[2]
$ pianola plan ' '
pianola plan: no request; expected what is to be done, in words; pianola plan "Add a login page", or: pianola plan new --template NAME
[2]
$ pianola plan 'Add a login' -o plan.md
pianola plan: "plan.md" for a plan in YAML; expected a name that ends in .yaml
[2]
$ : > execution-plan.md; pianola plan 'Add a login'; rm execution-plan.md
execution-plan.md: the file is there; expected a new file; name another: -o FILE, or move it away
$ pianola plan 'Add a login' | sed 's/[0-9a-f]*\.yaml --/<question>.yaml --/'
these commands are not trusted yet:
  $TOP/work/r/planner.sh agent "thinker"
  isolation none                           agents run as you, each in a clone of its own
  "$PIANOLA_PROGRAM" check pianola-plan.yaml gate of plan
  "$PIANOLA_PROGRAM" check pianola-plan.yaml final check
commands <id>; expected your word; trust them: pianola trust $TOP/work/r/.git/pianola/questions/5e4df4798558.yaml --yes, or add --approve
$ pianola plan 'Add a login' --approve --plain | grep -v -e starting -e working -e checking
<time> r1 run start main <id>, 1 task, 1 job, no isolation
<time> plan red "$PIANOLA_PROGRAM" check pianola-plan.yaml: exit 3
<time> plan red "$PIANOLA_PROGRAM" check pianola-plan.yaml: exit 3
<time> plan landed staging <id>, try 3, <span>
<time> r1 green 1 final check on <id>
<time> r1 left <id> verified, 1 of 1 landed, main not moved: main is checked out in $TOP/work/r; pianola promote
tasks.yaml  2 tasks in 3 tries of r1; execution-plan.md shows them
risk        20 REQUIRES REVIEW (threshold 10)
next        look at it, then: pianola run tasks.yaml
$ cat execution-plan.md
# Add a login

`tasks.yaml` says it; this page only shows it.

## Waves

1. login
2. page

Longest chain: login, page

## Tasks and what they own

| Task | What | Owns | After | Proved by |
|---|---|---|---|---|
| login | Write the login | src/auth.txt | - | grep login src/auth.txt |
| page | Show it | page.txt | login | grep page page.txt |

## Risk

20 points, REQUIRES REVIEW (asks nobody up to 10)

- +20 sensitive_path:src/auth.txt:auth

## Cost

2 runs of agents at least, 6 at most; 3 h of agents at most, by the time limits. What a run costs, agents
tell when they are done: `pianola status`.
$ pianola logs plan --gate | head -5
green  "$PIANOLA_PROGRAM" check pianola-plan.yaml
pianola-plan.yaml  ok: 2 tasks, 1 dependency, 2 waves, no conflicts, 2 of 2 tested
critical    login > page
risk        20 REQUIRES REVIEW (threshold 10)
            +20 sensitive_path:src/auth.txt:auth
$ pianola run
tasks.yaml needs your approval: risk 20 REQUIRES REVIEW, threshold 10
  +20 sensitive_path:src/auth.txt:auth
it will run on this machine:
  $TOP/work/r/agent.sh  agent "mine"
  isolation none                           agents run as you, each in a clone of its own
  grep login src/auth.txt                  gate of login
  grep page page.txt                       gate of page
  grep login src/auth.txt                  final check
  grep page page.txt                       final check
plan <id>  commands <id>  policy <id>; expected your word; see it all: pianola approve tasks.yaml --show; approve it: pianola approve tasks.yaml --yes, or add --approve
[6]
$ sed -i 's/Show it/Show the page/' tasks.yaml; pianola check; pianola approve --yes > ../log; git add -A; git commit -q -m plan
tasks.yaml  ok: 2 tasks, 1 dependency, 2 waves, no conflicts, 2 of 2 tested
critical    login > page
risk        20 REQUIRES REVIEW (threshold 10)
            +20 sensitive_path:src/auth.txt:auth
runs        2 commands on this machine; see them: pianola approve tasks.yaml --show
$ pianola run --plain --promote checkout | grep -e landed -e done; git show --stat --format=%s HEAD | head -3
<time> login landed staging <id>, try 1, <span>
<time> page landed staging <id>, try 1, <span>
<time> r2 done main <id>, 2 of 2 landed
done r2: main is <id>, 2 of 2 tasks landed, integration green
Merge page: Show the page

 page.txt | 1 +
$ pianola plan 'Add a login'
tasks.yaml: the file is there; expected a new file; name another: -o FILE, or move it away
[1]
$ mkdir sub; pianola plan 'Something else' -o sub/q.yaml --repairs 0 --approve --plain | grep -e failed; ls sub
<time> plan failed 1 of 1 attempts: crash, exit 1
<time> r3 failed 1 of 1 tasks did not land
failed r3: main is not moved, 0 of 1 task landed
$ printf 'verification: {min_checks_per_task: 2}\n' >> .pianola.yaml; pianola plan 'Add a login' -o sub/p.yaml --approve --json; ls sub
1 changed file is not seen by agents; they start from <id>
{"error":{"code":"bad_plan","exit":3,"message":"task \"login\" has 1 check; expected at least 2, as min_checks_per_task asks ($TOP/work/r/.pianola.yaml:7:37)","at":{"file":"sub/p.yaml","line":3,"col":88},"hint":"write another"},"errors":[{"code":"bad_plan","exit":3,"message":"task \"login\" has 1 check; expected at least 2, as min_checks_per_task asks ($TOP/work/r/.pianola.yaml:7:37)","at":{"file":"sub/p.yaml","line":3,"col":88},"hint":"write another"},{"code":"bad_plan","exit":3,"message":"task \"page\" has 1 check; expected at least 2, as min_checks_per_task asks ($TOP/work/r/.pianola.yaml:7:37)","at":{"file":"sub/p.yaml","line":4,"col":96},"hint":"write another"}],"warnings":[]}
p.yaml
