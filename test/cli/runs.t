Which run is meant: one that never began is not the newest, and says so when it is named.
$ git init -q -b main r
$ cd r
$ git config user.name Ada; git config user.email ada@localhost
$ printf '#!/bin/sh\necho x > $PIANOLA_TASK.txt\n' > agent.sh; chmod +x agent.sh
$ printf 'agents: {mine: {kind: command, argv: [./agent.sh]}}\n' > .pianola.yaml
$ printf 'tasks: [{id: a, files_write: [a.txt], verification: [{command: test -f a.txt}]}]\n' > tasks.yaml
$ git add -A; git commit -q -m start
$ runs=.git/pianola/runs; mkdir -p $runs/r1/journal; : > $runs/r1/journal/00000001.jsonl
$ pianola status
run: no runs here yet; start one: pianola run tasks.yaml
[2]
$ pianola run --approve --promote checkout > ../log
$ runs=.git/pianola/runs; mkdir -p $runs/r3 $runs/r4/journal $runs/r5/journal; : > $runs/r4/journal/00000001.jsonl; head -c 200 $runs/r2/journal/00000001.jsonl > $runs/r5/journal/00000001.jsonl
$ pianola status
r2 done <span>, r > main, tasks.yaml <id>, no isolation
1/1 landed
more: pianola status --all   pianola logs TASK
$ pianola log verify
r2  whole: 23 events in 1 segment, * bytes, every checksum and number right (glob)
$ pianola status --run r1
run: r1 never started; start another: pianola run tasks.yaml
[2]
$ pianola resume r3
run: r3 never started; start another: pianola run tasks.yaml
[2]
$ pianola log tail --run r4
run: r4 never started; start another: pianola run tasks.yaml
[2]
$ pianola stop --run r5
run: r5 never started; start another: pianola run tasks.yaml
[2]
$ pianola status --run r9
run: no run "r9"; there are r1, r2, r3, r4, r5
[2]
$ runs=.git/pianola/runs; mkdir -p $runs/r6/journal; echo nonsense > $runs/r6/journal/00000001.jsonl; pianola status
$TOP/work/r/.git/pianola/runs/r6/journal/<id>.jsonl:1:1: no checksum at event 1; expected ,"crc":"<8 hex digits>"} at the end of the line; nothing was changed; run: pianola log verify
[8]
$ rm -r .git/pianola/runs/r6; : > .git/pianola/runs/r2/journal/00000001.jsonl; pianola status
$TOP/work/r/.git/pianola/runs/r2/journal: is empty, and the run has attempts; expected its events; put its files back from a backup; commits are under refs/pianola/
[8]
