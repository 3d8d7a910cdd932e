The event log of another coordinator: a run that is over, told by the same commands; nothing is started.
$ git init -q -b main r
$ cd r
$ git config user.name Ada; git config user.email ada@localhost; git commit -q --allow-empty -m start
$ cp $SOURCE/test/fixtures/event-logs/two-colours.jsonl ../event-log.jsonl
$ pianola log import ../event-log.jsonl
r1: imported from ../event-log.jsonl: 3 tasks, 3 attempts: 1 pending, 1 assigned, 1 completed
unknown type "lock_broken": 1 line left out
line 13 is damaged and left out: column 61: a text without its closing quote
line 4: no task "docs" to depend on
look: pianola status --run r1 --all
$ pianola status --all
r1 failed <span>, r, ../event-log.jsonl <id>, no isolation
0/3 landed, 1 waiting, 2 stopped
imported: 1 pending, 1 assigned, 1 completed; nothing of it was checked or landed here
find-callers stopped - completed, its log says; not checked, not landed
port-callers stopped - assigned when its log ends
review waiting * after port-callers (glob)
$ pianola log tail
<time> 1 run_started r1 ../event-log.jsonl a327cef: 3 tasks, base -, 0 jobs, no isolation, by ada
<time> 2 attempt_started find-callers/1 agent blue-1, workspace 1, base -
<time> 3 attempt_ended find-callers/1 delivered: completed, its log says, not counted
<time> 4 workspace_removed find-callers.1
<time> 5 task_stopped find-callers completed, its log says; not checked, not landed
<time> 6 attempt_started port-callers/1 agent green-1, workspace 1, base -
<time> 7 attempt_ended port-callers/1 failed: failed, its log says
<time> 8 workspace_removed port-callers.1
<time> 9 attempt_started port-callers/2 agent green-2, workspace 2, base -
<time> 10 attempt_ended port-callers/2 lost: its log ends before it, not counted
<time> 11 workspace_removed port-callers.2
<time> 12 task_stopped port-callers assigned when its log ends
<time> 13 run_finished failed: imported: 1 pending, 1 assigned, 1 completed; nothing of it was checked or landed here, by ada
$ pianola log show 3
seq 3
id <id>
at <number> (<time>)
type attempt_ended
v 1
actor import:8
data
  task find-callers
  attempt 1
  outcome delivered
  reason completed, its log says
  feedback {"summary":"three files"}
  counted false
  failed_start false
  retry_at -
crc <id>
$ pianola log verify
r1  whole: 13 events in 1 segment, * bytes, every checksum and number right (glob)
$ pianola status --report
failed r1: 0 of 3 tasks landed
why imported: 1 pending, 1 assigned, 1 completed; nothing of it was checked or landed here
time <span>
tries 3 for 3 tasks: 1 lost, 1 other failure
logs $TOP/work/r/.git/pianola/runs/r1
all of it: pianola status --run r1 --report
$ : once more, and another four times at once: two runs
$ pianola log import --json ../event-log.jsonl
{"run":"r1","imported":false,"tasks":3,"attempts":3,"unknown":{"lock_broken":1},"left_out":["line 13 is damaged and left out: column 61: a text without its closing quote","line 4: no task \"docs\" to depend on"]}
$ sed s/review/rework/ ../event-log.jsonl > ../other.jsonl; for i in 1 2 3 4; do pianola log import ../other.jsonl > ../out.$i 2>&1 & done; wait; cat ../out.* | grep r2: | sort | uniq -c; ls .git/pianola/runs
      3 r2: holds ../other.jsonl already
      1 r2: imported from ../other.jsonl: 3 tasks, 3 attempts: 1 pending, 1 assigned, 1 completed
import.lock
r1
r2
$ : nobody goes on with it
$ pianola resume r1
r1: is failed already; expected a run that stopped or paused; start another: pianola run tasks.yaml
[2]
$ pianola promote
r2: nothing waits for promotion; expected a run that ended verified and was left; look: pianola status
[2]
$ pianola workspace list
r2: no workspaces
$ pianola logs --run r1 review
review: no attempt yet; look: pianola status --all
[2]
$ pianola repair --diagnose
nothing is wrong
$ pianola gc | wc -l
3
$ git for-each-ref refs/pianola | wc -l
0
$ : what cannot be read, with its place
$ sed 2s/priority/no/\;3s/pending/waiting/ ../event-log.jsonl > ../bad.jsonl; pianola log import ../bad.jsonl
../bad.jsonl:3:164: no status "waiting"; expected pending, completed or such
[3]
$ head -n 1 ../event-log.jsonl > ../empty.jsonl; pianola log import ../empty.jsonl
../empty.jsonl:1:1: no task_created; expected a log of tasks
[3]
$ pianola log import ../nothing.jsonl
../nothing.jsonl: no such file; expected an event log of at most 256 MB
[3]
$ pianola log import ..
..: is not a regular file; expected an event log of at most 256 MB
[3]
$ ls .git/pianola/runs
import.lock
r1
r2
