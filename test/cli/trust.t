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
  '$TOP/work/r 1/other.sh' agent "other"
  isolation worktree                       agents run as you, in linked worktrees
  test -f a.txt                            gate of a
  test -f a.txt                            final check
commands <id>; expected your word; trust them: pianola trust 'my plan.yaml' --agent other --isolation worktree --yes, or add --approve
[6]
$ pianola run 'my plan.yaml' --json
{"error":{"code":"paused","exit":6,"message":"these commands are not trusted yet:\n  '$TOP/work/r 1/agent.sh' agent \"mine\"\n  isolation none                           agents run as you, each in a clone of its own\n  test -f a.txt                            gate of a\n  test -f a.txt                            final check\ncommands <id>","at":null,"hint":"expected your word; trust them: pianola trust 'my plan.yaml' --yes, or add --approve"}}
[6]
$ script -qec "pianola trust 'my plan.yaml' --json" /dev/null < /dev/null | tr -d '\r'
{"commands":"<id>","trusted":false,"lines":["'$TOP/work/r 1/agent.sh' agent \"mine\"","isolation none                           agents run as you, each in a clone of its own","test -f a.txt                            gate of a","test -f a.txt                            final check"]}
$ script -qec "pianola run 'my plan.yaml' --json" /dev/null < /dev/null | tr -d '\r'
{"error":{"code":"paused","exit":6,"message":"these commands are not trusted yet:\n  '$TOP/work/r 1/agent.sh' agent \"mine\"\n  isolation none                           agents run as you, each in a clone of its own\n  test -f a.txt                            gate of a\n  test -f a.txt                            final check\ncommands <id>","at":null,"hint":"expected your word; trust them: pianola trust 'my plan.yaml' --yes, or add --approve"}}
$ pianola trust 'my plan.yaml' --agent other --isolation worktree
  '$TOP/work/r 1/other.sh' agent "other"
  isolation worktree                       agents run as you, in linked worktrees
  test -f a.txt                            gate of a
  test -f a.txt                            final check
commands <id>
not trusted yet: commands <id>; expected your word; trust them: pianola trust 'my plan.yaml' --agent other --isolation worktree --yes
[6]
$ pianola trust 'my plan.yaml' --agent other --isolation worktree --json
{"commands":"<id>","trusted":false,"lines":["'$TOP/work/r 1/other.sh' agent \"other\"","isolation worktree                       agents run as you, in linked worktrees","test -f a.txt                            gate of a","test -f a.txt                            final check"]}
[6]
$ pianola trust 'my plan.yaml' --agent other --isolation worktree --show --json
{"commands":"<id>","trusted":false,"lines":["'$TOP/work/r 1/other.sh' agent \"other\"","isolation worktree                       agents run as you, in linked worktrees","test -f a.txt                            gate of a","test -f a.txt                            final check"]}
$ pianola trust 'my plan.yaml' --agent other --isolation worktree --yes
  '$TOP/work/r 1/other.sh' agent "other"
  isolation worktree                       agents run as you, in linked worktrees
  test -f a.txt                            gate of a
  test -f a.txt                            final check
commands <id>
trusted, for you, on this machine
$ pianola trust 'my plan.yaml' --agent other --isolation worktree --json
{"commands":"<id>","trusted":true,"lines":["'$TOP/work/r 1/other.sh' agent \"other\"","isolation worktree                       agents run as you, in linked worktrees","test -f a.txt                            gate of a","test -f a.txt                            final check"]}
$ pianola run 'my plan.yaml' --agent other --isolation worktree --promote leave | tail -1
next pianola promote
$ pianola run 'my plan.yaml' --agent other
these commands are not trusted yet:
  '$TOP/work/r 1/other.sh' agent "other"
  isolation none                           agents run as you, each in a clone of its own
  test -f a.txt                            gate of a
  test -f a.txt                            final check
commands <id>; expected your word; trust them: pianola trust 'my plan.yaml' --agent other --yes, or add --approve
[6]
$ cd ..
$ pianola -C 'r 1' run 'my plan.yaml'
these commands are not trusted yet:
  '$TOP/work/r 1/agent.sh' agent "mine"
  isolation none                           agents run as you, each in a clone of its own
  test -f a.txt                            gate of a
  test -f a.txt                            final check
