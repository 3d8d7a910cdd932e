// Any bytes: load, fix, order and conflicts must end, agree with each other and stay in their limits.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "plan/conflict.h"
#include "plan/fix.h"
#include "plan/graph.h"
#include "plan/load.h"
#include "plan/marks.h"
#include "plan/report.h"

namespace pianola::plan {
namespace {

void check_plan(const Plan& plan) {
  size_t tasks = 0;
  for (const auto& wave : waves(plan)) tasks += wave.size();
  CHECK(tasks == plan.tasks.size(), "every task is in one wave");
  CHECK(critical_path(plan).size() == waves(plan).size(), "waves are levels of the longest path");
  for (const Conflict& conflict : conflicts(plan)) {
    CHECK(conflict.first < conflict.second, "pairs are sorted and no task meets itself");
  }
}

void check_file(std::string_view bytes, const char* file) {
  for (const Strictness strictness : {Strictness::well_formed, Strictness::every_rule}) {
    const Loaded loaded = load(bytes, {.file = file, .strictness = strictness});
    bool has_error = false;
    for (const Diagnostic& diagnostic : loaded.diagnostics) {
      has_error = has_error || diagnostic.severity == Severity::error;
      CHECK(diagnostic.at.line >= 1 && diagnostic.at.col >= 1, "places count from 1");
    }
    CHECK(loaded.plan.has_value() != has_error, "a plan or an error");
    if (loaded.plan) check_plan(*loaded.plan);
    check_text(loaded, file);
    check_json(loaded);
    dag_json(loaded);
    conflicts_json(loaded);
  }
  const auto fixed = fix(bytes, file);
  if (!fixed) return;
  const auto again = fix(fixed->bytes, file);
  CHECK(again.has_value(), "a fixed plan is still YAML or JSON");
  CHECK(!fixed->changes.empty() || fixed->bytes == bytes, "what is not named is not changed");
}

// The marks of every task of a list, and nothing beside them.
void check_marks(std::string_view bytes) {
  const Loaded loaded = load(bytes, {.file = "tasks.md", .strictness = Strictness::well_formed});
  if (!loaded.plan) return;
  std::map<std::string, ItemState> states;
  for (const Task& task : loaded.plan->tasks) states[task.id.str()] = ItemState::landed;
  const std::string marked = marked_list(bytes, states);
  CHECK(marked.size() == bytes.size(), "marks are one byte each");
  size_t changed = 0;
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (marked[i] == bytes[i]) continue;
    ++changed;
    CHECK(bytes[i - 1] == '[' && bytes[i + 1] == ']', "only marks are changed");
  }
  CHECK(changed == states.size(), "every task is one item of the list");
  CHECK(marked_list(marked, states) == marked, "a marked list is marked");
}

}  // namespace
}  // namespace pianola::plan

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  pianola::plan::check_file(bytes, "tasks.yaml");
  pianola::plan::check_file(bytes, "tasks.json");
  pianola::plan::check_file(bytes, "tasks.md");
  pianola::plan::check_marks(bytes);
  return 0;
}
