A plan of some risk wants a person's word, for exactly this plan, these commands and this policy.
$ git init -q -b main r
$ cd r
$ git config user.name Ada; git config user.email ada@localhost
$ printf '#!/bin/sh\nmkdir -p src; for f in $PIANOLA_TASK; do echo x > src/$f.txt; done\n' > agent.sh; chmod +x agent.sh
$ printf 'agents: {mine: {kind: command, argv: [./agent.sh]}}\n' > .pianola.yaml
$ printf 'tasks:\n  - id: auth\n    files_write: [src/auth.txt]\n    verification: [{command: test -f src/auth.txt, type: test}]\n  - id: admin\n    files_write: [src/admin.txt]\n    verification: [{command: test -f src/admin.txt, type: test}]\n' > tasks.yaml
$ git add -A; git commit -q -m start
$ pianola risk
tasks.yaml  risk 35 REQUIRES REVIEW (threshold 25)
  +20 sensitive_path:src/auth.txt:auth
  +15 sensitive_path:src/admin.txt:admin
[1]
$ pianola risk --json
{"score":35,"factors":["sensitive_path:src/auth.txt:auth","sensitive_path:src/admin.txt:admin"],"points":[20,15],"for_a_person":[],"auto_approve":false,"auto_approve_threshold":25,"status":"REQUIRES REVIEW"}
[1]
$ pianola check
tasks.yaml  ok: 2 tasks, 0 dependencies, 1 wave, no conflicts, 2 of 2 tested
critical    auth
risk        35 REQUIRES REVIEW (threshold 25)
            +20 sensitive_path:src/auth.txt:auth
            +15 sensitive_path:src/admin.txt:admin
runs        2 commands on this machine; see them: pianola approve tasks.yaml --show
$ pianola check --json
{"valid":true,"tasks":2,"dependencies":0,"waves":1,"conflicts":0,"tested":2,"critical_path":["auth"],"warnings":[],"assumed":[],"risk":{"score":35,"factors":["sensitive_path:src/auth.txt:auth","sensitive_path:src/admin.txt:admin"],"points":[20,15],"for_a_person":[],"auto_approve":false,"auto_approve_threshold":25,"status":"REQUIRES REVIEW"}}
$ pianola run --promote leave
tasks.yaml needs your approval: risk 35 REQUIRES REVIEW, threshold 25
  +20 sensitive_path:src/auth.txt:auth   +15 sensitive_path:src/admin.txt:admin
it will run on this machine:
  $TOP/work/r/agent.sh  agent "mine"
  isolation none                           agents run as you, each in a clone of its own
  test -f src/auth.txt                     gate of auth
  test -f src/admin.txt                    gate of admin
  test -f src/auth.txt                     final check
  test -f src/admin.txt                    final check
plan <id>  commands <id>  policy <id>; expected your word; see it all: pianola approve tasks.yaml --show; approve it: pianola approve tasks.yaml --yes, or add --approve
[6]
$ pianola run --promote leave --json
{"error":{"code":"paused","exit":6,"message":"tasks.yaml needs your approval: risk 35 REQUIRES REVIEW, threshold 25\n  +20 sensitive_path:src/auth.txt:auth   +15 sensitive_path:src/admin.txt:admin\nit will run on this machine:\n  $TOP/work/r/agent.sh  agent \"mine\"\n  isolation none                           agents run as you, each in a clone of its own\n  test -f src/auth.txt                     gate of auth\n  test -f src/admin.txt                    gate of admin\n  test -f src/auth.txt                     final check\n  test -f src/admin.txt                    final check\nplan <id>  commands <id>  policy <id>","at":null,"hint":"expected your word; see it all: pianola approve tasks.yaml --show; approve it: pianola approve tasks.yaml --yes, or add --approve"}}
[6]
$ pianola approve --show
tasks.yaml  risk 35 REQUIRES REVIEW (threshold 25)
  +20 sensitive_path:src/auth.txt:auth   +15 sensitive_path:src/admin.txt:admin
it will run on this machine:
  $TOP/work/r/agent.sh  agent "mine"
  isolation none                           agents run as you, each in a clone of its own
  test -f src/auth.txt                     gate of auth
  test -f src/admin.txt                    gate of admin
  test -f src/auth.txt                     final check
  test -f src/admin.txt                    final check
it may change these; nothing else lands:
  src/auth.txt
  src/admin.txt
