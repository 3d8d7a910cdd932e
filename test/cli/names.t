D13, D14, D15 and D16: what a plan or a person names is never shell text, an option or a path; D31: any branch is a base.
$ git init -q -b master r
$ cd r
$ git config user.name Ada; git config user.email ada@localhost
$ printf '#!/bin/sh\ncat > prompt.txt\n' > agent.sh; chmod +x agent.sh
$ printf 'agents: {mine: {kind: command, argv: [./agent.sh]}}\n' > .pianola.yaml
$ printf 'tasks: [{id: a, description: "$(touch ../pwned) `touch ../pwned` %%s ; touch ../pwned", files_write: [prompt.txt], verification: [{command: test -f prompt.txt}]}]\n' > tasks.yaml
$ git add -A; git commit -q -m start; echo draft > draft.txt
$ for id in 'z; touch ../pwned #' '$(touch ../pwned)' .. ../../x a/b --force '*' HEAD; do printf 'tasks: [{id: "%s", files_write: [x], verification: [{command: test -f x}]}]\n' "$id" > odd.yaml; pianola run odd.yaml --approve; done; rm odd.yaml
odd.yaml:1:14: id "z; touch ../pwned #"; expected a letter or digit, then at most 63 of letters, digits, "-" and "_"; rename it, or run: pianola check --fix odd.yaml
1 error in odd.yaml, nothing changed
odd.yaml:1:14: id "$(touch ../pwned)"; expected a letter or digit, then at most 63 of letters, digits, "-" and "_"; rename it, or run: pianola check --fix odd.yaml
1 error in odd.yaml, nothing changed
odd.yaml:1:14: id ".."; expected a letter or digit, then at most 63 of letters, digits, "-" and "_"; rename it, or run: pianola check --fix odd.yaml
1 error in odd.yaml, nothing changed
odd.yaml:1:14: id "../../x"; expected a letter or digit, then at most 63 of letters, digits, "-" and "_"; rename it, or run: pianola check --fix odd.yaml
1 error in odd.yaml, nothing changed
odd.yaml:1:14: id "a/b"; expected a letter or digit, then at most 63 of letters, digits, "-" and "_"; rename it, or run: pianola check --fix odd.yaml
1 error in odd.yaml, nothing changed
odd.yaml:1:14: id "--force"; expected a letter or digit, then at most 63 of letters, digits, "-" and "_"; rename it, or run: pianola check --fix odd.yaml
1 error in odd.yaml, nothing changed
odd.yaml:1:14: id "*"; expected a letter or digit, then at most 63 of letters, digits, "-" and "_"; rename it, or run: pianola check --fix odd.yaml
1 error in odd.yaml, nothing changed
odd.yaml:1:14: id "HEAD" is reserved; expected another name; rename it, or run: pianola check --fix odd.yaml
1 error in odd.yaml, nothing changed
$ pianola run --approve --target 'master; touch ../pwned'
"master; touch ../pwned": not the name of a branch: it holds a character that git does not allow; expected a short name such as main; see them: git branch --list
[4]
$ pianola run --approve --target --upload-pack=touch
"--upload-pack=touch": not the name of a branch: it begins with a dash; expected a short name such as main; see them: git branch --list
[4]
$ pianola run --approve --target ../../x
"../../x": not the name of a branch: it holds two dots in a row; expected a short name such as main; see them: git branch --list
[4]
$ pianola run --approve --promote leave > ../log
1 untracked file is not seen by agents; they start from <id>
[6]
$ for task in ../../x '$(touch ../pwned)' .. 'a;b'; do pianola logs "$task"; pianola say "$task" hi; pianola stop "$task"; pianola workspace path "$task"; done
r1: no task "../../x"; expected a task of this run; pianola status --all lists them
r1: no task "../../x"; expected a task of this run; pianola status --all lists them
r1: no task "../../x"; expected a task of this run; pianola status --all lists them
r1: no task "../../x"; expected a task of this run; pianola status --all lists them
r1: no task "$(touch ../pwned)"; expected a task of this run; pianola status --all lists them
r1: no task "$(touch ../pwned)"; expected a task of this run; pianola status --all lists them
r1: no task "$(touch ../pwned)"; expected a task of this run; pianola status --all lists them
r1: no task "$(touch ../pwned)"; expected a task of this run; pianola status --all lists them
r1: no task ".."; expected a task of this run; pianola status --all lists them
r1: no task ".."; expected a task of this run; pianola status --all lists them
r1: no task ".."; expected a task of this run; pianola status --all lists them
r1: no task ".."; expected a task of this run; pianola status --all lists them
r1: no task "a;b"; expected a task of this run; pianola status --all lists them
r1: no task "a;b"; expected a task of this run; pianola status --all lists them
r1: no task "a;b"; expected a task of this run; pianola status --all lists them
r1: no task "a;b"; expected a task of this run; pianola status --all lists them
[2]
$ pianola status --run ../../x; pianola resume '$(touch ../pwned)'; pianola log tail --run ..
run: no run "../../x"; there are r1
run: no run "$(touch ../pwned)"; there are r1
run: no run ".."; there are r1
[2]
$ git show refs/pianola/ready/r1:prompt.txt | grep touch
$(touch ../pwned) `touch ../pwned` %s ; touch ../pwned
$ git log --format=%s refs/pianola/ready/r1; git status --short; ls ..
Merge a: $(touch ../pwned) `touch ../pwned` %s ; touch ../pwned
Leftovers of a, attempt 1
start
?? draft.txt
log
r
r.pianola
