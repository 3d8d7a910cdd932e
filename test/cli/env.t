What a project is built with, under one short name.
$ mkdir p
$ cd p
$ pianola env hash
no-lock
sources: none
$ pianola env hash --json
{"hash":"no-lock","lockfiles":[]}
$ pianola env verify no-lock
match: no-lock
sources: none
$ mkdir -p svc web/app; printf x > uv.lock; echo a > svc/go.sum; : > web/app/package-lock.json; echo {} > web/app/package.json
$ pianola env hash
24146868b5cd8f39
sources: svc/go.sum, uv.lock, web/app/package-lock.json
$ pianola env hash --json
{"hash":"24146868b5cd8f39","lockfiles":["svc/go.sum","uv.lock","web/app/package-lock.json"]}
$ : D30, the hash alone becomes the value of a variable; ENV_HASH=$(pianola env hash 2> ../said); echo "$ENV_HASH"; pianola env hash --json | grep -c "\"hash\":\"$ENV_HASH\""; pianola env verify "$ENV_HASH"; pianola env verify "$ENV_HASH" --json
24146868b5cd8f39
1
match: 24146868b5cd8f39
sources: svc/go.sum, uv.lock, web/app/package-lock.json
{"match":true,"expected":"24146868b5cd8f39","actual":"24146868b5cd8f39","lockfiles":["svc/go.sum","uv.lock","web/app/package-lock.json"]}
$ pianola env verify 0123456789abcdef
no match: actual 24146868b5cd8f39, expected 0123456789abcdef
sources: svc/go.sum, uv.lock, web/app/package-lock.json
[1]
$ pianola env verify 0123456789abcdef --json
{"match":false,"expected":"0123456789abcdef","actual":"24146868b5cd8f39","lockfiles":["svc/go.sum","uv.lock","web/app/package-lock.json"]}
[1]
$ : D30, what is no hash is refused and not compared; pianola env verify "$(printf 'Environment hash: 8ff4b8b533285e6f\nSources: uv.lock')"
pianola env verify: HASH: "Environment hash: 8ff4b8b533285e6f\\nSources: uv.lock" is no environment hash; expected 16 hex digits, or no-lock, as pianola env hash prints them; see: pianola env verify --help
[2]
$ pianola env verify 8FF4B8B533285E6F --json
{"error":{"code":"usage","exit":2,"message":"pianola env verify: HASH: \"8FF4B8B533285E6F\" is no environment hash; expected 16 hex digits, or no-lock, as pianola env hash prints them","at":null,"hint":"see: pianola env verify --help"}}
[2]
$ pianola env verify
pianola env verify: HASH is required; see: pianola env verify --help
[2]
$ pianola env
pianola env: A subcommand is required; see: pianola env --help
[2]
$ : the same tree in another place and of other times; cp -r . ../q; touch -d 2001-02-03 ../q/uv.lock ../q/svc; pianola env hash --path ../q; ln -s q ../r; pianola -C ../r env hash 2> ../said; rm ../r; pianola -C ../q/web env hash --path ..  2> ../said; pianola env hash --path $PWD/web; rm -r ../q
24146868b5cd8f39
sources: svc/go.sum, uv.lock, web/app/package-lock.json
24146868b5cd8f39
24146868b5cd8f39
00df23a36dca966d
sources: app/package-lock.json
$ : D55, what moves between a name and a content; mkdir -p ../m/a ../n/ab; printf bx > ../m/a/uv.lock; printf x > ../n/ab/uv.lock; pianola env hash --path ../m; pianola env hash --path ../n; printf Xyarn.lock > ../m/a/uv.lock; pianola env hash --path ../m/a; printf X > ../m/a/uv.lock; : > ../m/a/yarn.lock; pianola env hash --path ../m/a; rm -r ../m ../n
5c7cd015955726fa
sources: a/uv.lock
66ed86b327d4d4d4
sources: ab/uv.lock
8af32ad4a48120f4
sources: uv.lock
5ee054798187481b
sources: uv.lock, yarn.lock
$ : D55, a folder that is named like a lockfile; mkdir Cargo.lock; : > Cargo.lock/Pipfile.lock; pianola env hash; rm -r Cargo.lock
bf919145f624e868
sources: Cargo.lock/Pipfile.lock, svc/go.sum, uv.lock, web/app/package-lock.json
$ : packages of others and workspaces; for folder in .git node_modules web/vendor .venv venv target p.pianola; do mkdir -p $folder/deep; : > $folder/deep/yarn.lock; done; pianola env hash; rm -r .git node_modules web/vendor .venv venv target p.pianola
24146868b5cd8f39
sources: svc/go.sum, uv.lock, web/app/package-lock.json
$ : links that lead round in circles; ln -s . loop; ln -s ../.. svc/up; ln -s svc deno.lock; pianola env hash; rm loop svc/up deno.lock
24146868b5cd8f39
sources: svc/go.sum, uv.lock, web/app/package-lock.json
$ : a link is the file that it leads to; ln -s ../uv.lock web/uv.lock; pianola env hash; cp --remove-destination uv.lock web/uv.lock; pianola env hash; rm web/uv.lock
ddf990f4149fddb2
sources: svc/go.sum, uv.lock, web/app/package-lock.json, web/uv.lock
ddf990f4149fddb2
sources: svc/go.sum, uv.lock, web/app/package-lock.json, web/uv.lock
$ ln -s nowhere poetry.lock; pianola env hash; echo $?; ln -sf poetry.lock poetry.lock; pianola env hash; rm poetry.lock; mkfifo poetry.lock; pianola env verify no-lock --json; rm poetry.lock
$TOP/work/p/poetry.lock: No such file or directory; expected every folder and lockfile to be readable; mend it, move it away, or name another folder: --path
1
$TOP/work/p/poetry.lock: Too many levels of symbolic links; expected every folder and lockfile to be readable; mend it, move it away, or name another folder: --path
{"error":{"code":"failed","exit":1,"message":"$TOP/work/p/poetry.lock: is not a regular file","at":null,"hint":"expected a lockfile; mend it, move it away, or name another folder: --path"}}
$ : nothing that cannot be read is passed over; without= ; test $(id -u) = 0 && without='setpriv --inh-caps -dac_override,-dac_read_search --bounding-set -dac_override,-dac_read_search'; chmod 0 svc/go.sum; $without pianola env hash; chmod 600 svc/go.sum; chmod 0 svc; $without pianola env hash; chmod 700 svc
$TOP/work/p/svc/go.sum: Permission denied; expected every folder and lockfile to be readable; mend it, move it away, or name another folder: --path
$TOP/work/p/svc/: Permission denied; expected every folder and lockfile to be readable; mend it, move it away, or name another folder: --path
$ truncate -s 65M yarn.lock; pianola env hash; rm yarn.lock
$TOP/work/p/yarn.lock: is too large; expected at most <id> bytes; mend it, move it away, or name another folder: --path
$ deep=$(printf 'd/%.0s' $(seq 64)); mkdir -p $deep; : > ${deep}go.sum; pianola env hash 2>&1 | sed 's,\(d/\)\{64\},D64/,'; mkdir ${deep}d; pianola env hash 2>&1 | sed 's,\(d/\)\{64\},D64/,'; rm -r d
afff7d266b51d2ed
sources: D64/go.sum, svc/go.sum, uv.lock, web/app/package-lock.json
$TOP/work/p/D64/d: too deep; expected at most 64 folders below the first; mend it, move it away, or name another folder: --path
$ : names that would drive a terminal; mkdir "$(printf 'two\nlines \033[31m')" "$(printf 'caf\351')"; : > "$(printf 'two\nlines \033[31m/bun.lockb')"; : > "$(printf 'caf\351/deno.lock')"; pianola env hash; pianola env verify no-lock --json; rm -r two* caf*
6fb186aec9050fc7
sources: caf\xe9/deno.lock, svc/go.sum, two\nlines \x1b[31m/bun.lockb, uv.lock, web/app/package-lock.json
{"match":false,"expected":"no-lock","actual":"6fb186aec9050fc7","lockfiles":["caf\\xe9/deno.lock","svc/go.sum","two\nlines \u001b[31m/bun.lockb","uv.lock","web/app/package-lock.json"]}
$ pianola env hash --path none
pianola env: --path: no folder $TOP/work/p/none; expected one that is there
[2]
$ pianola env verify no-lock --path uv.lock --json
{"error":{"code":"usage","exit":2,"message":"pianola env: --path: no folder $TOP/work/p/uv.lock","at":null,"hint":"expected one that is there"}}
[2]
$ mkdir ../tools; cd ../tools; printf '#!/bin/sh\nprintf "go version go1.22.1 $PWD \\033[31m\\nmore\\n"; test "$1" = version\n' > go; printf '#!/bin/sh\necho Python 3.11.2\n' > python3; printf '#!/bin/sh\necho v20.11.0\n' > node; chmod +x *
$ PATH=$PWD/../tools $(command -v pianola) env hash --tools
warning: npm is not on PATH; its version counts as absent
warning: uv is not on PATH; its version counts as absent
952a5704b5ebd7d7
sources: svc/go.sum, uv.lock, web/app/package-lock.json
tools: go (go version go1.22.1 / \x1b[31m), node (v20.11.0), npm (absent), python3 (Python 3.11.2), uv (absent)
$ PATH=$PWD/../tools $(command -v pianola) env hash --tools --json 2> ../said
{"hash":"952a5704b5ebd7d7","lockfiles":["svc/go.sum","uv.lock","web/app/package-lock.json"],"tools":{"go":"go version go1.22.1 / \\x1b[31m","node":"v20.11.0","npm":"absent","python3":"Python 3.11.2","uv":"absent"}}
$ tools=$PWD/../tools; cd ..; pianola=$(command -v pianola); PATH=$tools; hash=$($pianola env hash --tools --path p 2> said); $pianola env verify $hash --path p --tools; $pianola env verify $hash --path p
warning: npm is not on PATH; its version counts as absent
warning: uv is not on PATH; its version counts as absent
match: 952a5704b5ebd7d7
sources: svc/go.sum, uv.lock, web/app/package-lock.json
tools: go (go version go1.22.1 / \x1b[31m), node (v20.11.0), npm (absent), python3 (Python 3.11.2), uv (absent)
no match: actual 24146868b5cd8f39, expected 952a5704b5ebd7d7
sources: svc/go.sum, uv.lock, web/app/package-lock.json
[1]
$ printf '#!/bin/sh\nexit 3\n' > ../tools/go; PATH=$PWD/../tools $(command -v pianola) env hash --tools
$TOP/work/p/../tools/go: does not answer to version within 5 s; expected its version; try it yourself, or leave --tools out
[5]
