repair: what a crash left is found and put right; what repair does not do itself, it names the command for.
$ git init -q -b main r
$ cd r
$ git config user.name Ada; git config user.email ada@localhost
$ cp /bin/sleep ../doze; printf '#!/bin/sh\necho half > $PIANOLA_TASK.txt\ntouch %s/began\nif test -f %s/wait; then exec %s/doze 6545; fi\n' $(dirname $PWD) $(dirname $PWD) $(dirname $PWD) > agent.sh; chmod +x agent.sh
$ printf 'agents: {mine: {kind: command, argv: [./agent.sh]}}\njobs: 1\n' > .pianola.yaml
$ printf 'tasks: [{id: a, files_write: [a.txt], verification: [{command: test -f a.txt}]}]\n' > tasks.yaml
$ git add -A; git commit -q -m start
$ printf 'for top in .git ../r.pianola; do find $top -printf "%%p %%y %%m %%s %%T@ %%l\\n" | sort; find $top -type f -print0 | sort -z | xargs -0 sha256sum; done | sha256sum\n' > ../digest
$ pianola repair --diagnose
nothing is wrong
$ pianola run --approve > ../log; pianola promote > ../log; pianola repair --diagnose --json
{"findings":[],"backup":null}
$ touch ../wait; rm ../began; pianola run --approve --detach; until test -f ../began; do sleep 0.05; done
r2
$ pianola repair --diagnose
nothing is wrong
$ lock=.git/pianola/runs/r2/lock; kill -9 $(grep -o '[0-9]*' $lock | head -1); until flock -n -s $lock true; do sleep 0.05; done
$ printf '{"seq":99' >> .git/pianola/runs/r1/journal/00000001.jsonl
$ mkdir -p ../r.pianola/r7/gone.1; echo work > ../r.pianola/r7/gone.1/w.txt; git rev-parse main > ../r.pianola/r7/gone.1.base
$ git update-ref refs/pianola/in/r9/x/1 $(git commit-tree -m lost main^{tree}); git update-ref refs/pianola/staging/r9 main
$ sh ../digest > ../before; pianola repair --diagnose
journal-torn r1 $TOP/work/r/.git/pianola/runs/r1/journal/<id>.jsonl: an unfinished write of 9 bytes after event 27; repair: it is set aside
keeper-alone r2 a.1: its agent runs under keeper * and no supervisor watches it; by hand: take it up: pianola resume r2, or end it: pianola stop --all --now --run r2 (glob)
workspace-orphan r7 $TOP/work/r.pianola/r7/gone.1: no run knows it; repair: it is moved aside, whole
socket-dead $TOP/runtime/pianola/*/r*: nobody listens on it; repair: it is removed (glob)
ref-orphan r9 refs/pianola/*/r9: 2 refs of a run that is not there; repair: what nothing else reaches is kept under refs/pianola/saved/, and the rest is dropped
[1]
$ pianola repair --diagnose --json | tr '{' '\n' | grep -o '"id":"[a-z-]*"'
"id":"journal-torn"
"id":"keeper-alone"
"id":"workspace-orphan"
"id":"socket-dead"
"id":"ref-orphan"
$ sh ../digest | cmp - ../before && echo the same
the same
$ pianola repair
journal-torn r1 $TOP/work/r/.git/pianola/runs/r1/journal/<id>.jsonl: an unfinished write of 9 bytes after event 27; it is set aside
keeper-alone r2 a.1: its agent runs under keeper * and no supervisor watches it; by hand: take it up: pianola resume r2, or end it: pianola stop --all --now --run r2 (glob)
workspace-orphan r7 $TOP/work/r.pianola/r7/gone.1: no run knows it; it is moved aside, whole
socket-dead $TOP/runtime/pianola/*/r*: nobody listens on it; it is removed (glob)
ref-orphan r9 refs/pianola/*/r9: 2 refs of a run that is not there; what nothing else reaches is kept under refs/pianola/saved/, and the rest is dropped
as it was: $TOP/work/r/.git/pianola/backup/* (glob)
[1]
$ cat .git/pianola/backup/*/workspaces/r7/gone.1/w.txt; ls .git/pianola/backup/*; git log -1 --format=%s refs/pianola/saved/r9/swept/in/x/1
work
r1.<id>.jsonl
refs.r9
workspaces
lost
$ git for-each-ref --format='%(refname)' refs/pianola | grep -e r9 -e r7
refs/pianola/saved/r7/aside/gone.1
refs/pianola/saved/r9/swept/in/x/1
$ pianola repair
keeper-alone r2 a.1: its agent runs under keeper * and no supervisor watches it; by hand: take it up: pianola resume r2, or end it: pianola stop --all --now --run r2 (glob)
[1]
$ pianola log verify --run r1 | tail -1
an unfinished write of before was set aside: journal/<id>.jsonl.torn.1
$ pianola stop --all --now --run r2
r2: no supervisor; ending everything it started here
r2: everything it started is over; workspaces are kept
$ mkdir -p ../r.pianola/r1/a.1.leftovers ../r.pianola/r8/kept.1; for kind in home base index audit making going source leftovers; do mkdir ../r.pianola/r8/gone.1.$kind; done
$ flock .git/pianola/runs/r1/attempts/a.1/attempt.lock pianola repair | sort; ls ../r.pianola/r1 ../r.pianola/r8
as it was: $TOP/work/r/.git/pianola/backup/* (glob)
keeper-alone r1 a.1: its agent runs under keeper * and no supervisor watches it; by hand: end it: kill * (glob)
workspace-half r8 $TOP/work/r.pianola/r8/gone.1.audit: it was being made, checked in or removed; it is moved aside
workspace-half r8 $TOP/work/r.pianola/r8/gone.1.base: it was being made, checked in or removed; it is moved aside
workspace-half r8 $TOP/work/r.pianola/r8/gone.1.going: it was being made, checked in or removed; it is moved aside
workspace-half r8 $TOP/work/r.pianola/r8/gone.1.home: it was being made, checked in or removed; it is moved aside
workspace-half r8 $TOP/work/r.pianola/r8/gone.1.index: it was being made, checked in or removed; it is moved aside
workspace-half r8 $TOP/work/r.pianola/r8/gone.1.leftovers: it was being made, checked in or removed; it is moved aside
workspace-half r8 $TOP/work/r.pianola/r8/gone.1.making: it was being made, checked in or removed; it is moved aside
workspace-half r8 $TOP/work/r.pianola/r8/gone.1.source: it was being made, checked in or removed; it is moved aside
../r.pianola/r1:
a.1.home
a.1.leftovers

../r.pianola/r8:
kept.1
$ pianola repair; ls -d .git/pianola/backup/*/workspaces/r1/*; ls ../r.pianola/r1 ../r.pianola/r8
workspace-half r1 $TOP/work/r.pianola/r1/a.1.leftovers: it was being made, checked in or removed; it is moved aside
as it was: $TOP/work/r/.git/pianola/backup/* (glob)
.git/pianola/backup/*/workspaces/r1/a.1.leftovers (glob)
../r.pianola/r1:
a.1.home

