Every command with an option it does not have.
$ for command in check dag conflicts run resume status wait 'logs a' stop 'say a b' promote trust 'log tail' 'log show 1' 'log verify' 'workspace list' 'workspace path a' doctor 'env hash' 'env verify no-lock' 'contract new' 'contract check' 'contract renegotiate A --reason x' 'agents list' 'completion bash' version; do pianola $command --nope; echo "[$?]"; done
pianola check: no option --nope; all of them: pianola check --help
[2]
pianola dag: no option --nope; all of them: pianola dag --help
[2]
pianola conflicts: no option --nope; all of them: pianola conflicts --help
[2]
pianola run: no option --nope; all of them: pianola run --help
[2]
pianola resume: no option --nope; all of them: pianola resume --help
[2]
pianola status: no option --nope; all of them: pianola status --help
[2]
pianola wait: no option --nope; all of them: pianola wait --help
[2]
pianola logs: no option --nope; all of them: pianola logs --help
[2]
pianola stop: no option --nope; nearest is --now; all of them: pianola stop --help
[2]
pianola say: no option --nope; all of them: pianola say --help
[2]
pianola promote: no option --nope; all of them: pianola promote --help
[2]
pianola trust: no option --nope; all of them: pianola trust --help
[2]
pianola log tail: no option --nope; all of them: pianola log tail --help
[2]
pianola log show: no option --nope; all of them: pianola log show --help
[2]
pianola log verify: no option --nope; all of them: pianola log verify --help
[2]
pianola workspace list: no option --nope; all of them: pianola workspace list --help
[2]
pianola workspace path: no option --nope; all of them: pianola workspace path --help
[2]
pianola doctor: no option --nope; all of them: pianola doctor --help
[2]
pianola env hash: no option --nope; all of them: pianola env hash --help
[2]
pianola env verify: no option --nope; all of them: pianola env verify --help
[2]
pianola contract new: no option --nope; all of them: pianola contract new --help
[2]
pianola contract check: no option --nope; all of them: pianola contract check --help
[2]
pianola contract renegotiate: no option --nope; all of them: pianola contract renegotiate --help
[2]
pianola agents list: no option --nope; all of them: pianola agents list --help
[2]
pianola completion: no option --nope; all of them: pianola completion --help
[2]
pianola version: no option --nope; all of them: pianola version --help
[2]
$ pianola --help | sed -n 's/^  \([a-z]*\)  .*/\1/p' | tr '\n' ' '
check dag conflicts risk plan env contract run resume status wait stop say promote undo trust approve logs log workspace doctor agents completion version gc repair 
