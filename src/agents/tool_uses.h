// Tools as data, for the CLIs whose tools differ in little but their names, and the pairing of a use with
// what came of it.
#pragma once

#include <boost/json/object.hpp>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "agents/adapter.h"

namespace pianola::agents {

// `verb` as in ToolUsed; "runs" is a shell, whose command decides, and "plans" a list of things to do.
// `field` of the tool's input says what it is done to.
struct KnownTool {
  std::string_view name;
  std::string_view verb;
  std::string_view field;
};

// The tools of gemini, and of qwen, which began as a copy of it.
std::span<const KnownTool> gemini_tools();

// Remembers the last 256 uses that are not over.
class ToolUses {
 public:
  explicit ToolUses(std::span<const KnownTool> known) : known_(known) {}
  void set_workspace(std::string_view workspace) { workspace_ = workspace; }
  ToolUsed begin(std::string_view id, std::string_view name, const boost::json::object& input);

  enum class End { well, failed, denied };
  struct Outcome {
    End end = End::well;
    std::string_view output;
    int64_t exit_code = -1;  // of a shell, where the CLI says it
  };
  // The same use with what came of it; nothing when its beginning is not known.
  std::optional<ToolUsed> end(std::string_view id, const Outcome& outcome);

 private:
  struct Open {
    std::string id;
    ToolUsed use;
    std::string change;  // "+3 -1" of an edit, "64 lines" of a write
    bool is_shell = false;
  };

  std::span<const KnownTool> known_;
  std::string workspace_;
  std::deque<Open> open_;
};

// `plans 3 of 5: "map events"`: how many are done, and the one in progress.
ToolUsed planned(const boost::json::object& input);

}  // namespace pianola::agents
