#include "agents/logged_event.h"

#include <fmt/format.h>

#include <array>

#include "base/text.h"
#include "plan/schema.h"

namespace pianola::agents {
namespace {

using plan::NodeIndex;
using plan::NodeKind;

constexpr std::array<std::string_view, 6> task_words = {"pending",   "assigned", "in_progress",
                                                        "completed", "failed",   "cancelled"};

struct KnownType {
  std::string_view name;
  LoggedKind kind;
};
constexpr std::array<KnownType, 5> known_types = {{{"task_created", LoggedKind::task_created},
                                                   {"task_assigned", LoggedKind::task_assigned},
                                                   {"task_updated", LoggedKind::task_updated},
                                                   {"agent_registered", LoggedKind::of_an_agent},
                                                   {"agent_heartbeat", LoggedKind::of_an_agent}}};

std::string in_quotes(std::string_view raw) { return '"' + display(raw).str() + '"'; }

// The fields of one line.
class Fields {
 public:
  Fields(const plan::Tree& tree, std::string_view text, const LinePlace& place)
      : tree_(tree), text_(text), place_(place) {}

  int col(NodeIndex node) const { return tree_.mark(node).col; }
  Error fault(NodeIndex node, std::string what, std::string expected) const {
    return fault_at(place_, col(node), std::move(what), std::move(expected));
  }

  // The value of `key`, unless it is absent or null.
  NodeIndex find(NodeIndex map, std::string_view key) const {
    const NodeIndex node = tree_.find(map, key);
    return node == plan::no_node || is_plain(node, "null") ? plan::no_node : node;
  }
  Result<NodeIndex> need(NodeIndex map, std::string_view key) const {
    const NodeIndex node = find(map, key);
    if (node == plan::no_node) return refuse(fault(map, fmt::format("no \"{}\"", key), "one"));
    return node;
  }
  Result<std::string> string(NodeIndex node, std::string_view what) const {
    const plan::Node& value = tree_.node(node);
    if (value.kind != NodeKind::scalar || value.plain)
      return refuse(fault(node, fmt::format("{} is no text", what), "text in quotes"));
    return std::string(tree_.text(node));
  }
  // "" when it is absent or null.
  Result<std::string> string_or_none(NodeIndex map, std::string_view key) const {
    const NodeIndex node = find(map, key);
    if (node == plan::no_node) return std::string();
    return string(node, key);
  }
  Result<NodeIndex> object(NodeIndex map, std::string_view key) const {
    const NodeIndex node = TRY(need(map, key));
    if (tree_.node(node).kind == NodeKind::map) return node;
    return refuse(fault(node, fmt::format("\"{}\" is no object", key), "an object"));
  }

  Result<Instant> instant(NodeIndex map, std::string_view key) const;
  Result<plan::TaskId> task_id(NodeIndex map, std::string_view key) const;
  Result<TaskWord> word(NodeIndex node) const;
  Result<int> priority(NodeIndex map) const;
  Result<std::vector<plan::TaskId>> dependencies(NodeIndex list) const;
  std::string written(NodeIndex node) const {
    const plan::Node& value = tree_.node(node);
    return std::string(text_.substr(value.begin, value.end - value.begin));
  }

 private:
  bool is_plain(NodeIndex node, std::string_view word) const {
    return tree_.node(node).kind == NodeKind::scalar && tree_.node(node).plain && tree_.text(node) == word;
  }

