What a command is started in, rows of the list of bad inputs: odd words, no repository, no terminal, homes and masks,
variables that mean something to git, limits, and a second supervisor.
$ git init -q -b main seed; git -C seed config user.name Ada; git -C seed config user.email ada@localhost
$ printf '#!/bin/sh\necho x > $PIANOLA_TASK.txt\n' > seed/agent.sh; chmod +x seed/agent.sh
$ printf 'agents: {mine: {kind: command, argv: [./agent.sh]}}\n' > seed/.pianola.yaml
$ printf 'tasks:\n  - {id: a, files_write: [a.txt], verification: [{command: test -f a.txt}]}\n' > seed/tasks.yaml
$ git -C seed add -A; git -C seed commit -q -m start; printf '#!/bin/sh\nrm -rf $1 $1.pianola; cp -r seed $1\ngit -C $1 status > log\n' > new; chmod +x new
$ : C1, commands, options and numbers that are none
$ ./new C1; pianola -C C1 run --approve --promote leave > said; for words in comit 'run --job 2' 'run --jobs=-1' 'run --jobs=0' 'run --jobs=1e9' 'run --jobs=08' 'run --jobs=501' 'run --jobs' 'run --isolation some' 'status --run' 'status --run ../r1' 'status --run r999999999999999999999' 'logs' 'logs ../../etc' 'say a' 'undo x' 'log show 0' 'log show -1' 'log show 99999999999999999999' '-C' ; do pianola -C C1 $words; echo "[$?]"; done
pianola: no command "comit"; all of them: pianola --help
[2]
pianola run: no option --job; nearest is --jobs; all of them: pianola run --help
[2]
pianola run: --jobs: Value -1 not in range 1 to 500; see: pianola run --help
[2]
pianola run: --jobs: Value 0 not in range 1 to 500; see: pianola run --help
[2]
pianola run: --jobs: Value 1e9 not in range 1 to 500; see: pianola run --help
[2]
pianola run: --jobs: Value 08 not in range 1 to 500; see: pianola run --help
[2]
pianola run: --jobs: Value 501 not in range 1 to 500; see: pianola run --help
[2]
pianola run: --jobs: 1 required INT:INT in [1 - 500] missing; see: pianola run --help
[2]
pianola run: --isolation: some not in {sealed,landlock,worktree,none}; see: pianola run --help
[2]
pianola status: --run: 1 required TEXT missing; see: pianola status --help
[2]
run: no run "../r1"; there are r1
[2]
run: no run "r999999999999999999999"; there are r1
[2]
pianola logs: TASK is required; see: pianola logs --help
[2]
r1: no task "../../etc"; expected a task of this run; pianola status --all lists them
[2]
pianola say: TEXT is required; see: pianola say --help
[2]
pianola undo: EVENT: "x" is no number of an event, as pianola log tail shows them; see: pianola undo --help
[2]
pianola log show: SEQ: "0" is no number of an event, as pianola log tail shows them; see: pianola log show --help
[2]
pianola log show: SEQ: "-1" is no number of an event, as pianola log tail shows them; see: pianola log show --help
[2]
pianola log show: SEQ: "<number>" is no number of an event, as pianola log tail shows them; see: pianola log show --help
[2]
pianola: -C: 1 required TEXT missing; see: pianola --help
[2]
$ : C2, no repository, and no such folder
$ mkdir none; cp seed/tasks.yaml none; for folder in none none/such seed/agent.sh; do for words in run status 'logs a'; do pianola -C $folder $words; echo "[$?]"; done; done
$TOP/work/none: not inside a git repository; expected one; run: git init
[4]
$TOP/work/none: not inside a git repository; expected one; run: git init
[4]
$TOP/work/none: not inside a git repository; expected one; run: git init
[4]
pianola: -C: no folder $TOP/work/none/such; expected one that is there
[2]
pianola: -C: no folder $TOP/work/none/such; expected one that is there
[2]
pianola: -C: no folder $TOP/work/none/such; expected one that is there
[2]
pianola: -C: no folder $TOP/work/seed/agent.sh; expected one that is there
[2]
pianola: -C: no folder $TOP/work/seed/agent.sh; expected one that is there
[2]
pianola: -C: no folder $TOP/work/seed/agent.sh; expected one that is there
[2]
$ : C3, no terminal, none that can do anything, a closed one, one of a single character
$ ./new C3; TERM=dumb COLUMNS=1 LINES=1 pianola -C C3 run --approve --promote checkout > said; echo "[$?]"; TERM= NO_COLOR=1 pianola -C C3 status --all > said; tr -d '[:print:]\n' < said | wc -c; pianola -C C3 status > log >&-; echo "[$?]"; pianola -C C3 status <&- 2>&- | head -1; COLUMNS=0 pianola -C C3 status | tail -1; COLUMNS=-5 LINES=x pianola -C C3 status | tail -1
[0]
0
[0]
r1 done <span>, C3 > main, tasks.yaml <id>, no isolation
more: pianola status --all   pianola logs TASK
more: pianola status --all   pianola logs TASK
$ : C5, homes that are none, or that others can write
$ ./new C5; env -u HOME -u XDG_RUNTIME_DIR -u XDG_STATE_HOME pianola -C C5 run --approve; echo "[$?]"; HOME=relative XDG_STATE_HOME=also/relative XDG_RUNTIME_DIR=./too pianola -C C5 run --approve; echo "[$?]"; find . -name relative
XDG_RUNTIME_DIR: no short place for sockets; expected XDG_RUNTIME_DIR or XDG_STATE_HOME of at most 60 bytes; set one: XDG_RUNTIME_DIR=/run/user/$(id -u)
[4]
XDG_RUNTIME_DIR: no short place for sockets; expected XDG_RUNTIME_DIR or XDG_STATE_HOME of at most 60 bytes; set one: XDG_RUNTIME_DIR=/run/user/$(id -u)
[4]
$ ./new C5; mkdir open; chmod 0777 open; XDG_RUNTIME_DIR=$PWD/open pianola -C C5 run --approve; echo "[$?]"; ls open; mkdir real; ln -s real link; XDG_RUNTIME_DIR=$PWD/link pianola -C C5 run --approve > said 2>&1; echo "[$?]"
$TOP/work/open: anybody may write here; expected a folder of yours for sockets; set another: XDG_RUNTIME_DIR=/run/user/$(id -u)
[4]
[6]
$ : C6, a mask that hides nothing: what pianola keeps is for its user alone
$ ./new C6; (umask 000; pianola -C C6 run --approve --promote leave > said); echo "[$?]"; find C6/.git/pianola -path '*/git/*' -prune -o -perm /077 -print
[6]
$ : C7, another locale, words that are no text
$ ./new C7; LC_ALL=C LANG=C pianola -C C7 check "$(printf 'caf\351.yaml')"; LC_ALL=C pianola -C C7 run --approve --target "$(printf 'br\377')"
caf\xe9.yaml: no such file; expected a plan; name the plan's file, or write tasks.yaml
$TOP/work/C7: no branch "br\\xff"; expected a branch that exists; see them: git branch --list
[4]
$ : C8, a git that stands in the current folder, and one that is too old
$ ./new C8; printf '#!/bin/sh\necho fooled > fooled\nexec /usr/bin/git "$@"\n' > C8/git; chmod +x C8/git; (cd C8; PATH=.::$PATH pianola run --approve > ../said 2>&1); echo "[$?]"; find . -name fooled; mkdir old; printf '#!/bin/sh\necho git version 2.30.0\n' > old/git; chmod +x old/git; PATH=$PWD/old:$PATH pianola -C C8 run --approve
[6]
$TOP/work/old/git: git 2.30.0 is too old; expected git 2.39 or newer; install a newer one: apt-get install git
[5]
$ : C9, variables that would lead git, a shell or node elsewhere
$ ./new C9; printf '#!/bin/sh\necho $PWD called > %s/called\n' "$PWD" > trap.sh; chmod +x trap.sh; printf '#!/bin/bash\nenv | grep -E "^(GIT_|LD_|BASH_ENV|NODE_)" > a.txt; echo x >> a.txt\n' > C9/agent.sh; git -C C9 commit -q -a -m env; GIT_DIR=/nowhere GIT_INDEX_FILE=/nowhere GIT_WORK_TREE=/ GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=core.fsmonitor GIT_CONFIG_VALUE_0=$PWD/trap.sh GIT_SSH_COMMAND=$PWD/trap.sh BASH_ENV=$PWD/trap.sh NODE_OPTIONS=--nope GIT_EXTERNAL_DIFF=$PWD/trap.sh pianola -C C9 run --approve --promote checkout > said 2>&1; echo "[$?]"; cat C9/a.txt; ls called
[0]
x
ls: cannot access 'called': No such file or directory
[2]
$ : C11, few descriptors, no file of any size
$ ./new C11; (ulimit -n 18; pianola -C C11 run --approve > said 2>&1; echo "[$?]"; tail -1 said | grep -o 'Too many open files; go on: .*'); (ulimit -f 1; pianola -C C11 run --approve > said 2>&1; echo "[$?]"; tail -1 said | sed 's/.*: the size/the size/; s/for [0-9]* bytes/for it/')
[6]
Too many open files; go on: pianola resume
[6]
the size limit for files is reached; expected room for it; r2 is paused, nothing lost; raise it (ulimit -f), then: pianola resume
$ : C12, a second supervisor
$ ./new C12; printf '#!/bin/sh\nuntil test -f %s/go; do sleep 0.05; done\necho x > a.txt\n' "$PWD" > C12/agent.sh; git -C C12 commit -q -a -m waits; pianola -C C12 run --approve --detach; pianola -C C12 resume r1 > said 2>&1; echo "[$?]"; sed "s/supervisor [0-9]*/supervisor PID/" said; touch go; pianola -C C12 wait; echo "[$?]"
r1
[7]
r1: supervisor PID runs it since <span>; expected none; look: pianola status, or end it: pianola stop
[6]
