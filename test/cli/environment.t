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
$ : work with other lockfiles than staging has by now is made again, where that is asked; printf '#!/bin/sh\ncase $PIANOLA_TASK in upgrade) printf z > uv.lock;; *) while ! grep -qs task_landed ../../../r/.git/pianola/runs/r2/journal/*.jsonl; do sleep 0.05; done; echo "$PIANOLA_TASK" > "$PIANOLA_TASK.txt";; esac\n' > agent.sh; printf 'dependencies: {verify_env_hash: true}\n' >> .pianola.yaml; printf 'tasks:\n- {id: upgrade, description: Newer packages, files_write: [uv.lock], verification: [grep z uv.lock]}\n- {id: other, description: Something else, files_write: [other.txt], verification: [grep other other.txt]}\n' > tasks.yaml; git add -A; git commit -q -m more
$ pianola run --approve --promote leave --plain --jobs 2 | grep -e landed -e conflicted
<time> upgrade landed staging <id>, try 1, <span>
<time> other conflicted the lockfiles are e8e0666fafd5b86f by now, and this work was made with 7965aba7493c079e
<time> other landed staging <id>, try 2, <span>
<time> r2 left <id> verified, 2 of 2 landed, master not moved: master is checked out in $TOP/work/r; pianola promote
left r2: master is not moved, 2 of 2 tasks landed, integration green
