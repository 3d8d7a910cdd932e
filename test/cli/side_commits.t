An agent that commits on another branch has changed nothing: its task says where the commits are kept, and so does the next prompt.
$ git init -q -b main r
$ cd r
$ git config user.name Ada; git config user.email ada@localhost
$ cat > agent.sh <<'END'
> #!/bin/sh
> if test $PIANOLA_ATTEMPT = 2; then grep -A 2 'elsewhere is kept:' $PIANOLA_PROMPT_FILE > a.txt; exit; fi
> git checkout -q -b idea; echo x > a.txt; git add a.txt
> git -c user.name=A -c user.email=a@localhost commit -q -m Idea; git checkout -q -
> END
$ chmod +x agent.sh
$ printf 'agents: {mine: {kind: command, argv: [./agent.sh]}}\n' > .pianola.yaml
$ printf 'tasks:\n  - {id: a, files_write: [a.txt], verification: [{command: test -f a.txt}]}\n' > tasks.yaml
$ git add -A; git commit -q -m start
$ pianola run --approve --promote checkout --plain > ../out; grep ' a empty' ../out
<time> a empty it says it is done, and nothing changed on its branch; what it committed elsewhere is kept in refs/pianola/saved/r1/a/1.1
$ cat a.txt
Nothing on the branch of your workspace changed, and only that branch counts. What was committed elsewhere is kept:
refs/pianola/saved/r1/a/1.1, see it with: git diff <id> <id>
Bring what the task needs of it onto your branch.
$ pianola log tail -n 50 | grep side_commits
<time> 10 side_commits_kept a/1 refs/pianola/saved/r1/a/1.1
<time> 18 side_commits_kept a/2 refs/pianola/saved/r1/a/2.1
$ git log --format=%s -1 refs/pianola/saved/r1/a/1.1
Idea
