Plans to begin with: every template, where it is written, and what is refused.
$ git init -q r
$ cd r
$ pianola plan new --template mvp5
pianola plan new: no test command is known here; expected one that every task has to pass; add --test COMMAND, or test: COMMAND to .pianola.yaml
[3]
$ pianola plan new --template mvp5 --json
{"error":{"code":"bad_plan","exit":3,"message":"pianola plan new: no test command is known here","at":null,"hint":"expected one that every task has to pass; add --test COMMAND, or test: COMMAND to .pianola.yaml"}}
[3]
$ pianola plan new --template mvp5 --test 'exit 0'
pianola plan new: --test "exit 0"; expected a command that can fail, such as npm test
[2]
$ pianola plan new
pianola plan new: no --template; expected one of mvp5, prod15, enterprise50, architect-first, test-first, sparc, review-integrated
[2]
$ pianola plan new --template prod51
pianola plan new: no template "prod51"; expected one of mvp5, prod15, enterprise50, architect-first, test-first, sparc, review-integrated; nearest is prod15
[2]
$ pianola plan new --template nothing --json
{"error":{"code":"usage","exit":2,"message":"pianola plan new: no template \"nothing\"","at":null,"hint":"expected one of mvp5, prod15, enterprise50, architect-first, test-first, sparc, review-integrated"}}
[2]
$ pianola plan
pianola plan: no request; expected what is to be done, in words; pianola plan "Add a login page", or: pianola plan new --template NAME
[2]
$ pianola plan nwe
pianola plan: "nwe" is near the command new; expected what is to be done, in words; pianola plan new --template NAME
[2]
$ echo 'test: make test' > .pianola.yaml; pianola plan new --template mvp5
tasks.yaml  5 tasks from mvp5; make them those of your project, then: pianola check tasks.yaml
$ cat tasks.yaml
# From the template mvp5. Make the descriptions and paths those of your project.
# The checks were assumed: the project's own test command, where no better one was known.
version: 1
request: "A first version that people can use"
tasks:
  - id: schema
    description: "The data model: tables or documents, their keys and relations, migrations that can be run twice."
    files_write: ["db/"]
    verification:
      - {command: "make test", type: "test"}
  - id: api
    description: "The HTTP API over the data model: routes, input checks, errors with a code and a message."
    depends_on: [schema]
    files_write: ["src/api/"]
    verification:
      - {command: "make test", type: "test"}
  - id: auth
    description: "Sign-up, sign-in and sign-out; passwords hashed, sessions that end, every protected route refused without one."
    depends_on: [schema]
    files_write: ["src/auth/"]
    verification:
      - {command: "make test", type: "test"}
  - id: health
    description: "A health route that says which parts answer, and logs that name each request."
    depends_on: [api]
    files_write: ["src/health/"]
    verification:
      - {command: "make test", type: "test"}
  - id: integration-tests
    description: "Tests of the whole: sign up, sign in, use the API, and see the health route report it."
    depends_on: [api, auth, health]
    files_write: ["tests/integration/"]
    verification:
      - {command: "make test", type: "test"}
$ pianola plan new --template mvp5
tasks.yaml: the file is there; expected a new file; name another: -o FILE, or print the plan: -o -
[1]
$ for t in mvp5 prod15 enterprise50 architect-first test-first sparc review-integrated; do pianola plan new --template $t -o plans/$t.yaml && pianola check plans/$t.yaml && pianola dag plans/$t.yaml | cut -c 1-100; done
plans/mvp5.yaml  5 tasks from mvp5; make them those of your project, then: pianola check plans/mvp5.yaml
plans/mvp5.yaml  ok: 5 tasks, 6 dependencies, 4 waves, no conflicts, 5 of 5 tested
critical    schema > api > health > integration-tests
risk        20 AUTO-APPROVE (threshold 25)
            +20 sensitive_path:src/auth/:auth
runs        1 command on this machine; see it: pianola approve plans/mvp5.yaml --show
plans/mvp5.yaml  5 tasks, 4 waves
wave 1     schema
wave 2     api, auth
wave 3     health
wave 4     integration-tests
plans/prod15.yaml  15 tasks from prod15; make them those of your project, then: pianola check plans/prod15.yaml
plans/prod15.yaml  ok: 15 tasks, 25 dependencies, 6 waves, no conflicts, 15 of 15 tested
critical    containers > users > gateway > authorisation > delivery > runbooks
risk        130 HIGH RISK (threshold 25)
            +25 sensitive_path:services/payments/:payment
            +20 sensitive_path:security/authorisation/:auth
            +20 sensitive_path:security/hardening/:auth   +50 many_tasks:15
            +15 many_files:15
runs        1 command on this machine; see it: pianola approve plans/prod15.yaml --show
plans/prod15.yaml  15 tasks, 6 waves
wave 1     containers, network, storage
wave 2     users, catalogue, orders, payments, notifications
wave 3     gateway
wave 4     api-docs, authorisation, hardening, monitoring
wave 5     delivery
wave 6     runbooks
plans/enterprise50.yaml  50 tasks from enterprise50; make them those of your project, then: pianola check plans/enterprise50.yaml
plans/enterprise50.yaml  ok: 50 tasks, 102 dependencies, 7 waves, no conflicts, 50 of 50 tested
critical    accounts > network > cluster > observability > detection > response > release-tests
risk        595 HIGH RISK (threshold 25)
            +25 sensitive_path:infra/secrets/:\\.env
            +15 sensitive_path:infra/databases/:migration
            +25 sensitive_path:services/billing/:payment
            +25 sensitive_path:services/payments/:payment
            +20 sensitive_path:security/authentication/:auth
            +20 sensitive_path:security/authorisation/:auth   and 8 more
