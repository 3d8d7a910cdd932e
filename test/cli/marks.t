Marks that a run writes into its check list: when, which, and never over what people wrote meanwhile.
$ git init -q -b main r
$ cd r
$ git config user.name Ada; git config user.email ada@localhost; git config core.excludesFile /dev/null; printf 'test: test -e README.md\nagents: {mine: {kind: command, argv: [./agent.sh]}}\n' > .pianola.yaml; echo '/tasks.md' > .gitignore; echo shop > README.md
$ printf '#!/bin/sh\ncase $PIANOLA_TASK in\nbroken) exit 1;;\nwatch) until grep -q "^- .~. Watch" %s/tasks.md; do sleep 0.05; done; echo "- [ ] Thought of meanwhile files: z" >> %s/tasks.md;;\nspoil) rm %s/tasks.md; mkdir %s/tasks.md;;\nesac\necho x > $PIANOLA_TASK.txt\n' $PWD $PWD $PWD $PWD > agent.sh; chmod +x agent.sh; git add -A; git commit -q -m start
$ mkdir ../lists; printf '# Work\n- [ ] Watch {#watch} files: watch.txt\n- [ ] Do more {#more} files: more.txt depends: watch\n  - [ ] a step of it\n- [ ] Break {#broken} files: broken.txt\n- [x] Long ago\n' > ../lists/mine.md; chmod 640 ../lists/mine.md; ln -s ../lists/mine.md tasks.md
$ : a list that git does not track is marked as the run goes; pianola run tasks.md --approve --isolation none --promote checkout --partial > run.out 2>&1; echo $?; cat tasks.md; ls -l ../lists/mine.md | cut -c 1-10; test -L tasks.md && echo a link
1
# Work
- [x] Watch {#watch} files: watch.txt
- [x] Do more {#more} files: more.txt depends: watch
  - [ ] a step of it
- [~] Break {#broken} files: broken.txt
- [x] Long ago
- [ ] Thought of meanwhile files: z
-rw-r-----
a link
$ : what landed is no task of the next run; pianola dag tasks.md
tasks.md  2 tasks, 1 wave
wave 1     broken, thought-of-meanwhile-956ff3
$ : a list that git tracks is marked when the run is over, so that the checkout can move; printf -- '- [ ] One {#one} files: one.txt\n- [ ] Two {#two} files: two.txt\n' > work.md; git add work.md; git commit -q -m list; pianola run work.md --approve --isolation none --promote leave > run.out 2>&1; echo $?; cat work.md; git status --short
6
- [ ] One {#one} files: one.txt
- [ ] Two {#two} files: two.txt
?? run.out
$ pianola promote > promote.out 2>&1; echo $?; cat work.md; test -f one.txt && echo in the checkout; git status --short
0
- [x] One {#one} files: one.txt
- [x] Two {#two} files: two.txt
in the checkout
 M work.md
?? promote.out
?? run.out
$ : whoever goes on with the run marks its list; git commit -q -a -m marked; printf -- '- [ ] Three {#three} files: three.txt\n' > work.md; git commit -q -a -m more; mkdir deep; cd deep; pianola -C .. run work.md --approve --isolation none --promote checkout --detach; pianola wait; cat ../work.md
2 untracked files are not seen by agents; they start from <id>
r3
- [x] Three {#three} files: three.txt
$ : a list that cannot be written; rm tasks.md; printf -- '- [ ] Spoil {#spoil} files: spoil.txt\n' > tasks.md; git commit -q -a -m marked; pianola run tasks.md --approve --isolation none --promote checkout 2>&1 | grep -i marks
marks not written: $TOP/work/r/tasks.md: is not a regular file
