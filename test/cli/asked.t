What a person at a terminal is asked, and what each answer does.
$ git init -q -b main r
$ cd r
$ git config user.name Ada; git config user.email ada@localhost
$ printf '#!/bin/sh\necho x > $PIANOLA_TASK.txt\n' > agent.sh; chmod +x agent.sh
$ printf 'agents: {mine: {kind: command, argv: [./agent.sh]}}\n' > .pianola.yaml
$ for task in a b; do printf 'tasks: [{id: %s, files_write: [%s.txt], verification: [{command: test -f %s.txt}]}]\n' $task $task $task > $task.yaml; done
$ git add -A; git commit -q -m start
$ printf '# typed COMMAND QUESTION ANSWER [BEFORE]: the answer is typed once the question stands there, after BEFORE is done.\ntyped() {\n  rm -f ../in ../out; mkfifo ../in; script -qec "$1" /dev/null < ../in > ../out & pid=$!; exec 3> ../in\n  until grep -qs "$2" ../out || ! kill -0 $pid 2> /dev/null; do sleep 0.05; done\n  eval "$4"; echo "$3" >&3; wait $pid; code=$?; exec 3>&-; tr -d "\\r" < ../out; echo exit $code\n}\n' > ../words.sh
$ . ../words.sh; typed 'pianola trust a.yaml' 'this?' n
  $TOP/work/r/agent.sh  agent "mine"
  isolation none                           agents run as you, each in a clone of its own
  test -f a.txt                            gate of a
  test -f a.txt                            final check
commands <id>
trust exactly this? [y]es  [N]o: n
not trusted yet: commands <id>; expected your word; trust them: pianola trust
    a.yaml --yes
exit 6
$ . ../words.sh; typed 'pianola run a.yaml --plain --promote leave' 'this?' '' | grep -E 'this|exit'
it will run on this machine, as you:
trust exactly this? [y]es  [N]o: 
exit 6
$ . ../words.sh; typed 'pianola run a.yaml --plain --promote leave' 'this?' y 'echo echo y >> agent.sh' | tail -2; git checkout -q agent.sh; ls .git/pianola/runs
    the bytes you trusted; run it again
exit 6
r1
$ echo : >> agent.sh; . ../words.sh; typed 'pianola trust a.yaml' 'this?' y; git checkout -q agent.sh
  $TOP/work/r/agent.sh  agent "mine"
  isolation none                           agents run as you, each in a clone of its own
  test -f a.txt                            gate of a
  test -f a.txt                            final check
commands <id>
trust exactly this? [y]es  [N]o: y
trusted, for you, on this machine
exit 0
$ pianola trust a.yaml --json
{"commands":"<id>","trusted":true,"lines":["$TOP/work/r/agent.sh  agent \"mine\"","isolation none                           agents run as you, each in a clone of its own","test -f a.txt                            gate of a","test -f a.txt                            final check"]}
$ . ../words.sh; typed 'pianola run a.yaml --plain' 'land it' n | grep -E 'land it|next|exit'; git ls-tree --name-only main a.txt
main is checked out in $TOP/work/r; land it in this checkout? y/N: n
next   pianola promote
exit 6
$ pianola trust b.yaml --yes > ../log; . ../words.sh; typed 'pianola run b.yaml --plain' 'land it' y | grep -E 'land it|done|exit'; git ls-tree --name-only main b.txt
main is checked out in $TOP/work/r; land it in this checkout? y/N: y
<time> r3 done main <id>, 1 of 1 landed
done   r3: main is <id>, 1 of 1 task landed, integration green
exit 0
b.txt
