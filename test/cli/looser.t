What a repository's file is less careful in than the user's own counts only once it is trusted.
$ mkdir -p "$HOME/.config/pianola"; printf 'promote: leave\nlimits: {memory_mb: 500}\n' > "$HOME/.config/pianola/config.yaml"
$ git init -q -b main r
$ cd r
$ git config user.name Ada; git config user.email ada@localhost; printf 'isolation: none\nagents: {m: {kind: command, argv: [./a.sh]}}\n' > .pianola.yaml; printf '#!/bin/sh\necho a > a\n' > a.sh; chmod +x a.sh; printf 'tasks: [{id: a, description: x, files_write: [a], verification: [{command: grep a a, type: test}]}]\n' > tasks.yaml; git add -A; git commit -qm start; git branch release
$ pianola trust --yes > ../log; pianola trust --show | tail -1
commands <id>, trusted already
$ printf 'promote: checkout\ntarget: release\nlimits: {memory_mb: 0, processes: 10, disk_mb: 99999}\n' >> .pianola.yaml; git commit -qam more; pianola run
these commands are not trusted yet:
  $TOP/work/r/a.sh      agent "m"
  isolation none                           agents run as you, each in a clone of its own
  promote                                  checkout instead of leave
  target                                   release instead of the branch that is checked out
  limits                                   memory_mb 0 instead of 500
  limits                                   disk_mb 99999 instead of 20480
  grep a a                                 gate of a
  grep a a                                 final check
commands <id>; expected your word; trust them: pianola trust tasks.yaml --yes, or add --approve
[6]
$ : PIANOLA_CONFIG names a file of the user; PIANOLA_CONFIG=.pianola.yaml pianola trust --show | grep -c instead
0
[1]
$ rm "$HOME/.config/pianola/config.yaml"; printf 'promote: leave\nlimits: {memory_mb: 1, processes: 10}\n' > .p; sed -i '3,$d' .pianola.yaml; cat .p >> .pianola.yaml; pianola trust --show | grep -c instead
0
[1]
