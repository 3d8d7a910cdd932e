What becomes of a run at its end, as resume is told.
$ git init -q -b main r
$ cd r
$ git config user.name Ada; git config user.email ada@localhost
$ printf '#!/bin/sh\ntouch %s/$PIANOLA_TASK.began\nuntil test -f %s/go; do sleep 0.05; done\necho x > $PIANOLA_TASK.txt\n' $(dirname $PWD) $(dirname $PWD) > agent.sh; chmod +x agent.sh
$ printf 'agents: {mine: {kind: command, argv: [./agent.sh]}}\n' > .pianola.yaml
$ for task in a b c d e; do printf 'tasks: [{id: %s, files_write: [%s.txt], verification: [{command: test -f %s.txt}]}]\n' $task $task $task > $task.yaml; done
$ git add -A; git commit -q -m start
$ for task in a b c e; do pianola run $task.yaml --approve --detach; until test -f ../$task.began; do sleep 0.05; done; pianola stop --all --now > ../log; done
r1
r2
r3
r4
$ pianola run d.yaml --approve --detach --promote checkout; until test -f ../d.began; do sleep 0.05; done; pianola stop --all --now > ../log
r5
$ touch ../go
$ pianola resume r1 --promote checkout > ../log
$ git ls-tree --name-only main a.txt
a.txt
$ script -qec 'pianola resume r2 --promote leave --plain' /dev/null < /dev/null > ../log; tr -d '\r' < ../log | grep -c 'land it'
0
[1]
$ script -qec 'pianola resume r4 --plain' /dev/null < /dev/null > ../log; tr -d '\r' < ../log | grep -c 'land it'
1
$ pianola resume r2 --promote checkout
r2: ended verified, and left: main is checked out in $TOP/work/r; expected a run that stopped or paused; land it: pianola promote
[6]
$ pianola resume r3 --promote checkout --detach; pianola wait --run r3
r3
$ git ls-tree --name-only main c.txt
c.txt
$ pianola resume r5 --promote leave
r5: was started with --promote checkout, too late for leave; expected the same; go on: pianola resume r5
[2]
$ pianola resume r5 --promote maybe
pianola resume: --promote: maybe not in {ask,checkout,leave}; see: pianola resume --help
[2]
$ pianola resume r5 > ../log; git ls-tree --name-only main d.txt
d.txt
