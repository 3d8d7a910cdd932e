gc: what finished runs left is cleared away, and whatever it held is safe first.
$ git init -q -b main r
$ cd r
$ git config user.name Ada; git config user.email ada@localhost
$ printf '#!/bin/sh\necho half > $PIANOLA_TASK.txt\necho "$PIANOLA_RUN $PIANOLA_TASK"\n' > agent.sh; chmod +x agent.sh
$ printf 'agents: {mine: {kind: command, argv: [./agent.sh]}}\njobs: 1\n' > .pianola.yaml
$ printf 'tasks:\n  - {id: a, files_write: [a.txt], verification: [{command: test -f a.txt}]}\n  - {id: bad, files_write: [bad.txt], attempts: 1, verification: [{command: test -f none.txt}]}\n' > tasks.yaml
$ git add -A; git commit -q -m start
$ pianola gc
total workspaces 0 B, logs 0 B, journal 0 B, freed 0 B
$ pianola run --approve > ../log; tail -1 ../log | cut -d' ' -f1; pianola run --approve > ../log; ls ../r.pianola/r1 | grep bad
all
bad.1
bad.1.base
bad.1.home
bad.1.index
$ echo by-hand > ../r.pianola/r1/bad.1/hand.txt; mkdir ../r.pianola/r1/mine
$ for kind in home base index audit making going source leftovers; do mkdir -p ../r.pianola/r1/a.1.$kind; done; mkdir ../r.pianola/r1/bad.1.leftovers ../r.pianola/r1/bad.1.source
$ flock .git/pianola/runs/r1/attempts/bad.1/attempt.lock pianola gc --keep 1 | head -1; ls ../r.pianola/r1 | wc -l
r1 failed workspaces *, freed 0 B; kept: r1: the agent of bad.1 still runs; expected none; look: pianola repair --diagnose (glob)
15
$ printf 'for top in .git ../r.pianola; do find $top -printf "%%p %%y %%m %%s %%T@ %%l\\n" | sort; find $top -type f -print0 | sort -z | xargs -0 sha256sum; done | sha256sum\n' > ../digest; git rev-list --all | sort > ../commits
$ sh ../digest > ../before; pianola gc --dry-run --keep 1
r1 failed workspaces *, logs *, journal *, would free * and 4 refs, 2 saved first (glob)
r2 failed workspaces *, logs *, journal *, would free *; kept: among the last 1 (glob)
total workspaces *, logs *, journal *, would free * and 4 refs, 2 saved first (glob)
nothing was changed; do it: pianola gc
$ sh ../digest | cmp - ../before && echo the same
the same
$ pianola gc --keep 1
r1 failed workspaces *, logs *, journal *, freed * and 4 refs, 2 saved first; kept something in $TOP/work/r.pianola/r1 that pianola did not make (glob)
r2 failed workspaces *, logs *, journal *, freed *; kept: among the last 1 (glob)
total workspaces *, logs *, journal *, freed * and 4 refs, 2 saved first (glob)
$ git rev-list --all | sort > ../now; comm -23 ../commits ../now; ls ../r.pianola/r1; ls -d ../r.pianola/r2/bad.1
mine
../r.pianola/r2/bad.1
$ git show refs/pianola/saved/r1/bad/1:hand.txt
by-hand
$ git for-each-ref --format='%(refname)' refs/pianola | grep /r1 | grep -v /a/
refs/pianola/base/r1
refs/pianola/saved/r1/bad/1
refs/pianola/saved/r1/swept/cand/bad.1
refs/pianola/saved/r1/swept/in/bad/1
refs/pianola/staging/r1
$ pianola logs bad --run r1; pianola log verify --run r1 | cut -d: -f1; pianola log tail --run r1 -n 3
r1 bad
r1  whole
<time> * workspace_saved bad.1 as <id>, by ada (glob)
<time> * workspace_removing bad.1, by ada (glob)
<time> * workspace_removed bad.1, by ada (glob)
$ pianola workspace list --run r1; pianola status --run r1 | head -1
r1: no workspaces
r1 failed <span>, r > main, tasks.yaml <id>, no isolation
$ pianola gc --keep 1 | head -1
r1 failed workspaces *, logs *, journal *, freed *; kept something in $TOP/work/r.pianola/r1 that pianola did not make (glob)
$ pianola gc --logs --json | tr , '\n' | grep -c '"run":'
2
$ pianola logs bad --run r1
$ flock .git/pianola/runs/r2/lock pianola gc | grep r2
r2 failed workspaces *, logs *, journal *, freed *; kept: supervisor * runs it (glob)
