// The parts of claude's stream that concern tools and token counts.
#pragma once

#include <boost/json/object.hpp>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agents/adapter.h"

namespace pianola::agents {

// Pairs `tool_use` blocks with their `tool_result`. Remembers the last 256 that are open.
class ClaudeTools {
 public:
  void set_workspace(std::string_view workspace) { workspace_ = workspace; }
  ToolUsed begin(const boost::json::object& tool_use);
  // The same use with what came of it; nothing when its beginning is not known.
  std::optional<ToolUsed> end(const boost::json::object& tool_result);
  // One use for each entry of `result.permission_denials` that was not already told as denied.
  std::vector<ToolUsed> denied(const boost::json::object& result);

 private:
  struct Open {
    std::string id;
    ToolUsed use;
    std::string change;  // "+3 -1" of an edit, "64 lines" of a write
  };
  Open described(const boost::json::object& tool_use) const;

  std::string workspace_;
  std::deque<Open> open_;
  std::vector<std::string> denied_;
};

// Sums `result.modelUsage` (cached input counts as input too) and takes the largest context window; where
// it names no model, `result.usage`. Cost from `total_cost_usd`. False when there is neither.
bool sum_models(const boost::json::object& result, core::Usage& usage, int64_t& context_size, bool& odd);

}  // namespace pianola::agents
