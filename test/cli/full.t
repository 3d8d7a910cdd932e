Output that cannot be written is no success; a reader that has gone away is no failure.
$ git init -q -b main r
$ cd r
$ git config user.name Ada; git config user.email ada@localhost
$ printf '#!/bin/sh\necho x > $PIANOLA_TASK.txt\n' > agent.sh; chmod +x agent.sh
$ printf 'agents: {mine: {kind: command, argv: [./agent.sh]}}\n' > .pianola.yaml
$ printf 'tasks: [{id: a, files_write: [a.txt], verification: [{command: test -f a.txt}]}]\n' > tasks.yaml
$ git add -A; git commit -q -m start
$ pianola version >/dev/full
stdout: No space left on device; expected room for what is printed
[1]
$ pianola check --json >/dev/full
stdout: No space left on device; expected room for what is printed
[1]
$ pianola run --approve --promote checkout --plain >/dev/full
stdout: No space left on device; expected room for what is printed
[1]
$ for words in status 'status --json' 'status --report' 'log tail' 'log show 1' 'workspace list'; do pianola $words >/dev/full; echo $?; done
stdout: No space left on device; expected room for what is printed
1
stdout: No space left on device; expected room for what is printed
1
stdout: No space left on device; expected room for what is printed
1
stdout: No space left on device; expected room for what is printed
1
stdout: No space left on device; expected room for what is printed
1
stdout: No space left on device; expected room for what is printed
1
$ : another failure keeps its code; pianola status --json --run r9 >/dev/full
stdout: No space left on device; expected room for what is printed
[2]
$ { sleep 0.3; pianola log tail; echo $? >&2; } | true
0