its risk is measured by:
  threshold 25
  sensitive auth|security|crypto +20
  sensitive payment|billing|stripe +25
  sensitive prod|production|deploy +30
  sensitive admin|sudo|root +15
  sensitive \\.env|secret|key|token +25
  sensitive migration|schema|database +15
plan <id>  commands <id>  policy <id>
$ pianola approve
tasks.yaml  risk 35 REQUIRES REVIEW (threshold 25)
  +20 sensitive_path:src/auth.txt:auth   +15 sensitive_path:src/admin.txt:admin
it will run on this machine:
  $TOP/work/r/agent.sh  agent "mine"
  isolation none                           agents run as you, each in a clone of its own
  test -f src/auth.txt                     gate of auth
  test -f src/admin.txt                    gate of admin
  test -f src/auth.txt                     final check
  test -f src/admin.txt                    final check
it may change these; nothing else lands:
  src/auth.txt
  src/admin.txt
its risk is measured by:
  threshold 25
  sensitive auth|security|crypto +20
  sensitive payment|billing|stripe +25
  sensitive prod|production|deploy +30
  sensitive admin|sudo|root +15
  sensitive \\.env|secret|key|token +25
  sensitive migration|schema|database +15
plan <id>  commands <id>  policy <id>
not approved yet: plan <id>  commands <id>  policy <id>; expected your word; approve it: pianola approve tasks.yaml --yes
[6]
$ pianola approve --json
{"approval":"<id>","approved":false,"plan":"<id>","commands":"<id>","policy":"<id>","risk":{"score":35,"factors":["sensitive_path:src/auth.txt:auth","sensitive_path:src/admin.txt:admin"],"points":[20,15],"for_a_person":[],"auto_approve":false,"auto_approve_threshold":25,"status":"REQUIRES REVIEW"},"lines":["$TOP/work/r/agent.sh  agent \"mine\"","isolation none                           agents run as you, each in a clone of its own","test -f src/auth.txt                     gate of auth","test -f src/admin.txt                    gate of admin","test -f src/auth.txt                     final check","test -f src/admin.txt                    final check"],"measured_by":["threshold 25","sensitive auth|security|crypto +20","sensitive payment|billing|stripe +25","sensitive prod|production|deploy +30","sensitive admin|sudo|root +15","sensitive \\.env|secret|key|token +25","sensitive migration|schema|database +15"],"writes":["src/auth.txt","src/admin.txt"]}
[6]
$ pianola approve --yes --json | cut -c 84-
roved":true,"plan":"<id>","commands":"<id>","policy":"<id>","risk":{"score":35,"factors":["sensitive_path:src/auth.txt:auth","sensitive_path:src/admin.txt:admin"],"points":[20,15],"for_a_person":[],"auto_approve":false,"auto_approve_threshold":25,"status":"REQUIRES REVIEW"},"lines":["$TOP/work/r/agent.sh  agent \"mine\"","isolation none                           agents run as you, each in a clone of its own","test -f src/auth.txt                     gate of auth","test -f src/admin.txt                    gate of admin","test -f src/auth.txt                     final check","test -f src/admin.txt                    final check"],"measured_by":["threshold 25","sensitive auth|security|crypto +20","sensitive payment|billing|stripe +25","sensitive prod|production|deploy +30","sensitive admin|sudo|root +15","sensitive \\.env|secret|key|token +25","sensitive migration|schema|database +15"],"writes":["src/auth.txt","src/admin.txt"]}
$ pianola approve
tasks.yaml  risk 35 REQUIRES REVIEW (threshold 25)
  +20 sensitive_path:src/auth.txt:auth   +15 sensitive_path:src/admin.txt:admin
it will run on this machine:
  $TOP/work/r/agent.sh  agent "mine"
  isolation none                           agents run as you, each in a clone of its own
  test -f src/auth.txt                     gate of auth
  test -f src/admin.txt                    gate of admin
  test -f src/auth.txt                     final check
  test -f src/admin.txt                    final check
it may change these; nothing else lands:
  src/auth.txt
  src/admin.txt
its risk is measured by:
  threshold 25
  sensitive auth|security|crypto +20
  sensitive payment|billing|stripe +25
  sensitive prod|production|deploy +30
  sensitive admin|sudo|root +15
  sensitive \\.env|secret|key|token +25
  sensitive migration|schema|database +15
