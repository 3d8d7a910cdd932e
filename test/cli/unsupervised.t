A run whose supervisor is gone: what is stopped is ended by the command itself, and nothing else is touched.
$ git init -q -b main r
$ cd r
$ git config user.name Ada; git config user.email ada@localhost
$ cp /bin/sleep ../doze; printf '#!/bin/sh\necho half > $PIANOLA_TASK.txt\n%s/doze 6544\n' $(dirname $PWD) > agent.sh; chmod +x agent.sh
$ printf 'agents: {mine: {kind: command, argv: [./agent.sh]}}\njobs: 2\n' > .pianola.yaml
$ printf 'tasks:\n  - {id: slow, files_write: [slow.txt], verification: [{command: test -f slow.txt}]}\n  - {id: slower, files_write: [slower.txt], verification: [{command: test -f slower.txt}]}\n' > tasks.yaml
$ git add -A; git commit -q -m start
$ pianola run --approve --detach; until test -f ../r.pianola/r1/slow.1/slow.txt && test -f ../r.pianola/r1/slower.1/slower.txt; do sleep 0.1; done
r1
$ lock=.git/pianola/runs/r1/lock; pid=$(grep -o '[0-9]*' $lock | head -1); kill -9 $pid; until flock -n -s $lock true; do sleep 0.05; done
$ rm .pianola.yaml agent.sh
$ pianola stop
r1: no supervisor runs it; nothing new starts
$ pianola stop nosuch
r1: no task "nosuch"; expected a task of this run; pianola status --all lists them
[2]
$ pianola stop slow
r1: no supervisor; ending slow here
r1: slow has ended; its work is kept
$ git show refs/pianola/saved/r1/slow/1:slow.txt
half
$ pianola stop slow --json
{"error":{"code":"failed","exit":1,"message":"slow: it is over already","at":null,"hint":"expected a task that waits or runs; pianola status"}}
[1]
$ ps -eo args | grep -c "^$(dirname $PWD)/doze 6544"
1
$ pianola status --all
r1 running <span>, r > main, tasks.yaml <id>, no isolation
0/2 landed, 1 working, 1 needs you, 1 stopped
r1 running no supervisor runs it: pianola resume
slow stopped - stopped by a person
slower starting <age> waits for its first word
$ : a configuration that cannot be read keeps nobody from stopping; printf 'agents: [' > .pianola.yaml
$ pianola stop --all --now
r1: no supervisor; ending everything it started here
r1: everything it started is over; workspaces are kept
$ ps -eo args | grep -c "^$(dirname $PWD)/doze 6544"
0
[1]
$ git show refs/pianola/saved/r1/slower/1:slower.txt
half
$ pianola stop --all --now --json
{"run":"r1"}
