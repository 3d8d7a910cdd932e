Tasks without a check of their own: which command tests them, by the configuration and by the project.
$ git init -q r
$ cd r
$ printf -- '- [ ] Build it {#a} files: src/\n- [ ] Test it {#b} files: api/tests/ depends: a\n- [ ] Tell it {#c} files: docs/ test: ./docs.sh\n' > tasks.md
$ : an empty repository; pianola check tasks.md
tasks.md:1:1: task "a" and 1 more have no check, and no test command is known here; expected at least one check; add test: COMMAND to the item, or to .pianola.yaml for all of them
1 error in tasks.md, nothing changed
[3]
$ pianola check tasks.md --json
{"error":{"code":"bad_plan","exit":3,"message":"task \"a\" and 1 more have no check, and no test command is known here; expected at least one check","at":{"file":"tasks.md","line":1,"col":1},"hint":"add test: COMMAND to the item, or to .pianola.yaml for all of them"},"errors":[{"code":"bad_plan","exit":3,"message":"task \"a\" and 1 more have no check, and no test command is known here; expected at least one check","at":{"file":"tasks.md","line":1,"col":1},"hint":"add test: COMMAND to the item, or to .pianola.yaml for all of them"}],"warnings":[],"valid":false}
[3]
$ pianola dag tasks.md
tasks.md  3 tasks, 2 waves
wave 1     a, c
wave 2     b
$ pianola risk tasks.md
tasks.md  risk 13 AUTO-APPROVE (threshold 25)
  +13 incomplete_test_coverage:33%
$ : npm; echo '{"scripts": {"test": "jest"}}' > package.json; pianola check tasks.md
tasks.md  ok: 3 tasks, 1 dependency, 2 waves, no conflicts, 3 of 3 tested
critical    a > b
assumed     npm test   for 2 tasks without a check of their own
risk        0 AUTO-APPROVE (threshold 25)
runs        2 commands on this machine; see them: pianola approve tasks.md --show
$ pianola check tasks.md --json | tr '{' '\n' | grep command
"command":"npm test","tasks":["a","b"]}],"risk":
$ : what npm init writes tests nothing; echo '{"scripts": {"test": "echo \"Error: no test specified\" && exit 1"}}' > package.json; pianola check tasks.md
tasks.md:1:1: task "a" and 1 more have no check, and no test command is known here; expected at least one check; add test: COMMAND to the item, or to .pianola.yaml for all of them
1 error in tasks.md, nothing changed
[3]
$ : pytest; rm package.json; mkdir tests; : > tests/test_a.py; pianola check tasks.md | grep assumed; rm -r tests; : > pytest.ini; pianola check tasks.md | grep assumed
assumed     python3 -m pytest   for 2 tasks without a check of their own
assumed     python3 -m pytest   for 2 tasks without a check of their own
$ : cargo; rm pytest.ini; : > Cargo.toml; pianola check tasks.md | grep assumed
assumed     cargo test   for 2 tasks without a check of their own
$ : go; rm Cargo.toml; : > go.mod; pianola check tasks.md | grep assumed
assumed     go test ./...   for 2 tasks without a check of their own
$ : ctest; rm go.mod; printf 'project(a)\nenable_testing()\n' > CMakeLists.txt; pianola check tasks.md | grep assumed
assumed     ctest --test-dir build   for 2 tasks without a check of their own
$ : two at the top; : > go.mod; pianola check tasks.md | grep assumed
assumed     go test ./...   for 2 tasks without a check of their own
assumed     ctest --test-dir build   for 2 tasks without a check of their own
$ : from a folder below; mkdir -p src/deep; cd src/deep && pianola check ../../tasks.md | grep assumed
assumed     go test ./...   for 2 tasks without a check of their own
assumed     ctest --test-dir build   for 2 tasks without a check of their own
$ : a monorepo; rm go.mod CMakeLists.txt; mkdir api 'my web'; : > api/go.mod; : > 'my web/Cargo.toml'; mkdir -p node_modules/x; : > node_modules/x/go.mod; pianola check tasks.md
tasks.md  ok: 3 tasks, 1 dependency, 2 waves, no conflicts, 3 of 3 tested
critical    a > b
assumed     cd api && go test ./...   for 2 tasks without a check of their own
assumed     cd 'my web' && cargo test   for 1 task without a check of its own
risk        0 AUTO-APPROVE (threshold 25)
runs        3 commands on this machine; see them: pianola approve tasks.md --show
$ : the configuration before the project; echo 'test: make check' > .pianola.yaml; pianola check tasks.md | grep assumed
assumed     make check   for 2 tasks without a check of their own
$ printf 'test: make check\nquality:\n  verifier_checks: [{command: make lint, type: lint}, make unit]\n' > .pianola.yaml; pianola check tasks.md | grep assumed
assumed     make lint   for 2 tasks without a check of their own
assumed     make unit   for 2 tasks without a check of their own
$ mv .pianola.yaml .claude-agents.yaml; pianola check tasks.md | grep -c assumed; mkdir -p home/.config/pianola; echo 'test: make mine' > home/.config/pianola/config.yaml; HOME=$PWD/home XDG_CONFIG_HOME= pianola check tasks.md | grep assumed; rm .claude-agents.yaml; HOME=$PWD/home XDG_CONFIG_HOME= pianola check tasks.md | grep assumed
2
assumed     make lint   for 2 tasks without a check of their own
assumed     make unit   for 2 tasks without a check of their own
assumed     make mine   for 2 tasks without a check of their own
$ : final checks beside those of a plan; git config user.name Ada; git config user.email ada@localhost; printf 'quality: {post_merge_checks: [./all.sh]}\nagents: {mine: {kind: command, argv: [sh]}}\n' > .pianola.yaml; printf 'tasks: [{id: a, files_write: [a], verification: [./a.sh]}]\n' > own.yaml; git add -A; git commit -q -m start; pianola trust own.yaml --show --isolation none | grep 'check$'
  ./a.sh                                   final check
  ./all.sh                                 final check