plan <id>  commands <id>  policy <id>
approved already
$ pianola run --promote leave --plain --jobs 1
<time> r1 run start main <id>, 2 tasks, 1 job, no isolation
<time> auth landed staging <id>, try 1, <span>
<time> admin landed staging <id>, try 1, <span>
<time> r1 checking 2 final checks on <id>
<time> r1 green 2 final checks on <id>
<time> r1 left <id> verified, 2 of 2 landed, main not moved: main is checked out in $TOP/work/r; pianola promote
left r1: main is not moved, 2 of 2 tasks landed, integration green
why main is checked out in $TOP/work/r
time <span>; critical path <span> (<part> x); 1 slot used about <part> %
tries 2 for 2 tasks
logs $TOP/work/r/.git/pianola/runs/r1
all of it: pianola status --run r1 --report
next pianola promote
[6]
$ pianola log show 1 --json | grep -o '"approval":{[^}]*}'
"approval":{"score":35,"threshold":25,"sha256":"<id>"}
$ sed -i 's/id: admin/id: admin_page/; s/admin.txt/admin_page.txt/g' tasks.yaml; pianola run
tasks.yaml needs your approval: risk 35 REQUIRES REVIEW, threshold 25
  +20 sensitive_path:src/auth.txt:auth
  +15 sensitive_path:src/admin_page.txt:admin
it will run on this machine:
  $TOP/work/r/agent.sh  agent "mine"
  isolation none                           agents run as you, each in a clone of its own
  test -f src/auth.txt                     gate of auth
  test -f src/admin_page.txt               gate of admin_page
  test -f src/auth.txt                     final check
  test -f src/admin_page.txt               final check
changed since you approved it:
  -test -f src/admin.txt                    gate of admin
  +test -f src/admin_page.txt               gate of admin_page
  -test -f src/admin.txt                    final check
  +test -f src/admin_page.txt               final check
  -  - id: admin
  -    files_write: [src/admin.txt]
  -    verification: [{command: test -f src/admin.txt, type: test}]
  +  - id: admin_page
  +    files_write: [src/admin_page.txt]
  +    verification: [{command: test -f src/admin_page.txt, type: test}]
plan <id>  commands <id>  policy <id>; expected your word; see it all: pianola approve tasks.yaml --show; approve it: pianola approve tasks.yaml --yes, or add --approve
[6]
$ printf 'agents: {mine: {kind: command, argv: [./agent.sh, more]}}\n' > .pianola.yaml; git checkout -q tasks.yaml; pianola run
tasks.yaml needs your approval: risk 35 REQUIRES REVIEW, threshold 25
  +20 sensitive_path:src/auth.txt:auth   +15 sensitive_path:src/admin.txt:admin
it will run on this machine:
  $TOP/work/r/agent.sh more agent "mine"
  isolation none                           agents run as you, each in a clone of its own
  test -f src/auth.txt                     gate of auth
  test -f src/admin.txt                    gate of admin
  test -f src/auth.txt                     final check
  test -f src/admin.txt                    final check
changed since you approved it:
  -$TOP/work/r/agent.sh  agent "mine"
  +$TOP/work/r/agent.sh more agent "mine"
plan <id>  commands <id>  policy <id>; expected your word; see it all: pianola approve tasks.yaml --show; approve it: pianola approve tasks.yaml --yes, or add --approve
[6]
$ git checkout -q .pianola.yaml; pianola approve --show | tail -1
approved already
$ printf '# typed COMMAND ANSWER...: each is typed once one question more stands there.\ntyped() {\n  rm -f ../in ../out; mkfifo ../in; script -qec "$1" /dev/null < ../in > ../out & pid=$!; exec 3> ../in; asked=0; shift\n  for answer; do asked=$((asked + 1)); until [ "$(grep -os "o\\]: \\|\\[s\\]how all[^:]*: \\|this? [^:]*: " ../out | wc -l)" -ge $asked ] || ! kill -0 $pid 2> /dev/null; do sleep 0.05; done; echo "$answer" >&3; done\n  wait $pid; code=$?; exec 3>&-; tr -d "\\r" < ../out; echo exit $code\n}\n' > ../words.sh
$ sed -i 's/id: auth/id: auth2/; s/auth.txt/auth2.txt/g' tasks.yaml; . ../words.sh; typed 'pianola run --plain --promote leave' d n
tasks.yaml needs your approval: risk 35 REQUIRES REVIEW, threshold 25
  +20 sensitive_path:src/auth2.txt:auth   +15 sensitive_path:src/admin.txt:admin