  const plan::Tree& tree_;
  std::string_view text_;
  const LinePlace& place_;
};

Result<Instant> Fields::instant(NodeIndex map, std::string_view key) const {
  const NodeIndex node = TRY(need(map, key));
  const std::optional<Instant> at = read_iso(TRY(string(node, key)));
  if (!at) return refuse(fault(node, "no time", "one such as 2025-09-24T12:00:00+00:00"));
  return *at;
}

Result<plan::TaskId> Fields::task_id(NodeIndex map, std::string_view key) const {
  const NodeIndex node = TRY(need(map, key));
  std::string id = TRY(string(node, key));
  if (plan::is_task_id(id) && !plan::is_reserved_id(id)) return plan::TaskId(std::move(id));
  return refuse(fault(node, in_quotes(id) + " cannot be a task's id",
                      "letters, digits, - and _, at most 64, and no reserved word"));
}

// An enumeration that was written by its name has that of its type before it.
Result<TaskWord> Fields::word(NodeIndex node) const {
  std::string text = TRY(string(node, "status"));
  text.erase(0, text.rfind('.') + 1);
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  for (size_t i = 0; i < task_words.size(); ++i) {
    if (text == task_words[i]) return static_cast<TaskWord>(i);
  }
  const std::string near = nearest(text, task_words);
  return refuse(
      fault(node, "no status " + in_quotes(text), near.empty() ? "pending, completed or such" : near));
}

Result<int> Fields::priority(NodeIndex map) const {
  const NodeIndex node = find(map, "priority");
  if (node == plan::no_node) return 2;
  for (int priority = 1; priority <= 3; ++priority) {
    if (is_plain(node, std::to_string(priority))) return priority;
  }
  return refuse(fault(node, "no priority", "1, 2 or 3"));
}

Result<std::vector<plan::TaskId>> Fields::dependencies(NodeIndex list) const {
  std::vector<plan::TaskId> ids;
  if (tree_.node(list).kind != NodeKind::list)
    return refuse(fault(list, "\"dependencies\" is no list", "a list of ids"));
  for (NodeIndex item = tree_.node(list).first; item != plan::no_node; item = tree_.node(item).next)
    ids.emplace_back(TRY(string(item, "a dependency")));
  return ids;
}

Result<void> read_created(const Fields& fields, NodeIndex data, LoggedEvent& event) {
  event.task.id = TRY(fields.task_id(data, "id"));
  event.task.description = TRY(fields.string_or_none(data, "description"));
  event.task.role = TRY(fields.string_or_none(data, "type"));
  event.task.priority = TRY(fields.priority(data));
  event.agent = TRY(fields.string_or_none(data, "assigned_to"));
  const NodeIndex status = fields.find(data, "status");
  if (status != plan::no_node) event.word = TRY(fields.word(status));
  const NodeIndex list = fields.find(data, "dependencies");
  if (list == plan::no_node) return {};
  event.depends_on_col = fields.col(list);
  event.task.depends_on = TRY(fields.dependencies(list));
  return {};
}

Result<void> read_updated(const Fields& fields, NodeIndex data, LoggedEvent& event) {
  event.task.id = TRY(fields.task_id(data, "task_id"));
  event.agent = TRY(fields.string_or_none(data, "agent_id"));
  event.word = TaskWord::assigned;
  if (event.kind == LoggedKind::task_assigned) return {};
  event.word = TRY(fields.word(TRY(fields.need(data, "status"))));
  const NodeIndex result = fields.find(data, "result");
  if (result != plan::no_node) event.result = fields.written(result);
  return {};
}

}  // namespace

std::string_view text_of(TaskWord word) { return task_words[static_cast<size_t>(word)]; }

Error fault_at(const LinePlace& place, int col, std::string what, std::string expected) {
  return {.kind = ErrorKind::bad_plan,
          .where = fmt::format("{}:{}:{}", display(place.file).str(), place.line, col),
          .what = std::move(what),
          .expected = std::move(expected),
          .next = {}};
}

Result<LoggedEvent> read_logged(const plan::Tree& tree, std::string_view text, const LinePlace& place) {
  const Fields fields(tree, text, place);
  const NodeIndex root = tree.root();
  if (tree.node(root).kind != NodeKind::map) return refuse(fields.fault(root, "no object", "an event"));
  LoggedEvent event;
  event.line = place.line;
  event.type = TRY(fields.string(TRY(fields.need(root, "type")), "\"type\""));
  event.at = TRY(fields.instant(root, "timestamp"));
  for (const KnownType& known : known_types) {
    if (event.type == known.name) event.kind = known.kind;
  }
  if (event.kind == LoggedKind::of_an_agent || event.kind == LoggedKind::unknown) return event;
  const NodeIndex data = TRY(fields.object(root, "data"));
  TRY(event.kind == LoggedKind::task_created ? read_created(fields, data, event)
                                             : read_updated(fields, data, event));
  return event;
}

}  // namespace pianola::agents