$ sed 's/]}]$/]}]\npost_merge_checks: [.\/mine.sh]/' own.yaml > more.yaml; pianola trust more.yaml --show --isolation none | grep 'check$'
  ./mine.sh                                final check
$ : a YAML plan keeps its rule; printf 'tasks: [{id: a, files_write: [a]}]\n' > none.yaml; pianola check none.yaml
none.yaml:1:9: task "a" has no verification; expected at least one check; write verification: [{command: ...}]
1 error in none.yaml, nothing changed
[3]
$ echo 'test: "true"' > .pianola.yaml; pianola check tasks.md; echo 'test: [a]' > .pianola.yaml; pianola check tasks.md; echo 'test:' > .pianola.yaml; pianola check tasks.md | grep assumed
$TOP/work/r/.pianola.yaml:1:7: test is "true"; expected a command that can fail, such as npm test
$TOP/work/r/.pianola.yaml:1:7: test is a list; expected text
assumed     cd api && go test ./...   for 2 tasks without a check of their own
assumed     cd 'my web' && cargo test   for 1 task without a check of its own
$ printf 'quality: {verifier_checks: [true, {comand: x}], verifer_checks: []}\n' > .pianola.yaml; pianola check tasks.md
$TOP/work/r/.pianola.yaml:1:29: command "true" cannot fail; expected a check that can; write one, or set allow_trivial: true
$TOP/work/r/.pianola.yaml:1:35: a check without a command; expected command; write command: and what to run
$TOP/work/r/.pianola.yaml:1:36: unknown key "comand"; expected a check key; nearest is command
$TOP/work/r/.pianola.yaml:1:49: unknown key "verifer_checks" of quality; expected a key it knows; nearest is verifier_checks
[3]
