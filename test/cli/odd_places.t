Repositories in odd places, on odd disks and under odd clocks, further rows of the list of bad inputs: what is said, the
exit code, and that a run that may not start leaves nothing.
$ git init -q -b main seed; git -C seed config user.name Ada; git -C seed config user.email ada@localhost
$ printf '#!/bin/sh\necho x > a.txt\n' > seed/agent.sh; chmod +x seed/agent.sh
$ printf 'agents: {mine: {kind: command, argv: [./agent.sh]}}\njobs: 1\n' > seed/.pianola.yaml
$ printf 'tasks:\n  - {id: a, files_write: [a.txt], attempts: 1, verification: [{command: test -f a.txt}]}\n' > seed/tasks.yaml
$ git -C seed add -A; git -C seed commit -q -m start; printf '#!/bin/sh\nrm -rf $1 $1.pianola; cp -r seed $1\ngit -C $1 status > log\n' > new; chmod +x new
$ cat > landed <<'END'
> #!/bin/sh
> # landed FOLDER: a run there; its exit code, what it says of tasks that went wrong, and the files of main.
> pianola -C $1 run --approve --promote checkout > said 2>&1; echo "[$?]"
> grep -E ' failed | refused | paused |^r1: ' said; git -C $1 ls-tree -r --name-only main 2> log | tr '\n' ' '; echo
> END
$ chmod +x landed; spaces='unshare -m'; plain='unshare -U'; test $(id -u) = 0 || { spaces='unshare -Um --map-current-user'; plain=; }; printf '#!/bin/sh\nexec %s "$@"\n' "$spaces" > own_mounts; printf '#!/bin/sh\nexec %s "$@"\n' "$plain" > unprivileged; chmod +x own_mounts unprivileged
$ : C10, a clock that nobody has set, one that is set back while the run goes on, one that lies behind what was recorded
$ printf '#!/bin/sh\nLD_PRELOAD=$ODD_MACHINE ODD_CLOCK=%s/ahead exec pianola "$@"\n' "$PWD" > clocked; chmod +x clocked; echo $((100000000 - $(date +%s))) > ahead; ./new C10; ./clocked -C C10 doctor | grep clock; ./clocked -C C10 run --approve --plain 2>&1 | grep -E "clock|a landed"
warn   clock         <time> (needs 2020 or later), for logins, certificates and the times of runs; timedatectl set-ntp true
the machine's clock says <time>, so do the run's times; logins and certificates may fail; set it: timedatectl set-ntp true
<time> a landed staging <id>, try 1, <span>
$ printf '#!/bin/sh\necho -36030 > %s/ahead; echo x > a.txt\n' "$PWD" > C10/agent.sh; git -C C10 commit -q -a -m back; echo 0 > ahead; ./clocked -C C10 run --approve --plain 2>&1 | grep -E "clock|a landed"
r2: the machine's clock is <time> behind the run's, which goes on as it was; the order of events is that of their numbers
<time> a landed staging <id>, try 1, <span>
$ ./clocked -C C10 promote 2>&1 | grep -E "clock|done"; echo 0 > ahead; pianola -C C10 log show 1 > first; pianola -C C10 log verify | tail -1 | cut -d, -f1; pianola -C C10 status; pianola -C C10 log tail | awk '{ if ($1 < before) print "back:", $0; before = $1 }'; pianola -C C10 doctor | grep clock
r2: the machine's clock is <time> behind the run's, which goes on as it was; the order of events is that of their numbers
done r2: main is <id>, 1 of 1 task landed, integration green
r2  whole: 27 events in 1 segment
r2 done <span>, C10 > main, tasks.yaml <id>, no isolation
1/1 landed
more: pianola status --all   pianola logs TASK
[1]
$ : C14, disks whose locks or syncs do not hold, and one that is laid over another
$ ./new C14; for odd in ODD_LOCKS=none ODD_LOCKS=refused ODD_SYNCS=refused; do env LD_PRELOAD=$ODD_MACHINE $odd pianola -C C14 run --approve; echo "[$?]"; env LD_PRELOAD=$ODD_MACHINE $odd pianola -C C14 doctor | grep journal; done; find C14/.git/pianola
$TOP/work/C14/.git/pianola: a lock there keeps nobody out; expected a file system with flock(2) and fsync(2); move the repository to a local disk
[4]
broken journal       a lock there keeps nobody out, for losing nothing; move the repository to a local disk
$TOP/work/C14/.git/pianola: cannot be locked: No locks available; expected a file system with flock(2) and fsync(2); move the repository to a local disk
[4]
broken journal       cannot be locked: No locks available, for losing nothing; move the repository to a local disk
$TOP/work/C14/.git/pianola: a file there cannot be synced: Invalid argument; expected a file system with flock(2) and fsync(2); move the repository to a local disk
[4]
broken journal       a file there cannot be synced: Invalid argument, for losing nothing; move the repository to a local disk
C14/.git/pianola
$ : needs namespaces; mkdir over; ./own_mounts sh -c 'mount -t tmpfs over over; mkdir over/lower over/upper over/work over/r; cp -r seed over/lower/r; mount -t overlay -o lowerdir=over/lower,upperdir=over/upper,workdir=over/work over over/r 2> log || cp -r over/lower/r over/r; ./landed over/r/r'
[0]
.pianola.yaml a.txt agent.sh tasks.yaml 
$ : R6, a shallow clone whose target goes on beyond what the clone holds
$ ./new R6.seed; printf '#!/bin/sh\ncd %s && ./move && cd - && echo x > a.txt\n' "$PWD" > R6.seed/agent.sh; git -C R6.seed commit -q -a -m moves; git clone -q --bare R6.seed up.git; git clone -q --depth 1 file://$PWD/up.git R6; git -C R6 config user.name Ada; git -C R6 config user.email ada@localhost; git clone -q up.git theirs; cat > move <<'END'
> #!/bin/sh
> cd theirs; for i in 1 2; do git -c user.name=a -c user.email=b commit -q --allow-empty -m theirs; done; git push -q
> cd ../R6; git fetch -q --depth 1 origin main; git reset -q --hard origin/main
> END
$ chmod +x move; ./landed R6; pianola -C R6 resume --dry-run; echo "[$?]"
[6]
<time> r1 paused main: moved to <id>, and this shallow clone does not hold what that and <id> come from; expected their merge base; fetch it: git fetch --unshallow, then: pianola resume
r1: paused: main: moved to <id>, and this shallow clone does not hold what that and <id> come from; expected their merge base; fetch it: git fetch --unshallow; go on: pianola resume
.pianola.yaml agent.sh tasks.yaml 
main: moved to <id>, and this shallow clone does not hold what that and <id> come from; expected their merge base; fetch it: git fetch --unshallow, then: pianola resume
[4]
$ git -C R6 fetch -q --unshallow; pianola -C R6 resume | grep -E ' moved | done '; git -C R6 log --first-parent --format=%s
<time> r1 moved main is at <id> now; this run is merged with it and checked again
<time> r1 done main <id>, 1 of 1 landed
Merge main into run
Merge a
moves
start
$ : R18, a file of 99 MB, a path of 1,000 folders and 1,000 files, beside a file of 2 GB
$ cat > big <<'END'
> #!/bin/sh
> # big SCRIPT: a run whose agent does SCRIPT in s/, and how many files main has then.
> ./new R18; printf '#!/bin/bash\nmkdir s; cd s\n%s\n' "$1" > R18/agent.sh; sed -i 's/a.txt]/"s\/**"]/; s/-f a.txt/-d s/' R18/tasks.yaml; git -C R18 commit -q -a -m big; ./landed R18 | head -n -1; git -C R18 ls-tree -r --name-only main | wc -l
> END
$ chmod +x big; ./big 'truncate -s 99M large; deep=$(printf "d/%.0s" $(seq 1000)); mkdir -p $deep; echo x > ${deep}leaf; seq 1000 | xargs touch'; git -C R18 cat-file -s main:s/large; git -C R18 ls-tree -r --name-only main | grep -c '^s/d/.*/d/leaf$'; git -C R18 status --porcelain
[0]
1005
103809024
1
$ ./big 'truncate -s 2G large'
[1]
<time> a failed its work could not be fetched: s/large: 2048 MB were left uncommitted in one file; expected at most 100 MB; it stays in $TOP/work/R18.pianola/r1/a.1
<time> a failed 1 of 1 attempts: its work could not be fetched: s/large: 2048 MB were left uncommitted in one file; expected at most 100 MB; it stays in $TOP/work/R18.pianola/r1/a.1
<time> r1 failed 1 of 1 tasks did not land
3
$ : R24, the workspace has the format of the repository, formats that this git or pianola does not know
$ git init -q -b main --object-format=sha256 R24; cp seed/.pianola.yaml seed/tasks.yaml R24; printf '#!/bin/sh\ngit rev-parse --show-object-format; git rev-parse HEAD | wc -c; echo x > a.txt; git add a.txt; git commit -q -m work\n' > R24/agent.sh; chmod +x R24/agent.sh; git -C R24 config user.name Ada; git -C R24 config user.email ada@localhost; git -C R24 add -A; git -C R24 commit -q -m start; ./landed R24; pianola -C R24 logs a; git -C R24 fsck --strict
[0]
.pianola.yaml a.txt agent.sh tasks.yaml 
sha256
65
$ for setting in 'extensions.refStorage reftable' 'core.repositoryFormatVersion 7'; do ./new R24; git -C R24 config core.repositoryFormatVersion 1; git -C R24 config $setting; pianola -C R24 run --approve; echo "[$?]"; done; ./new R24; mkdir R24/.git/reftable; pianola -C R24 run --approve; echo "[$?]"
$TOP/work/R24: unknown repository extension found: refstorage; expected a format that this git knows; use the git that made it, or a newer one
[4]
$TOP/work/R24: Expected git repo version <= 1, found 7; expected a format that this git knows; use the git that made it, or a newer one
[4]
$TOP/work/R24: keeps its refs in reftable; expected refs in files, as git keeps them by default; convert it, with git 2.46 or newer: git refs migrate --ref-format=files
[4]
$ : R32, a repository that may only be read
$ : needs namespaces; ./new R32; ./own_mounts sh -c 'mount --bind R32 R32; mount -o remount,bind,ro R32; pianola -C R32 run --approve; echo "[$?]"; pianola -C R32 doctor | grep -E "^[a-z]+ +(repository|journal) "; pianola -C R32 check > said; echo "[$?]"'
$TOP/work/R32/.git: cannot be written to: Read-only file system; expected a repository that you may change; work in a clone: git clone '$TOP/work/R32'
[4]
warn   repository    cannot be written to: Read-only file system, for run; work in a clone: git clone '$TOP/work/R32'
broken journal       Read-only file system, for losing nothing; make it writable
[0]
$ : needs namespaces; for folder in . objects refs; do ./new R32; chmod a-w R32/.git/$folder; ./unprivileged pianola -C R32 run --approve; echo "[$?]"; chmod u+w R32/.git/$folder; done; ./landed R32
$TOP/work/R32/.git: cannot be written to: Permission denied; expected a repository that you may change; allow it: chmod -R u+rwX '$TOP/work/R32/.git'
[4]
$TOP/work/R32/.git/objects: cannot be written to: Permission denied; expected a repository that you may change; allow it: chmod -R u+rwX '$TOP/work/R32/.git/objects'
[4]
$TOP/work/R32/.git/refs: cannot be written to: Permission denied; expected a repository that you may change; allow it: chmod -R u+rwX '$TOP/work/R32/.git/refs'
[4]
[0]
.pianola.yaml a.txt agent.sh tasks.yaml 
