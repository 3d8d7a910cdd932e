A set-up without a seal: it runs in each workspace, trust lists it, what it makes does not land, and a failure pauses the run.
$ git init -q -b main r
$ cd r
$ git config user.name Ada; git config user.email ada@localhost
$ printf '#!/bin/sh\ngit status --porcelain; cp node_modules/dep $PIANOLA_TASK.txt\n' > agent.sh; chmod +x agent.sh
$ printf 'agents: {mine: {kind: command, argv: [./agent.sh]}}\n' > .pianola.yaml
$ printf '{}\n' > package.json; printf 'test ! -e ../../broken || { echo no network here; exit 7; }\nmkdir node_modules; echo dep > node_modules/dep\n' > install.sh
$ printf 'setup: [sh install.sh]\ntasks:\n  - {id: a, files_write: [a.txt], setup: ["test -d node_modules"], verification: [{command: cmp a.txt node_modules/dep}]}\n' > tasks.yaml
$ git add -A; git commit -q -m start; pianola check
$ pianola trust --show
$ mkdir ../r.pianola; touch ../r.pianola/broken
$ pianola run --approve --promote checkout --plain; cat .git/pianola/runs/r1/gates/setup.a.1/1/out
$ pianola status | head -3
$ rm ../r.pianola/broken; pianola resume --plain
$ git ls-files; cat a.txt
$ pianola gc | tail -2
$ printf 'setup: [" "]\ntasks: []\n' > bad.yaml; pianola check bad.yaml
