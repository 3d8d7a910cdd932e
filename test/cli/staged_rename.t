A task lands a rename while another, begun before it, edits the files it renames and adds to their folder. What
git would carry over to the new names never lands there: those are not the other task's files.
$ git init -q -b main r
$ cd r
$ git config user.name Ada; git config user.email ada@localhost
$ mkdir lib; for file in lib/a lib/b lib/c old; do seq 20 | sed "s|^|$file |" > $file.txt; done
$ cat > agent.sh <<'END'
> #!/bin/sh
> hub=$(git rev-parse --git-path objects/info/alternates | xargs head -1)/..
> case $PIANOLA_TASK.$PIANOLA_ATTEMPT in
>   move.*)
>     until test -f "$hub/edited"; do sleep 0.05; done
>     git mv lib core && git mv old.txt new.txt && git commit -q -m 'Rename' ;;
>   edit.1)
>     echo more >> old.txt; echo more >> lib/a.txt; echo new > lib/d.txt; git add -A; git commit -q -m 'Edit'
>     touch "$hub/edited"
>     until git --git-dir="$hub" cat-file -e "refs/pianola/staging/$PIANOLA_RUN:new.txt" 2> /dev/null; do sleep 0.05; done ;;
>   edit.*)
>     if test -f "$hub/insists"; then echo more >> new.txt; else echo more > old.txt; mkdir lib; echo new > lib/d.txt; fi ;;
> esac
> END
$ chmod +x agent.sh; printf 'agents: {mine: {kind: command, argv: [./agent.sh]}}\njobs: 2\n' > .pianola.yaml
$ cat > tasks.yaml <<'END'
> tasks:
>   - id: move
>     files_write: [new.txt, core/**]
>     files_append: [old.txt, lib/a.txt, lib/b.txt, lib/c.txt]
>     verification: [{command: test -f new.txt -a -f core/c.txt}]
>   - id: edit
>     files_write: [lib/d.txt]
>     files_append: [old.txt, lib/a.txt]
>     verification: [{command: grep -q more old.txt && test -f lib/d.txt}]
> END
$ git add -A; git commit -q -m start; cp -r . ../again
$ pianola run --approve --promote checkout
<time> r1 run start main <id>, 2 tasks, 2 jobs, no isolation
<time> move landed staging <id>, try 1, <span>
<time> edit conflicted merged with what landed meanwhile, it leaves its files: core/a.txt: changed, outside files_write and files_append of this task
<time> edit landed staging <id>, try 2, <span>
<time> r1 checking 2 final checks on <id>
<time> r1 green 2 final checks on <id>
<time> r1 done main <id>, 2 of 2 landed
done r1: main is <id>, 2 of 2 tasks landed, integration green
time <span>; critical path <span> (<part> x); 2 slots used about <part> %
tries 3 for 2 tasks: 1 conflict
logs $TOP/work/r/.git/pianola/runs/r1
all of it: pianola status --run r1 --report
undo pianola undo * --run r1 puts main back to <id>, keeps the work (glob)
$ git ls-tree -r --name-only main; git show main:old.txt; git show main:new.txt | tail -1; git show main:core/a.txt | tail -1
.pianola.yaml
agent.sh
core/a.txt
core/b.txt
core/c.txt
lib/d.txt
new.txt
old.txt
tasks.yaml
more
old 20
lib/a 20
$ for task in move edit; do git log --first-parent -m --format= --name-status --grep "^Merge $task" main; done
R100	lib/a.txt	core/a.txt
R100	lib/b.txt	core/b.txt
R100	lib/c.txt	core/c.txt
R100	old.txt	new.txt
A	lib/d.txt
A	old.txt
$ : an agent that goes on editing the new name: the run says why, and nothing of it lands
$ cd ../again
$ touch .git/insists; printf "    attempts: 2\n" >> tasks.yaml; git commit -q -a -m limit; pianola run --approve --promote checkout
<time> r1 run start main <id>, 2 tasks, 2 jobs, no isolation
<time> move landed staging <id>, try 1, <span>
<time> edit conflicted merged with what landed meanwhile, it leaves its files: core/a.txt: changed, outside files_write and files_append of this task
<time> edit refused new.txt: changed, outside files_write and files_append of this task
<time> edit refused new.txt: changed, outside files_write and files_append of this task
<time> edit failed 2 of 2 attempts: new.txt: changed, outside files_write and files_append of this task
<time> r1 failed 1 of 2 tasks did not land
failed r1: main is not moved, 1 of 2 tasks landed
why 1 of 2 tasks did not land
task edit: 2 of 2 attempts: new.txt: changed, outside files_write and files_append of this task
pianola logs edit
time <span>; critical path <span> (<part> x); 2 slots used about <part> %
tries 4 for 2 tasks: 2 outside their files, 1 conflict
logs $TOP/work/again/.git/pianola/runs/r1
all of it: pianola status --run r1 --report
[1]
$ pianola status
r1 failed <span>, again > main, tasks.yaml <id>, no isolation
1/2 landed, 1 needs you, 1 failed
1 of 2 tasks did not land
edit failed <age> 2 of 2 attempts: new.txt: changed, outside files_write and files_append of this task: pianola logs edit
more: pianola status --all   pianola logs TASK
$ git diff --stat -M main refs/pianola/staging/r1
 {lib => core}/a.txt | 0
 {lib => core}/b.txt | 0
 {lib => core}/c.txt | 0
 old.txt => new.txt  | 0
 4 files changed, 0 insertions(+), 0 deletions(-)
