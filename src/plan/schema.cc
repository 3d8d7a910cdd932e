#include "plan/schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "plan/fields.h"
#include "plan/path_set.h"
#include "plan/scalar.h"

namespace pianola::plan {
namespace {

constexpr size_t task_limit = 10'000;
constexpr double known_version = 1;

struct ContractDraft {
  ContractEntry entry;
  std::vector<ConsumerDraft> consumers;
  bool has_name = false;
};

void read_tasks(Sheet& sheet, NodeIndex list, Draft& draft);
void read_contracts(Sheet& sheet, NodeIndex list, Draft& draft);
bool is_version_known(Sheet& sheet, NodeIndex root);
void note_no_tasks(Sheet& sheet, NodeIndex at);

const std::array<Field<Draft>, 13> plan_fields = {{
    {"version"},
    {"request",
     [](Sheet& sheet, NodeIndex value, Draft& draft) {
       if (auto text = sheet.is_null(value) ? "" : sheet.text(value, "request")) draft.plan.request = *text;
     }},
    {"tasks", read_tasks},
    {"contracts", read_contracts, Effect::later},
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

const std::array<Field<ContractDraft>, 6> contract_fields = {{
    {"name",
     [](Sheet& sheet, NodeIndex value, ContractDraft& contract) {
       auto name = sheet.text(value, "name");
       if (!name) return;
       contract.has_name = true;
       constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
       if (name->empty() || name->find_first_not_of(allowed) != std::string::npos ||
           (name->front() >= '0' && name->front() <= '9')) {
         sheet.error(value, {fmt::format("contract name \"{}\"", shown(*name)),
                             "an identifier: letters, digits and _, no digit first",
                             {}});
       }
       contract.entry.name = std::move(*name);
     }},
    {"version",
     [](Sheet& sheet, NodeIndex value, ContractDraft& contract) {
       if (auto version = sheet.text(value, "version")) contract.entry.version = std::move(*version);
     }},
    {"file_path",
     [](Sheet& sheet, NodeIndex value, ContractDraft& contract) {
       auto text = sheet.text(value, "file_path");
       if (!text) return;
       auto path = normalise_entry(*text);
       if (path) {
         contract.entry.file_path = std::move(*path);
       } else {
         sheet.error(value, {fmt::format("\"{}\": {}", shown(*text), path.error().what),
                             path.error().expected, path.error().next});
       }
     }},
    {"methods",
     [](Sheet& sheet, NodeIndex value, ContractDraft& contract) {
       if (!sheet.list(value, "methods", "names")) return;
       const Tree& tree = sheet.tree();
       for (NodeIndex item = tree.node(value).first; item != no_node; item = tree.node(item).next) {
         const bool is_map = tree.node(item).kind == NodeKind::map;
         const NodeIndex name = is_map ? tree.find(item, "name") : item;
         if (name == no_node) {
           sheet.error(item, {"a method without a name", "a name, or a mapping with name", {}});
         } else if (auto text = sheet.text(name, "a method")) {
           contract.entry.methods.push_back(std::move(*text));
         }
       }
     }},
    {"consumers",
     [](Sheet& sheet, NodeIndex value, ContractDraft& contract) {
       if (!sheet.list(value, "consumers", "task ids")) return;
       const Tree& tree = sheet.tree();
       for (NodeIndex item = tree.node(value).first; item != no_node; item = tree.node(item).next) {
         auto id = sheet.text(item, "a consumer");
         if (!id) continue;
         contract.entry.consumers.emplace_back(*id);
         contract.consumers.push_back({std::move(*id), item});
       }
     }},
    {"created_at"},
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
  sheet.error(at, {"the plan has no tasks", "at least one", "write one under tasks:"});
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

void read_contracts(Sheet& sheet, NodeIndex list, Draft& draft) {
  if (!sheet.list(list, "contracts", "contracts")) return;
  const Tree& tree = sheet.tree();
  for (NodeIndex item = tree.node(list).first; item != no_node; item = tree.node(item).next) {
    if (tree.node(item).kind != NodeKind::map) {
      sheet.error(item, {fmt::format("a contract is {}", sheet.kind_text(item)), "a mapping with name", {}});
      continue;
    }
    ContractDraft read;
    read_fields(sheet, item, std::span<const Field<ContractDraft>>(contract_fields), "contract", read);
    if (!read.has_name) sheet.error(item, {"a contract without a name", "name", {}});
    draft.plan.contracts.push_back(std::move(read.entry));
    std::move(read.consumers.begin(), read.consumers.end(), std::back_inserter(draft.consumers));
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
