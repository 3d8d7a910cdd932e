Repositories in every state a run may meet: what is said, the exit code, and what becomes of the work.
$ git init -q -b main seed
$ git -C seed config user.name Ada; git -C seed config user.email ada@localhost
$ printf '#!/bin/sh\necho x > $PIANOLA_TASK.txt\n' > seed/agent.sh; chmod +x seed/agent.sh
$ printf 'agents: {mine: {kind: command, argv: [./agent.sh]}}\njobs: 1\n' > seed/.pianola.yaml
$ printf 'tasks:\n  - {id: a, files_write: [a.txt], verification: [{command: test -f a.txt}]}\n' > seed/tasks.yaml
$ cp -r seed R1
$ git -C seed add -A; git -C seed commit -q -m start; printf '#!/bin/sh\nrm -rf $1 $1.pianola; cp -r seed $1\ngit -C $1 status > log\n' > new; chmod +x new
$ cat > telling <<'END'
> #!/bin/sh
> # telling WORDS...: pianola with these words; all it says but what every run says; its exit code.
> pianola "$@" > said 2>&1; code=$?
> grep -vE ' (run start|landed staging|checking|green|done) |^(time|tries 1 for 1|logs|all of it)' said; exit $code
> END
$ chmod +x telling
$ : R1, no commit yet
$ pianola -C R1 run --approve
$TOP/work/R1: branch main has no commit yet; expected a first commit; make one: git commit --allow-empty -m "First commit"
[4]
$ : R2, a detached HEAD
$ ./new R2; git -C R2 checkout -q --detach; pianola -C R2 run --approve
$TOP/work/R2: HEAD is detached at <id>; expected a branch to land on; name one: pianola run --target BRANCH
[4]
$ ./telling -C R2 run --approve --target main; git -C R2 ls-tree --name-only main a.txt; git -C R2 symbolic-ref HEAD
done r1: main is <id>, 1 of 1 task landed, integration green
undo pianola undo * --run r1 puts main back to <id>, keeps the work (glob)
a.txt
fatal: ref HEAD is not a symbolic ref
[128]
$ git -C R2 commit -q --allow-empty -m further; pianola -C R2 run --approve --target main
$TOP/work/R2: HEAD is detached at <id> and main is at <id>; expected both at one commit; check it out: git switch 'main'
[4]
$ : R3, files that are changed, staged and untracked: agents start from HEAD, and nothing of them is touched
$ ./new R3; echo '# changed' >> R3/agent.sh; echo s > R3/staged.txt; git -C R3 add staged.txt; mkdir R3/new; echo n > R3/new/one.txt; git -C R3 status --porcelain > before
$ ./telling -C R3 run --approve --promote checkout
2 changed files and 1 untracked file are not seen by agents; they start from <id>
<time> r1 left <id> verified, 1 of 1 landed, main not moved: $TOP/work/R3 has changes of its own: agent.sh, staged.txt; pianola promote
left r1: main is not moved, 1 of 1 task landed, integration green
why $TOP/work/R3 has changes of its own: agent.sh, staged.txt
next pianola promote
[6]
$ git -C R3 status --porcelain | diff before - && cat R3/staged.txt R3/new/one.txt && tail -n 1 R3/agent.sh && git -C R3 ls-tree -r --name-only main
s
n
# changed
.pianola.yaml
agent.sh
tasks.yaml
$ : R4, something is in progress
$ ./new R4; cd R4; git checkout -q -b other; echo other > c; git add c; git commit -q -m other; git checkout -q main; echo main > c; git add c; git commit -q -m main; echo more >> c; git commit -q -a -m more; git format-patch -q -1 -o .git other; cp -r . ../pristine
$ cat > state <<'END'
> #!/bin/sh
> # state NAME COMMAND...: what a run says while git is in the middle of something.
> rm -rf R4; cp -r pristine R4; cd R4
> "$@" > ../log 2>&1
> pianola run --approve
> echo "[$?]"
> END
$ chmod +x state; ./state git merge other; ./state git rebase other; ./state git bisect start; ./state git am .git/0001-other.patch; ./state git cherry-pick other; ./state git revert --no-edit HEAD~1
$TOP/work/R4: a merge is in progress; expected a settled repository; finish it: git merge --continue, or --abort
[4]
$TOP/work/R4: a rebase is in progress; expected a settled repository; finish it: git rebase --continue, or --abort
[4]
$TOP/work/R4: a bisect is in progress; expected a settled repository; finish it: git bisect reset
[4]
$TOP/work/R4: an am is in progress; expected a settled repository; finish it: git am --continue, or --abort
[4]
$TOP/work/R4: a cherry-pick is in progress; expected a settled repository; finish it: git cherry-pick --continue, or --abort
[4]
$TOP/work/R4: a revert is in progress; expected a settled repository; finish it: git revert --continue, or --abort
[4]
$ : R5, a bare repository: the plan is read from where it is, the configuration where PIANOLA_CONFIG says
$ git clone -q --bare seed R5.git; git -C R5.git config user.name Ada; git -C R5.git config user.email ada@localhost
$ PIANOLA_CONFIG=$PWD/seed/.pianola.yaml ./telling -C R5.git run ../seed/tasks.yaml --approve
done r1: main is <id>, 1 of 1 task landed, integration green
undo pianola undo * --run r1 puts main back to <id>, keeps the work (glob)
$ git -C R5.git ls-tree --name-only main; git -C R5.git log --first-parent --format=%s main
.pianola.yaml
a.txt
agent.sh
tasks.yaml
Merge a
start
$ : R11, a linked worktree: its branch is the target, and the runs are those of the whole repository
$ ./new R11; git -C R11 worktree add -q -b side ../R11.side; ./telling -C R11.side run --approve --promote checkout
done r1: side is <id>, 1 of 1 task landed, integration green
undo pianola undo * --run r1 puts side back to <id>, keeps the work (glob)
$ git -C R11 log --first-parent --format=%s side; git -C R11.side status --porcelain; ls R11.side; pianola -C R11 status
Merge a
start
a.txt
agent.sh
tasks.yaml
r1 done <span>, R11.side > side, tasks.yaml <id>, no isolation
1/1 landed
more: pianola status --all   pianola logs TASK
$ : R12, the folder of a workspace is there: empty, of somebody else, a link
$ ./new R12; mkdir -p R12.pianola/r1/a.1; ./telling -C R12 run --approve --promote checkout; git -C R12 ls-tree --name-only main a.txt
done r1: main is <id>, 1 of 1 task landed, integration green
undo pianola undo * --run r1 puts main back to <id>, keeps the work (glob)
a.txt
$ ./new R12; mkdir -p R12.pianola/r1/a.1; echo mine > R12.pianola/r1/a.1/file; ./telling -C R12 run --approve --promote checkout
<time> a failed no workspace: $TOP/work/R12.pianola/r1/a.1: something stands there that pianola did not make; expected nothing, or an empty folder; move it away: mv '$TOP/work/R12.pianola/r1/a.1' '$TOP/work/R12.pianola/r1/a.1.old'
done r1: main is <id>, 1 of 1 task landed, integration green
tries 2 for 1 task: 1 other failure
undo pianola undo * --run r1 puts main back to <id>, keeps the work (glob)
$ cat R12.pianola/r1/a.1/file
mine
$ ./new R12; mkdir -p R12.pianola/r1 elsewhere; echo mine > elsewhere/file; ln -s $PWD/elsewhere R12.pianola/r1/a.1; ./telling -C R12 run --approve --promote checkout
<time> a failed no workspace: $TOP/work/R12.pianola/r1/a.1: something stands there that pianola did not make; expected nothing, or an empty folder; move it away: mv '$TOP/work/R12.pianola/r1/a.1' '$TOP/work/R12.pianola/r1/a.1.old'
done r1: main is <id>, 1 of 1 task landed, integration green
tries 2 for 1 task: 1 other failure
undo pianola undo * --run r1 puts main back to <id>, keeps the work (glob)
$ cat elsewhere/file; mkdir there; ./new R12; ln -s $PWD/there R12.pianola; pianola -C R12 run --approve --promote checkout > log; echo "[$?]"; ls there; git -C R12 ls-tree --name-only main a.txt
mine
[0]
a.txt
$ : R13, a branch and a tag of one name, a branch pianola, a ref where pianola keeps a folder
$ ./new R13; git -C R13 commit -q --allow-empty -m next; git -C R13 branch pianola; git -C R13 tag main HEAD~1; pianola -C R13 run --approve --promote checkout > log; git -C R13 log --first-parent --format=%s refs/heads/main
Merge a
next
start
$ ./new R13; git -C R13 update-ref refs/pianola HEAD; pianola -C R13 run --approve
refs/pianola: is a ref, where pianola keeps a folder of refs; expected no ref of this name; if you do not need it: git update-ref -d refs/pianola
[4]
$ ./new R13; git -C R13 update-ref refs/pianola/staging HEAD; git -C R13 pack-refs --all; pianola -C R13 run --approve
refs/pianola/staging: is a ref, where pianola keeps a folder of refs; expected no ref of this name; if you do not need it: git update-ref -d refs/pianola/staging
[4]
$ : R14, names of branches that are none, or no short ones
$ ./new R14; for name in -x --upload-pack=x '@{-1}' HEAD a..b x.lock refs/heads/main @ 'a
> b' '' mian; do pianola -C R14 run --approve "--target=$name"; echo "[$?]"; done
"-x": not the name of a branch: it begins with a dash; expected a short name such as main; see them: git branch --list
[4]
"--upload-pack=x": not the name of a branch: it begins with a dash; expected a short name such as main; see them: git branch --list
[4]
"@{-1}": not the name of a branch: it holds @{; expected a short name such as main; see them: git branch --list
[4]
"HEAD": not the name of a branch: it means the present commit, not a branch; expected a short name such as main; see them: git branch --list
[4]
"a..b": not the name of a branch: it holds two dots in a row; expected a short name such as main; see them: git branch --list
[4]
"x.lock": not the name of a branch: it has a part that ends in .lock; expected a short name such as main; see them: git branch --list
[4]
"refs/heads/main": not the name of a branch: it is a full refname; expected a short name such as main; see them: git branch --list
[4]
"@": not the name of a branch: it means the present commit, not a branch; expected a short name such as main; see them: git branch --list
[4]
"a\\nb": not the name of a branch: it holds a character that git does not allow; expected a short name such as main; see them: git branch --list
[4]
pianola run: --target: 1 required TEXT missing; see: pianola run --help
[2]
$TOP/work/R14: no branch "mian"; expected a branch that exists; nearest is main
[4]
$ : R15, names of files: no byte of them is lost
$ ./new R15; cat > R15/agent.sh <<'END'
> #!/bin/sh
> mkdir -p odd; cd odd; long=$(head -c 255 /dev/zero | tr '\0' l)
> for name in "$(printf 'line\nbreak')" "$(printf 'tab\there')" 'quote"it' "it's" -dash ':(exclude)x' "$(printf '\377bytes')" "$long" 'back\slash' '*' ' '; do echo "$name" > "./$name"; done
> deep=$(head -c 255 /dev/zero | tr '\0' d); for i in $(seq 15); do mkdir $deep && cd ./$deep || exit 1; done; echo deep > deep
> END
$ printf 'tasks:\n  - {id: a, files_write: ["odd/**"], verification: [{command: test -f odd/-dash}]}\n' > R15/tasks.yaml; git -C R15 commit -q -a -m odd; ./telling -C R15 run --approve --promote checkout
done r1: main is <id>, 1 of 1 task landed, integration green
undo pianola undo * --run r1 puts main back to <id>, keeps the work (glob)
$ git -C R15 status --porcelain; git -C R15 ls-tree -r -z --name-only main odd | tr '\0' '\n' | cut -c1-60 | LC_ALL=C sort | cat -v; git -C R15 ls-tree -r -z --name-only main odd | tr -d '\n' | tr '\0' '\n' | wc -lL
break
odd/ 
odd/*
odd/-dash
odd/:(exclude)x
odd/back\slash
odd/dddddddddddddddddddddddddddddddddddddddddddddddddddddddd
odd/it's
odd/line
odd/llllllllllllllllllllllllllllllllllllllllllllllllllllllll
odd/quote"it
odd/tab	here
odd/M-^?bytes
     12    3848
$ : R22, nobody to be the author, and then signing, an editor and a template that would wait for somebody
$ ./new R22; git -C R22 config --unset user.email; pianola -C R22 run --approve
$TOP/work/R22: git has no user.email; expected a name and an address for the merge commits; run: git config --global user.name "Your Name" && git config --global user.email you@example.com
[4]
$ git -C R22 config user.email ada@localhost; printf '#!/bin/sh\necho called >> %s/called\nexit 1\n' $PWD > trap; chmod +x trap; for key in gpg.program core.editor sequence.editor; do git -C R22 config $key $PWD/trap; done; git -C R22 config commit.gpgSign true; git -C R22 config tag.gpgSign true; echo template > R22/.git/template; git -C R22 config commit.template .git/template
$ GIT_EDITOR=$PWD/trap EDITOR=$PWD/trap pianola -C R22 run --approve --promote checkout > log; echo "[$?]"; ls called; git -C R22 log -1 --format='%an <%ae>, %cn%n%B' main
[0]
ls: cannot access 'called': No such file or directory
Ada <ada@localhost>, Ada
Merge a

Pianola-Run: r1
Pianola-Task: a
Pianola-Attempt: 1

$ : R25, locks that git left behind: one in the checkout, one of the refs
$ cat > locked <<'END'
> #!/bin/sh
> # locked FOLDER FILE: what a run says while this lock of git is there, and what it does when it is gone.
> ./new $1; touch -d '2 hours ago' $1/.git/$2; pianola -C $1 run --approve --promote checkout --plain > $1.said 2>&1; echo "[$?]"; grep '^r1' $1.said; ls $1/.git/$2
> rm $1/.git/$2; pianola -C $1 resume > $1.log; echo "[$?]"; git -C $1 ls-tree --name-only main a.txt; git -C $1 status --porcelain
> END
$ chmod +x locked; ./locked R25.ref refs/heads/main.lock > ref 2>&1 & ./locked R25 index.lock; wait; cat ref
[6]
r1: paused: $TOP/work/R25/.git/index.lock: a lock of git, 2 h old, of root; expected it gone within 10 s; when no git runs there: rm '$TOP/work/R25/.git/index.lock'; go on: pianola resume
R25/.git/index.lock
[0]
a.txt
[6]
r1: paused: $TOP/work/R25.ref/.git/refs/heads/main.lock: a lock of git, 2 h old, of root; expected it gone within 10 s; when no git runs there: rm '$TOP/work/R25.ref/.git/refs/heads/main.lock'; go on: pianola resume
R25.ref/.git/refs/heads/main.lock
[0]
a.txt
$ ./new R25; touch R25/.git/packed-refs.lock; ./telling -C R25 run --approve --promote checkout; git -C R25 ls-tree --name-only main a.txt; ls R25/.git/packed-refs.lock
done r1: main is <id>, 1 of 1 task landed, integration green
undo pianola undo * --run r1 puts main back to <id>, keeps the work (glob)
a.txt
R25/.git/packed-refs.lock
$ : R28, main moves while the run goes: further, rewritten, away
$ printf '#!/bin/sh\nuntil test -f $(git rev-parse --git-path objects/info/alternates | xargs head -1)/../go; do sleep 0.02; done\necho x > a.txt\n' > seed/agent.sh; git -C seed commit -q -a -m waits
$ ./new R28; cd R28; pianola run --approve --promote checkout --detach; git commit -q --allow-empty -m theirs; touch .git/go; pianola wait; git log --first-parent --format=%s main
r1
Merge main into run
Merge a
waits
start
$ ./new R28; cd R28; pianola run --approve --promote checkout --detach; git commit -q --amend --allow-empty -m rewritten; touch .git/go; pianola wait; pianola status; git log --first-parent --format=%s main; git log --first-parent --format=%s refs/pianola/ready/r1
r1
r1: paused: refs/heads/main was rewritten or deleted during the run; put it back at <id> or a descendant; go on: pianola resume
r1 paused <span>, R28 > main, tasks.yaml <id>, no isolation
1/1 landed, 1 needs you
r1 paused refs/heads/main was rewritten or deleted during the run; put it back at <id> or a descendant: pianola resume
more: pianola status --all   pianola logs TASK
rewritten
start
Merge a
waits
start
$ ./new R28; cd R28; pianola run --approve --promote checkout --detach; git checkout -q --detach; git branch -q -D main; touch .git/go; pianola wait; pianola status; git for-each-ref refs/heads
r1
r1: paused: refs/heads/main was rewritten or deleted during the run; put it back at <id> or a descendant; go on: pianola resume
r1 paused <span>, R28 > main, tasks.yaml <id>, no isolation
1/1 landed, 1 needs you
r1 paused refs/heads/main was rewritten or deleted during the run; put it back at <id> or a descendant: pianola resume
more: pianola status --all   pianola logs TASK
