A run whose journal cannot be read: what runs of it can still be ended.
$ git init -q -b main r
$ cd r
$ git config user.name Ada; git config user.email ada@localhost
$ cp /bin/sleep ../doze; printf '#!/bin/sh\necho half > $PIANOLA_TASK.txt\n%s/doze 6546\n' $(dirname $PWD) > agent.sh; chmod +x agent.sh
$ printf 'agents: {mine: {kind: command, argv: [./agent.sh]}}\njobs: 2\n' > .pianola.yaml
$ printf 'tasks:\n  - {id: slow, files_write: [slow.txt], verification: [{command: test -f slow.txt}]}\n  - {id: slower, files_write: [slower.txt], verification: [{command: test -f slower.txt}]}\n' > tasks.yaml
$ git add -A; git commit -q -m start
$ pianola run --approve --detach; until test -f ../r.pianola/r1/slow.1/slow.txt && test -f ../r.pianola/r1/slower.1/slower.txt; do sleep 0.1; done
r1
$ run=.git/pianola/runs/r1; kill -9 $(grep -o '[0-9]*' $run/lock | head -1); until flock -n -s $run/lock true; do sleep 0.05; done; sed -i '3s/"data":{/"data":{ /' $run/journal/00000001.jsonl
$ pianola stop slow 2>&1 | sed 's/"[0-9a-f]*"/SUM/; s/expected [0-9a-f]*;/expected SUM;/; s/.*journal/JOURNAL/'
JOURNAL/<id>.jsonl:3:1: checksum differs, SUM at event 3; expected SUM; nothing was changed; run: pianola log verify
$ ps -eo args | grep -c "^$(dirname $PWD)/doze 6546"
2
$ pianola stop --all --now 2>&1 | sed 's/"[0-9a-f]*"/SUM/; s/expected [0-9a-f]*;/expected SUM;/; s/.*journal.0/JOURNAL\/0/'
r1: no journal to go by; ended what still ran of it: 2
JOURNAL/<id>.jsonl:3:1: checksum differs, SUM at event 3; expected SUM; nothing was changed; run: pianola log verify
$ ps -eo args | grep -c "^$(dirname $PWD)/doze 6546"
0
[1]
$ pianola stop --all --now --json > ../said; echo $?; grep -c checksum ../said
8
1
