Linked worktrees, for agents that are trusted: what one changed of the repository itself is named, and does not land.
$ git init -q -b main r
$ cd r
$ git config user.name Ada; git config user.email ada@localhost
$ printf '#!/bin/sh\necho x > $PIANOLA_TASK.txt\ntest $PIANOLA_TASK = a || { git config alias.st "!evil"; printf x > "$(git rev-parse --git-common-dir)/hooks/post-commit"; }\n' > agent.sh; chmod +x agent.sh; printf 'agents: {mine: {kind: command, argv: [./agent.sh]}}\n' > .pianola.yaml
$ echo 'tasks: [{id: a, files_write: [a.txt], verification: [{command: test -f a.txt}]}, {id: b, depends_on: [a], files_write: [b.txt], attempts: 1, verification: [{command: test -f b.txt}]}]' > tasks.yaml; git add -A; git commit -q -m start
$ pianola run --isolation worktree --approve --jobs 1 --promote leave > ../log 2>&1; echo exit $?; grep -E ' a landed| b ' ../log
exit 1
<time> a landed staging <id>, try 1, <span>
<time> b refused config of the repository was changed while it ran, and 1 more
<time> b failed 1 of 1 attempts: config of the repository was changed while it ran, and 1 more
