// `check --fix`: ids that break the id rule are rewritten, with every reference, and nothing else is.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace pianola::plan {

// One place that was rewritten; `before` and `after` are what the value means, without quotes.
struct Change {
  Place at;
  std::string before;
  std::string after;
  friend bool operator==(const Change&, const Change&) = default;
};

struct FixedPlan {
  std::string bytes;
  std::vector<Change> changes;  // in file order; empty when no id breaks the rule
};

// `bytes` with each id that is not text, breaks the id rule or is reserved replaced by the nearest one that
// holds it and that no other task has, in `tasks[].id`, `depends_on` and `contracts[].consumers`. All other
// bytes stay, comments and line ends too. An id that is written over several lines is left alone. Refuses
// a text that is not YAML or JSON; other faults of the plan do not matter here.
Result<FixedPlan> fix(std::string_view bytes, std::string_view file);

// The id that `fix` would give the `place`-th task (from 1) for `id`, before it is made unique.
std::string valid_id(std::string_view id, size_t place);

}  // namespace pianola::plan
