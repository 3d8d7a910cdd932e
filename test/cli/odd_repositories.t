Repositories of an unusual make, further rows of the list of bad inputs: what is said, the exit code, and what becomes
of the work.
$ git init -q -b main seed
$ git -C seed config user.name Ada; git -C seed config user.email ada@localhost
$ printf '#!/bin/sh\necho x > $PIANOLA_TASK.txt\n' > seed/agent.sh; chmod +x seed/agent.sh
$ printf 'agents: {mine: {kind: command, argv: [./agent.sh]}}\njobs: 1\n' > seed/.pianola.yaml
$ printf 'tasks:\n  - {id: a, files_write: [a.txt], attempts: 1, verification: [{command: test -f a.txt}]}\n' > seed/tasks.yaml
$ git -C seed add -A; git -C seed commit -q -m start; git -C seed commit -q --allow-empty -m second; printf '#!/bin/sh\nrm -rf $1 $1.pianola; cp -r seed $1\ngit -C $1 status > log\n' > new; chmod +x new
$ cat > landed <<'END'
> #!/bin/sh
> # landed FOLDER WORDS...: a run there; its exit code, what it says of tasks that went wrong, and the files of main.
> folder=$1; shift; pianola -C $folder run --approve --promote checkout "$@" > said 2>&1; echo "[$?]"
> grep -E ' failed | refused | paused ' said; git -C $folder ls-tree -r --name-only main 2> log | tr '\n' ' '; echo
> END
$ chmod +x landed; printf '#!/bin/sh\necho called "$0" "$@" >> %s/called\ncat\n' "$PWD" > trap.sh; chmod +x trap.sh
$ : R6, a shallow clone
$ git clone -q --depth 1 file://$PWD/seed R6; git -C R6 config user.name Ada; git -C R6 config user.email ada@localhost; ./landed R6; git -C R6 rev-list --count main
[0]
.pianola.yaml a.txt agent.sh tasks.yaml 
3
$ : R7, a partial clone: what a checkout has fetched will do, and nothing is fetched behind the back of people
$ git -C seed config uploadpack.allowFilter true; git clone -q --filter=blob:none file://$PWD/seed R7; git -C R7 config user.name Ada; git -C R7 config user.email ada@localhost; ./landed R7
[0]
.pianola.yaml a.txt agent.sh tasks.yaml 
$ rm -rf R7; git clone -q --filter=blob:none --no-checkout file://$PWD/seed R7; git -C R7 config user.name Ada; git -C R7 config user.email ada@localhost; cp seed/.pianola.yaml seed/tasks.yaml seed/agent.sh R7; pianola -C R7 run --approve; echo "[$?]"; ls R7/.git/refs
$TOP/work/R7: a partial clone, 3 objects of <id> not fetched yet; expected all that agents start from; fetch it: git fetch --refetch --no-filter
[4]
heads
remotes
tags
$ git -C R7 fetch -q --refetch --no-filter; git -C R7 reset -q; ./landed R7
[0]
.pianola.yaml a.txt agent.sh tasks.yaml 
$ : R8, a submodule stays where it is, and one that an agent moves does not land
$ git init -q -b main lib; git -C lib -c user.name=a -c user.email=b commit -q --allow-empty -m lib; ./new R8; git -C R8 -c protocol.file.allow=always submodule --quiet add $PWD/lib lib; git -C R8 commit -q -m lib; ./landed R8; git -C R8 ls-tree main lib
[0]
.gitmodules .pianola.yaml a.txt agent.sh lib tasks.yaml 
160000 commit <id>	lib
$ ./new R8; git -C R8 -c protocol.file.allow=always submodule --quiet add $PWD/lib lib; printf '#!/bin/sh\ngit update-index --cacheinfo 160000,%s,lib; git commit -q -m moved\n' $(git -C seed rev-parse HEAD) > R8/agent.sh; sed -i 's/a.txt/lib/g' R8/tasks.yaml; git -C R8 commit -q -a -m lib; ./landed R8
[1]
<time> a refused lib: a nested repository; commit its files, not it
<time> a failed 1 of 1 attempts: lib: a nested repository; commit its files, not it
<time> r1 failed 1 of 1 tasks did not land
.gitmodules .pianola.yaml agent.sh lib tasks.yaml 
$ : R9, files of git-lfs: only where git would run a filter
$ ./new R9; printf '*.bin filter=lfs diff=lfs merge=lfs -text\n' > R9/.gitattributes; echo pointer > R9/big.bin; git -C R9 add -A; git -C R9 commit -q -m lfs; ./landed R9
[0]
.gitattributes .pianola.yaml a.txt agent.sh big.bin tasks.yaml 
$ ./new R9; printf '*.bin filter=lfs -text\n' > R9/.gitattributes; echo pointer > R9/big.bin; git -C R9 add -A; git -C R9 commit -q -m lfs; git -C R9 config filter.lfs.clean $PWD/trap.sh; git -C R9 config filter.lfs.smudge $PWD/trap.sh; rm -f called; pianola -C R9 run --approve; echo "[$?]"; ls called
big.bin: goes through the filter lfs; expected no such file: this version of pianola runs no filters; see it: git check-attr filter 'big.bin'
[4]
ls: cannot access 'called': No such file or directory
[2]
$ : R10, objects borrowed from elsewhere, there and gone
$ git clone -q --shared seed R10; git -C R10 config user.name Ada; git -C R10 config user.email ada@localhost; ./landed R10
[0]
.pianola.yaml a.txt agent.sh tasks.yaml 
$ git clone -q --shared R10 R10.b; git -C R10.b config user.name Ada; git -C R10.b config user.email ada@localhost; mv R10 away; pianola -C R10.b run --approve; echo "[$?]"; rm -rf away
$TOP/work/R10.b: borrows objects from $TOP/work/R10/.git/objects, which is not there; expected the repository it was cloned from; put it back, or write where it is now into $TOP/work/R10.b/.git/objects/info/alternates
[4]
$ git clone -q --shared seed R10.a; printf '#!/bin/sh\nset -e\ngit show HEAD~1:agent.sh > a.txt\ngit add a.txt; git commit -q -m work\n' > R10.a/agent.sh; git -C R10.a -c user.name=a -c user.email=b commit -q -a -m third; git clone -q --shared R10.a R10.c; git -C R10.c config user.name Ada; git -C R10.c config user.email ada@localhost
$ : needs namespaces; echo ../../../seed/.git/objects > R10.a/.git/objects/info/alternates; printf '# near\n"../../../R10\\056a/.git/objects"\n' > R10.c/.git/objects/info/alternates; cat R10.c/.git/objects/info/alternates; ./landed R10.c --isolation sealed
# near
"../../../R10\056a/.git/objects"
[0]
.pianola.yaml a.txt agent.sh tasks.yaml 
$ : R16, names that some file systems take for one, R17, links that lead anywhere
$ ./new R16; printf '#!/bin/sh\nmkdir s; echo 1 > s/A; echo 2 > s/a; echo 3 > "s/caf\303\251"; echo 4 > "s/cafe\314\201"; echo 5 > s/aux; echo 6 > s/dot.\n' > R16/agent.sh; sed -i 's/\[a.txt\]/["s\/**"]/; s/a.txt/s\/A/' R16/tasks.yaml; git -C R16 commit -q -a -m names; ./landed R16
[0]
.pianola.yaml agent.sh s/A s/a s/aux "s/cafe\314\201" "s/caf\303\251" s/dot. tasks.yaml 
$ ./new R16; echo base > R16/readme.md; git -C R16 add -A; printf '#!/bin/sh\necho x > README.md; echo x > a.txt\n' > R16/agent.sh; sed -i 's/\[a.txt\]/[a.txt, README.md]/' R16/tasks.yaml; git -C R16 commit -q -a -m names; ./landed R16
[1]
<time> a refused README.md: added, but where case and accents do not count it is readme.md, which is outside
<time> a failed 1 of 1 attempts: README.md: added, but where case and accents do not count it is readme.md, which is outside
<time> r1 failed 1 of 1 tasks did not land
.pianola.yaml agent.sh readme.md tasks.yaml 
$ ./new R16; printf '#!/bin/sh\nmkdir s; echo 1 > s/.GIT; mkdir s/GIT~1; echo x > s/GIT~1/config; echo w > a.txt\n' > R16/agent.sh; sed -i 's/a.txt]/"**"]/' R16/tasks.yaml; git -C R16 commit -q -a -m names; ./landed R16
[1]
<time> a failed its work could not be fetched: git add: invalid path 's/.GIT'; its files are kept in refs/pianola/saved/r1/a/1
<time> a failed 1 of 1 attempts: its work could not be fetched: git add: invalid path 's/.GIT'; its files are kept in refs/pianola/saved/r1/a/1
<time> r1 failed 1 of 1 tasks did not land
.pianola.yaml agent.sh tasks.yaml 
$ ./new R17; printf '#!/bin/sh\nln -s b a; ln -s a b; ln -s /etc/passwd p; ln -s .git g; ln -s ../../.. up; echo x > a.txt; ln a.txt hard\n' > R17/agent.sh; git -C R17 commit -q -a -m links; ./landed R17
[1]
<time> a refused a: added, outside files_write and files_append of this task, and 5 more
<time> a failed 1 of 1 attempts: a: added, outside files_write and files_append of this task, and 5 more
<time> r1 failed 1 of 1 tasks did not land
.pianola.yaml agent.sh tasks.yaml 
$ ./new R17; printf '#!/bin/sh\nln -s /etc/passwd a.txt\n' > R17/agent.sh; sed -i 's/test -f a.txt/test -L a.txt/' R17/tasks.yaml; git -C R17 commit -q -a -m links; ./landed R17; git -C R17 cat-file -p main:a.txt; echo
[0]
.pianola.yaml a.txt agent.sh tasks.yaml 
/etc/passwd
$ : R18, a file over the limit
$ ./new R18; printf '#!/bin/sh\ntruncate -s 101M a.txt\n' > R18/agent.sh; git -C R18 commit -q -a -m big; ./landed R18
[1]
<time> a failed its work could not be fetched: a.txt: 101 MB were left uncommitted in one file; expected at most 100 MB; it stays in $TOP/work/R18.pianola/r1/a.1
<time> a failed 1 of 1 attempts: its work could not be fetched: a.txt: 101 MB were left uncommitted in one file; expected at most 100 MB; it stays in $TOP/work/R18.pianola/r1/a.1
<time> r1 failed 1 of 1 tasks did not land
.pianola.yaml agent.sh tasks.yaml 
$ : R19, line ends that git would change
$ ./new R19; printf '#!/bin/sh\nprintf "x\\r\\ny\\n" > a.txt\n' > R19/agent.sh; printf 'one\r\ntwo\n' > R19/mixed.txt; git -C R19 add -A; git -C R19 commit -q -m mixed; printf '* text=auto eol=crlf\n' > R19/.gitattributes; git -C R19 add .gitattributes; git -C R19 commit -q -m attributes; git -C R19 config core.autocrlf true; ./landed R19; git -C R19 diff --stat main~1 main; git -C R19 cat-file -p main:a.txt | od -c | head -1
warning: in the working copy of '.gitattributes', LF will be replaced by CRLF the next time Git touches it
[0]
.gitattributes .pianola.yaml a.txt agent.sh mixed.txt tasks.yaml 
 a.txt | 2 ++
 1 file changed, 2 insertions(+)
