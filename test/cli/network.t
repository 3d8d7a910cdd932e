The network of agents: what is refused without a seal, and what trust is asked for.
$ git init -q -b main r && cd r
$ cd r
$ git config user.name Ada; git config user.email ada@localhost
$ printf '#!/bin/sh\necho x > $PIANOLA_TASK.txt\n' > agent.sh; chmod +x agent.sh
$ printf '#!/bin/sh\nprintf "agents: {mine: {kind: command, argv: [./agent.sh]%%s}}\\n" "$1" > .pianola.yaml\n' > agents; printf '#!/bin/sh\nprintf "tasks: [{id: a, files_write: [a.txt], verification: [{command: test -f a.txt}]%%s}]\\n" "$1" > tasks.yaml\n' > tasks; chmod +x agents tasks
$ ./agents; ./tasks ', network: none'; git add -A; git commit -q -m start; pianola check
tasks.yaml  ok: 1 task, 0 dependencies, 1 wave, no conflicts, 0 of 1 tested
critical    a
risk        20 AUTO-APPROVE (threshold 25)
            +20 incomplete_test_coverage:0%
runs        1 command on this machine; see it: pianola approve tasks.yaml --show
$ pianola run --approve
task a: network: none cannot be kept without a seal; expected isolation sealed; cut the network outside pianola, and drop the key
[3]
$ ./tasks ', network: model'; git commit -q -a -m model; pianola run --approve --jobs 1 --promote checkout 2>&1 | head -2
task a: network: model is not kept without a seal; the network is open
<time> r1 run start main <id>, 1 task, 1 job, no isolation
$ ./tasks; ./agents ', network: none'; pianola run --approve
agent "mine": network: none cannot be kept without a seal; expected isolation sealed; cut the network outside pianola, and drop the key
[3]
$ ./tasks ', network: open'; ./agents ', network: open, allow: ["files.example.test:443"]'; pianola trust --show
  $TOP/work/r/agent.sh  agent "mine"
  isolation none                           agents run as you, each in a clone of its own
  network open                             agent "mine"
  reach files.example.test:443             agent "mine"
  network open                             task a
  test -f a.txt                            gate of a
  test -f a.txt                            final check
commands <id>
$ ./tasks; ./agents ', network: model, allow: ["10.0.0.7:8080"]'; pianola trust --show
  $TOP/work/r/agent.sh  agent "mine"
  isolation none                           agents run as you, each in a clone of its own
  reach 10.0.0.7:8080                      agent "mine"
  test -f a.txt                            gate of a
  test -f a.txt                            final check
commands <id>
$ ./agents ', allow: [files.example.test]'; pianola trust --show
$TOP/work/r/.pianola.yaml:1:59: allow has files.example.test; expected host:port, such as files.example.test:443
[3]
$ ./agents ', network: some'; pianola trust --show
$TOP/work/r/.pianola.yaml:1:61: network is some; expected model, open or none
[3]
