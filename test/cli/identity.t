Who an attempt is, is said by pianola, whatever the agent's definition or the task's env_from name.
$ git init -q -b main r
$ cd r
$ git config user.name Ada; git config user.email ada@localhost
$ printf '#!/bin/sh\necho "$PIANOLA_RUN $PIANOLA_TASK $PIANOLA_ATTEMPT $(basename "$PIANOLA_PROMPT_FILE")" > a.txt\n' > agent.sh; chmod +x agent.sh
$ printf 'agents: {mine: {kind: command, argv: [./agent.sh], env: {PIANOLA_TASK: other, PIANOLA_PROMPT_FILE: /dev/null}}}\n' > .pianola.yaml
$ printf 'tasks:\n  - {id: a, files_write: [a.txt], env_from: [PIANOLA_RUN, PIANOLA_ATTEMPT], verification: [{command: test -f a.txt}]}\n' > tasks.yaml
$ git add -A; git commit -q -m start
$ PIANOLA_RUN=r9 PIANOLA_ATTEMPT=7 pianola run --approve --promote checkout --plain > ../out; grep -c landed ../out
3
$ cat a.txt
r1 a 1 prompt.md
