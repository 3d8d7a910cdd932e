What is said to a command line that cannot be understood, and to a place where nothing can run.
$ pianola rnu
pianola: no command "rnu"; nearest is run; all of them: pianola --help
[2]
$ pianola status --al
pianola status: no option --al; nearest is --all; all of them: pianola status --help
[2]
$ pianola run --jobs 0
pianola run: --jobs: Value 0 not in range 1 to 500; see: pianola run --help
[2]
$ pianola run --jobs
pianola run: --jobs: 1 required INT:INT in [1 - 500] missing; see: pianola run --help
[2]
$ pianola log
pianola log: A subcommand is required; see: pianola log --help
[2]
$ pianola check a b
pianola check: one word too many, "b"; all of them: pianola check --help
[2]
$ pianola --json rnu
{"error":{"code":"usage","exit":2,"message":"pianola: no command \"rnu\"","at":null,"hint":"nearest is run; all of them: pianola --help"}}
[2]
$ pianola version
pianola 0.1.0
$ pianola --json version
{"version":"0.1.0"}
$ pianola status
$TOP/work: not inside a git repository; expected one; run: git init
[4]
$ mkdir r && git init -q -b main r && pianola -C r status
run: no runs here yet; start one: pianola run tasks.yaml
[2]
$ cp $SOURCE/examples/shop/tasks.yaml $SOURCE/examples/shop/.pianola.yaml $SOURCE/examples/shop/agent.sh r/
$ pianola -C r run
$TOP/work/r: branch main has no commit yet; expected a first commit; make one: git commit --allow-empty -m "First commit"
[4]
$ git -C r add -A; git -C r -c user.name=a -c user.email=b commit -q -m start
$ pianola -C r run
$TOP/work/r: git has no user.name and no user.email; expected a name and an address for the merge commits; run: git config --global user.name "Your Name" && git config --global user.email you@example.com
[4]
$ git -C r config user.name Ada; git -C r config user.email ada@localhost
$ pianola -C r run
tasks.yaml needs your approval: risk 39 REQUIRES REVIEW, threshold 25
  +10 many_tasks:7   +27 many_files:19   +2 incomplete_test_coverage:86%
it will run on this machine:
  $TOP/work/r/agent.sh  agent "scripted"
  isolation none                           agents run as you, each in a clone of its own
  ./run-tests money item                   gate of money
  ./run-tests stock item                   gate of stock
  ./run-tests tax item                     gate of tax
  ./run-tests discount                     gate of discount
  ./run-tests order                        gate of order
  ./run-tests receipt                      gate of receipt
  for header in src/*.h; do\\n  name=$(basename "$header" .h)\\n  grep -q "$name" docs/manual.md || { echo "docs/manual.md does not mention $name"; exit 1; }\\ndone\\n gate of manual
  ./run-tests money item                   final check
  ./run-tests stock item                   final check
  ./run-tests tax item                     final check
  ... 4 more: pianola -C $TOP/work/r approve tasks.yaml --show
plan <id>  commands <id>  policy <id>; expected your word; see it all: pianola -C $TOP/work/r approve tasks.yaml --show; approve it: pianola -C $TOP/work/r approve tasks.yaml --yes, or add --approve
[6]
$ mkdir unsealed; ln -s "$(command -v git)" unsealed/git; PATH=$PWD/unsealed $(command -v pianola) -C r run --isolation sealed
isolation: no seal for agents: bubblewrap: bwrap is not on PATH; expected version 0.8 or later; apt-get install bubblewrap; or accept less: --isolation none
[5]
$ pianola -C r run --agent nobody
agent "nobody": no such agent; found scripted; name one of these, or add it under agents: in .pianola.yaml
[5]
$ pianola -C r run --target '-x'
"-x": not the name of a branch: it begins with a dash; expected a short name such as main; see them: git branch --list
[4]
$ printf 'agent: {}\n' > r/.pianola.yaml; pianola -C r run
$TOP/work/r/.pianola.yaml:1:1: unknown key "agent"; expected a configuration key; nearest is agents
[3]
$ pianola completion bash | bash -n
$ pianola completion zsh | head -1
autoload -U +X bashcompinit && bashcompinit
$ pianola stop --all
pianola stop: --all without --now; end everything: pianola stop --all --now, or let it finish: pianola stop
[2]
$ pianola -C r stop --all
pianola stop: --all without --now; end everything: pianola stop --all --now, or let it finish: pianola stop
[2]
