The repository lacks an object: said with what mends it, exit 8, and the run goes on once that is back.
$ git init -q -b main r
$ cd r
$ git config user.name Ada; git config user.email ada@localhost
$ printf '#!/bin/sh\necho x > $PIANOLA_TASK.txt\n' > agent.sh; chmod +x agent.sh
$ printf 'agents: {mine: {kind: command, argv: [./agent.sh]}}\n' > .pianola.yaml
$ printf 'tasks: [{id: a, files_write: [a.txt], verification: [{command: test -f a.txt}]}]\n' > tasks.yaml
$ echo data > data; git add -A; git commit -q -m start
$ : a file of the base is gone; object=.git/objects/$(git rev-parse HEAD:data | sed 's,..,&/,'); echo $object > ../object; mv $object ../kept; pianola run --approve --plain 2>&1
<time> r1 run start main <id>, 1 task, 2 jobs, no isolation
<time> r1 paused git read-tree: an object of the repository is missing or damaged: unable to read sha1 file of data (<id>); expected all that the run has made; git fsck names what lacks; get it from a clone or a backup, then: pianola resume
r1: paused: git read-tree: an object of the repository is missing or damaged: unable to read sha1 file of data (<id>); expected all that the run has made; git fsck names what lacks; get it from a clone or a backup; go on: pianola resume
[8]
$ pianola wait
r1: paused: git read-tree: an object of the repository is missing or damaged: unable to read sha1 file of data (<id>); expected all that the run has made; git fsck names what lacks; get it from a clone or a backup; go on: pianola resume
[8]
$ pianola resume --plain > ../out 2>&1; echo $?
8
$ mv ../kept $(cat ../object); pianola resume --promote checkout --plain > ../out 2>&1; echo $?; grep ^done ../out
0
done r1: main is <id>, 1 of 1 task landed, integration green