runs        1 command on this machine; see it: pianola approve plans/enterprise50.yaml --show
plans/enterprise50.yaml  50 tasks, 7 waves
wave 1     accounts
wave 2     network, registry, secrets
wave 3     cluster, databases, queues, encryption, edge, supply-chain
wave 4     observability, backups, identity, profiles, organisations, billing, payments, catalogue, 
wave 5     disaster-recovery, data-map, consent, retention, audit-log, financial-controls, accessibi
wave 6     subject-access, evidence, response, chaos-tests, recovery-tests, security-tests
wave 7     compliance-tests, release-tests
plans/architect-first.yaml  5 tasks from architect-first; make them those of your project, then: pianola check plans/architect-first.yaml
plans/architect-first.yaml  ok: 5 tasks, 6 dependencies, 3 waves, no conflicts, 5 of 5 tested
critical    design > backend > integration
risk        0 AUTO-APPROVE (threshold 25)
runs        1 command on this machine; see it: pianola approve plans/architect-first.yaml --show
plans/architect-first.yaml  5 tasks, 3 waves
wave 1     design
wave 2     backend, frontend, data
wave 3     integration
plans/test-first.yaml  5 tasks from test-first; make them those of your project, then: pianola check plans/test-first.yaml
plans/test-first.yaml  ok: 5 tasks, 6 dependencies, 3 waves, no conflicts, 5 of 5 tested
critical    tests > core > refactoring
risk        0 AUTO-APPROVE (threshold 25)
runs        1 command on this machine; see it: pianola approve plans/test-first.yaml --show
plans/test-first.yaml  5 tasks, 3 waves
wave 1     tests
wave 2     core, interface, storage
wave 3     refactoring
plans/sparc.yaml  5 tasks from sparc; make them those of your project, then: pianola check plans/sparc.yaml
plans/sparc.yaml  ok: 5 tasks, 4 dependencies, 5 waves, no conflicts, 5 of 5 tested
critical    specification > pseudocode > architecture > refinement > completion
risk        0 AUTO-APPROVE (threshold 25)
runs        1 command on this machine; see it: pianola approve plans/sparc.yaml --show
plans/sparc.yaml  5 tasks, 5 waves
wave 1     specification
wave 2     pseudocode
wave 3     architecture
wave 4     refinement
wave 5     completion
plans/review-integrated.yaml  7 tasks from review-integrated; make them those of your project, then: pianola check plans/review-integrated.yaml
plans/review-integrated.yaml  ok: 7 tasks, 6 dependencies, 3 waves, no conflicts, 4 of 7 tested
critical    backend > backend-review > integration
risk        18 AUTO-APPROVE (threshold 25)
            +10 many_tasks:7   +8 incomplete_test_coverage:57%
runs        1 command on this machine; see it: pianola approve plans/review-integrated.yaml --show
plans/review-integrated.yaml  7 tasks, 3 waves
wave 1     backend, frontend, tooling
wave 2     backend-review, frontend-review, tooling-review
wave 3     integration
$ pianola plan new --template test-first -o - --test 'go test ./...'
# From the template test-first. Make the descriptions and paths those of your project.
# The checks were assumed: the project's own test command, where no better one was known.
version: 1
request: "Tests first, by somebody else than the code"
tasks:
  - id: tests
    description: "The tests of what is wanted, from its description alone. While the code that a test needs is absent, the test skips itself, so that all of them pass from the first."
    files_write: ["tests/"]
    verification:
      - {command: "go test ./...", type: "test"}
  - id: core
    description: "The core, so that its tests run and pass. The tests are not yours to change."
    depends_on: [tests]
    files_write: ["src/core/"]
    verification:
      - {command: "go test ./...", type: "test"}
  - id: interface
    description: "The interface, so that its tests run and pass. The tests are not yours to change."
    depends_on: [tests]
    files_write: ["src/interface/"]
    verification:
      - {command: "go test ./...", type: "test"}
  - id: storage
    description: "The storage, so that its tests run and pass. The tests are not yours to change."
    depends_on: [tests]
    files_write: ["src/storage/"]
    verification:
      - {command: "go test ./...", type: "test"}
  - id: refactoring
    description: "Names, duplication and structure, with every test as it is and passing."
    depends_on: [core, interface, storage]
    files_write: ["src/"]
    verification:
      - {command: "go test ./...", type: "test"}
$ pianola plan new --template sparc -o tasks.md
pianola plan new: "tasks.md" for a plan in YAML; expected a name that ends in neither .md nor .json
[2]
$ pianola plan new --template sparc -o plan.json
pianola plan new: "plan.json" for a plan in YAML; expected a name that ends in neither .md nor .json
[2]
$ pianola plan new --template sparc -o 'my plan.yaml' --json | cut -c 1-120; ls
{"template":"sparc","file":"my plan.yaml","tasks":5,"content":"# From the template sparc. Make the descriptions and path
my plan.yaml
plans
tasks.yaml
$ mkdir -p mono/web; cd mono; git init -q; echo '{"scripts": {"test": "jest"}}' > web/package.json; pianola plan new --template mvp5 -o - | grep -c 'cd web && npm test'
5
