// A tree being read: typed values with a finding for each that is not what its key promises.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "plan/load.h"
#include "plan/plan_text.h"
#include "plan/tree.h"

namespace pianola::plan {

inline constexpr size_t finding_limit = 10'000;  // of each severity; further ones are dropped
inline constexpr size_t path_entry_limit = 200'000;

// What is wrong, in the three parts of a diagnostic; `expected` and `next` may be empty.
struct Finding {
  std::string what;
  std::string expected;
  std::string next;
};

class Sheet {
 public:
  // Both must outlive the sheet.
  Sheet(const Tree& tree, const LoadOptions& options) : tree_(tree), options_(options) {}

  const Tree& tree() const { return tree_; }
  bool has_every_rule() const { return options_.strictness == Strictness::every_rule; }
  const std::string& file() const { return options_.file; }
  const TaskRules& rules() const { return options_.rules; }
  // Of the text: how advice has to be worded.
  Notation notation() const { return notation_of(options_.file); }

  void error(NodeIndex at, Finding finding) { add(Severity::error, at, std::move(finding)); }
  void warning(NodeIndex at, Finding finding) { add(Severity::warning, at, std::move(finding)); }
  // A finding where no node of the tree stands.
  void note(Severity severity, Mark at, Finding finding);
  size_t errors() const { return errors_; }

  // In file order; the sheet is empty afterwards.
  std::vector<Diagnostic> take_diagnostics();

  // "a number", "a list", "null"...: what the value is, for messages.
  std::string_view kind_text(NodeIndex value) const;
  bool is_null(NodeIndex value) const;
  // "14:5"
  std::string position(NodeIndex value) const;

  // Each gives the value, or a finding and nothing. Text takes numbers and booleans as they are written.
  std::optional<std::string> text(NodeIndex value, std::string_view key);
  std::optional<bool> boolean(NodeIndex value, std::string_view key);
  struct Range {
    int64_t least = 0;
    int64_t most = 0;
    std::string_view unit;  // "tasks", "seconds"; may be empty
  };
  std::optional<int64_t> whole_number(NodeIndex value, std::string_view key, const Range& range);

  // True when `value` is a list; null is an empty one without a finding. `items` names what is expected.
  bool list(NodeIndex value, std::string_view key, std::string_view items);
  bool map(NodeIndex value, std::string_view key, std::string_view entries);
  // Every text of a list, in order.
  std::vector<std::string> texts(NodeIndex value, std::string_view key, std::string_view items);

  // Warns, once for each key, that nothing comes of `key` in this version. A null value asks for nothing.
  void note_without_effect(NodeIndex key, NodeIndex value);

  // A counter the whole plan shares; false from the entry on that is one too many.
  bool count_path_entry(NodeIndex at);

 private:
  void add(Severity severity, NodeIndex at, Finding finding);

  struct Placed {
    Mark at;
    Diagnostic diagnostic;
  };

  const Tree& tree_;
  const LoadOptions& options_;
  std::vector<Placed> findings_;
  size_t errors_ = 0;
  size_t warnings_ = 0;
  size_t path_entries_ = 0;
  std::set<std::string_view> without_effect_;
};

// A value of the plan inside a message: escaped, at most 60 columns.
std::string shown(std::string_view value);

// True for control characters that a line of text may not hold; line ends and tabs are allowed.
bool has_control_characters(std::string_view text);

}  // namespace pianola::plan
