#include "plan/schema.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "plan/fields.h"
#include "plan/scalar.h"

namespace pianola::plan {
namespace {

constexpr size_t task_limit = 10'000;
constexpr double known_version = 1;

void read_tasks(Sheet& sheet, NodeIndex list, Draft& draft);
bool is_version_known(Sheet& sheet, NodeIndex root);
void note_no_tasks(Sheet& sheet, NodeIndex at);

const std::array<Field<Draft>, 13> plan_fields = {{
    {"version"},
    {"request",
     [](Sheet& sheet, NodeIndex value, Draft& draft) {
       if (auto text = sheet.is_null(value) ? "" : sheet.text(value, "request")) draft.plan.request = *text;
     }},
    {"tasks", read_tasks},
    {"contracts", read_contracts},
    {"post_merge_checks",
     [](Sheet& sheet, NodeIndex value, Draft& draft) {
       draft.plan.post_merge_checks = read_checks(sheet, value, "post_merge_checks");
     }},
    {"setup",
     [](Sheet& sheet, NodeIndex value, Draft& draft) { draft.plan.setup = read_setup(sheet, value); }},
    {"created_at"},
    // What the original wrote into a plan and nothing reads.
    {"parallel_waves"},
    {"risk_score"},
    {"risk_factors"},
    {"auto_approve"},
    {"waves"},
    {"conflicts"},
}};

}  // namespace

std::optional<Draft> read_draft(Sheet& sheet) {
  const Tree& tree = sheet.tree();
  if (sheet.is_null(tree.root())) {
    note_no_tasks(sheet, tree.root());
    return std::nullopt;
  }
  if (tree.node(tree.root()).kind != NodeKind::map) {
    sheet.error(tree.root(), {fmt::format("the plan is {}", sheet.kind_text(tree.root())),
                              "a mapping with tasks", "begin with tasks:"});
    return std::nullopt;
  }
  if (!is_version_known(sheet, tree.root())) return std::nullopt;
  const NodeIndex tasks = tree.find(tree.root(), "tasks");
  if (tasks != no_node && tree.node(tasks).kind == NodeKind::list && tree.node(tasks).count > task_limit) {
    sheet.error(tasks, {fmt::format("{} tasks", tree.node(tasks).count),
                        fmt::format("at most {} in one plan", task_limit), "split the plan"});
    return std::nullopt;
  }
  Draft draft;
  read_fields(sheet, tree.root(), std::span<const Field<Draft>>(plan_fields), "plan", draft);
  const bool is_empty_list =
      tasks != no_node && tree.node(tasks).kind == NodeKind::list && tree.node(tasks).count == 0;
  if (tasks == no_node || sheet.is_null(tasks) || is_empty_list) {
    note_no_tasks(sheet, tasks == no_node ? tree.root() : tasks);
  }
  return draft;
}

namespace {

void note_no_tasks(Sheet& sheet, NodeIndex at) {
  const bool is_list = sheet.notation() == Notation::checklist;
  sheet.error(at, {is_list ? "no item is open" : "the plan has no tasks", "at least one",
                   is_list ? "write one: - [ ] what is to be done" : "write one under tasks:"});
}

void read_tasks(Sheet& sheet, NodeIndex list, Draft& draft) {
  if (!sheet.list(list, "tasks", "tasks")) return;
  const Tree& tree = sheet.tree();
  draft.plan.tasks.reserve(tree.node(list).count);
  draft.nodes.reserve(tree.node(list).count);
  size_t place = 0;
  for (NodeIndex item = tree.node(list).first; item != no_node; item = tree.node(item).next) {
    TaskDraft read = read_task(sheet, item, ++place);
    draft.plan.tasks.push_back(std::move(read.task));
    draft.nodes.push_back(std::move(read.nodes));
  }
}

// A newer format is said alone: what else looks wrong may be right there.
bool is_version_known(Sheet& sheet, NodeIndex root) {
  const NodeIndex value = sheet.tree().find(root, "version");
  if (value == no_node || sheet.is_null(value)) return true;
  const std::string_view written = sheet.tree().text(value);
  const auto number = scalar_number(written);
  if (number && *number == known_version) return true;
  if (number && *number > known_version) {
    sheet.error(value, {fmt::format("plan version {} needs pianola >= {}.0", shown(written), shown(written)),
                        "version: 1", "install a newer pianola: pianola version"});
    return false;
  }
  sheet.error(value, {fmt::format("version {} is not a plan version", shown(written)), "version: 1", {}});
  return false;
}

}  // namespace
}  // namespace pianola::plan
