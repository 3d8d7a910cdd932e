A file that a task owns by its own name is its work also where .gitignore names it; what else is ignored is not.
$ git init -q -b main r
$ cd r
$ git config user.name Ada; git config user.email ada@localhost
$ printf '#!/bin/sh\nmkdir -p dist; echo "{}" > dist/lock.json; echo x > dist/noise; echo x > cache.tmp\n' > agent.sh; chmod +x agent.sh
$ printf 'agents: {mine: {kind: command, argv: [./agent.sh]}}\n' > .pianola.yaml
$ printf 'tasks:\n  - {id: a, files_write: [dist/lock.json, "*.tmp"], verification: [{command: test -f dist/lock.json}]}\n' > tasks.yaml
$ printf 'dist/\n*.tmp\n' > .gitignore
$ git add -A; git commit -q -m start
$ pianola run --approve --promote checkout --plain > ../out; grep landed ../out
<time> a landed staging <id>, try 1, <span>
<time> r1 done main <id>, 1 of 1 landed
done r1: main is <id>, 1 of 1 task landed, integration green
$ git ls-files dist '*.tmp'
dist/lock.json
