// For the tests of this room: recorded streams, and observations as text.
#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "agents/adapter.h"

namespace pianola::agents {

inline std::filesystem::path recordings_folder(const std::string& kind) {
  return std::filesystem::path(PIANOLA_SOURCE_DIR) / "test/fixtures/agent-streams" / kind;
}

// "" when there is no such file.
inline std::string recorded(const std::string& kind, const std::string& name, const std::string& extension) {
  std::ifstream file(recordings_folder(kind) / (name + extension), std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

struct Telling {
  std::string operator()(const SessionStarted& one) const {
    return fmt::format("session {} {}", one.session, one.model);
  }
  std::string operator()(const Said& one) const { return "said " + one.text; }
  std::string operator()(const ToolUsed& one) const {
    return fmt::format("{} {}: {}{}", one.verb, one.object, one.result, one.failed ? " (failed)" : "");
  }
  std::string operator()(const UsageReported& one) const {
    return fmt::format("usage {} {} {} {} context {} of {}", one.usage.tokens_in, one.usage.tokens_out,
                       one.usage.tokens_cached, one.usage.cost_microusd, one.context_used, one.context_size);
  }
  std::string operator()(const LimitReported& one) const {
    return fmt::format("limit {} {} {}", core::failure_text(one.kind), one.resets_at_s, one.text);
  }
  std::string operator()(const Retrying& one) const { return "again " + one.text; }
  std::string operator()(const TurnEnded& one) const {
    return fmt::format("ended {} {} {}", one.success, core::failure_text(one.failure), one.text);
  }
  std::string operator()(const LineSkipped& one) const { return "skipped " + one.why; }
};

inline std::string told(const Observation& seen) { return std::visit(Telling{}, seen); }

using Lines = std::vector<std::string>;

constexpr core::ExitStatus exit_code(int value) { return {core::ExitKind::code, value, true, {}}; }

// What the reader of this kind makes of a whole stdout.
inline Lines observed(const std::string& kind, const std::string& stream) {
  Lines out;
  for (const Observation& seen : find_adapter(kind)->reader()->feed(Stream::out, stream))
    out.push_back(told(seen));
  return out;
}

inline core::Claim claimed(const std::string& kind, const std::string& out, const std::string& err,
                           const core::ExitStatus& exit) {
  const std::unique_ptr<OutputReader> reader = find_adapter(kind)->reader();
  reader->feed(Stream::out, out);
  reader->feed(Stream::err, err);
  return reader->conclude(exit, false);
}

}  // namespace pianola::agents
