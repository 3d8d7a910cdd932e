A Markdown check list as a plan: what is a task, what its keys say, what is refused, and a run of one.
$ git init -q -b main r
$ cd r
$ git config user.name Ada; git config user.email ada@localhost; printf 'test: test -e README.md\nagents: {mine: {kind: command, argv: [./agent.sh]}}\n' > .pianola.yaml
$ printf '# Shop\n\n## Backend\n\n- [x] Choose a name {#name}\n- [ ] Write the schema {#schema} files: db/\n  Tables for users and orders.\n  - with indexes\n* [ ] Build the API depends: schema, name files: src/api/, docs/api.md\n  - test: test -f src/api/all\n\n## Web\n\n+ [~] Build the page {#page} depends: schema\n\tfiles: web/\n- [-] Native clients\n\n```\n- [ ] an example\n```\n' > tasks.md; pianola check tasks.md
tasks.md  ok: 3 tasks, 2 dependencies, 2 waves, no conflicts, 3 of 3 tested
critical    schema > build-the-api-56b068
assumed     test -e README.md   for 2 tasks without a check of their own
risk        0 AUTO-APPROVE (threshold 25)
runs        2 commands on this machine; see them: pianola approve tasks.md --show
$ pianola check tasks.md --json
{"valid":true,"tasks":3,"dependencies":2,"waves":2,"conflicts":0,"tested":3,"critical_path":["schema","build-the-api-56b068"],"warnings":[],"assumed":[{"command":"test -e README.md","tasks":["schema","page"]}],"risk":{"score":0,"factors":[],"points":[],"for_a_person":[],"auto_approve":true,"auto_approve_threshold":25,"status":"AUTO-APPROVE"}}
$ pianola dag tasks.md
tasks.md  3 tasks, 2 waves
wave 1     schema
wave 2     build-the-api-56b068, page
$ pianola conflicts tasks.md
tasks.md  no conflicts: 3 tasks
$ pianola risk tasks.md
tasks.md  risk 0 AUTO-APPROVE (threshold 25)
$ : the same with other line ends, and with something put before it; (printf '\357\273\277'; sed 's/$/\r/' tasks.md) > crlf.md; pianola dag crlf.md | tail -n 2; (echo '- [ ] First of all files: x'; cat tasks.md) > before.md; pianola dag before.md | tail -n 2
wave 1     schema
wave 2     build-the-api-56b068, page
wave 1     first-of-all-4e01d6, schema
wave 2     build-the-api-56b068, page
$ printf -- '- [ ] Write tests files: a\n- [ ] Write tests files: b\n- [ ] Other {#o} files: c\n- [ ] Another {#O} files: d\n' > bad.md; pianola check bad.md
bad.md:2:1: "Write tests" stands twice, first at 1:1; expected items that can be told apart; add {#id} to one of 1:1 and 2:1
bad.md:4:17: id "O" stands twice, first at 3:1; expected ids that differ when case is ignored; rename one
2 errors in bad.md, nothing changed
[3]
$ printf -- '- [ ] a {#a} files: a\n  fles: b\n- [ ] b {#b} files: b\n  - depends_on: a\n- [ ] c {#c} files: c\n  model: x model: y\n- [ ] d {#d} {#e} files: d test:\n' > bad.md; pianola check bad.md
bad.md:2:3: unknown key "fles"; expected role, depends, files, test or model; write "files: ", or other words before the colon
bad.md:4:5: unknown key "depends_on"; expected role, depends, files, test or model; write "depends: ", or other words before the colon
bad.md:6:12: model: stands twice, first at 6:3; expected once for each item; drop one
bad.md:7:14: a second {#id}; expected one for each item; drop one
bad.md:7:28: test: has no value; expected one on the same line
5 errors in bad.md, nothing changed
[3]
$ printf -- '- [-] a {#a}\n- [ ] b {#b} files: src depends: a, schemas\n- [ ] c {#c}\n- [ ] d {#schema} files: src test: true\n- [ ] e {#e.1} files: /etc\n- [ ]\n' > bad.md; pianola check bad.md
bad.md:2:34: "a" was discarded (1:1); expected an item that is open or has landed; drop it, or open that item again: [ ]
bad.md:2:37: no task "schemas"; expected an id of this plan; nearest is schema
bad.md:3:1: task "c" writes no files; expected what it may change; add files: src/
bad.md:4:26: "src" is owned by b too (<span>), and schema and b have no order; expected one owner at a time; add to schema: depends: b
bad.md:4:36: command "true" cannot fail; expected a check that can; write one
bad.md:5:11: id "e.1"; expected a letter or digit, then at most 63 of letters, digits, "-" and "_"; write another between {# and }
bad.md:5:23: "/etc": an absolute path; expected a path inside the repository
bad.md:6:1: an item without text; expected what is to be done; write it, or drop the line
8 errors in bad.md, nothing changed
[3]
$ printf -- '1. [ ] one\n- [] two\n- [?] three\n- [ ] four files: x\n' > odd.md; pianola check odd.md
odd.md:1:1: warning: a numbered line is no item; expected a bullet: -, * or +; write "- [ ]" in place of the number
odd.md:2:1: warning: "- [] two" has no mark of an item, and is none; expected [ ], [~], [x] or [-] and a blank
odd.md:3:1: warning: "- [?] three" has no mark of an item, and is none; expected [ ], [~], [x] or [-] and a blank
odd.md  ok: 1 task, 0 dependencies, 1 wave, no conflicts, 1 of 1 tested
critical    four-04efaf
assumed     test -e README.md   for 1 task without a check of its own
risk        0 AUTO-APPROVE (threshold 25)
runs        1 command on this machine; see it: pianola approve odd.md --show
$ printf -- '- [ ] one files: x\n```\n- [ ] two files: y\n' > bad.md; pianola check bad.md; printf -- '- [ ] one files: x\n<!-- not now\n- [ ] two files: y\n' > bad.md; pianola check bad.md
bad.md:2:1: a block of code that never ends; expected ``` on a line of its own; close it, so that what follows is read
1 error in bad.md, nothing changed
bad.md:2:1: a comment that never ends; expected -->; close it, so that what follows is read
1 error in bad.md, nothing changed
[3]
$ printf -- '- [x] one\n' > bad.md; pianola check bad.md; : > bad.md; pianola check bad.md; printf -- '- [ ] \377\n' > bad.md; pianola check bad.md
bad.md:1:1: no item is open; expected at least one; write one: - [ ] what is to be done
1 error in bad.md, nothing changed
bad.md:1:1: no item is open; expected at least one; write one: - [ ] what is to be done
1 error in bad.md, nothing changed
bad.md:1:7: byte 0xff at offset 6 is not UTF-8; expected UTF-8 text; save the file as UTF-8
1 error in bad.md, nothing changed
[3]
$ printf -- '- [ ] one {#one} files: x/\n- [ ] two {#two} files: x/y\n' > bad.md; pianola conflicts bad.md
file_write_write  x/y  one, two; add to two: depends: one
1 conflict in bad.md
[1]
$ pianola check --fix tasks.md
tasks.md: --fix does not write check lists; expected a plan in YAML or JSON; write ids yourself: {#id}
[3]
$ printf '#!/bin/sh\ncase $PIANOLA_TASK in schema) mkdir db; cp $PIANOLA_PROMPT_FILE db/prompt;; page) mkdir web; echo > web/page;; *) mkdir -p src/api; echo > src/api/all;; esac\n' > agent.sh; chmod +x agent.sh; echo shop > README.md; rm bad.md odd.md crlf.md before.md; git add -A; git commit -q -m start
$ pianola trust tasks.md --show --isolation none | sed 's/ *agents run.*//'
  $TOP/work/r/agent.sh  agent "mine"
  isolation none
  test -e README.md                        gate of schema
  test -f src/api/all                      gate of build-the-api-56b068
  test -e README.md                        gate of page
  test -e README.md                        final check
  test -f src/api/all                      final check
commands <id>
$ pianola run tasks.md --approve --isolation none --promote checkout > run.out 2>&1; echo $?
0
$ git show main:db/prompt | grep -A 6 'Write the schema' | head -n 5
Write the schema
Section: Shop > Backend
Tables for users and orders.
- with indexes
---- end <id>
$ pianola status --json | tr , '\n' | grep -c '"state":"landed"'
3
$ ls .git/pianola/runs/r1/plan*
.git/pianola/runs/r1/plan.md
