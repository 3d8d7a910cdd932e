Resume: what runs is the run's own copy of a file that an agent names, whatever became of the file.
$ git init -q -b main r
$ cd r
$ git config user.name Ada; git config user.email ada@localhost
$ printf '#!/bin/sh\ntouch %s/$PIANOLA_RUN.began\nuntil test -f %s/go; do sleep 0.05; done\necho as trusted > $PIANOLA_TASK.txt\n' $(dirname $PWD) $(dirname $PWD) > agent.sh; chmod +x agent.sh
$ printf 'agents: {mine: {kind: command, argv: [./agent.sh]}}\n' > .pianola.yaml
$ printf 'tasks: [{id: a, files_write: [a.txt], verification: [{command: test -f a.txt}]}]\n' > tasks.yaml
$ git add -A; git commit -q -m start
$ for run in r1 r2 r3; do pianola run --approve --detach; until test -f ../$run.began; do sleep 0.05; done; pianola stop --all --now --run $run; done
r1
r1: everything it started is over; workspaces are kept
r2
r2: everything it started is over; workspaces are kept
r3
r3: everything it started is over; workspaces are kept
$ touch ../go; printf '#!/bin/sh\necho changed > $PIANOLA_TASK.txt\n' > agent.sh
$ printf '{"seq":99' >> .git/pianola/runs/r1/journal/00000001.jsonl; pianola log verify --run r1 | tail -1
an unfinished write of 9 bytes at the end; the next supervisor sets it aside
$ pianola resume r1 > ../log; git show refs/pianola/ready/r1:a.txt
r1: a write of 9 bytes after event * was never finished; set aside: $TOP/work/r/.git/pianola/runs/r1/journal/<id>.jsonl.torn.1 (glob)
as trusted
$ pianola log verify --run r1 | tail -1
an unfinished write of before was set aside: journal/<id>.jsonl.torn.1
$ pianola log verify --run r1 --json | grep -o '"set_aside":[^,]*'
"set_aside":["<id>.jsonl.torn.1"]
$ rm agent.sh
$ pianola resume r2 > ../log; git show refs/pianola/ready/r2:a.txt
as trusted
$ for copy in .git/pianola/runs/r3/agents/*/agent.sh; do printf '#!/bin/sh\necho forged > $PIANOLA_TASK.txt\n' > $copy; done
$ pianola resume r3
these commands are not trusted yet:
  $TOP/work/r/agent.sh  agent "mine"
  isolation none                           agents run as you, each in a clone of its own
  test -f a.txt                            gate of a
  test -f a.txt                            final check
commands <id>; expected your word; trust them: pianola resume r3 --approve
[6]
$ pianola resume r3 --approve > ../log; git show refs/pianola/ready/r3:a.txt
forged
