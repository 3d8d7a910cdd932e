#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "plan/fields.h"
#include "plan/fold.h"
#include "plan/path_set.h"
#include "plan/scalar.h"
#include "plan/schema.h"

namespace pianola::plan {
namespace {

void read_id(Sheet& sheet, NodeIndex value, TaskDraft& draft);
void read_depends_on(Sheet& sheet, NodeIndex value, TaskDraft& draft);
void read_patch_intents(Sheet& sheet, NodeIndex value, TaskDraft& draft);
void read_deps_required(Sheet& sheet, NodeIndex value, TaskDraft& draft);
void read_env_from(Sheet& sheet, NodeIndex value, TaskDraft& draft);
void refuse_env(Sheet& sheet, NodeIndex value, TaskDraft& draft);
void read_paths(Sheet& sheet, NodeIndex value, std::string_view key, std::vector<std::string>& entries,
                std::vector<NodeIndex>& nodes);
void read_resources(Sheet& sheet, NodeIndex value, std::string_view key, std::vector<std::string>& names,
                    std::vector<NodeIndex>& nodes);
void read_word(Sheet& sheet, NodeIndex value, std::string_view key, std::string& out);
void read_choice(Sheet& sheet, NodeIndex value, std::string_view key,
                 std::span<const std::string_view> choices, std::string& out);
std::string read_path(Sheet& sheet, NodeIndex value, std::string_view key);
void check_task(Sheet& sheet, const TaskDraft& draft);
void check_verification(Sheet& sheet, const TaskDraft& draft, const std::string& name);

template <class Number>
void read_number(Sheet& sheet, NodeIndex value, std::string_view key, Sheet::Range range, Number& out) {
  if (auto number = sheet.whole_number(value, key, range)) out = static_cast<Number>(*number);
}

using TaskField = Field<TaskDraft>;
constexpr std::array<std::string_view, 2> modes = {"write", "read"};
constexpr std::array<std::string_view, 3> networks = {"model", "open", "none"};

const std::array<TaskField, 27> task_fields = {{
    {"id", read_id},
    {"description",
     [](Sheet& sheet, NodeIndex value, TaskDraft& draft) {
       if (sheet.is_null(value)) return;
       if (auto text = sheet.text(value, "description")) draft.task.description = std::move(*text);
     }},
    {"files_write",
     [](Sheet& sheet, NodeIndex value, TaskDraft& draft) {
       draft.nodes.files_write_key = value;
       read_paths(sheet, value, "files_write", draft.task.files_write, draft.nodes.files_write);
     }},
    {"files_read",
     [](Sheet& sheet, NodeIndex value, TaskDraft& draft) {
       read_paths(sheet, value, "files_read", draft.task.files_read, draft.nodes.files_read);
     }},
    {"files_append",
     [](Sheet& sheet, NodeIndex value, TaskDraft& draft) {
       read_paths(sheet, value, "files_append", draft.task.files_append, draft.nodes.files_append);
     }},
    {"resources_write",
     [](Sheet& sheet, NodeIndex value, TaskDraft& draft) {
       read_resources(sheet, value, "resources_write", draft.task.resources_write,
                      draft.nodes.resources_write);
     }},
    {"resources_read",
     [](Sheet& sheet, NodeIndex value, TaskDraft& draft) {
       read_resources(sheet, value, "resources_read", draft.task.resources_read, draft.nodes.resources_read);
     }},
    {"depends_on", read_depends_on},
    {"verification",
     [](Sheet& sheet, NodeIndex value, TaskDraft& draft) {
       draft.nodes.verification = value;
       draft.task.verification = read_checks(sheet, value, "verification");
     }},
    {"patch_intents", read_patch_intents},
    {"deps_required", read_deps_required, Effect::later},
    {"context_keys",
     [](Sheet& sheet, NodeIndex value, TaskDraft& draft) {
       draft.task.context_keys = sheet.texts(value, "context_keys", "keys");
     },
     Effect::later},
    {"allow_large_changes",
     [](Sheet& sheet, NodeIndex value, TaskDraft& draft) {
       draft.task.allow_large_changes = sheet.boolean(value, "allow_large_changes").value_or(false);
     },
     Effect::later},
    {"agent", [](Sheet& sheet, NodeIndex value,
                 TaskDraft& draft) { read_word(sheet, value, "agent", draft.task.agent); }},
    {"model", [](Sheet& sheet, NodeIndex value,
                 TaskDraft& draft) { read_word(sheet, value, "model", draft.task.model); }},
    {"role",
     [](Sheet& sheet, NodeIndex value, TaskDraft& draft) {
       read_word(sheet, value, "role", draft.task.role);
     },
     Effect::later},
    {"priority",
     [](Sheet& sheet, NodeIndex value, TaskDraft& draft) {
       read_number(sheet, value, "priority", {1, 3, ""}, draft.task.priority);
     }},
    {"variants",
     [](Sheet& sheet, NodeIndex value, TaskDraft& draft) {
       read_number(sheet, value, "variants", {1, 10, ""}, draft.task.variants);
     },
     Effect::later},
    {"attempts",
     [](Sheet& sheet, NodeIndex value, TaskDraft& draft) {
       read_number(sheet, value, "attempts", {1, attempts_max, ""}, draft.task.attempts);
     }},
    {"timeout_s",
     [](Sheet& sheet, NodeIndex value, TaskDraft& draft) {
       int64_t timeout_s = draft.task.timeout_ms / 1000;
       read_number(sheet, value, "timeout_s", {1, 604'800, "seconds"}, timeout_s);
       draft.task.timeout_ms = timeout_s * 1000;
     }},
    {"network", [](Sheet& sheet, NodeIndex value,
                   TaskDraft& draft) { read_choice(sheet, value, "network", networks, draft.task.network); }},
    {"mode",
     [](Sheet& sheet, NodeIndex value, TaskDraft& draft) {
       std::string mode = "write";
       read_choice(sheet, value, "mode", modes, mode);
       draft.task.mode = mode == "read" ? Mode::read : Mode::write;
       draft.nodes.mode = value;
     }},
    {"env_from", read_env_from},
    {"env", refuse_env},
    {"environment", refuse_env},
    {"setup",
     [](Sheet& sheet, NodeIndex value, TaskDraft& draft) { draft.task.setup = read_setup(sheet, value); }},
    // What the original wrote beside a task and nothing reads.
    {"status"},
}};

}  // namespace

bool is_task_id(std::string_view id) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  return !id.empty() && id.size() <= 64 && id.front() != '_' && id.front() != '-' &&
         id.find_first_not_of(letters) == std::string_view::npos;
}

bool is_reserved_id(std::string_view id) {
  constexpr std::array<std::string_view, 10> reserved = {"all",     "broadcast", "staging", "head", "main",
                                                         "pianola", "con",       "prn",     "aux",  "nul"};
  const std::string lower = ascii_lower(id);
  const bool is_port = lower.size() == 4 && (lower.starts_with("com") || lower.starts_with("lpt")) &&
                       lower[3] >= '1' && lower[3] <= '9';
  return is_port || std::find(reserved.begin(), reserved.end(), lower) != reserved.end();
}

TaskDraft read_task(Sheet& sheet, NodeIndex node, size_t place) {
  TaskDraft draft;
  draft.nodes.task = node;
  draft.task.attempts = sheet.rules().attempts;
  if (sheet.tree().node(node).kind != NodeKind::map) {
    sheet.error(node, {fmt::format("task {} is {}", place, sheet.kind_text(node)), "a mapping with id", {}});
    return draft;
  }
  read_fields(sheet, node, std::span<const TaskField>(task_fields), "task", draft);
  if (draft.nodes.id == no_node) {
    sheet.error(node, {fmt::format("task {} has no id", place), "id", "write id: and a name"});
  }
  check_task(sheet, draft);
  return draft;
}

namespace {

void check_task(Sheet& sheet, const TaskDraft& draft) {
  if (!sheet.has_every_rule()) return;
  const Task& task = draft.task;
  const TaskNodes& nodes = draft.nodes;
  const std::string name = task.id.empty() ? "the task" : fmt::format("task \"{}\"", shown(task.id.str()));
  const bool writes = !task.files_write.empty() || !task.files_append.empty();
  if (sheet.notation() == Notation::checklist) {
    // Checks are assumed for those who have none (assumed.h).
    if (!writes)
      sheet.error(nodes.task, {name + " writes no files", "what it may change", "add files: src/"});
    return;
  }
  if (task.mode == Mode::write && !writes) {
    sheet.error(
        nodes.files_write_key == no_node ? nodes.task : nodes.files_write_key,
        {name + " writes no files", "files_write with at least one path", "own a path, or set mode: read"});
  }
  if (task.mode == Mode::read && writes) {
    sheet.error(nodes.mode, {name + " is mode: read and owns files", "one of the two",
                             "drop files_write and files_append, or mode"});
  }
  if (task.mode == Mode::write) check_verification(sheet, draft, name);
}

void check_verification(Sheet& sheet, const TaskDraft& draft, const std::string& name) {
  const NodeIndex at = draft.nodes.verification;
  const bool is_absent = at == no_node || sheet.is_null(at);
  const bool is_list = !is_absent && sheet.tree().node(at).kind == NodeKind::list;
  if (!is_absent && !is_list) return;  // refused where it was read
  // Entries that were refused one by one are counted, too.
  const size_t count = is_list ? sheet.tree().node(at).count : 0;
  if (count == 0) {
    sheet.error(at == no_node ? draft.nodes.task : at, {name + " has no verification", "at least one check",
                                                        "write verification: [{command: ...}]"});
    return;
  }
  const TaskRules& rules = sheet.rules();
  if (count >= static_cast<size_t>(rules.checks_min)) return;
  sheet.error(at, {fmt::format("{} has {} {}", name, count, count == 1 ? "check" : "checks"),
                   fmt::format("at least {}, as min_checks_per_task asks{}", rules.checks_min,
                               rules.asked_at.empty() ? "" : " (" + display(rules.asked_at).str() + ")"),
                   "write another"});
}

void read_id(Sheet& sheet, NodeIndex value, TaskDraft& draft) {
  draft.nodes.id = value;
  const std::string_view written = sheet.tree().text(value);
  const std::string_view kind = sheet.kind_text(value);
  if (kind != "text") {
    const bool is_scalar = sheet.tree().node(value).kind == NodeKind::scalar;
    const std::string what = is_scalar && !written.empty() ? fmt::format("id {} is {}", shown(written), kind)
                                                           : fmt::format("id is {}", kind);
    sheet.error(
        value,
        {what, "text", is_scalar && !written.empty() ? fmt::format("write id: \"{}\"", shown(written)) : ""});
    draft.task.id = TaskId(std::string(written));
    return;
  }
  draft.task.id = TaskId(std::string(written));
  const std::string next =
      sheet.notation() == Notation::checklist
          ? "write another between {# and }"
          : fmt::format("rename it, or run: pianola check --fix {}", shown(sheet.file()));
  if (!is_task_id(written)) {
    sheet.error(value, {fmt::format("id \"{}\"", shown(written)),
                        "a letter or digit, then at most 63 of letters, digits, \"-\" and \"_\"", next});
  } else if (is_reserved_id(written)) {
    sheet.error(value, {fmt::format("id \"{}\" is reserved", shown(written)), "another name", next});
  } else if (sheet.tree().node(value).plain && is_old_boolean(written)) {
    sheet.warning(value,
                  {fmt::format("id {} is text here and a boolean to older YAML readers", shown(written)),
                   "a name both read alike", fmt::format("write id: \"{}\"", shown(written))});
  }
}

void read_depends_on(Sheet& sheet, NodeIndex value, TaskDraft& draft) {
  if (!sheet.list(value, "depends_on", "task ids")) return;
  const Tree& tree = sheet.tree();
  for (NodeIndex item = tree.node(value).first; item != no_node; item = tree.node(item).next) {
    auto id = sheet.text(item, "an entry of depends_on");
    if (!id) continue;
    draft.task.depends_on.emplace_back(std::move(*id));
    draft.nodes.depends_on.push_back(item);
  }
}

void read_paths(Sheet& sheet, NodeIndex value, std::string_view key, std::vector<std::string>& entries,
                std::vector<NodeIndex>& nodes) {
  if (!sheet.list(value, key, "paths")) return;
  const Tree& tree = sheet.tree();
  for (NodeIndex item = tree.node(value).first; item != no_node; item = tree.node(item).next) {
    if (!sheet.count_path_entry(item)) return;
    entries.push_back(read_path(sheet, item, key));
    nodes.push_back(item);
  }
}

std::string read_path(Sheet& sheet, NodeIndex value, std::string_view key) {
  const auto text = sheet.text(value, fmt::format("an entry of {}", key));
  if (!text) return "";
  auto entry = normalise_entry(*text);
  if (entry) return std::move(*entry);
  sheet.error(value, {fmt::format("\"{}\": {}", shown(*text), entry.error().what), entry.error().expected,
                      entry.error().next});
  return "";
}

void read_resources(Sheet& sheet, NodeIndex value, std::string_view key, std::vector<std::string>& names,
                    std::vector<NodeIndex>& nodes) {
  if (!sheet.list(value, key, "resource names")) return;
  const Tree& tree = sheet.tree();
  for (NodeIndex item = tree.node(value).first; item != no_node; item = tree.node(item).next) {
    auto name = sheet.text(item, fmt::format("an entry of {}", key));
    if (!name) continue;
    if (name->empty() || has_control_characters(*name)) {
      sheet.error(item, {fmt::format("resource \"{}\"", shown(*name)), "a name such as route:/login", {}});
    }
    names.push_back(std::move(*name));
    nodes.push_back(item);
  }
}

// The argument of an intent that names its resource.
std::string_view argument_key(std::string_view action) {
  if (action == "add_router") return "prefix";
  if (action == "add_dependency") return "function_name";
  if (action == "add_config") return "key";
  if (action == "add_middleware") return "middleware_class";
  return "";
}

struct IntentDraft {
  PatchIntent intent;
  NodeIndex arguments = no_node;
};

const std::array<Field<IntentDraft>, 3> intent_fields = {{
    {"file",
     [](Sheet& sheet, NodeIndex value, IntentDraft& draft) {
       if (sheet.count_path_entry(value)) draft.intent.file = read_path(sheet, value, "patch_intents");
     }},
    {"action",
     [](Sheet& sheet, NodeIndex value, IntentDraft& draft) {
       if (auto action = sheet.text(value, "action")) draft.intent.action = std::move(*action);
     }},
    {"intent",
     [](Sheet& sheet, NodeIndex value, IntentDraft& draft) {
       if (sheet.map(value, "intent", "arguments")) draft.arguments = value;
     }},
}};

void read_patch_intents(Sheet& sheet, NodeIndex value, TaskDraft& draft) {
  if (!sheet.list(value, "patch_intents", "intents")) return;
  const Tree& tree = sheet.tree();
  for (NodeIndex item = tree.node(value).first; item != no_node; item = tree.node(item).next) {
    if (!sheet.map(item, "an entry of patch_intents", "file, action and intent")) continue;
    IntentDraft read;
    read_fields(sheet, item, std::span<const Field<IntentDraft>>(intent_fields), "patch intent", read);
    const std::string_view wanted = argument_key(read.intent.action);
    for (NodeIndex key = read.arguments == no_node ? no_node : tree.node(read.arguments).first;
         key != no_node;) {
      const NodeIndex argument = tree.node(key).next;
      if (!wanted.empty() && tree.text(key) == wanted && !sheet.is_null(argument)) {
        read.intent.argument = sheet.text(argument, wanted);
      }
      key = tree.node(argument).next;
    }
    draft.task.patch_intents.push_back(std::move(read.intent));
    draft.nodes.patch_intents.push_back(item);
  }
}

const std::array<TaskField, 2> deps_fields = {{
    {"runtime",
     [](Sheet& sheet, NodeIndex value, TaskDraft& draft) {
       draft.task.deps_runtime = sheet.texts(value, "runtime", "packages");
     }},
    {"dev", [](Sheet& sheet, NodeIndex value,
               TaskDraft& draft) { draft.task.deps_dev = sheet.texts(value, "dev", "packages"); }},
}};

void read_deps_required(Sheet& sheet, NodeIndex value, TaskDraft& draft) {
  if (!sheet.map(value, "deps_required", "runtime and dev")) return;
  read_fields(sheet, value, std::span<const TaskField>(deps_fields), "deps_required", draft);
}

void read_env_from(Sheet& sheet, NodeIndex value, TaskDraft& draft) {
  draft.task.env_from = sheet.texts(value, "env_from", "names");
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
  for (const std::string& name : draft.task.env_from) {
    const bool is_name = !name.empty() && (name.front() < '0' || name.front() > '9') &&
                         name.find_first_not_of(letters) == std::string::npos;
    if (is_name) continue;
    const bool has_value = name.find('=') != std::string::npos;
    // What follows "=" may be a secret, so it is not shown.
    sheet.error(value, {fmt::format("env_from \"{}\"{}", shown(name.substr(0, name.find('='))),
                                    has_value ? " with a value" : ""),
                        "names of environment variables", has_value ? "write the name alone" : ""});
  }
}

void refuse_env(Sheet& sheet, NodeIndex value, TaskDraft&) {
  sheet.error(value, {"environment values in a plan", "names only, as a plan may be public",
                      "write env_from: [NAME] and set NAME where pianola runs"});
}

void read_word(Sheet& sheet, NodeIndex value, std::string_view key, std::string& out) {
  if (sheet.is_null(value)) return;
  auto text = sheet.text(value, key);
  if (!text) return;
  const bool is_word = !text->empty() && text->size() <= 200 && text->front() != '-' &&
                       text->find_first_of(" \t\r\n") == std::string::npos && !has_control_characters(*text);
  if (!is_word) sheet.error(value, {fmt::format("{} \"{}\"", key, shown(*text)), "one word", {}});
  out = std::move(*text);
}

void read_choice(Sheet& sheet, NodeIndex value, std::string_view key,
                 std::span<const std::string_view> choices, std::string& out) {
  if (sheet.is_null(value)) return;
  auto text = sheet.text(value, key);
  if (!text) return;
  if (std::find(choices.begin(), choices.end(), *text) != choices.end()) {
    out = std::move(*text);
    return;
  }
  std::string all;
  for (const std::string_view choice : choices) all += (all.empty() ? "" : ", ") + std::string(choice);
  const std::string near = nearest(*text, choices);
  sheet.error(value, {fmt::format("{} \"{}\"", key, shown(*text)), "one of " + all,
                      near.empty() ? "" : "nearest is " + near});
}

}  // namespace
}  // namespace pianola::plan
