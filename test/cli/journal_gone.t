The journal of a run is gone: every command that needs it says so, and has the code of damaged state.
$ git init -q -b main r
$ cd r
$ git config user.name Ada; git config user.email ada@localhost
$ printf '#!/bin/sh\necho x > $PIANOLA_TASK.txt\n' > agent.sh; chmod +x agent.sh
$ printf 'agents: {mine: {kind: command, argv: [./agent.sh]}}\n' > .pianola.yaml
$ printf 'tasks: [{id: a, files_write: [a.txt], verification: [{command: test -f a.txt}]}]\n' > tasks.yaml
$ git add -A; git commit -q -m start
$ pianola run --approve --plain > ../out; mv .git/pianola/runs/r1/journal ../journal; pianola status --run r1
$TOP/work/r/.git/pianola/runs/r1/journal: is gone, and the run has attempts; expected its events; put its files back from a backup; commits are under refs/pianola/
[8]
$ for words in resume status wait promote 'logs a' 'log tail' 'log show 1' 'log verify' 'workspace list'; do pianola $words > ../said 2>&1; echo "$? $(grep -c 'is gone, and the run has attempts' ../said) $words"; done
8 1 resume
8 1 status
8 1 wait
8 1 promote
8 1 logs a
8 1 log tail
8 1 log show 1
8 1 log verify
8 1 workspace list
$ mv ../journal .git/pianola/runs/r1/journal; pianola log verify | cut -d, -f1
r1  whole: 22 events in 1 segment
