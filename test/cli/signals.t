Signals: the first lets what runs finish, the second and a hang-up leave at once; agents live on and are taken up again.
$ git init -q -b main r
$ cd r
$ git config user.name Ada; git config user.email ada@localhost
$ printf '#!/bin/sh\necho x > $PIANOLA_TASK.txt\ntouch %s/$PIANOLA_RUN.$PIANOLA_TASK.began\nuntil test -f %s/$PIANOLA_RUN.go; do sleep 0.05; done\n' $(dirname $PWD) $(dirname $PWD) > agent.sh; chmod +x agent.sh
$ printf 'agents: {mine: {kind: command, argv: [./agent.sh]}}\n' > .pianola.yaml
$ printf 'tasks:\n  - {id: a, files_write: [a.txt], verification: [{command: test -f a.txt}]}\n  - {id: b, files_write: [b.txt], depends_on: [a], verification: [{command: test -f b.txt}]}\n' > tasks.yaml
$ printf 'began() { until test -f ../$1.began; do sleep 0.05; done; }\nsaid() { until grep -q "$1" ../log; do sleep 0.05; done; }\n' > ../words.sh
$ git add -A; git commit -q -m start
$ : Ctrl-C once; . ../words.sh; pianola run --approve --plain > ../log 2>&1 & pid=$!; began r1.a; kill -INT $pid; said again; touch ../r1.go; wait $pid; echo exit $?; grep -E 'landed|stopping|paused' ../log
exit 130
stopping: nothing new starts, what runs finishes; again to leave at once
<time> r1 stopping no new start, what runs may finish
<time> a landed staging <id>, try 1, <span>
<time> r1 paused stopped by a person
$ test -f ../r1.b.began || echo b did not start; pianola status --all
b did not start
r1 paused <span>, r > main, tasks.yaml <id>, no isolation
1/2 landed, 1 needs you, 1 ready
r1 paused stopped by a person: pianola resume
a landed <age> staging <id>
b ready <age> the run is paused
$ : SIGTERM once; . ../words.sh; pianola run --plain > ../log 2>&1 & pid=$!; began r2.a; kill -TERM $pid; said again; touch ../r2.go; wait $pid; echo exit $?; grep -E 'landed|stopping|paused' ../log
exit 130
stopping: nothing new starts, what runs finishes; again to leave at once
<time> r2 stopping no new start, what runs may finish
<time> a landed staging <id>, try 1, <span>
<time> r2 paused stopped by a person
$ : Ctrl-C twice; . ../words.sh; pianola run --plain > ../log 2>&1 & pid=$!; began r3.a; kill -INT $pid; said again; kill -INT $pid; wait $pid; echo exit $?; grep -c '^stopping:' ../log
exit 130
1
$ : SIGTERM twice; . ../words.sh; pianola run --plain > ../log 2>&1 & pid=$!; began r4.a; kill -TERM $pid; said again; kill -TERM $pid; wait $pid; echo exit $?
exit 130
$ : SIGHUP; . ../words.sh; pianola run --plain > ../log 2>&1 & pid=$!; began r5.a; kill -HUP $pid; wait $pid; echo exit $?; grep -c stopping ../log
exit 130
0
[1]
$ for run in r3 r4 r5; do pianola status --run $run --all | grep '^[r a]'; done
r3 running <span>, r > main, tasks.yaml <id>, no isolation
r3 running no supervisor runs it: pianola resume
a starting <age> waits for its first word
r4 running <span>, r > main, tasks.yaml <id>, no isolation
r4 running no supervisor runs it: pianola resume
a starting <age> waits for its first word
r5 running <span>, r > main, tasks.yaml <id>, no isolation
r5 running no supervisor runs it: pianola resume
a starting <age> waits for its first word
$ ps -eo args | grep -c "^/bin/sh .*$(dirname $PWD)/r/.git/pianola/runs/r[345]/agents/"
3
$ touch ../r3.go ../r4.go ../r5.go; for run in r1 r2 r3 r4 r5; do pianola resume $run --promote leave --plain > ../log; echo $run exit $?; pianola log tail -n 1000 --json --run $run | grep -c '"attempt_started"'; done
r1 exit 6
2
r2 exit 6
2
r3 exit 6
2
r4 exit 6
2
r5 exit 6
2
$ for run in r1 r2 r3 r4 r5; do git ls-tree --name-only refs/pianola/ready/$run | grep txt | tr '\n' ' '; done
a.txt b.txt a.txt b.txt a.txt b.txt a.txt b.txt a.txt b.txt 
