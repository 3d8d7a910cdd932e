Plans looked at without a run.
$ pianola check
tasks.yaml: no such file; expected a plan; name the plan's file, or write tasks.yaml
[3]
$ mkdir p && printf 'tasks: []\n' > p/empty.yaml && pianola -C p check empty.yaml
empty.yaml:1:8: the plan has no tasks; expected at least one; write one under tasks:
1 error in empty.yaml, nothing changed
[3]
$ cp $SOURCE/examples/shop/tasks.yaml p/ && pianola -C p check
tasks.yaml  ok: 7 tasks, 7 dependencies, 5 waves, no conflicts, 6 of 7 tested
critical    money > discount > order > receipt > manual
risk        39 REQUIRES REVIEW (threshold 25)
            +10 many_tasks:7   +27 many_files:19
            +2 incomplete_test_coverage:86%
runs        7 commands on this machine; see them: pianola -C $TOP/work/p approve tasks.yaml --show
$ pianola -C p dag
tasks.yaml  7 tasks, 5 waves
wave 1     money, stock, tax
wave 2     discount
wave 3     order
wave 4     receipt
wave 5     manual
$ pianola -C p --json dag
{"valid":true,"total_waves":5,"waves":[["money","stock","tax"],["discount"],["order"],["receipt"],["manual"]],"total_tasks":7}
$ pianola -C p conflicts
tasks.yaml  no conflicts: 7 tasks
$ printf 'tasks:\n  - {id: a, files_write: [x], verification: [{command: ./t}]}\n  - {id: b, files_write: [x], verification: [{command: ./t}]}\n' > p/clash.yaml; pianola -C p conflicts clash.yaml
file_write_write  x  a, b; add to b: depends_on: [a]
1 conflict in clash.yaml
[1]
$ pianola -C p check clash.yaml
clash.yaml:3:27: "x" is owned by a too (<span>), and b and a have no order; expected one owner at a time; add to b: depends_on: [a]
1 error in clash.yaml, nothing changed
[3]
$ pianola -C p check clash.yaml --json
{"error":{"code":"bad_plan","exit":3,"message":"\"x\" is owned by a too (<span>), and b and a have no order; expected one owner at a time","at":{"file":"clash.yaml","line":3,"col":27},"hint":"add to b: depends_on: [a]"},"errors":[{"code":"bad_plan","exit":3,"message":"\"x\" is owned by a too (<span>), and b and a have no order; expected one owner at a time","at":{"file":"clash.yaml","line":3,"col":27},"hint":"add to b: depends_on: [a]"}],"warnings":[],"valid":false}
[3]
$ printf 'tasks:\n  - id: a/b\n    file_write: [x]\n    verification: [{command: "true"}]\n' > p/bad.yaml; pianola -C p check bad.yaml
bad.yaml:2:5: task "a/b" writes no files; expected files_write with at least one path; own a path, or set mode: read
bad.yaml:2:9: id "a/b"; expected a letter or digit, then at most 63 of letters, digits, "-" and "_"; rename it, or run: pianola check --fix bad.yaml
bad.yaml:3:5: unknown key "file_write"; expected a task key; nearest is files_write
bad.yaml:4:30: command "true" cannot fail; expected a check that can; write one, or set allow_trivial: true
4 errors in bad.yaml, nothing changed
[3]
$ cp p/bad.yaml p/bad2.yaml; pianola -C p check --fix bad2.yaml --json; pianola -C p check --fix none.yaml --json
{"error":{"code":"bad_plan","exit":3,"message":"task \"a-b\" writes no files; expected files_write with at least one path","at":{"file":"bad2.yaml","line":2,"col":5},"hint":"own a path, or set mode: read"},"errors":[{"code":"bad_plan","exit":3,"message":"task \"a-b\" writes no files; expected files_write with at least one path","at":{"file":"bad2.yaml","line":2,"col":5},"hint":"own a path, or set mode: read"},{"code":"bad_plan","exit":3,"message":"unknown key \"file_write\"; expected a task key","at":{"file":"bad2.yaml","line":3,"col":5},"hint":"nearest is files_write"},{"code":"bad_plan","exit":3,"message":"command \"true\" cannot fail; expected a check that can","at":{"file":"bad2.yaml","line":4,"col":30},"hint":"write one, or set allow_trivial: true"}],"warnings":[],"valid":false,"changes":[{"at":{"file":"bad2.yaml","line":2,"col":9},"before":"a/b","after":"a-b"}]}
{"error":{"code":"bad_plan","exit":3,"message":"none.yaml: no such file","at":null,"hint":"expected a plan; name the plan's file, or write tasks.yaml"}}
[3]
$ pianola -C p check --fix bad.yaml; cat p/bad.yaml
bad.yaml:2:9: "a/b" is now "a-b"
1 id rewritten in bad.yaml
bad.yaml:2:5: task "a-b" writes no files; expected files_write with at least one path; own a path, or set mode: read
bad.yaml:3:5: unknown key "file_write"; expected a task key; nearest is files_write
bad.yaml:4:30: command "true" cannot fail; expected a check that can; write one, or set allow_trivial: true
3 errors in bad.yaml, nothing changed
tasks:
  - id: a-b
    file_write: [x]
    verification: [{command: "true"}]
