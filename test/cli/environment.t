What each attempt was made with: the hash of the lockfiles of its base.
$ git init -q r
$ cd r
$ git config user.name Ada; git config user.email ada@example.com; printf x > uv.lock; printf '#!/bin/sh\ncase $PIANOLA_TASK in upgrade) printf y > uv.lock;; *) echo "$PIANOLA_TASK" > "$PIANOLA_TASK.txt";; esac\n' > agent.sh; chmod +x agent.sh; printf 'agents: {mine: {kind: command, argv: [./agent.sh]}}\nroles: {worker: {agent: mine}}\nisolation: none\n' > .pianola.yaml
$ printf 'tasks:\n- {id: upgrade, description: Newer packages, files_write: [uv.lock], verification: [grep y uv.lock]}\n- {id: use, description: Use them, files_write: [use.txt], depends_on: [upgrade], verification: [grep use use.txt]}\n' > tasks.yaml; git add -A; git commit -q -m start
$ pianola env hash; pianola run --approve --promote checkout --plain | grep -e landed; pianola env hash
beb1e56585406c93
sources: uv.lock
<time> upgrade landed staging <id>, try 1, <span>
<time> use landed staging <id>, try 1, <span>
<time> r1 done master <id>, 2 of 2 landed
done r1: master is <id>, 2 of 2 tasks landed, integration green
7965aba7493c079e
sources: uv.lock
$ pianola status --report --json | grep -o '"environment":"[^"]*"'; grep -h candidate_built .git/pianola/runs/r1/journal/*.jsonl | grep -o '"environment":"[^"]*"'
"environment":"beb1e56585406c93"
"environment":"7965aba7493c079e"
"environment":"7965aba7493c079e"
"environment":""
