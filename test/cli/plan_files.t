Plan files that cannot be run, one row of the list of bad inputs after the other: the message, its place and
the exit code, from the program itself.
$ : P01; : > p.yaml; pianola check p.yaml; printf '# only\n# comments\n' > p.yaml; pianola check p.yaml
p.yaml:1:1: the plan has no tasks; expected at least one; write one under tasks:
1 error in p.yaml, nothing changed
p.yaml:1:1: the plan has no tasks; expected at least one; write one under tasks:
1 error in p.yaml, nothing changed
[3]
$ : P02; pianola check none.yaml
none.yaml: no such file; expected a plan; name the plan's file, or write tasks.yaml
[3]
$ : P02; mkdir folder; timeout 20 pianola check folder
folder: is not a regular file; expected a regular file of at most 16 MB; name the plan's file
[3]
$ : P02; mkfifo pipe; timeout 20 pianola check pipe
pipe: is not a regular file; expected a regular file of at most 16 MB; name the plan's file
[3]
$ : P02; timeout 20 pianola check /dev/zero
/dev/zero: is not a regular file; expected a regular file of at most 16 MB; name the plan's file
[3]
$ : P02; (printf '# '; head -c 16777215 /dev/zero | tr '\0' x) > big.yaml; pianola check big.yaml
big.yaml: is too large; expected a regular file of at most 16 MB; name the plan's file
[3]
$ : P03; printf 'tasks:\n  - \377\n' > p.yaml; pianola check p.yaml
p.yaml:2:5: byte 0xff at offset 11 is not UTF-8; expected UTF-8 text; save the file as UTF-8
1 error in p.yaml, nothing changed
[3]
$ : P03; printf '\377\376t\0a\0' > p.yaml; pianola check p.yaml
p.yaml:1:1: byte 0xff at offset 0 is not UTF-8; expected UTF-8 text; save the file as UTF-8
1 error in p.yaml, nothing changed
[3]
$ : P03; printf 'a: b\nc: \0d\n' > p.yaml; pianola check p.yaml
p.yaml:2:4: NUL byte at offset 8; expected text; remove it, or save the file as UTF-8
1 error in p.yaml, nothing changed
[3]
$ : P04; printf '\357\273\277tasks:\r\n  - id: a\r\n    files_write: [x]\r\n    verification: [{command: ./t, type: test}]\r\n' > p.yaml; pianola check p.yaml
p.yaml  ok: 1 task, 0 dependencies, 1 wave, no conflicts, 1 of 1 tested
critical    a
risk        0 AUTO-APPROVE (threshold 25)
runs        1 command on this machine; see it: pianola approve p.yaml --show
$ : P05; printf 'tasks:\n\t- id: a\n' > p.yaml; pianola check p.yaml
p.yaml:2:1: tab in indentation; expected spaces; replace it by two
1 error in p.yaml, nothing changed
[3]
$ : P06; printf 'tasks:\n  - id: a\n    files_write: [x]\n    id: b\n' > p.yaml; pianola check p.yaml
p.yaml:4:5: key "id" stands twice, first at 2:5; expected each key once; drop one of 2:5 and 4:5
1 error in p.yaml, nothing changed
[3]
$ : P07; printf 'tasks:\n  - id: a\n    file_write: [x]\n    mode: read\n' > p.yaml; pianola check p.yaml
p.yaml:3:5: unknown key "file_write"; expected a task key; nearest is files_write
1 error in p.yaml, nothing changed
[3]
$ : P08; (echo 'a0: &a0 [l, l, l, l, l, l, l, l, l]'; for i in 1 2 3 4 5 6; do b="*a$((i - 1))"; echo "a$i: &a$i [$b, $b, $b, $b, $b, $b, $b, $b, $b]"; done) > p.yaml; timeout 20 pianola check p.yaml
p.yaml:1:1: aliases turn 78 values into <id>; expected at most 10 times as many; write the values out
1 error in p.yaml, nothing changed
[3]
$ : P09; printf 'tasks: &x [*x]\n' > p.yaml; pianola check p.yaml
p.yaml:1:12: alias *x stands inside its own anchor, <span>; expected a value that does not contain itself; write the value out
1 error in p.yaml, nothing changed
[3]
$ : P10; head -c 100000 /dev/zero | tr '\0' '[' > p.yaml; timeout 20 pianola check p.yaml
p.yaml:1:65: more than 64 levels of nesting; expected at most 64; write it flatter
1 error in p.yaml, nothing changed
[3]
$ : P11; printf 'tasks: !!python/object:os.system [x]\n' > p.yaml; pianola check p.yaml
p.yaml:1:8: tag tag:yaml.org,2002:python/object:os.system; expected no tags; drop the tag
1 error in p.yaml, nothing changed
[3]
$ : P11; printf 'a: &a {b: 1}\nc:\n  <<: *a\n' > p.yaml; pianola check p.yaml
p.yaml:3:3: merge key <<; expected plain keys; write the keys out
1 error in p.yaml, nothing changed
[3]
$ : P12; printf 'tasks:\n  - {id: a, mode: read}\n---\ntasks: []\n' > p.yaml; pianola check p.yaml
p.yaml:3:1: a second document begins; expected one document; move it to a file of its own
1 error in p.yaml, nothing changed
[3]
$ : P13; for id in 1 1e3 true null; do printf "tasks:\n  - {id: $id, mode: read}\n" > p.yaml; pianola check p.yaml; echo "[$?]"; done
p.yaml:2:10: id 1 is a number; expected text; write id: "1"
1 error in p.yaml, nothing changed
[3]
p.yaml:2:10: id 1e3 is a number; expected text; write id: "1e3"
1 error in p.yaml, nothing changed
[3]
p.yaml:2:10: id true is a boolean; expected text; write id: "true"
1 error in p.yaml, nothing changed
[3]
p.yaml:2:10: id null is null; expected text; write id: "null"
1 error in p.yaml, nothing changed
[3]
$ : P13; printf 'tasks:\n  - {id: yes, mode: read}\n' > p.yaml; pianola check p.yaml
p.yaml:2:10: warning: id yes is text here and a boolean to older YAML readers; expected a name both read alike; write id: "yes"
p.yaml  ok: 1 task, 0 dependencies, 1 wave, no conflicts, 0 of 1 tested
critical    yes
risk        20 AUTO-APPROVE (threshold 25)
            +20 incomplete_test_coverage:0%
