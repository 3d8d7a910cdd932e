A run from plan to main, and what each command says of it afterwards.
$ git init -q -b main r && cd r
$ cd r
$ git config user.name Ada; git config user.email ada@localhost
$ printf '#!/bin/sh\necho "works on $PIANOLA_TASK"\necho x > $PIANOLA_TASK.txt\n' > agent.sh; chmod +x agent.sh
$ printf 'agents: {mine: {kind: command, argv: [./agent.sh]}}\njobs: 1\n' > .pianola.yaml
$ printf 'tasks:\n  - {id: a, description: write a, files_write: [a.txt], verification: [{command: test -f a.txt}]}\n  - {id: b, description: write b, files_write: [b.txt], depends_on: [a], verification: [{command: test -f b.txt}]}\n' > tasks.yaml
$ git add -A; git commit -q -m start
$ pianola trust --show
  $TOP/work/r/agent.sh  agent "mine"
  isolation none                           agents run as you, each in a clone of its own
  test -f a.txt                            gate of a
  test -f b.txt                            gate of b
  test -f a.txt                            final check
  test -f b.txt                            final check
commands <id>
$ pianola run
these commands are not trusted yet:
  $TOP/work/r/agent.sh  agent "mine"
  isolation none                           agents run as you, each in a clone of its own
  test -f a.txt                            gate of a
  test -f b.txt                            gate of b
  test -f a.txt                            final check
  test -f b.txt                            final check
commands <id>; expected your word; trust them: pianola trust tasks.yaml --yes, or add --approve
[6]
$ pianola trust --yes
  $TOP/work/r/agent.sh  agent "mine"
  isolation none                           agents run as you, each in a clone of its own
  test -f a.txt                            gate of a
  test -f b.txt                            gate of b
  test -f a.txt                            final check
  test -f b.txt                            final check
commands <id>
trusted, for you, on this machine
$ pianola run
<time> r1 run start main <id>, 2 tasks, 1 job, no isolation
<time> a landed staging <id>, try 1, <span>
<time> b landed staging <id>, try 1, <span>
<time> r1 checking 2 final checks on <id>
<time> r1 green 2 final checks on <id>
<time> r1 left <id> verified, 2 of 2 landed, main not moved: main is checked out in $TOP/work/r; pianola promote
left r1: main is not moved, 2 of 2 tasks landed, integration green
why main is checked out in $TOP/work/r
time <span>; critical path <span> (<part> x); 1 slot used about <part> %
tries 2 for 2 tasks
logs $TOP/work/r/.git/pianola/runs/r1
all of it: pianola status --run r1 --report
next pianola promote
[6]
$ pianola status
r1 paused <span>, r > main, tasks.yaml <id>, no isolation
2/2 landed, 1 needs you
r1 paused <age> main is checked out in $TOP/work/r: pianola promote
more: pianola status --all   pianola logs TASK
$ pianola promote
done r1: main is <id>, 2 of 2 tasks landed, integration green
time <span>; critical path <span> (<part> x); 1 slot used about <part> %
tries 2 for 2 tasks
logs $TOP/work/r/.git/pianola/runs/r1
all of it: pianola status --run r1 --report
undo pianola undo * --run r1 puts main back to <id>, keeps the work (glob)
$ git log --first-parent --format=%s main; git status --short
Merge b: write b
Merge a: write a
start
$ git log -1 --format=%B main
Merge b: write b

Pianola-Run: r1
Pianola-Task: b
Pianola-Attempt: 1

$ pianola promote
r1: nothing waits for promotion; expected a run that ended verified and was left; look: pianola status
[2]
$ pianola resume
r1: is done already; expected a run that stopped or paused; start another: pianola run tasks.yaml
[2]
$ pianola status
r1 done <span>, r > main, tasks.yaml <id>, no isolation
2/2 landed
more: pianola status --all   pianola logs TASK
$ pianola status --all
r1 done <span>, r > main, tasks.yaml <id>, no isolation
2/2 landed
a landed <age> staging <id>
b landed <age> staging <id>
$ pianola logs a
works on a
$ pianola logs a --gate
green  test -f a.txt
$ pianola logs nope
r1: no task "nope"; expected a task of this run; pianola status --all lists them
[2]
$ pianola logs a --attempt 9
a: no attempt 9, 1 so far; look: pianola status --all
[2]
$ pianola wait
$ pianola wait a b
$ pianola wait zz
r1: no task "zz"; expected a task of this run; pianola status --all lists them
[2]
$ pianola log verify
r1  whole: 44 events in 1 segment, * bytes, every checksum and number right (glob)
$ pianola log tail -n 3
<time> 42 promotion_started <id> to <id>, checkout
<time> 43 target_promoted to <id>
<time> 44 run_finished done
$ pianola log show 2
seq 2
id <id>
at <number> (<time>)
type supervisor_started
v 1
actor user:ada
data
  pid * (glob)
  version 0.1.0
crc <id>
$ pianola log show 999
r1: no event 999; expected 1 to 44; pianola log tail shows the last ones
[2]
$ pianola workspace list
r1: no workspaces
$ pianola workspace path a
a: no workspace now; look: pianola workspace list
[2]
$ pianola stop
r1: nothing runs; it is done
$ pianola say a hello
r1: it is over, and has no next prompt; expected a running one; look: pianola status
[2]
$ pianola status --run r9
run: no run "r9"; there are r1
[2]
$ for ref in $(git for-each-ref --format='%(refname)' refs/pianola); do echo $ref; done
refs/pianola/base/r1
refs/pianola/cand/r1/a.1
refs/pianola/cand/r1/b.1
refs/pianola/in/r1/a/1
refs/pianola/in/r1/b/1
refs/pianola/ready/r1
refs/pianola/staging/r1
