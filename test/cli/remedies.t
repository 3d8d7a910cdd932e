Remedies: what is said to be done next works, is said once, and one fault has one exit code.
$ git init -q -b main r
$ cd r
$ git config user.name Ada; git config user.email ada@localhost
$ printf '#!/bin/sh\necho x > $PIANOLA_TASK.txt\ntouch %s/$PIANOLA_RUN.began\nuntil test -f %s/go; do sleep 0.05; done\n' $(dirname $PWD) $(dirname $PWD) > agent.sh; chmod +x agent.sh
$ printf 'agents: {mine: {kind: command, argv: [./agent.sh]}}\n' > .pianola.yaml
$ printf 'tasks: [{id: task, files_write: [task.txt], verification: [{command: test -f task.txt}]}]\n' > tasks.yaml
$ printf 'wrong_names() { for words in "stop tusk" "stop tusk --json" "say tusk note" "wait tusk" "logs tusk" "logs tusk --gate" "workspace path tusk"; do pianola $words > ../said 2>&1; echo "$? $(grep -c tusk ../said) $words"; done; }\n' > ../words.sh
$ git add -A; git commit -q -m start
$ PIANOLA_CONFIG=none.yaml pianola run
$TOP/work/r/none.yaml: no such file, and PIANOLA_CONFIG names it; expected a configuration; write the file, or leave PIANOLA_CONFIG out
[3]
$ pianola run --approve --detach; until test -f ../r1.began; do sleep 0.05; done
r1
$ : it runs; . ../words.sh; wrong_names
2 1 stop tusk
2 1 stop tusk --json
2 1 say tusk note
2 1 wait tusk
2 1 logs tusk
2 1 logs tusk --gate
2 1 workspace path tusk
$ : it is stopped; pianola stop --all --now; . ../words.sh; wrong_names
r1: everything it started is over; workspaces are kept
2 1 stop tusk
2 1 stop tusk --json
2 1 say tusk note
2 1 wait tusk
2 1 logs tusk
2 1 logs tusk --gate
2 1 workspace path tusk
$ pianola say task note
r1: no supervisor runs it; expected a running one; start it: pianola resume
[6]
$ : it starts and does not listen yet, for too long; flock .git/pianola/runs/r1/lock pianola stop
$TOP/runtime/pianola/*: no supervisor answers; expected one that serves; look: pianola status, then once more (glob)
[6]
$ : it has left and not let go yet; flock .git/pianola/runs/r1/lock sleep 1 & until ! flock -n .git/pianola/runs/r1/lock true; do :; done; pianola stop --all --now; wait
r1: no supervisor; ending everything it started here
r1: everything it started is over; workspaces are kept
$ PIANOLA_KILL_AT=journal.written pianola resume --detach
$TOP/work/r/.git/pianola/runs/r1/supervisor.log: the supervisor ended before it served, exit 137
[70]
$ pianola resume --detach
r1
$ : main is rewritten meanwhile; start=$(git rev-parse main); git commit -q --amend -m other; echo $start > ../start; touch ../go; pianola wait
r1: paused: refs/heads/main was rewritten or deleted during the run; put it back at <id> or a descendant; go on: pianola resume
[6]
$ pianola status
r1 paused <span>, r > main, tasks.yaml <id>, no isolation
1/1 landed, 1 needs you
r1 paused refs/heads/main was rewritten or deleted during the run; put it back at <id> or a descendant: pianola resume
more: pianola status --all   pianola logs TASK
$ pianola status --report | grep -E 'why|next'
why refs/heads/main was rewritten or deleted during the run; put it back at <id> or a descendant
next pianola resume
$ pianola resume | tail -1
r1: paused: refs/heads/main was rewritten or deleted during the run; put it back at <id> or a descendant; go on: pianola resume
<time> r1 paused refs/heads/main was rewritten or deleted during the run; put it back at <id> or a descendant, then: pianola resume
$ git reset -q --soft $(cat ../start); pianola resume --promote checkout > ../log; git ls-tree --name-only main task.txt
task.txt
$ : it is over; . ../words.sh; wrong_names
2 1 stop tusk
2 1 stop tusk --json
2 1 say tusk note
2 1 wait tusk
2 1 logs tusk
2 1 logs tusk --gate
2 1 workspace path tusk
$ pianola say task note
r1: it is over, and has no next prompt; expected a running one; look: pianola status
[2]
$ pianola say task note --json
{"error":{"code":"usage","exit":2,"message":"r1: it is over, and has no next prompt","at":null,"hint":"expected a running one; look: pianola status"}}
[2]
$ pianola resume
r1: is done already; expected a run that stopped or paused; start another: pianola run tasks.yaml
[2]
