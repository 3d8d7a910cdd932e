A set-up without a seal: it runs in each workspace, trust lists it, what it makes does not land, and a failure pauses the run.
$ git init -q -b main r
$ cd r
$ git config user.name Ada; git config user.email ada@localhost
$ printf '#!/bin/sh\ngit status --porcelain; cp node_modules/dep $PIANOLA_TASK.txt\n' > agent.sh; chmod +x agent.sh
$ printf 'agents: {mine: {kind: command, argv: [./agent.sh]}}\n' > .pianola.yaml
$ printf '{}\n' > package.json; printf 'test ! -e ../../broken || { echo no network here; exit 7; }\nmkdir node_modules; echo dep > node_modules/dep\n' > install.sh
$ printf 'setup: [sh install.sh]\ntasks:\n  - {id: a, files_write: [a.txt], setup: ["test -d node_modules"], verification: [{command: cmp a.txt node_modules/dep}]}\n' > tasks.yaml
$ git add -A; git commit -q -m start; pianola check
tasks.yaml  ok: 1 task, 0 dependencies, 1 wave, no conflicts, 0 of 1 tested
critical    a
risk        20 AUTO-APPROVE (threshold 25)
            +20 incomplete_test_coverage:0%
runs        3 commands on this machine; see them: pianola approve tasks.yaml --show
$ pianola trust --show
  $TOP/work/r/agent.sh  agent "mine"
  isolation none                           agents run as you, each in a clone of its own
  cmp a.txt node_modules/dep               gate of a
  test -d node_modules                     set-up of a, network open
  cmp a.txt node_modules/dep               final check
  sh install.sh                            set-up, network open
commands <id>
$ mkdir ../r.pianola; touch ../r.pianola/broken
$ pianola run --approve --promote checkout --plain; cat .git/pianola/runs/r1/gates/setup.a.1/1/out
<time> r1 run start main <id>, 1 task, 2 jobs, no isolation
<time> r1 paused set-up: sh install.sh: exit 7 ($TOP/work/r/.git/pianola/runs/r1/gates/setup.a.1/1/out)
r1: paused: set-up: sh install.sh: exit 7 ($TOP/work/r/.git/pianola/runs/r1/gates/setup.a.1/1/out); go on: pianola resume
no network here
$ pianola status | head -3
r1 paused <span>, r > main, tasks.yaml <id>, no isolation
0/1 landed, 1 working, 1 needs you
r1 paused set-up: sh install.sh: exit 7 ($TOP/work/r/.git/pianola/runs/r1/gates/setup.a.1/1/out): pianola resume
$ rm ../r.pianola/broken; pianola resume --plain | sed 's/supervisor [0-9]*/supervisor N/'
<time> r1 reopened by supervisor N, pianola 0.1.0
<time> r1 resumed 0 of 1 landed
<time> a landed staging <id>, try 1, <span>
<time> r1 checking 1 final check on <id>
<time> r1 green 1 final check on <id>
<time> r1 done main <id>, 1 of 1 landed
done r1: main is <id>, 1 of 1 task landed, integration green
time <span>; critical path <span> (<part> x); 2 slots used about <part> %
tries 1 for 1 task
logs $TOP/work/r/.git/pianola/runs/r1
all of it: pianola status --run r1 --report
undo pianola undo 25 --run r1 puts main back to <id>, keeps the work
$ git ls-files; cat a.txt
.pianola.yaml
a.txt
agent.sh
install.sh
package.json
tasks.yaml
dep
$ pianola gc | tail -2 | sed 's/[0-9.]* [kMG]*B/N/g'
r1 done workspaces N, logs N, journal N, freed N and 2 refs
total workspaces N, logs N, journal N, freed N and 2 refs
$ printf 'setup: [" "]\ntasks: []\n' > bad.yaml; pianola check bad.yaml
bad.yaml:1:9: an empty command; expected shell text such as npm ci
bad.yaml:2:8: the plan has no tasks; expected at least one; write one under tasks:
2 errors in bad.yaml, nothing changed
[3]