../r.pianola/r8:
kept.1
$ mkdir ../group; sed -i "s|\"group_folders\":\[[^]]*\]|\"group_folders\":[\"$(dirname $PWD)/group\"]|" .git/pianola/runs/r1/attempts/a.1/keeper.json; pianola repair; ls -d ../group
cgroup-left r1 $TOP/work/group: its attempt is over; it is removed
ls: cannot access '../group': No such file or directory
[2]
$ touch -d '1 hour ago' .git/refs/pianola/base/r1.lock; pianola repair
git-lock-stale $TOP/work/r/.git/refs/pianola/base/r1.lock: no run is at work here; it is moved aside
as it was: $TOP/work/r/.git/pianola/backup/* (glob)
$ ls .git/refs/pianola/base; pianola repair
r1
r2
nothing is wrong
$ sed -i '3s/v/w/' .git/pianola/runs/r1/journal/00000001.jsonl; cp .git/pianola/runs/r1/journal/00000001.jsonl ../damaged; pianola repair
journal-damaged r1 $TOP/work/r/.git/pianola/runs/r1/journal: $TOP/work/r/.git/pianola/runs/r1/journal/<id>.jsonl:3:1: checksum differs, "<id>" at event 3; expected <id>; nothing was changed; run: pianola log verify; by hand: put the file back from a backup; it is never cut
[8]
$ cmp ../damaged .git/pianola/runs/r1/journal/00000001.jsonl && echo it is never cut
it is never cut
$ pianola gc | grep r1
r1 - * kept: $TOP/work/r/.git/pianola/runs/r1/journal/<id>.jsonl:3:1: checksum differs, "<id>" at event 3; expected <id>; nothing was changed; run: pianola log verify (glob)
