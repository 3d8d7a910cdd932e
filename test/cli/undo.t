undo: a promotion is taken back, once, and nothing that others did is lost.
$ git init -q -b main r
$ cd r
$ git config user.name Ada; git config user.email ada@localhost
$ printf '#!/bin/sh\necho x > $PIANOLA_TASK.txt\n' > agent.sh; chmod +x agent.sh
$ printf 'agents: {mine: {kind: command, argv: [./agent.sh]}}\njobs: 1\n' > .pianola.yaml
$ printf 'tasks: [{id: a, files_write: [a.txt], verification: [{command: test -f a.txt}]}]\n' > tasks.yaml
$ git add -A; git commit -q -m start; git rev-parse main > ../start
$ pianola run --approve > ../log; pianola undo 3
r1: event 3 is run_opened, which moved no branch of yours; expected an event that did; this run moved no branch, or all of it is undone
[2]
$ pianola promote
done r1: main is <id>, 1 of 1 task landed, integration green
time <span>; critical path <span> (<part> x); 1 slot used about <part> %
tries 1 for 1 task
logs $TOP/work/r/.git/pianola/runs/r1
all of it: pianola status --run r1 --report
undo pianola undo 26 --run r1 puts main back to <id>, keeps the work
$ pianola undo 3
r1: event 3 is run_opened, which moved no branch of yours; expected 26, which moved main from <id> to <id>; pianola undo 26 --run r1
[2]
$ pianola undo 999 --json
{"error":{"code":"usage","exit":2,"message":"r1: no event 999","at":null,"hint":"expected 26, which moved main from <id> to <id>; pianola undo 26 --run r1"}}
[2]
$ pianola undo
pianola undo: EVENT is required; see: pianola undo --help
[2]
$ seq=$(pianola log tail | grep target_promoted | cut -d' ' -f2); echo $seq > ../seq; pianola log show $seq | grep type
type target_promoted
$ echo mine >> a.txt; pianola undo $(cat ../seq)
r1: $TOP/work/r has changes of its own: a.txt; expected nothing of yours in the way; put that in order, then: pianola undo 26 --run r1
[4]
$ git checkout -q a.txt; flock .git/pianola/runs/r1/lock pianola undo $(cat ../seq)
r1: supervisor * runs it since <span>; expected none; look: pianola status, or end it: pianola stop (glob)
[7]
$ for n in 1 2; do echo $n > more.txt; git add more.txt; git commit -q -m "More $n"; done; pianola undo $(cat ../seq)
r1: 2 commits came after <id> on main:
  <id> More 2
  <id> More 1
main is at <id>; expected main at <id>; keep it, and take back by hand what is not wanted: git revert
[4]
$ for n in $(seq 3 23); do echo $n > more.txt; git add more.txt; git commit -q -m "More $n"; done; pianola undo $(cat ../seq) 2>&1 | grep -c '  .* More'; pianola undo $(cat ../seq) 2>&1 | tail -2
20
  and 3 more
main is at <id>; expected main at <id>; keep it, and take back by hand what is not wanted: git revert
$ git reset -q --hard HEAD~23; echo untracked > mine.txt
$ pianola undo $(cat ../seq)
r1: main is at <id> again; <id> is kept at refs/pianola/saved/r1/undone/26
land it again: pianola promote --run r1
$ git rev-parse main | cmp - ../start && git status --short && cat mine.txt
?? mine.txt
untracked
$ git log -1 --format=%s refs/pianola/saved/r1/undone/$(cat ../seq)
Merge a
$ pianola undo $(cat ../seq)
r1: event 26 was undone already, by event 30; expected a promotion that stands; land it again: pianola promote --run r1
[2]
$ pianola status
r1 paused <span>, r > main, tasks.yaml <id>, no isolation
1/1 landed, 1 needs you
r1 paused <age> undone by a person: pianola promote
more: pianola status --all   pianola logs TASK
$ pianola log tail -n 2
<time> 29 undo_started of event 26: <id> back to <id>, by ada
<time> 30 promotion_undone of event 26: at <id> again
$ pianola promote
done r1: main is <id>, 1 of 1 task landed, integration green
time <span>; critical path <span> (<part> x); 1 slot used about <part> %
tries 1 for 1 task
logs $TOP/work/r/.git/pianola/runs/r1
all of it: pianola status --run r1 --report
undo pianola undo 34 --run r1 puts main back to <id>, keeps the work
$ git log -1 --format=%s main
Merge a
$ git checkout -q -b elsewhere; pianola undo $(pianola log tail | grep target_promoted | tail -1 | cut -d' ' -f2) --json
{"run":"r1","event":34,"ref":"refs/heads/main","from":"<id>","to":"<id>","kept":"refs/pianola/saved/r1/undone/34"}
$ git rev-parse main | cmp - ../start && pianola log verify
r1  whole: 38 events in 1 segment, * bytes, every checksum and number right (glob)
