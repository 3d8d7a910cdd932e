What grows is followed to its end: an agent's output, the journal; and the report of a run that is not over yet.
$ git init -q -b main r
$ cd r
$ git config user.name Ada; git config user.email ada@localhost
$ printf '#!/bin/sh\nprintf "one\\nhalf a "\nuntil test -f %s/go; do sleep 0.05; done\nprintf "line\\n\\303"; sleep 0.3; printf "\\251t\\303\\251\\033[31m\\nno end"\necho x > $PIANOLA_TASK.txt\n' $(dirname $PWD) > agent.sh; chmod +x agent.sh
$ printf 'agents: {mine: {kind: command, argv: [./agent.sh]}}\njobs: 2\n' > .pianola.yaml
$ printf 'tasks: [{id: a, files_write: [a.txt], verification: [{command: test -f a.txt}]}]\n' > tasks.yaml
$ git add -A; git commit -q -m start
$ pianola run --approve --detach; until grep -q half .git/pianola/runs/r1/attempts/a.1/out 2> /dev/null; do sleep 0.05; done
r1
$ pianola status --report
open r1: 0 of 1 task landed, 1 agent at work
time <span>; 2 slots used about <part> %
tries 1 for 1 task
logs $TOP/work/r/.git/pianola/runs/r1
all of it: pianola status --run r1 --report
next pianola status
$ pianola status --report --json | grep -o '"phase":"[a-z]*","left":[a-z]*,"reason":[^,]*,"needs":[^,]*'
"phase":"running","left":false,"reason":null,"needs":null
$ (pianola logs a -f > ../followed; echo exit $? >> ../followed) & (pianola logs a -f --json > ../followed.json) & (pianola log tail -f -n 2 > ../tailed; echo exit $? >> ../tailed) & until grep -qs one ../followed && grep -qs one ../followed.json && test -s ../tailed; do sleep 0.05; done; grep -c half ../followed; touch ../go; pianola wait; wait; cat ../followed; cat ../followed.json; sed -n '1,2s/ .*//p' ../tailed; tail -2 ../tailed
0
one
half a line
été\x1b[31m
no end
exit 0
{"file":"out","text":"one\n"}
{"file":"out","text":"half a line\n"}
{"file":"out","text":"été\u001b[31m\n"}
{"file":"out","text":"no end"}
<time>
<time>
<time> 23 promotion_left main is checked out in $TOP/work/r
exit 0
$ pianola logs a -f | tail -1
no end
$ pianola log tail -f -n 1 --json | grep -o '"type":"[a-z_]*"'
"type":"promotion_left"
$ pianola status --report
left r1: main is not moved, 1 of 1 task landed, integration green
why main is checked out in $TOP/work/r
time <span>; critical path <span> (<part> x); 2 slots used about <part> %
tries 1 for 1 task
logs $TOP/work/r/.git/pianola/runs/r1
all of it: pianola status --run r1 --report
next pianola promote
$ pianola status --report --json | grep -o '"phase":"[a-z]*","left":[a-z]*,"reason":[^,]*,"needs":[^,]*'
"phase":"paused","left":true,"reason":"main is checked out in $TOP/work/r","needs":"pianola promote"
