#include "plan/planner.h"

#include <boost/json.hpp>

namespace pianola::plan {
namespace {

namespace json = boost::json;

constexpr std::string_view instructions =
    R"(Plan the work of the request below; do none of it. Look around in the repository first: which parts the work
touches, how its tests are run, what is there already. Then write the plan to pianola-plan.yaml, and nothing else.

The plan is carried out by several agents at the same time. Each gets one task, its own workspace and nothing but the
words of its task, and what it changes outside its files is refused. So a good plan has tasks that one agent can do
alone, each with files that no other task at the same time writes, an order where one needs what another made, and a
command for each that fails until the task is done.

The form, YAML:

    request: one line that says what it is all for
    contracts:                # only where one task calls what another writes at the same time
      - name: Auth
        file_path: contracts/auth.py      # .py, .ts, .go, .rs or .h
        producers: [login]                # tasks that implement it
        consumers: [pages]                # tasks that build on it
        methods:
          - name: check_password
            params: [{name: user, type: str}, {name: password, type: str}]
            returns: bool
    tasks:
      - id: login             # letters, digits, - and _; 64 at most
        description: |        # all that its agent needs to know
          Write check_password of contract Auth in src/login.py; it compares salted hashes. Test it.
        files_write: [src/login.py, tests/test_login.py]    # src/login/ is all below it; * ? [..] ** are patterns
        files_read: [src/user.py]         # what it should read first
        depends_on: []                    # ids of tasks that must have landed before
        verification:                     # run at the top of the repository; exit 0 is success
          - {command: mypy --strict src/login.py, type: typecheck}
          - {command: pytest tests/test_login.py, type: test}
      - id: pages
        description: Show the login page and let in whom Auth lets in; one test for each answer.
        files_write: [src/pages/, tests/pages/]
        depends_on: []
        verification:
          - {command: mypy --strict src/pages, type: typecheck}
          - {command: pytest tests/pages, type: test}

Rules that are checked: ids are unique; depends_on has no cycle; two tasks that write the same path, or of which one
writes what the other reads, need an order between them; every task has a check that can fail (true, echo and ls are
none); a task that works by a contract has a type check among its checks. Leave nothing of the request out, and put in
nothing it does not ask for. Few tasks are better than many.
)";

}  // namespace

std::string_view planner_instructions() { return instructions; }

std::string planner_plan(const PlannerQuestion& question) {
  // The shell finds the program: inside a seal it stands elsewhere.
  const std::string check = std::string("\"$") + program_variable + "\" check " + planned_file;
  const json::value one = json::object{{"command", check}, {"type", "test"}};
  json::array checks;
  for (int i = 0; i < question.checks; ++i) checks.push_back(one);
  json::object task{
      {"id", "plan"},
      {"description", std::string(instructions) + "\nThe request:\n\n" + question.request + "\n"},
      {"files_write", json::array{planned_file}},
      {"attempts", question.repairs + 1},
      {"timeout_s", question.timeout_s},
      {"verification", checks}};
  if (!question.agent.empty()) task["agent"] = question.agent;
  if (!question.model.empty()) task["model"] = question.model;
  return json::serialize(json::object{{"version", 1},
                                      {"tasks", json::array{std::move(task)}},
                                      {"post_merge_checks", json::array{one}}}) +
         "\n";
}

}  // namespace pianola::plan