it will run on this machine:
  $TOP/work/r/agent.sh  agent "mine"
  isolation none                           agents run as you, each in a clone of its own
  test -f src/auth2.txt                    gate of auth2
  test -f src/admin.txt                    gate of admin
  test -f src/auth2.txt                    final check
  test -f src/admin.txt                    final check
it may change these; nothing else lands:
  src/auth2.txt
  src/admin.txt
plan <id>  commands <id>  policy <id>
approve exactly this? [y]es  [N]o  [e]dit  [s]how all  [d]iff to last time: d
  -test -f src/auth.txt                     gate of auth
  +test -f src/auth2.txt                    gate of auth2
  -test -f src/auth.txt                     final check
  +test -f src/auth2.txt                    final check
  -  - id: auth
  -    files_write: [src/auth.txt]
  -    verification: [{command: test -f src/auth.txt, type: test}]
  +  - id: auth2
  +    files_write: [src/auth2.txt]
  +    verification: [{command: test -f src/auth2.txt, type: test}]
approve exactly this? [y]es  [N]o  [e]dit  [s]how all  [d]iff to last time: n
not approved yet: plan <id>  commands <id>  policy <id>; expected your
    word; approve it: pianola approve tasks.yaml --yes, or add --approve
exit 6
$ . ../words.sh; typed 'pianola run --plain --promote leave' ''
tasks.yaml needs your approval: risk 35 REQUIRES REVIEW, threshold 25
  +20 sensitive_path:src/auth2.txt:auth   +15 sensitive_path:src/admin.txt:admin
it will run on this machine:
  $TOP/work/r/agent.sh  agent "mine"
  isolation none                           agents run as you, each in a clone of its own
  test -f src/auth2.txt                    gate of auth2
  test -f src/admin.txt                    gate of admin
  test -f src/auth2.txt                    final check
  test -f src/admin.txt                    final check
it may change these; nothing else lands:
  src/auth2.txt
  src/admin.txt
plan <id>  commands <id>  policy <id>
approve exactly this? [y]es  [N]o  [e]dit  [s]how all  [d]iff to last time: 
not approved yet: plan <id>  commands <id>  policy <id>; expected your
    word; approve it: pianola approve tasks.yaml --yes, or add --approve
exit 6
$ printf '#!/bin/sh\nsed -i "s/auth2/auth3/g" "$1"\n' > ../edit; chmod +x ../edit; . ../words.sh; EDITOR=../edit typed 'pianola run --plain --promote leave' e n | sed -n '/changed:/,/needs/p'
changed:
  -  - id: auth2
  -    files_write: [src/auth2.txt]
  -    verification: [{command: test -f src/auth2.txt, type: test}]
  +  - id: auth3
  +    files_write: [src/auth3.txt]
  +    verification: [{command: test -f src/auth3.txt, type: test}]
tasks.yaml needs your approval: risk 35 REQUIRES REVIEW, threshold 25
$ . ../words.sh; EDITOR=true typed 'pianola run --plain --promote leave' e S y | grep -E 'nothing|measured|threshold|sensitive|done|left|exit'
tasks.yaml needs your approval: risk 35 REQUIRES REVIEW, threshold 25
  +20 sensitive_path:src/auth3.txt:auth   +15 sensitive_path:src/admin.txt:admin
it may change these; nothing else lands:
nothing changed
tasks.yaml needs your approval: risk 35 REQUIRES REVIEW, threshold 25
  +20 sensitive_path:src/auth3.txt:auth   +15 sensitive_path:src/admin.txt:admin
it may change these; nothing else lands:
  +20 sensitive_path:src/auth3.txt:auth   +15 sensitive_path:src/admin.txt:admin
it may change these; nothing else lands:
its risk is measured by:
  threshold 25
  sensitive auth|security|crypto +20
  sensitive payment|billing|stripe +25
  sensitive prod|production|deploy +30
  sensitive admin|sudo|root +15
  sensitive \\.env|secret|key|token +25
  sensitive migration|schema|database +15