$ : P14; for id in ../../x a/b . .. -x con '' "$(head -c 300 /dev/zero | tr '\0' a)"; do printf "tasks:\n  - {id: \"$id\", mode: read}\n" > p.yaml; pianola check p.yaml; echo "[$?]"; done
p.yaml:2:10: id "../../x"; expected a letter or digit, then at most 63 of letters, digits, "-" and "_"; rename it, or run: pianola check --fix p.yaml
1 error in p.yaml, nothing changed
[3]
p.yaml:2:10: id "a/b"; expected a letter or digit, then at most 63 of letters, digits, "-" and "_"; rename it, or run: pianola check --fix p.yaml
1 error in p.yaml, nothing changed
[3]
p.yaml:2:10: id "."; expected a letter or digit, then at most 63 of letters, digits, "-" and "_"; rename it, or run: pianola check --fix p.yaml
1 error in p.yaml, nothing changed
[3]
p.yaml:2:10: id ".."; expected a letter or digit, then at most 63 of letters, digits, "-" and "_"; rename it, or run: pianola check --fix p.yaml
1 error in p.yaml, nothing changed
[3]
p.yaml:2:10: id "-x"; expected a letter or digit, then at most 63 of letters, digits, "-" and "_"; rename it, or run: pianola check --fix p.yaml
1 error in p.yaml, nothing changed
[3]
p.yaml:2:10: id "con" is reserved; expected another name; rename it, or run: pianola check --fix p.yaml
1 error in p.yaml, nothing changed
[3]
p.yaml:2:10: id ""; expected a letter or digit, then at most 63 of letters, digits, "-" and "_"; rename it, or run: pianola check --fix p.yaml
1 error in p.yaml, nothing changed
[3]
p.yaml:2:10: id "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…"; expected a letter or digit, then at most 63 of letters, digits, "-" and "_"; rename it, or run: pianola check --fix p.yaml
1 error in p.yaml, nothing changed
[3]
$ : P15; printf 'tasks:\n  - {id: a, mode: read}\n  - {id: a, mode: read}\n' > p.yaml; pianola check p.yaml
p.yaml:3:10: id "a" stands twice, first at <span>; expected ids that differ when case is ignored; rename one of <span> and <span>
1 error in p.yaml, nothing changed
[3]
$ : P15; printf 'tasks:\n  - {id: ab, mode: read}\n  - {id: aB, mode: read}\n' > p.yaml; pianola check p.yaml
p.yaml:3:10: id "aB" differs from "ab" (<span>) in case only; expected ids that differ when case is ignored; rename one of <span> and <span>
1 error in p.yaml, nothing changed
[3]
$ : P15, ids have ASCII only, so no two are equal after NFC; printf 'tasks:\n  - {id: caf\303\251, mode: read}\n  - {id: cafe\314\201, mode: read}\n' > p.yaml; pianola check p.yaml
p.yaml:2:10: id "café"; expected a letter or digit, then at most 63 of letters, digits, "-" and "_"; rename it, or run: pianola check --fix p.yaml
p.yaml:3:10: id "café"; expected a letter or digit, then at most 63 of letters, digits, "-" and "_"; rename it, or run: pianola check --fix p.yaml
2 errors in p.yaml, nothing changed
[3]
$ : P16; printf 'tasks:\n  - {id: models, mode: read}\n  - {id: b, mode: read, depends_on: [model]}\n' > p.yaml; pianola check p.yaml
p.yaml:3:38: no task "model"; expected an id of this plan; nearest is models
1 error in p.yaml, nothing changed
[3]
$ : P17; printf 'tasks:\n  - id: a\n    mode: read\n    depends_on:\n    - c\n  - id: b\n    mode: read\n    depends_on:\n    - a\n  - id: c\n    mode: read\n    depends_on:\n    - b\n' > p.yaml; pianola check p.yaml
p.yaml:5:7: cycle a > b > c > a; expected no way back; drop one of 5:7, 9:7 and 13:7
1 error in p.yaml, nothing changed
[3]
$ : P17; printf 'tasks:\n  - {id: a, mode: read, depends_on: [a]}\n' > p.yaml; pianola check p.yaml
p.yaml:2:38: cycle a > a; expected no way back; drop it
1 error in p.yaml, nothing changed
[3]
$ : P18; printf 'tasks:\n  - id: a\n    files_write:\n    - src/a.c\n    verification: [./t]\n  - id: b\n    files_write:\n    - src/a.c\n    verification: [./t]\n' > p.yaml; pianola check p.yaml
p.yaml:8:7: "src/a.c" is owned by a too (4:7), and b and a have no order; expected one owner at a time; add to b: depends_on: [a]
1 error in p.yaml, nothing changed
[3]
$ : P19; sed -i '0,/src.a.c/s//src\/**/' p.yaml; pianola check p.yaml
p.yaml:8:7: "src/a.c" overlaps "src/**" (4:7), and b and a have no order; expected one owner at a time; add to b: depends_on: [a]
1 error in p.yaml, nothing changed
[3]
$ : P20; for path in /etc/passwd ../x '~/x' .git/config .GIT/x; do printf "tasks:\n  - {id: a, files_write: ['$path'], verification: [./t]}\n" > p.yaml; pianola check p.yaml; echo "[$?]"; done
p.yaml:2:27: "/etc/passwd": an absolute path; expected a path inside the repository
1 error in p.yaml, nothing changed
[3]
p.yaml:2:27: "../x": a path that leaves the repository; expected one inside it
1 error in p.yaml, nothing changed
[3]
p.yaml:2:27: "~/x": a path below a home directory; expected a path inside the repository
1 error in p.yaml, nothing changed
[3]
p.yaml:2:27: ".git/config": a path inside .git; expected a path of the work tree
1 error in p.yaml, nothing changed
[3]
p.yaml:2:27: ".GIT/x": a path inside .git; expected a path of the work tree
1 error in p.yaml, nothing changed
[3]
$ : P22; printf 'tasks:\n  - {id: a, files_write: [], verification: [./t]}\n' > p.yaml; pianola check p.yaml
p.yaml:2:26: task "a" writes no files; expected files_write with at least one path; own a path, or set mode: read
1 error in p.yaml, nothing changed
[3]
$ : P23; printf 'tasks:\n  - {id: a, files_write: ["src/[a"], verification: [./t]}\n' > p.yaml; pianola check p.yaml
p.yaml:2:27: "src/[a": a bracket "[a" without its end; expected [...] inside one component; write \[ for the character itself
1 error in p.yaml, nothing changed
[3]
$ : P23; stars=$(for i in $(seq 1000); do printf '**/'; done); printf 'tasks:\n  - {id: a, files_write: ["%sx", %sy], verification: [{command: ./t, type: test}]}\n' "$stars" "$(for i in $(seq 1000); do printf 'd/'; done)" > p.yaml; timeout 20 pianola check p.yaml
p.yaml:2:27: "**/**/**/**/**/**/**/**/**/**/**/**/**/**/**/**/**/**/**/**…": 1000 wildcards in one path; expected at most 64
1 error in p.yaml, nothing changed
[3]
$ : P24; printf 'tasks:\n  - id: a\n    files_write:\n    - "a\\nb"\n    - "-rf"\n    - ":(exclude)x"\n    - "\\ec"\n    verification: [{command: ./t, type: test}]\n  - id: b\n    files_write:\n    - "a\\nb"\n    - "-rf"\n    - ":(exclude)x"\n    - "\\ec"\n    verification: [{command: ./t, type: test}]\n' > p.yaml; pianola check p.yaml
p.yaml:11:7: "a\nb" is owned by a too (4:7), and b and a have no order; expected one owner at a time; add to b: depends_on: [a]
p.yaml:12:7: "-rf" is owned by a too (5:7), and b and a have no order; expected one owner at a time; add to b: depends_on: [a]
p.yaml:13:7: ":(exclude)x" is owned by a too (6:7), and b and a have no order; expected one owner at a time; add to b: depends_on: [a]
p.yaml:14:7: "\x1bc" is owned by a too (7:7), and b and a have no order; expected one owner at a time; add to b: depends_on: [a]
4 errors in p.yaml, nothing changed
[3]
$ : P24; sed -i 's/id: b/id: b\n    depends_on: [a]/' p.yaml; pianola check p.yaml
p.yaml  ok: 2 tasks, 1 dependency, 2 waves, no conflicts, 2 of 2 tested
critical    a > b
risk        0 AUTO-APPROVE (threshold 25)
runs        1 command on this machine; see it: pianola approve p.yaml --show
$ : P25; printf 'tasks:\n  - {id: a, files_write: [x]}\n  - {id: b, files_write: [y], verification: [{command: ""}]}\n  - {id: c, files_write: [z], verification: [{command: "true"}]}\n' > p.yaml; pianola check p.yaml
p.yaml:2:5: task "a" has no verification; expected at least one check; write verification: [{command: ...}]
p.yaml:3:56: an empty command; expected a check that can fail
p.yaml:4:56: command "true" cannot fail; expected a check that can; write one, or set allow_trivial: true
3 errors in p.yaml, nothing changed
[3]
$ : P26; for timeout in -1 0 1e99 '"5 min"'; do printf "tasks:\n  - {id: a, files_write: [x], verification: [{command: ./t, timeout: $timeout}]}\n" > p.yaml; pianola check p.yaml; echo "[$?]"; done
p.yaml:2:70: timeout -1 is out of range; expected more than 0 and at most 600 seconds; write a number of seconds, such as timeout: 300
1 error in p.yaml, nothing changed
[3]
p.yaml:2:70: timeout 0 is out of range; expected more than 0 and at most 600 seconds; write a number of seconds, such as timeout: 300
1 error in p.yaml, nothing changed
[3]
p.yaml:2:70: timeout 1e99 is out of range; expected more than 0 and at most 600 seconds; write a number of seconds, such as timeout: 300
1 error in p.yaml, nothing changed
[3]
p.yaml:2:70: timeout is text; expected more than 0 and at most 600 seconds; write a number of seconds, such as timeout: 300
1 error in p.yaml, nothing changed
[3]
$ : P27; printf 'tasks:\n  - id: a\n    files_write: [x]\n    verification:\n    - type: test\n      command: |\n        cd "$(git rev-parse --show-toplevel)"\n        ./t "it'"'"'s"\n' > p.yaml; pianola check p.yaml
p.yaml  ok: 1 task, 0 dependencies, 1 wave, no conflicts, 1 of 1 tested
critical    a
risk        0 AUTO-APPROVE (threshold 25)
runs        1 command on this machine; see it: pianola approve p.yaml --show
$ : P28; printf 'tasks:\n  - {id: a, files_write: [x], verification: [{command: "./t\\0"}, {command: "./t\\e[31m"}]}\n' > p.yaml; pianola check p.yaml
p.yaml:2:56: control characters in command "./t\x00"; expected text, line ends and tabs
p.yaml:2:76: control characters in command "./t\x1b[31m"; expected text, line ends and tabs
2 errors in p.yaml, nothing changed
[3]
$ : P29; (echo 'tasks:'; for i in $(seq 10001); do echo "- {id: t$i}"; done) > p.yaml; timeout 60 pianola check p.yaml
p.yaml:2:1: 10001 tasks; expected at most 10000 in one plan; split the plan
1 error in p.yaml, nothing changed
[3]
$ : P29; (printf 'tasks:\n  - {id: a, verification: [./t], files_write: [a0'; seq -f ',a%.0f' 1000000 | tr -d '\n'; echo ']}') > p.yaml; timeout 60 pianola check p.yaml
p.yaml:2:1488938: more than 200000 path entries; expected at most 200000 in one plan; own folders or globs, or split the plan
1 error in p.yaml, nothing changed
[3]
$ : P31; printf 'tasks:\n  - {id: a, mode: read, env: {API_KEY: sk-12345}}\n  - {id: b, mode: read, env_from: [API_KEY=sk-12345]}\n' > p.yaml; pianola check p.yaml
p.yaml:2:30: environment values in a plan; expected names only, as a plan may be public; write env_from: [NAME] and set NAME where pianola runs
p.yaml:3:35: env_from "API_KEY" with a value; expected names of environment variables; write the name alone
2 errors in p.yaml, nothing changed
[3]
$ : P33; printf 'version: 2\nfuture: [x]\ntasks: what\n' > p.yaml; pianola check p.yaml
p.yaml:1:10: plan version 2 needs pianola >= 2.0; expected version: 1; install a newer pianola: pianola version
1 error in p.yaml, nothing changed
[3]
$ : P34; printf 'contracts:\n  - {name: A, file_path: ../a.py}\ntasks:\n  - {id: a, mode: read}\n' > p.yaml; pianola check p.yaml
p.yaml:2:26: "../a.py": a path that leaves the repository; expected one inside it
1 error in p.yaml, nothing changed
[3]
$ : P34, P35: contracts and the shared context come later, and a plan that names them is told so
$ printf 'contracts:\n  - {name: A, file_path: none.py}\ntasks:\n  - {id: a, mode: read, context_keys: [nothing]}\n' > p.yaml; pianola check p.yaml
p.yaml:4:25: warning: "context_keys" has no effect in this version
p.yaml  ok: 1 task, 0 dependencies, 1 wave, no conflicts, 0 of 1 tested
critical    a
risk        20 AUTO-APPROVE (threshold 25)
            +20 incomplete_test_coverage:0%
$ : P36; printf '{\n  // note\n  "tasks": []\n}\n' > p.json; pianola check p.json
p.json:2:3: a comment where a key begins; expected a key in double quotes
1 error in p.json, nothing changed
[3]
$ : P36; printf '{"tasks": [1,\n]}' > p.json; pianola check p.json
p.json:2:1: a comma before ]; expected a value after the comma; drop the comma
1 error in p.json, nothing changed
[3]
$ : P36; printf '{"a": 1,\n "a": 2}' > p.json; pianola check p.json
p.json:2:2: key "a" stands twice, first at 1:2; expected each key once; drop one of 1:2 and 2:2
1 error in p.json, nothing changed
[3]
$ : P36; head -c 100000 /dev/zero | tr '\0' '[' > p.json; timeout 20 pianola check p.json
p.json:1:65: more than 64 levels of nesting; expected at most 64; write it flatter
1 error in p.json, nothing changed
[3]
$ : P36; printf '{"a": 1e400}' > p.json; pianola check p.json
p.json:1:7: number 1e400 is out of range; expected a number of at most 1.8e308; write a smaller one
1 error in p.json, nothing changed
[3]
$ : P21; git init -q l; mkdir l/src; ln -s /etc l/out; ln -s ../../.. l/src/up; ln -s src l/near
$ printf 'tasks:\n  - {id: a, files_write: [out/passwd, src/up/x, near/x], verification: [./t]}\n' > l/tasks.yaml; pianola -C l check
tasks.yaml:2:27: "out/passwd" leaves the repository by the link "out"; expected a path inside it
tasks.yaml:2:39: "src/up/x" leaves the repository by the link "src/up"; expected a path inside it
2 errors in tasks.yaml, nothing changed
[3]
$ : run says the same as check, and looks at the plan before it starts anything
$ git init -q -b main r && git -C r -c user.name=a -c user.email=b commit -q --allow-empty -m start
$ git -C r config user.name Ada; git -C r config user.email ada@localhost; mkdir tools; ln -s /usr/bin/git tools/git
$ cp p.json r/; pianola -C r run p.json
p.json:1:7: number 1e400 is out of range; expected a number of at most 1.8e308; write a smaller one
1 error in p.json, nothing changed
[3]
$ timeout 20 pianola -C r run /dev/zero
/dev/zero: is not a regular file; expected a regular file of at most 16 MB; name the plan's file
[3]
$ pianola -C r status
run: no runs here yet; start one: pianola run tasks.yaml
[2]
$ : P30, on a machine whose PATH has git and nothing else
$ printf 'tasks:\n  - {id: a, agent: nobody, files_write: [x], verification: [./t]}\n' > r/tasks.yaml
$ PATH=$PWD/tools:${PATH%%:*} pianola -C r run
agent "nobody": no such agent; found none; name one of these, or add it under agents: in .pianola.yaml
[5]
$ printf 'tasks:\n  - {id: a, files_write: [x], verification: [./t]}\n' > r/tasks.yaml
$ PATH=$PWD/tools:${PATH%%:*} pianola -C r run
no agent CLI on PATH (looked for claude codex gemini qwen opencode); install one, or name your own: agents: {mine: {kind: command, argv: [./agent.sh]}}
[5]
$ PATH=$PWD/tools:${PATH%%:*} pianola -C r run --agent claude
agent: agent "claude" is not on PATH; found none; install it, or name your own: agents: {mine: {kind: command, argv: [./agent.sh]}}
[5]
$ printf 'agents: {mine: {kind: command, argv: [no-such-agent, -p]}}\n' > r/.pianola.yaml; PATH=$PWD/tools:${PATH%%:*} pianola -C r run
$TOP/work/r/.pianola.yaml:1:10: agent "mine": no program no-such-agent; found none; install it, or name your own: agents: {mine: {kind: command, argv: [./agent.sh]}}
[5]
$ printf 'agents: {mine: {kind: command, argv: [./agent.sh]}}\n' > r/.pianola.yaml; PATH=$PWD/tools:${PATH%%:*} pianola -C r run
$TOP/work/r/.pianola.yaml:1:10: agent "mine" names ./agent.sh, which is not there; expected a file beside $TOP/work/r/.pianola.yaml; write it or name another
[5]
$ printf 'agents: {mine: {kind: command, argv: [git, ./prompt.txt]}}\n' > r/.pianola.yaml; PATH=$PWD/tools:${PATH%%:*} pianola -C r run
$TOP/work/r/.pianola.yaml:1:10: agent "mine" names ./prompt.txt, which is not there; expected a file beside $TOP/work/r/.pianola.yaml; write it or name another
[5]
$ : P32
$ printf '#!/bin/sh\necho x > x\n' > r/agent.sh; chmod +x r/agent.sh
$ printf 'agents: {mine: {kind: command, argv: [./agent.sh]}}\n' > r/.pianola.yaml; pianola -C r trust --yes > log
$ sed -i 's/\[.\/t\]/[.\/other]/' r/tasks.yaml; pianola -C r run
these commands are not trusted yet:
  $TOP/work/r/agent.sh  agent "mine"
  isolation none                           agents run as you, each in a clone of its own
  ./other                                  gate of a
  ./other                                  final check
commands <id>; expected your word; trust them: pianola -C $TOP/work/r trust tasks.yaml --yes, or add --approve
[6]
$ pianola -C r status
run: no runs here yet; start one: pianola run tasks.yaml
[2]
