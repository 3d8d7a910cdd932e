What a task names in env_from its agent gets, and no other; a name that is not set is said before anything starts.
$ git init -q -b main r
$ cd r
$ git config user.name Ada; git config user.email ada@localhost
$ printf '#!/bin/sh\necho "${WORK_KEY-none} ${OTHER_KEY-none}" > $PIANOLA_TASK.txt\n' > agent.sh; chmod +x agent.sh
$ printf 'agents: {mine: {kind: command, argv: [./agent.sh]}}\n' > .pianola.yaml
$ printf 'tasks:\n  - {id: a, files_write: [a.txt], env_from: [WORK_KEY], verification: [{command: test -f a.txt}]}\n  - {id: b, files_write: [b.txt], verification: [{command: test -f b.txt}]}\n' > tasks.yaml
$ git add -A; git commit -q -m start
$ pianola run --approve --plain
env_from of a: WORK_KEY is not set here; expected a value in the environment of pianola; export WORK_KEY=...
[5]
$ pianola trust --show
  $TOP/work/r/agent.sh  agent "mine"
  isolation none                           agents run as you, each in a clone of its own
  test -f a.txt                            gate of a
  $WORK_KEY                                given to a
  test -f b.txt                            gate of b
  test -f a.txt                            final check
  test -f b.txt                            final check
commands <id>
$ WORK_KEY=open-sesame OTHER_KEY=private pianola run --approve --promote checkout --plain > out; grep -c landed out
1 untracked file is not seen by agents; they start from <id>
4
$ cat a.txt b.txt
open-sesame none
none none
$ grep -rc open-sesame .git/pianola | grep -v ':0$'
[1]
