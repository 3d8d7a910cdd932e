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
$ ./new R32; ./own_mounts sh -c 'mount --bind R32 R32; mount -o remount,bind,ro R32; pianola -C R32 run --approve; echo "[$?]"; pianola -C R32 doctor | grep -E "^[a-z]+ +(repository|journal) "; pianola -C R32 check > said; echo "[$?]"'
$TOP/work/R32/.git: cannot be written to: Read-only file system; expected a repository that you may change; work in a clone: git clone '$TOP/work/R32'
[4]
warn   repository    cannot be written to: Read-only file system, for run; work in a clone: git clone '$TOP/work/R32'
broken journal       cannot be made: Read-only file system, for losing nothing; make it writable
[0]
$ for folder in . objects refs; do ./new R32; chmod a-w R32/.git/$folder; ./unprivileged pianola -C R32 run --approve; echo "[$?]"; chmod u+w R32/.git/$folder; done; ./landed R32
$TOP/work/R32/.git: cannot be written to: Permission denied; expected a repository that you may change; allow it: chmod -R u+w '$TOP/work/R32/.git'
[4]
$TOP/work/R32/.git/objects: cannot be written to: Permission denied; expected a repository that you may change; allow it: chmod -R u+w '$TOP/work/R32/.git/objects'
[4]
$TOP/work/R32/.git/refs: cannot be written to: Permission denied; expected a repository that you may change; allow it: chmod -R u+w '$TOP/work/R32/.git/refs'
[4]
[0]
.pianola.yaml a.txt agent.sh tasks.yaml 
