A run that goes on without its terminal: it means what was meant here, and says what it would have said here.
$ git init -q -b main r
$ cd r
$ git config user.name Ada; git config user.email ada@localhost
$ printf '#!/bin/sh\nuntil test -f %s/go; do sleep 0.05; done\necho x > $PIANOLA_TASK.txt\n' $(dirname $PWD) > agent.sh; chmod +x agent.sh
$ mkdir deep; printf 'agents: {mine: {kind: command, argv: [../agent.sh]}}\n' > deep/own.yaml
$ printf 'tasks: [{id: a, files_write: [a.txt], verification: [{command: test -f a.txt}]}]\n' > tasks.yaml
$ git add -A; git commit -q -m start
$ cd deep
$ PIANOLA_CONFIG=own.yaml pianola -C .. run --approve --detach
r1
$ pianola stop --all --now
r1: everything it started is over; workspaces are kept
$ touch ../../go; ulimit -f 1; PIANOLA_CONFIG=own.yaml pianola resume --detach
$TOP/work/r/.git/pianola/runs/r1/journal/<id>.jsonl: the size limit for files is reached; expected room for * bytes; r1 is paused, nothing lost; raise it (ulimit -f), then: pianola resume (glob)
[6]
$ rm ../.git/pianola/runs/r1/supervisor.log; ulimit -f 1; PIANOLA_CONFIG=own.yaml pianola resume --detach --json
{"error":{"code":"paused","exit":6,"message":"$TOP/work/r/.git/pianola/runs/r1/journal/<id>.jsonl: the size limit for files is reached; expected room for * bytes; r1 is paused, nothing lost; raise it (ulimit -f), then: pianola resume","at":null,"hint":""}} (glob)
[6]
$ env -u USER PIANOLA_CONFIG=own.yaml pianola resume --detach; pianola wait
r1
[6]
$ test "$(pianola log tail -n 100 --json | grep -o '"supervisor_started".*"actor":"[^"]*"' | tail -1 | sed 's/.*"actor":"//; s/"//')" = "user:$(id -un)" && echo by its own name
by its own name
$ cd ..
$ mkdir ../bin; printf '#!/bin/sh\necho $CODEX_HOME > %s/seen\n' $(dirname $PWD) > ../bin/codex; chmod +x ../bin/codex
$ PATH=$(dirname $PWD)/bin:$PATH CODEX_HOME=deep pianola run --agent codex --approve --detach; until test -s ../seen; do sleep 0.05; done; cat ../seen; pianola stop --all --now
r2
$TOP/work/r/deep
r2: everything it started is over; workspaces are kept