<time> r2 left <id> verified, 2 of 2 landed, main not moved: main is checked out in $TOP/work/r; pianola promote
left   r2: main is not moved, 2 of 2 tasks landed, integration green
exit 6
$ sed -i 's/auth3/auth4/g; s/admin/billing/g' tasks.yaml; printf 'risk: {auto_approve_threshold: 10}\nagents: {mine: {kind: command, argv: [./agent.sh]}}\n' > .pianola.yaml; . ../words.sh; typed 'pianola run --plain --promote leave' y n | tail -4; typed 'pianola run --plain --promote leave' 45 | tail -6
over twice the threshold; type 45 to approve, or [N]o  [e]dit  [s]how all  [d]iff to last time: n
not approved yet: plan <id>  commands <id>  policy <id>; expected your
    word; approve it: pianola approve tasks.yaml --yes, or add --approve
exit 6
time   <span>; critical path <span> (<part> x); 2 slots used about <part> %
tries  2 for 2 tasks
logs   $TOP/work/r/.git/pianola/runs/r3
       all of it: pianola status --run r3 --report
next   pianola promote
exit 6
$ printf 'approval: {always_require_human: ["src/b*"], sensitive_patterns: [nothing]}\nagents: {mine: {kind: command, argv: [./agent.sh]}}\n' > .pianola.yaml; pianola risk; pianola approve --show
tasks.yaml  risk 0 REQUIRES REVIEW (threshold 25)
  always_require_human:src/billing.txt
tasks.yaml  risk 0 REQUIRES REVIEW (threshold 25)
  always_require_human:src/billing.txt
it will run on this machine:
  $TOP/work/r/agent.sh  agent "mine"
  isolation none                           agents run as you, each in a clone of its own
  risk                                     only sensitive nothing +10
  test -f src/auth4.txt                    gate of auth4
  test -f src/billing.txt                  gate of billing
  test -f src/auth4.txt                    final check
  test -f src/billing.txt                  final check
it may change these; nothing else lands:
  src/auth4.txt
  src/billing.txt
its risk is measured by:
  threshold 25
  sensitive nothing +10
  always_require_human src/b*
plan <id>  commands <id>  policy <id>
$ printf 'risk: {auto_approve_threshold: 1000}\nagents: {mine: {kind: command, argv: [./agent.sh]}}\n' > .pianola.yaml; pianola run
these commands are not trusted yet:
  $TOP/work/r/agent.sh  agent "mine"
  isolation none                           agents run as you, each in a clone of its own
  risk                                     threshold 1000 instead of 25
  test -f src/auth4.txt                    gate of auth4
  test -f src/billing.txt                  gate of billing
  test -f src/auth4.txt                    final check
  test -f src/billing.txt                  final check
commands <id>; expected your word; trust them: pianola trust tasks.yaml --yes, or add --approve
[6]
$ printf 'risk: {auto_approve_threshold: 1000}\n' > ../loose.yaml; pianola risk --config ../loose.yaml
tasks.yaml  risk 45 AUTO-APPROVE (threshold 1000)
  +20 sensitive_path:src/auth4.txt:auth
  +25 sensitive_path:src/billing.txt:payment
