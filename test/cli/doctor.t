What this machine has: doctor says what is missing and what mends it, agents list what can be named.
$ mkdir tools bare; ln -s $(command -v git) tools/git; for folder in tools bare; do ln -s $(command -v pianola) $folder/pianola; done; printf '#!/bin/sh\necho 9.8.7 of claude\n' > tools/claude; printf '#!/bin/sh\nexit 3\n' > tools/codex; chmod +x tools/claude tools/codex
$ git init -q -b main r
$ cd r
$ ulimit -n 1024; PATH=$(dirname $PWD)/tools pianola doctor
ok     system        Linux *, * core* (needs Linux 5.10), for everything (glob)
ok     git           * (needs 2.39), for workspaces, merging, landing (glob)
warn   repository    branch main has no commit yet, for run; make one: git commit --allow-empty -m "First commit"
ok     journal       lock and sync hold in $TOP/work/r/.git/pianola, for losing nothing
ok     agent         claude 9.8.7 of claude, for tasks given to claude
warn   agent         codex does not answer to --version, for tasks given to codex; run: $TOP/work/tools/codex --version
note   agent         gemini is not on PATH, for tasks given to gemini; install it, or name another agent
note   agent         qwen is not on PATH, for tasks given to qwen; install it, or name another agent
note   agent         opencode is not on PATH, for tasks given to opencode; install it, or name another agent
ok     limits        ulimit -n 1024 (needs 1024), for many agents
warn   isolation     *no seal: bwrap is not on PATH*, for agents you do not trust; apt-get install bubblewrap; * (glob)
3 warnings, nothing broken
$ ulimit -n 1024; PATH=$(dirname $PWD)/tools pianola doctor --json
{"findings":[{"verdict":"ok","subject":"system","found":"Linux *, * core*","needed":"Linux 5.10","what_for":"everything","mend":""},{"verdict":"ok","subject":"git","found":"*","needed":"2.39","what_for":"workspaces, merging, landing","mend":""},{"verdict":"warn","subject":"repository","found":"branch main has no commit yet","needed":"","what_for":"run","mend":"make one: git commit --allow-empty -m \"First commit\""},{"verdict":"ok","subject":"journal","found":"lock and sync hold in $TOP/work/r/.git/pianola","needed":"","what_for":"losing nothing","mend":""},{"verdict":"ok","subject":"agent","found":"claude 9.8.7 of claude","needed":"","what_for":"tasks given to claude","mend":""},{"verdict":"warn","subject":"agent","found":"codex does not answer to --version","needed":"","what_for":"tasks given to codex","mend":"run: $TOP/work/tools/codex --version"},{"verdict":"note","subject":"agent","found":"gemini is not on PATH","needed":"","what_for":"tasks given to gemini","mend":"install it, or name another agent"},{"verdict":"note","subject":"agent","found":"qwen is not on PATH","needed":"","what_for":"tasks given to qwen","mend":"install it, or name another agent"},{"verdict":"note","subject":"agent","found":"opencode is not on PATH","needed":"","what_for":"tasks given to opencode","mend":"install it, or name another agent"},{"verdict":"ok","subject":"limits","found":"ulimit -n 1024","needed":"1024","what_for":"many agents","mend":""},{"verdict":"warn","subject":"isolation","found":"*no seal: bwrap is not on PATH*","needed":"","what_for":"agents you do not trust","mend":"apt-get install bubblewrap; *"}],"warnings":3,"broken":0} (glob)
$ ulimit -n 512; PATH=$(dirname $PWD)/bare GIT_DIR=nowhere pianola doctor
ok     system        Linux *, * core* (needs Linux 5.10), for everything (glob)
broken git           not in any absolute folder of PATH (needs 2.39), for every step; apt-get install git
note   repository    not in any absolute folder of PATH (needs a git repository), for run; install it: apt-get install git
note   agent         claude is not on PATH, for tasks given to claude; install it, or name another agent
note   agent         codex is not on PATH, for tasks given to codex; install it, or name another agent
note   agent         gemini is not on PATH, for tasks given to gemini; install it, or name another agent
note   agent         qwen is not on PATH, for tasks given to qwen; install it, or name another agent
note   agent         opencode is not on PATH, for tasks given to opencode; install it, or name another agent
warn   agents        no agent CLI on PATH (needs one), for anything but your own agents; install one, or name your own: agents: {mine: {kind: command, argv: [./agent.sh]}}
warn   limits        ulimit -n 512 (needs 1024), for many agents; ulimit -n 1024
warn   isolation     *no seal: bwrap is not on PATH*, for agents you do not trust; apt-get install bubblewrap; * (glob)
note   ignored       GIT_DIR set; git and agents do not get them
3 warnings, 1 broken
[5]
$ ulimit -n 512; PATH=$(dirname $PWD)/bare pianola doctor --json
{"findings":[{"verdict":"ok","subject":"system","found":"Linux *, * core*","needed":"Linux 5.10","what_for":"everything","mend":""},{"verdict":"broken","subject":"git","found":"not in any absolute folder of PATH","needed":"2.39","what_for":"every step","mend":"apt-get install git"},{"verdict":"note","subject":"repository","found":"not in any absolute folder of PATH","needed":"a git repository","what_for":"run","mend":"install it: apt-get install git"},{"verdict":"note","subject":"agent","found":"claude is not on PATH","needed":"","what_for":"tasks given to claude","mend":"install it, or name another agent"},{"verdict":"note","subject":"agent","found":"codex is not on PATH","needed":"","what_for":"tasks given to codex","mend":"install it, or name another agent"},{"verdict":"note","subject":"agent","found":"gemini is not on PATH","needed":"","what_for":"tasks given to gemini","mend":"install it, or name another agent"},{"verdict":"note","subject":"agent","found":"qwen is not on PATH","needed":"","what_for":"tasks given to qwen","mend":"install it, or name another agent"},{"verdict":"note","subject":"agent","found":"opencode is not on PATH","needed":"","what_for":"tasks given to opencode","mend":"install it, or name another agent"},{"verdict":"warn","subject":"agents","found":"no agent CLI on PATH","needed":"one","what_for":"anything but your own agents","mend":"install one, or name your own: agents: {mine: {kind: command, argv: [./agent.sh]}}"},{"verdict":"warn","subject":"limits","found":"ulimit -n 512","needed":"1024","what_for":"many agents","mend":"ulimit -n 1024"},{"verdict":"warn","subject":"isolation","found":"*no seal: bwrap is not on PATH*","needed":"","what_for":"agents you do not trust","mend":"apt-get install bubblewrap; *"}],"warnings":3,"broken":1} (glob)
[5]
$ printf 'agent: {}\n' > .pianola.yaml; ulimit -n 1024; PATH=$(dirname $PWD)/tools pianola doctor | grep configuration; PATH=$(dirname $PWD)/tools pianola doctor > ../log; echo exit $?
broken configuration $TOP/work/r/.pianola.yaml:1:1: unknown key "agent"; expected a configuration key; nearest is agents, for run; mend that file
exit 5
$ PATH=$(dirname $PWD)/tools pianola agents list
$TOP/work/r/.pianola.yaml:1:1: unknown key "agent"; expected a configuration key; nearest is agents
[3]
$ printf 'agents: {mine: {kind: command, argv: [./agent.sh]}, codex: {kind: codex, argv: [/opt/codex]}, second: {kind: claude}}\n' > .pianola.yaml; PATH=$(dirname $PWD)/tools pianola agents list
codex            codex    /opt/codex
mine             command  ./agent.sh
second           claude   $TOP/work/tools/claude
claude           claude   $TOP/work/tools/claude
gemini           gemini   not on PATH
qwen             qwen     not on PATH
opencode         opencode not on PATH
$ PATH=$(dirname $PWD)/bare pianola agents list
claude           claude   not on PATH
codex            codex    not on PATH
gemini           gemini   not on PATH
qwen             qwen     not on PATH
opencode         opencode not on PATH
$ PATH=$(dirname $PWD)/tools pianola agents list --json
[{"name":"codex","kind":"codex","path":"/opt/codex"},{"name":"mine","kind":"command","path":"./agent.sh"},{"name":"second","kind":"claude","path":"$TOP/work/tools/claude"},{"name":"claude","kind":"claude","path":"$TOP/work/tools/claude"},{"name":"gemini","kind":"gemini","path":""},{"name":"qwen","kind":"qwen","path":""},{"name":"opencode","kind":"opencode","path":""}]
$ PIANOLA_CONFIG=none.yaml pianola agents list
$TOP/work/r/none.yaml: no such file, and PIANOLA_CONFIG names it; expected a configuration; write the file, or leave PIANOLA_CONFIG out
[3]
$ cd ..
$ ulimit -n 1024; PATH=$PWD/tools pianola doctor | grep repository
note   repository    not inside a git repository (needs a git repository), for run; run: git init
$ PATH=$PWD/tools pianola doctor --attacks | head -1
sealed: does not hold here: bwrap is not on PATH
$ : a seal is not blamed for a process inside that has the number of the one that asks
$ : needs namespaces; git init -q numbers; cd numbers; spaces='unshare -pf --mount-proc'; test $(id -u) = 0 || spaces='unshare -Upf --map-current-user --mount-proc'; $spaces sh -c 'pianola doctor | grep isolation | grep -c "does not hold"; true'
0
