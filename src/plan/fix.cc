#include "plan/fix.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "base/text.h"
#include "plan/plan_text.h"
#include "plan/scalar.h"
#include "plan/schema.h"

namespace pianola::plan {
namespace {

struct Edit {
  NodeIndex node = no_node;
  std::string before;
  std::string after;
};

class IdFixer {
 public:
  IdFixer(const Tree& tree, std::string_view text, std::string_view file)
      : tree_(tree), text_(text), file_(file) {}
  FixedPlan fix();

 private:
  void collect();
  void choose_names();
  void rename(NodeIndex node);
  void rename_each(NodeIndex list);
  bool breaks_rule(NodeIndex id) const;
  bool is_on_one_line(NodeIndex node) const;
  std::string written(NodeIndex node, const std::string& id) const;
  std::string unused(std::string id);
  template <class Visit>
  void each_item(NodeIndex list, Visit visit) const;

  const Tree& tree_;
  std::string_view text_;
  std::string_view file_;
  std::vector<NodeIndex> tasks_;
  std::unordered_map<std::string, std::string> names_;  // of ids as they are, to those that hold the rule
  std::set<std::string> taken_;                         // in lower case
  std::unordered_map<std::string, size_t> numbers_;     // tried so far behind an id
  std::map<uint32_t, Edit> edits_;                      // by offset: what aliases share is edited once
};

std::string to_lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

constexpr size_t id_limit = 64;

}  // namespace

Result<FixedPlan> fix(std::string_view bytes, std::string_view file) {
  if (notation_of(file) == Notation::checklist) {
    return refuse(Error{.kind = ErrorKind::bad_plan,
                        .where = display(file).str(),
                        .what = "--fix does not write check lists",
                        .expected = "a plan in YAML or JSON",
                        .next = "write ids yourself: {#id}"});
  }
  const Parsed parsed = parse_plan_text(bytes, file);
  if (parsed.fault) {
    const SyntaxFault& fault = *parsed.fault;
    return refuse({ErrorKind::bad_plan, fmt::format("{}:{}:{}", file, fault.at.line, fault.at.col),
                   fault.what, fault.expected, fault.next});
  }
  const CheckedText checked = check_text_bytes(bytes);
  FixedPlan fixed = IdFixer(*parsed.tree, checked.text, file).fix();
  fixed.bytes.insert(0, bytes.substr(0, checked.skipped_bytes));
  return fixed;
}

std::string valid_id(std::string_view id, size_t place) {
  std::string out;
  for (const char c : id) {
    const bool is_allowed = is_task_id(std::string_view(&c, 1)) || c == '_' || c == '-';
    if (is_allowed) {
      out += c;
    } else if (!out.empty() && out.back() != '-') {
      out += '-';
    }
  }
  out.erase(0, std::min(out.find_first_not_of("-_"), out.size()));
  out.resize(std::min(out.size(), id_limit));
  while (out.ends_with('-')) out.pop_back();
  if (out.empty()) return fmt::format("task-{}", place);
  if (is_reserved_id(out)) out += "-task";
  return out;
}

namespace {

FixedPlan IdFixer::fix() {
  FixedPlan out;
  if (tree_.root() != no_node && tree_.node(tree_.root()).kind == NodeKind::map) {
    collect();
    choose_names();
    for (const NodeIndex task : tasks_) {
      rename(tree_.find(task, "id"));
      rename_each(tree_.find(task, "depends_on"));
    }
    each_item(tree_.find(tree_.root(), "contracts"),
              [&](NodeIndex contract) { rename_each(tree_.find(contract, "consumers")); });
  }
  size_t kept = 0;
  for (const auto& [offset, edit] : edits_) {
    const Node& node = tree_.node(edit.node);
    out.bytes += text_.substr(kept, offset - kept);
    out.bytes += written(edit.node, edit.after);
    kept = node.end;
    const Mark mark = tree_.mark(edit.node);
    out.changes.push_back({Place{std::string(file_), mark.line, mark.col}, edit.before, edit.after});
  }
  out.bytes += text_.substr(kept);
  return out;
}

void IdFixer::collect() {
  each_item(tree_.find(tree_.root(), "tasks"), [&](NodeIndex task) {
    if (tree_.node(task).kind == NodeKind::map) tasks_.push_back(task);
  });
  for (const NodeIndex task : tasks_) {
    const NodeIndex id = tree_.find(task, "id");
    if (id != no_node && !breaks_rule(id)) taken_.insert(to_lower(tree_.text(id)));
  }
}

// The first task with an id decides its new name; references mean that one.
void IdFixer::choose_names() {
  for (size_t i = 0; i < tasks_.size(); ++i) {
    const NodeIndex id = tree_.find(tasks_[i], "id");
    if (id == no_node || !breaks_rule(id) || !is_on_one_line(id)) continue;
    const std::string before(tree_.text(id));
    if (names_.count(before) > 0) continue;
    std::string after = unused(valid_id(before, i + 1));
    taken_.insert(to_lower(after));
    names_.emplace(before, std::move(after));
  }
}

void IdFixer::rename(NodeIndex node) {
  if (node == no_node || tree_.node(node).kind != NodeKind::scalar || !is_on_one_line(node)) return;
  const std::string before(tree_.text(node));
  const auto name = names_.find(before);
  if (name == names_.end()) return;
  // An id that only lacks its quotes ("id: 1") keeps its text.
  if (name->second == before && !tree_.node(node).plain) return;
  edits_.emplace(tree_.node(node).begin, Edit{node, before, name->second});
}

void IdFixer::rename_each(NodeIndex list) {
  each_item(list, [&](NodeIndex item) { rename(item); });
}

bool IdFixer::breaks_rule(NodeIndex id) const {
  const Node& node = tree_.node(id);
  if (node.kind != NodeKind::scalar) return false;
  const std::string_view text = tree_.text(id);
  const bool is_text = !node.plain || scalar_type(text) == ScalarType::text;
  return !is_text || !is_task_id(text) || is_reserved_id(text);
}

bool IdFixer::is_on_one_line(NodeIndex node) const {
  const Node& found = tree_.node(node);
  if (found.kind != NodeKind::scalar) return false;
  const std::string_view raw = text_.substr(found.begin, found.end - found.begin);
  return !raw.empty() && raw.front() != '|' && raw.front() != '>' && raw.front() != '&' &&
         raw.find_first_of("\r\n") == std::string_view::npos;
}

std::string IdFixer::written(NodeIndex node, const std::string& id) const {
  const char quote = text_[tree_.node(node).begin];
  if (quote == '"' || quote == '\'') return quote + id + quote;
  const bool is_plain_text = scalar_type(id) == ScalarType::text && !is_old_boolean(id);
  return is_plain_text ? id : '"' + id + '"';
}

std::string IdFixer::unused(std::string id) {
  if (taken_.count(to_lower(id)) == 0) return id;
  while (true) {
    const std::string suffix = fmt::format("-{}", ++numbers_[to_lower(id)] + 1);
    std::string other = id.substr(0, id_limit - suffix.size()) + suffix;
    if (taken_.count(to_lower(other)) == 0) return other;
  }
}

template <class Visit>
void IdFixer::each_item(NodeIndex list, Visit visit) const {
  if (list == no_node || tree_.node(list).kind != NodeKind::list) return;
  for (NodeIndex item = tree_.node(list).first; item != no_node; item = tree_.node(item).next) visit(item);
}

}  // namespace
}  // namespace pianola::plan