<id>   x  \n   y  \n
$ : R20, attributes that name drivers, R21, hooks: neither is run
$ ./new R20; printf '* merge=own export-subst diff=own ident\n' > R20/.gitattributes; git -C R20 add -A; git -C R20 commit -q -m drivers; for key in merge.own.driver diff.own.command diff.own.textconv diff.external core.fsmonitor; do git -C R20 config $key "$PWD/trap.sh"; done; mkdir -p R20/.git/hooks; for hook in pre-commit commit-msg post-commit pre-merge-commit post-merge reference-transaction post-checkout pre-push post-index-change update; do cp trap.sh R20/.git/hooks/$hook; done; rm -f called; pianola -C R20 run --approve --promote checkout > said 2>&1; echo "[$?]"; ls called; git -C R20 -c core.fsmonitor=false rev-list --count main
[0]
ls: cannot access 'called': No such file or directory
5
$ ./new R21; git -C R21 config core.hooksPath $PWD/hooks; mkdir hooks; cp trap.sh hooks/pre-commit; cp trap.sh hooks/reference-transaction; rm -f called; ./landed R21; ls called
[0]
.pianola.yaml a.txt agent.sh tasks.yaml 
ls: cannot access 'called': No such file or directory
[2]
$ : R23, what a checkout may be set to: sparse, a split index, an untracked cache, settings of its own
$ ./new R23; mkdir R23/deep; echo d > R23/deep/d; git -C R23 add -A; git -C R23 commit -q -m deep; git -C R23 config extensions.worktreeConfig true; git -C R23 sparse-checkout set --no-cone '/*' '!/deep'; git -C R23 config core.splitIndex true; git -C R23 config core.untrackedCache true; git -C R23 update-index --split-index; ls R23; ./landed R23; git -C R23 status --porcelain; ls R23
agent.sh
tasks.yaml
[0]
.pianola.yaml a.txt agent.sh deep/d tasks.yaml 
a.txt
agent.sh
tasks.yaml
$ : R24, another object format, an extension that nobody knows
$ git init -q -b main --object-format=sha256 R24; cp seed/.pianola.yaml seed/tasks.yaml seed/agent.sh R24; git -C R24 config user.name Ada; git -C R24 config user.email ada@localhost; git -C R24 add -A; git -C R24 commit -q -m start; ./landed R24
[0]
.pianola.yaml a.txt agent.sh tasks.yaml 
$ ./new R24; git -C R24 config core.repositoryFormatVersion 1; git -C R24 config extensions.future true; pianola -C R24 run --approve; echo "[$?]"
$TOP/work/R24: unknown repository extension found: future; expected a format that this git knows; use the git that made it, or a newer one
[4]
$ : R26, an agent leaves locks of git behind
$ ./new R26; printf '#!/bin/sh\ntouch .git/index.lock .git/HEAD.lock .git/refs/heads/work.lock; echo x > a.txt\n' > R26/agent.sh; git -C R26 commit -q -a -m locks; ./landed R26
[0]
.pianola.yaml a.txt agent.sh tasks.yaml 
$ : R29, the garbage collector prunes everything while a run goes on, R30, with a second run beside it
$ printf '#!/bin/sh\nuntil test -f $(git rev-parse --git-path objects/info/alternates | xargs head -1)/../go; do sleep 0.02; done\necho x > $PIANOLA_TASK.txt\n' > seed/agent.sh; git -C seed commit -q -a -m waits
$ ./new R29; cd R29; git branch side; git commit -q --amend --allow-empty -m other; git switch -q side; pianola run --approve --detach --target side; until git show-ref -q --verify refs/pianola/base/r1; do sleep 0.05; done; git switch -q main; git branch -q -D side; git -c gc.reflogExpire=now reflog expire --expire=now --all; git -c gc.pruneExpire=now gc -q --prune=now; git branch side refs/pianola/base/r1; touch .git/go; pianola wait; pianola status; git fsck --strict --no-dangling
r1
r1 done <span>, R29 > side, tasks.yaml <id>, no isolation
1/1 landed
more: pianola status --all   pianola logs TASK
$ ./new R30; cd R30; git branch side; pianola run --approve --promote checkout --detach; printf 'tasks:\n  - {id: b, files_write: [b.txt], verification: [{command: test -f b.txt}]}\n' > .git/b.yaml; pianola run .git/b.yaml --approve --detach --target side; touch .git/go; pianola wait --run r1; pianola wait --run r2; git ls-tree --name-only main a.txt b.txt; git ls-tree --name-only side a.txt b.txt
r1
r2
a.txt
b.txt
$ : R31, a remote that is a command
$ ./new R31; touch R31/.git/go; git -C R31 remote add origin "ext::sh -c $PWD/trap.sh"; git -C R31 config remote.other.url --upload-pack=$PWD/trap.sh; git -C R31 config branch.main.remote origin; rm -f called; ./landed R31; ls called
[0]
.pianola.yaml a.txt agent.sh tasks.yaml 
ls: cannot access 'called': No such file or directory
[2]
$ : R33, replaced objects and grafts count for nothing
$ ./new R33; touch R33/.git/go; echo evil > R33/a.txt; evil=$(git -C R33 hash-object -w a.txt); rm R33/a.txt; git -C R33 replace $(git -C R33 rev-parse main:tasks.yaml) $evil; mkdir -p R33/.git/info; git -C R33 rev-parse main > R33/.git/info/grafts; ./landed R33 2>&1; git --no-replace-objects -C R33 cat-file -p main:tasks.yaml
[0]
.pianola.yaml a.txt agent.sh tasks.yaml 
tasks:
  - {id: a, files_write: [a.txt], attempts: 1, verification: [{command: test -f a.txt}]}
