resume --dry-run: what resume would do, and nothing on disk is touched by asking.
$ git init -q -b main r
$ cd r
$ git config user.name Ada; git config user.email ada@localhost
$ printf '#!/bin/sh\necho half > $PIANOLA_TASK.txt\ntouch %s/$PIANOLA_TASK.began\nuntil test -f %s/$PIANOLA_TASK.go; do sleep 0.05; done\n' $(dirname $PWD) $(dirname $PWD) > agent.sh; chmod +x agent.sh
$ printf 'agents: {mine: {kind: command, argv: [./agent.sh]}}\njobs: 2\n' > .pianola.yaml
$ printf 'tasks:\n  - {id: a, files_write: [a.txt], verification: [{command: test -f a.txt}]}\n  - {id: b, files_write: [b.txt], verification: [{command: %s/gate}]}\n  - {id: c, files_write: [c.txt], depends_on: [a], verification: [{command: test -f c.txt}]}\n  - {id: d, files_write: [d.txt], verification: [{command: test -f d.txt}]}\n' $(dirname $PWD) > tasks.yaml
$ printf '#!/bin/sh\ntouch %s/gate.began\nuntil test -f %s/gate.go; do sleep 0.05; done\n' $(dirname $PWD) $(dirname $PWD) > ../gate; chmod +x ../gate
$ printf 'for top in .git ../r.pianola ../runtime ../../runtime; do test -e $top || continue; find $top -printf "%%p %%y %%m %%s %%T@ %%l\\n" | sort; find $top -type f -print0 | sort -z | xargs -0 sha256sum; done | sha256sum\n' > ../digest
$ printf 'lock=.git/pianola/runs/r1/lock; kill -9 $(grep -o "[0-9]*" $lock | head -1); until flock -n -s $lock true; do sleep 0.05; done\n' > ../kill-supervisor
$ git add -A; git commit -q -m start
$ pianola run --approve --detach; until test -f ../a.began && test -f ../b.began; do sleep 0.05; done
r1
$ pianola resume --dry-run
r1: supervisor * runs it since <span>; expected none; look: pianola status, or end it: pianola stop (glob)
[7]
$ sh ../kill-supervisor; sh ../digest > ../before
$ pianola resume --dry-run
r1 stopped <time>, its supervisor is gone; journal whole to event 11
would adopt 2 running agents: a, b
would hold 2 tasks, for others: c, d
would leave main at <id>, until every task has landed and the final checks are green
nothing was changed; go on: pianola resume r1
$ sh ../digest > ../after; cmp ../before ../after && echo the same
the same
$ touch ../b.go; until test -f .git/pianola/runs/r1/attempts/b.1/exit.json; do sleep 0.05; done
$ keeper=$(grep -o '"pid":[0-9]*' .git/pianola/runs/r1/attempts/a.1/keeper.json | grep -o '[0-9]*'); kill -9 $keeper; until flock -n -s .git/pianola/runs/r1/attempts/a.1/attempt.lock true; do sleep 0.05; done
$ printf '{"seq":99' >> .git/pianola/runs/r1/journal/00000001.jsonl; sh ../digest > ../before
$ pianola resume --dry-run r1
r1 stopped <time>, its supervisor is gone; journal good to event 11, then an unfinished write of 9 bytes, to be set aside
would collect 1 exit nobody saw: b (exit 0)
would count 1 attempt as lost: a (its keeper is gone)
would start 1 task: d
would hold 1 task, for others: c
would leave main at <id>, until every task has landed and the final checks are green
nothing was changed; go on: pianola resume r1
$ pianola resume --dry-run --json
{"run":"r1","stopped_at":"<time>","why":"its supervisor is gone","events":11,"torn_bytes":9,"pin":[],"adopt":[],"end":[],"collect":[{"task":"b","attempt":1,"commit":null,"detail":"exit 0","until":null}],"lose":[{"task":"a","attempt":1,"commit":null,"detail":"its keeper is gone","until":null}],"start":[{"task":"d","attempt":1,"commit":null,"detail":null,"until":null}],"rebuild":[],"check":[],"land":[],"remove":[],"wait":[],"hold":[{"task":"c","attempt":0,"commit":null,"detail":null,"until":null}],"target":{"ref":"refs/heads/main","at":"<id>","to":null,"why":"until every task has landed and the final checks are green"}}
$ sh ../digest > ../after; cmp ../before ../after && echo the same
the same
$ pianola resume --detach; until test -f ../gate.began; do sleep 0.05; done; sh ../kill-supervisor
r1
$ pianola resume --dry-run
r1 stopped <time>, its supervisor is gone; journal whole to event 26
would adopt 1 running agent: d
would check 1 commit: b on <id>
would wait 1 task, for its time: a until <time>
would hold 1 task, for others: c
would leave main at <id>, until every task has landed and the final checks are green
nothing was changed; go on: pianola resume r1
$ touch ../a.go ../b.go ../c.go ../d.go ../gate.go; pianola resume > ../log; tail -1 ../log
next pianola promote
$ pianola resume --dry-run
r1: ended verified, and left: main is checked out in $TOP/work/r; expected a run that stopped or paused; land it: pianola promote
[6]
