What people run into, for docs/troubleshooting.md.
$ git init -q -b main r
$ cd r
$ git config user.name Ada; git config user.email ada@localhost
$ printf '#!/bin/sh\ncat > /dev/null\nif test -f %s/says; then cat "$SOURCE/test/fixtures/agent-streams/claude/$(cat %s/says).jsonl"; exit 1; fi\necho $PIANOLA_TASK > $PIANOLA_TASK.txt\ncat $SOURCE/test/fixtures/agent-streams/claude/success.jsonl\n' $(dirname $PWD) $(dirname $PWD) | sed "s,\$SOURCE,$SOURCE,g" > claude.sh; chmod +x claude.sh
$ printf 'agents: {claude: {kind: claude, argv: [./claude.sh]}}\njobs: 2\n' > .pianola.yaml
$ printf 'tasks:\n  - {id: first, files_write: [first.txt], verification: [{command: test -f first.txt}]}\n  - {id: second, files_write: [second.txt], depends_on: [first], verification: [{command: test -f second.txt}]}\n' > tasks.yaml
$ git add -A; git commit -q -m start
$ : the login expired
$ echo auth-failure > ../says; pianola run --approve
<time> r1 run start main <id>, 2 tasks, 2 jobs, no isolation
<time> first failed auth, exit 1
<time> r1 paused agent claude: not logged in; mend the account, then: pianola resume
r1: paused: agent claude: not logged in; mend the account; go on: pianola resume
[6]
$ pianola status --all
r1 paused <span>, r > main, tasks.yaml <id>, no isolation
0/2 landed, 1 needs you, 1 watched, 1 waiting
r1 paused agent claude: not logged in; mend the account: pianola resume
first retry <age> in * s, try 1 of 3 after failed: auth, exit 1 (glob)
second waiting <age> after first
$ rm ../says; pianola resume --promote checkout > ../log; grep ^done ../log
done r1: main is <id>, 2 of 2 tasks landed, integration green
$ : the rate limit is reached
$ printf 'tasks: [{id: third, files_write: [third.txt], verification: [{command: test -f third.txt}]}]\n' > third.yaml; git add -A; git commit -q -m third
$ echo usage-limit > ../says; pianola run third.yaml --approve --detach; until pianola status --run r2 --all | grep -q "^third retry"; do sleep 0.1; done; pianola status --run r2 --all
r2
r2 running <span>, r > main, third.yaml <id>, no isolation
0/1 landed, 1 watched, $0.00
third retry <age> in <span>, try 1 of 3 after limited: quota, exit 1
$ pianola stop --all --now --run r2; rm ../says
r2: everything it started is over; workspaces are kept
$ : main moved meanwhile
$ printf 'tasks: [{id: fourth, files_write: [fourth.txt], verification: [{command: test -f fourth.txt}]}]\n' > fourth.yaml; git add -A; git commit -q -m fourth; pianola run fourth.yaml --approve > ../log; grep ^left ../log; echo mine > mine.txt; git add -A; git commit -q -m mine; pianola promote
left r3: main is not moved, 1 of 1 task landed, integration green
done r3: main is <id>, 1 of 1 task landed, integration green
time <span>; critical path <span> (<part> x); 2 slots used about <part> %
tries 1 for 1 task
cost <$0.01; 1.8k tokens in all
logs $TOP/work/r/.git/pianola/runs/r3
all of it: pianola status --run r3 --report
undo pianola undo 33 --run r3 puts main back to <id>, keeps the work
$ git log --format=%s -3
Merge main into run
Merge fourth
Leftovers of fourth, attempt 1
