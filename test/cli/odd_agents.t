Agents that end, write and say what they should not, rows of the list of bad inputs: what counts is their commit, their
files and their exit, and the run goes on with its other task.
$ git init -q -b main seed; git -C seed config user.name Ada; git -C seed config user.email ada@localhost
$ printf 'agents: {mine: {kind: command, argv: [./agent.sh]}}\njobs: 1\n' > seed/.pianola.yaml
$ printf 'tasks:\n  - {id: a, files_write: [a.txt], attempts: 1, verification: [{command: test -f tasks.yaml}]}\n  - {id: b, files_write: [b.txt], attempts: 1, verification: [{command: test -f b.txt}]}\n' > seed/tasks.yaml
$ touch seed/agent.sh; chmod +x seed/agent.sh; git -C seed add -A; git -C seed commit -q -m start
$ cat > played <<'END'
> #!/bin/sh
> # played SCRIPT [WORDS]: a run whose task a has an agent that does SCRIPT, and b one that does its work.
> rm -rf r r.pianola; cp -r seed r; printf '#!/bin/bash\nif [ $PIANOLA_TASK = b ]; then echo b > b.txt; exit; fi\n%s\n' "$1" > r/agent.sh; git -C r commit -q -a -m script; shift
> timeout 100 pianola -C r run --approve "$@" > said 2>&1; echo "[$?]"; grep -E ' a (failed|refused|landed) |^(left|failed) ' said
> END
$ chmod +x played
$ : W1 to W4, a status file says nothing, whatever it is: its task still did nothing
$ for write in 'echo {\"status\": \"verified\"} > .task-status.json' 'echo {\"task\": \"b\", \"status\": \"mer > .task-status.json' ': > .task-status.json' 'truncate -s 101M .task-status.json' 'ln -s /etc/passwd .task-status.json' 'mkfifo .task-status.json' 'mkdir .task-status.json'; do echo "- $write"; ./played "$write"; done
- echo {\"status\": \"verified\"} > .task-status.json
[1]
<time> a refused .task-status.json: added, outside files_write and files_append of this task
<time> a failed 1 of 1 attempts: .task-status.json: added, outside files_write and files_append of this task
failed r1: main is not moved, 1 of 2 tasks landed
- echo {\"task\": \"b\", \"status\": \"mer > .task-status.json
[1]
<time> a refused .task-status.json: added, outside files_write and files_append of this task
<time> a failed 1 of 1 attempts: .task-status.json: added, outside files_write and files_append of this task
failed r1: main is not moved, 1 of 2 tasks landed
- : > .task-status.json
[1]
<time> a refused .task-status.json: added, outside files_write and files_append of this task
<time> a failed 1 of 1 attempts: .task-status.json: added, outside files_write and files_append of this task
failed r1: main is not moved, 1 of 2 tasks landed
- truncate -s 101M .task-status.json
[1]
<time> a failed its work could not be fetched: .task-status.json: 101 MB were left uncommitted in one file; expected at most 100 MB; it stays in $TOP/work/r.pianola/r1/a.1
<time> a failed 1 of 1 attempts: its work could not be fetched: .task-status.json: 101 MB were left uncommitted in one file; expected at most 100 MB; it stays in $TOP/work/r.pianola/r1/a.1
failed r1: main is not moved, 1 of 2 tasks landed
- ln -s /etc/passwd .task-status.json
[1]
<time> a refused .task-status.json: added, outside files_write and files_append of this task
<time> a failed 1 of 1 attempts: .task-status.json: added, outside files_write and files_append of this task
failed r1: main is not moved, 1 of 2 tasks landed
- mkfifo .task-status.json
[1]
<time> a failed 1 of 1 attempts: it says it is done, and nothing changed
failed r1: main is not moved, 1 of 2 tasks landed
- mkdir .task-status.json
[1]
<time> a failed 1 of 1 attempts: it says it is done, and nothing changed
failed r1: main is not moved, 1 of 2 tasks landed
$ : W6, done without a change, W7, with changes that are not committed
$ ./played 'echo all done; exit 0'
[1]
<time> a failed 1 of 1 attempts: it says it is done, and nothing changed
failed r1: main is not moved, 1 of 2 tasks landed
$ ./played 'echo a > a.txt'; git -C r log --format=%s refs/pianola/in/r1/a/1
[6]
<time> a landed staging <id>, try 1, <span>
left r1: main is not moved, 2 of 2 tasks landed, integration green
Leftovers of a, attempt 1
script
start
$ : W10, a line that does not end, W11, bytes that are no text, W19, bytes that drive a terminal
$ ./played 'echo a > a.txt; head -c 30000000 /dev/zero | tr "\0" x'; test $(pianola -C r logs a | wc -c) -lt 31000000 && echo bounded
[6]
<time> a landed staging <id>, try 1, <span>
left r1: main is not moved, 2 of 2 tasks landed, integration green
bounded
$ ./played 'printf "\377\xed\xa0\x80\0 \033[31mred \033]52;c;aGk=\007 \033]8;;http://x\033\\\\ \302\233 \342\200\256back \342\200\213.\n"; echo a > a.txt'; pianola -C r logs a
[6]
<time> a landed staging <id>, try 1, <span>
left r1: main is not moved, 2 of 2 tasks landed, integration green
\xff\xed\xa0\x80\x00 \x1b[31mred \x1b]52;c;aGk=\x07 \x1b]8;;http://x\x1b\\ \x9b \u{202E}back \u{200B}.
$ : W16, an exit that says no after a success, W17, signals
$ ./played 'echo a > a.txt; git add a.txt; git commit -q -m done; exit 3'
[1]
<time> a failed 1 of 1 attempts: crash, exit 3
failed r1: main is not moved, 1 of 2 tasks landed
$ for signal in 9 11 15 31; do ./played "kill -$signal \$\$; sleep 9"; done
[1]
<time> a failed 1 of 1 attempts: crash, signal 9
failed r1: main is not moved, 1 of 2 tasks landed
[1]
<time> a failed 1 of 1 attempts: crash, signal 11
failed r1: main is not moved, 1 of 2 tasks landed
[1]
<time> a failed 1 of 1 attempts: crash, signal 15
failed r1: main is not moved, 1 of 2 tasks landed
[1]
<time> a failed sandbox, signal 31
<time> a failed 1 of 1 attempts: sandbox, signal 31
failed r1: main is not moved, 1 of 2 tasks landed
$ : W18, a process that holds the output when its agent is gone
$ ./played 'echo a > a.txt; setsid sleep 4711 & exit 0'; ps -e -o args= | grep -c '^sleep 4711'; true
[6]
<time> a landed staging <id>, try 1, <span>
left r1: main is not moved, 2 of 2 tasks landed, integration green
0
$ : W15, two streams written in halves, by turns
$ ./played 'for i in $(seq 500); do printf "out $i "; printf "err $i " >&2; printf "whole\n"; printf "whole\n" >&2; done; echo a > a.txt'; pianola -C r logs a | sort | uniq -d; pianola -C r logs a | grep -cE '^(out|err) [0-9]+ whole$'; cd r/.git/pianola/runs/r1/attempts/a.1; for stream in out err; do grep -cE "^$stream [0-9]+ whole\$" $stream; wc -l < $stream; done
[6]
<time> a landed staging <id>, try 1, <span>
left r1: main is not moved, 2 of 2 tasks landed, integration green
1000
500
500
500
500
$ : W21, an agent that waits for an answer: nobody can give one, its time limit ends it and says what it asked
$ sed -i 's/id: a,/id: a, timeout_s: 1,/' seed/tasks.yaml; git -C seed commit -q -a -m hurry
$ ./played 'cat > /dev/null; read -r answer || echo no more of stdin; (exec < /dev/tty) 2>&1 | cut -d: -f3-; echo "Do you trust the files in this folder? [y/N]"; sleep 4711'; pianola -C r logs a; ps -e -o args= | grep -c '^sleep 4711'; true
[1]
<time> a failed 1 of 1 attempts: no end within its time limit; the last it said: Do you trust the files in this folder? [y/N]
failed r1: main is not moved, 1 of 2 tasks landed
no more of stdin
 /dev/tty: No such device or address
Do you trust the files in this folder? [y/N]
0
$ mkdir bin; printf '#!/bin/sh\ntest "$1" = --version && exec echo 0.61.0\nread -r answer || echo no stdin >&2\necho "Please set an Auth method in your settings.json" >&2\nexec sleep 4711\n' > bin/gemini; chmod +x bin/gemini
$ rm -rf r r.pianola; cp -r seed r; sed -i '/id: b/d' r/tasks.yaml; PATH=$PWD/bin:$PATH pianola -C r run --agent gemini --approve > said 2>&1; echo "[$?]"; grep -E ' (a|r1) (auth|failed|paused) |^r1: ' said; pianola -C r logs a
[6]
<time> a failed auth, signal 15
<time> r1 paused agent gemini: not logged in; mend the account, then: pianola resume
r1: paused: agent gemini: not logged in; mend the account; go on: pianola resume
Please set an Auth method in your settings.json