commands <id>; expected your word; trust them: pianola -C '$TOP/work/r 1' trust 'my plan.yaml' --yes, or add --approve
[6]
$ pianola -C "$PWD/r 1" trust 'my plan.yaml' --yes --json
{"commands":"<id>","trusted":true,"lines":["'$TOP/work/r 1/agent.sh' agent \"mine\"","isolation none                           agents run as you, each in a clone of its own","test -f a.txt                            gate of a","test -f a.txt                            final check"]}
$ pianola -C 'r 1' run 'my plan.yaml' --promote checkout | tail -1
undo pianola undo * --run r2 puts main back to <id>, keeps the work (glob)
$ mkdir unsealed; ln -s "$(command -v git)" unsealed/git; PATH=$PWD/unsealed $(command -v pianola) trust --isolation sealed -C 'r 1' 'my plan.yaml'
isolation: no seal for agents: bubblewrap: bwrap is not on PATH; expected version 0.8 or later; apt-get install bubblewrap; or accept less: --isolation none
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
$ rich() { printf 'agents: {rich: {kind: claude, argv: [./agent.sh, two words], model: %s, config_dir: ~/.other, env: {LD_PRELOAD: "./evil\\x1b.so", LONG: %s}}}\n' $1 $(head -c 200 /dev/zero | tr '\0' x) > 'r 1/.pianola.yaml'; pianola -C 'r 1' trust 'my plan.yaml' $2; }; rich opus --yes; rich opus; rich sonnet --show
  '$TOP/work/r 1/agent.sh' 'two words' agent "rich", claude, model opus, config_dir ~/.other
  isolation none                           agents run as you, each in a clone of its own
  LD_PRELOAD=./evil\x1b.so                 given to agent "rich"
  LONG=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… (200 bytes) given to agent "rich"
  test -f a.txt                            gate of a
  test -f a.txt                            final check
commands <id>
trusted, for you, on this machine
  '$TOP/work/r 1/agent.sh' 'two words' agent "rich", claude, model opus, config_dir ~/.other
  isolation none                           agents run as you, each in a clone of its own
  LD_PRELOAD=./evil\x1b.so                 given to agent "rich"
  LONG=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… (200 bytes) given to agent "rich"
  test -f a.txt                            gate of a
  test -f a.txt                            final check
commands <id>, trusted already
  '$TOP/work/r 1/agent.sh' 'two words' agent "rich", claude, model sonnet, config_dir ~/.other
  isolation none                           agents run as you, each in a clone of its own
  LD_PRELOAD=./evil\x1b.so                 given to agent "rich"
  LONG=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… (200 bytes) given to agent "rich"
  test -f a.txt                            gate of a
  test -f a.txt                            final check
commands <id>
$ pianola -C 'r 1' trust 'my plan.yaml' --isolation worktree --show --json
{"commands":"<id>","trusted":false,"lines":["'$TOP/work/r 1/agent.sh' 'two words' agent \"rich\", claude, model sonnet, config_dir ~/.other","isolation worktree                       agents run as you, in linked worktrees","LD_PRELOAD=./evil\\x1b.so                 given to agent \"rich\"","LONG=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… (200 bytes) given to agent \"rich\"","test -f a.txt                            gate of a","test -f a.txt                            final check"]}
$ : a plan of many commands does not hide the agent; { printf 'tasks: [{id: a, files_write: [a.txt], verification: ['; for i in $(seq 20); do printf '{command: test -f a%s}, ' $i; done; printf ']}]\n'; } > 'r 1/many.yaml'; pianola -C 'r 1' run many.yaml 2>&1 | sed -n '2,3p;/more:/p'
  '$TOP/work/r 1/agent.sh' 'two words' agent "rich", claude, model sonnet, config_dir ~/.other
  isolation none                           agents run as you, each in a clone of its own
  ... 32 more: pianola -C '$TOP/work/r 1' trust many.yaml --show