$ pianola risk --config ../none.yaml
$TOP/work/r/../none.yaml: no such file, and --config names it; expected a configuration; write the file, or leave --config out
[3]
$ printf 'risk: {sensitive_patterns: ["(a"], auto_aprove_threshold: 50}\n' > ../bad.yaml; pianola risk --config ../bad.yaml; pianola risk --config ../bad.yaml --json
$TOP/work/r/../bad.yaml:1:29: pattern "(a": missing ): (a; expected a regular expression (RE2)
$TOP/work/r/../bad.yaml:1:36: unknown key "auto_aprove_threshold" of risk:; expected sensitive_patterns, auto_approve_threshold or always_require_human
{"error":{"code":"bad_plan","exit":3,"message":"$TOP/work/r/../bad.yaml:1:29: pattern \"(a\": missing ): (a; expected a regular expression (RE2)\n$TOP/work/r/../bad.yaml:1:36: unknown key \"auto_aprove_threshold\" of risk:; expected sensitive_patterns, auto_approve_threshold or always_require_human","at":null,"hint":""}}
[3]
$ printf 'risk: {auto_approve_threshold: 5}\napproval: {auto_approve_threshold: 5}\n' > .pianola.yaml; pianola check; pianola risk none.yaml
$TOP/work/r/.pianola.yaml:2:36: auto_approve_threshold stands in risk: and in approval:; expected one of them; drop one
none.yaml: no such file; expected a plan; name the plan's file, or write tasks.yaml
[3]
$ printf 'tasks: 3\n' > bad.yaml; git checkout -q .pianola.yaml; pianola risk bad.yaml; pianola approve bad.yaml
bad.yaml:1:8: tasks is a number; expected a list of tasks; write tasks: [3]
1 error in bad.yaml, nothing changed
bad.yaml:1:8: tasks is a number; expected a list of tasks; write tasks: [3]
1 error in bad.yaml, nothing changed
[3]
$ ln -s . loop; mkdir d; for file in d loop/loop/none.yaml; do pianola risk --config $file; done; rm -r loop d
$TOP/work/r/d: is not a regular file; expected a configuration of at most 1 MB; mend it or move it away
$TOP/work/r/loop/loop/none.yaml: no such file, and --config names it; expected a configuration; write the file, or leave --config out
$ printf 'risk: {threshold: 3}\n' > ../odd.yaml; pianola risk --config ../odd.yaml
$TOP/work/r/../odd.yaml:1:8: unknown key "threshold" of risk:; expected sensitive_patterns, auto_approve_threshold or always_require_human
[3]
$ printf 'tasks:\n  - {id: a, files_write: [none.txt], files_append: [conf/.env], verification: [{command: ./t, type: test}]}\n  - {id: b, files_write: ["src/**"], verification: [{command: ./t, type: test}]}\n' > wide.yaml; mkdir -p src; echo x > src/deploy.sh; pianola risk wide.yaml; git add src/deploy.sh; git commit -q -m more; pianola risk wide.yaml
wide.yaml  risk 25 AUTO-APPROVE (threshold 25)
  +25 sensitive_path:conf/.env:\\.env
wide.yaml  risk 55 HIGH RISK (threshold 25)
  +25 sensitive_path:conf/.env:\\.env
  +30 sensitive_path:src/**:prod
[1]
$ printf 'risk: {sensitive_patterns: [{pattern: auth, weight: 3}]}\nagents: {mine: {kind: command, argv: [./agent.sh]}}\n' > .pianola.yaml; pianola trust --yes | tail -1; sed -i 's/auth/none/' .pianola.yaml; pianola trust --show | grep -E 'risk|commands'; git checkout -q .pianola.yaml
trusted, for you, on this machine
  risk                                     only sensitive none +3
commands <id>
$ cp tasks.yaml ./-x.yaml; pianola check ./-x.yaml | tail -1; cp tasks.yaml "$(printf 'a\033[31m.yaml')"; pianola check "$(printf 'a\033[31m.yaml')" | tail -1; rm -f ./-x.yaml a*.yaml
runs        2 commands on this machine; see them: pianola approve ./-x.yaml --show
runs        2 commands on this machine; see them: pianola approve 'a\x1b[31m.yaml' --show
$ git checkout -q .; sed -i 's/auth/auth5/g' tasks.yaml; rm -f ../in ../out; mkfifo ../in; script -qec 'pianola run --plain' /dev/null < ../in > ../out & exec 3> ../in; until grep -qs 'this?' ../out; do sleep 0.05; done; printf '\003' >&3; wait $!; echo exit $?; exec 3>&-; tr -d '\r' < ../out | tail -3
exit 6
approve exactly this? [y]es  [N]o  [e]dit  [s]how all  [d]iff to last time: ^C
not approved yet: plan <id>  commands <id>  policy <id>; expected your
    word; approve it: pianola approve tasks.yaml --yes, or add --approve
$ printf '#!/bin/sh\nuntil test -e ../typed; do sleep 0.05; done; sed -i "s/auth5/auth6/g" "$1"\n' > ../edit; rm -f ../in ../out; mkfifo ../in; EDITOR=../edit script -qec 'pianola run --plain' /dev/null < ../in > ../out & exec 3> ../in; until grep -qs 'this?' ../out; do sleep 0.05; done; echo e >&3; sleep 0.5; echo y >&3; sleep 0.5; touch ../typed; until test $(grep -c 'this?' ../out) = 2; do sleep 0.05; done; sleep 0.5; echo n >&3; wait $!; echo exit $?; exec 3>&-; tr -d '\r' < ../out | tail -3
exit 6
approve exactly this? [y]es  [N]o  [e]dit  [s]how all  [d]iff to last time: n
not approved yet: plan <id>  commands <id>  policy <id>; expected your
    word; approve it: pianola approve tasks.yaml --yes, or add --approve
