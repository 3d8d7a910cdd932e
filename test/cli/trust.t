Trust: what is asked, and that each answer it names works as it is typed.
$ git init -q -b main 'r 1'
$ cd r 1
$ git config user.name Ada; git config user.email ada@localhost
$ printf '#!/bin/sh\necho x > $PIANOLA_TASK.txt\n' > agent.sh; chmod +x agent.sh; cp agent.sh other.sh
$ printf 'agents: {mine: {kind: command, argv: [./agent.sh]}, other: {kind: command, argv: [./other.sh]}}\nroles: {worker: {agent: mine}}\n' > .pianola.yaml
$ printf 'tasks: [{id: a, files_write: [a.txt], verification: [{command: test -f a.txt}]}]\n' > 'my plan.yaml'
$ git add -A; git commit -q -m start
$ pianola run 'my plan.yaml' --agent other --isolation worktree
these commands are not trusted yet:
  test -f a.txt                            gate of a
  test -f a.txt                            final check
  $TOP/work/r 1/./other.sh agent "other"
commands <id>; expected your word; trust them: pianola trust 'my plan.yaml' --agent other --isolation worktree --yes, or add --approve
[6]
$ pianola run 'my plan.yaml' --json
{"error":{"code":"paused","exit":6,"message":"these commands are not trusted yet:\n  test -f a.txt                            gate of a\n  test -f a.txt                            final check\n  $TOP/work/r 1/./agent.sh agent \"mine\"\ncommands <id>","at":null,"hint":"expected your word; trust them: pianola trust 'my plan.yaml' --yes, or add --approve"}}
[6]
$ script -qec "pianola trust 'my plan.yaml' --json" /dev/null < /dev/null | tr -d '\r'
{"commands":"<id>","trusted":false,"lines":["test -f a.txt                            gate of a","test -f a.txt                            final check","$TOP/work/r 1/./agent.sh agent \"mine\""]}
$ script -qec "pianola run 'my plan.yaml' --json" /dev/null < /dev/null | tr -d '\r'
{"error":{"code":"paused","exit":6,"message":"these commands are not trusted yet:\n  test -f a.txt                            gate of a\n  test -f a.txt                            final check\n  $TOP/work/r 1/./agent.sh agent \"mine\"\ncommands <id>","at":null,"hint":"expected your word; trust them: pianola trust 'my plan.yaml' --yes, or add --approve"}}
$ pianola trust 'my plan.yaml' --agent other --isolation worktree
  test -f a.txt                            gate of a
  test -f a.txt                            final check
  $TOP/work/r 1/./other.sh agent "other"
commands <id>
not trusted yet: commands <id>; expected your word; trust them: pianola trust 'my plan.yaml' --agent other --isolation worktree --yes
[6]
$ pianola trust 'my plan.yaml' --agent other --isolation worktree --json
{"commands":"<id>","trusted":false,"lines":["test -f a.txt                            gate of a","test -f a.txt                            final check","$TOP/work/r 1/./other.sh agent \"other\""]}
[6]
$ pianola trust 'my plan.yaml' --agent other --isolation worktree --show --json
{"commands":"<id>","trusted":false,"lines":["test -f a.txt                            gate of a","test -f a.txt                            final check","$TOP/work/r 1/./other.sh agent \"other\""]}
$ pianola trust 'my plan.yaml' --agent other --isolation worktree --yes
  test -f a.txt                            gate of a
  test -f a.txt                            final check
  $TOP/work/r 1/./other.sh agent "other"
commands <id>
trusted, for you, on this machine
$ pianola trust 'my plan.yaml' --agent other --isolation worktree --json
{"commands":"<id>","trusted":true,"lines":["test -f a.txt                            gate of a","test -f a.txt                            final check","$TOP/work/r 1/./other.sh agent \"other\""]}
$ pianola run 'my plan.yaml' --agent other --isolation worktree --promote leave | tail -1
next pianola promote
$ pianola run 'my plan.yaml' --agent other
these commands are not trusted yet:
  test -f a.txt                            gate of a
  test -f a.txt                            final check
  $TOP/work/r 1/./other.sh agent "other"
commands <id>; expected your word; trust them: pianola trust 'my plan.yaml' --agent other --yes, or add --approve
[6]
$ cd ..
$ pianola -C 'r 1' run 'my plan.yaml'
these commands are not trusted yet:
  test -f a.txt                            gate of a
  test -f a.txt                            final check
  $TOP/work/r 1/./agent.sh agent "mine"
commands <id>; expected your word; trust them: pianola -C '$TOP/work/r 1' trust 'my plan.yaml' --yes, or add --approve
[6]
$ pianola -C "$PWD/r 1" trust 'my plan.yaml' --yes --json
{"commands":"<id>","trusted":true,"lines":["test -f a.txt                            gate of a","test -f a.txt                            final check","$TOP/work/r 1/./agent.sh agent \"mine\""]}
$ pianola -C 'r 1' run 'my plan.yaml' --promote checkout | tail -1
all of it: pianola status --run r2 --report
$ pianola trust --isolation sealed -C 'r 1' 'my plan.yaml'
isolation: sealed is not in this version; expected worktree or none; accept less: --isolation none
[5]
$ printf 'tasks: []\n' > 'r 1/bad.yaml'; pianola -C 'r 1' trust bad.yaml --json
{"error":{"code":"bad_plan","exit":3,"message":"the plan has no tasks; expected at least one","at":{"file":"bad.yaml","line":1,"col":8},"hint":"write one under tasks:"},"errors":[{"code":"bad_plan","exit":3,"message":"the plan has no tasks; expected at least one","at":{"file":"bad.yaml","line":1,"col":8},"hint":"write one under tasks:"}],"warnings":[]}
[3]
$ pianola -C 'r 1' trust bad.yaml
bad.yaml:1:8: the plan has no tasks; expected at least one; write one under tasks:
1 error in bad.yaml, nothing changed
[3]
$ pianola -C 'r 1' trust none.yaml --json
{"error":{"code":"bad_plan","exit":3,"message":"none.yaml: no such file","at":null,"hint":"expected a plan; name the plan's file, or write tasks.yaml"}}
[3]
