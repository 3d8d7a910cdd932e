Stopping: one task, or everything a run started; and nothing else.
$ git init -q -b main r
$ cd r
$ git config user.name Ada; git config user.email ada@localhost
$ cp /bin/sleep ../doze; printf '#!/bin/sh\nif [ $PIANOLA_TASK = quick ]; then echo x > quick.txt; exit 0; fi\necho half > $PIANOLA_TASK.txt\nsetsid %s/doze 6543 &\n%s/doze 6543\n' $(dirname $PWD) $(dirname $PWD) > agent.sh; chmod +x agent.sh
$ printf 'agents: {mine: {kind: command, argv: [./agent.sh]}}\njobs: 3\n' > .pianola.yaml
$ printf 'tasks:\n  - {id: slow, files_write: [slow.txt], verification: [{command: test -f slow.txt}]}\n  - {id: slower, files_write: [slower.txt], verification: [{command: test -f slower.txt}]}\n  - {id: quick, files_write: [quick.txt], verification: [{command: test -f quick.txt}]}\n  - {id: after, files_write: [after.txt], depends_on: [slow], verification: [{command: test -f after.txt}]}\n' > tasks.yaml
$ git add -A; git commit -q -m start
$ cp /bin/sleep ../claude; setsid ../claude 600 > ../log 2>&1 & echo $! > ../bystander; until [ $(ps -o sid= -p $(cat ../bystander)) = $(cat ../bystander) ]; do :; done
$ pianola run --approve --detach
r1
$ pianola wait quick --timeout 60
$ pianola wait --timeout 0
r1: not over after 0 s; look: pianola status
[6]
$ pianola run --approve --detach --json; pianola stop --run r2 --all --now
{"run":"r2"}
r2: everything it started is over; workspaces are kept
$ pianola resume
r1: supervisor * runs it since <span>; expected none; look: pianola status, or end it: pianola stop (glob)
[7]
$ until test -f ../r.pianola/r1/slow.1/slow.txt && test -f ../r.pianola/r1/slower.1/slower.txt; do sleep 0.1; done
$ pianola say slow 'mind the gap'
slow reads it in its next prompt
$ pianola say slow 'and the step' --json
{"run":"r1","task":"slow"}
$ pianola stop slow --run r1
r1: slow ends; its work is kept
$ pianola wait slow --run r1 --timeout 60
[1]
$ git show refs/pianola/saved/r1/slow/1:slow.txt
half
$ pianola stop nope --run r1
r1: no task "nope"; expected a task of this run; pianola status --all lists them
[2]
$ pianola stop slow --run r1
slow: it is over already; expected a task that waits or runs; pianola status
[1]
$ pianola stop --all --now --run r1
r1: everything it started is over; workspaces are kept
$ pianola status --run r1 --all
r1 paused <span>, r > main, tasks.yaml <id>, no isolation
1/4 landed, 1 needs you, 1 ready, 1 skipped, 1 stopped
r1 paused stopped by a person: pianola resume
slow stopped - stopped by a person
slower ready <age> the run is paused
quick landed <age> staging <id>
after skipped - slow did not land
$ git show refs/pianola/saved/r1/slower/1:slower.txt
half
$ ps -eo args | grep -c "^$(dirname $PWD)/doze 6543"
0
[1]
$ kill -0 $(cat ../bystander) && echo the bystander lives; kill $(cat ../bystander)
the bystander lives
$ pianola wait --run r1
r1: paused: stopped by a person; go on: pianola resume
[6]
