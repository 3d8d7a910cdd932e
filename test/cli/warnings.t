Warnings are shown where a run starts, as check shows them, and are in nobody's way.
$ git init -q -b main r
$ cd r
$ git config user.name Ada; git config user.email ada@localhost
$ printf '#!/bin/sh\necho x > $PIANOLA_TASK.txt\n' > agent.sh; chmod +x agent.sh
$ printf 'agents: {mine: {kind: command, argv: [./agent.sh]}}\naccounts: {}\n' > .pianola.yaml
$ printf 'owner: me\ntasks: [{id: a, files_write: [a.txt], role: tester, verification: [{command: test -f a.txt}]}]\n' > tasks.yaml
$ git add -A; git commit -q -m start
$ pianola check
$TOP/work/r/.pianola.yaml:2:1: warning: "accounts" has no effect in this version
tasks.yaml:1:1: warning: unknown key "owner"; expected a plan key; it is ignored; a key of your own begins with x-
tasks.yaml:2:39: warning: "role" has no effect in this version
tasks.yaml  ok: 1 task, 0 dependencies, 1 wave, no conflicts, 0 of 1 tested
critical    a
risk        20 AUTO-APPROVE (threshold 25)
            +20 incomplete_test_coverage:0%
runs        1 command on this machine; see it: pianola approve tasks.yaml --show
$ pianola run --approve --promote leave > ../log
tasks.yaml:1:1: warning: unknown key "owner"; expected a plan key; it is ignored; a key of your own begins with x-
tasks.yaml:2:39: warning: "role" has no effect in this version
$TOP/work/r/.pianola.yaml:2:1: warning: "accounts" has no effect in this version
[6]
$ pianola run --promote leave --json | grep -c .
1
