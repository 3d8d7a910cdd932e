// The readers of agent output on any bytes, in any split: no crash, claims within their bounds, and the
// same observations as for the bytes in one piece.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agents/adapter.h"
#include "base/check.h"

namespace {

using namespace pianola;  // NOLINT(google-build-using-namespace)

// Enough of an observation to tell two of them apart.
struct Weight {
  size_t operator()(const agents::SessionStarted& one) const { return one.session.size() + one.model.size(); }
  size_t operator()(const agents::Said& one) const { return one.text.size(); }
  size_t operator()(const agents::ToolUsed& one) const {
    return one.verb.size() + 7 * one.object.size() + 31 * one.result.size();
  }
  size_t operator()(const agents::UsageReported& one) const {
    return static_cast<size_t>(one.usage.tokens_in + 2);
  }
  size_t operator()(const agents::LimitReported& one) const { return one.text.size(); }
  size_t operator()(const agents::Retrying& one) const { return one.text.size(); }
  size_t operator()(const agents::TurnEnded& one) const { return one.text.size() + (one.success ? 1 : 0); }
  size_t operator()(const agents::LineSkipped& one) const { return one.why.size(); }
};

struct Reading {
  std::vector<size_t> seen;
  core::Claim claim;
};

Reading read(const agents::Adapter& adapter, std::string_view bytes, size_t step,
             const core::ExitStatus& exit) {
  Reading reading;
  const std::unique_ptr<agents::OutputReader> reader = adapter.reader();
  for (size_t at = 0; at < bytes.size(); at += step) {
    for (const agents::Observation& one : reader->feed(agents::Stream::out, bytes.substr(at, step))) {
      reading.seen.push_back(one.index() * 1'000'003 + std::visit(Weight{}, one));
    }
  }
  reader->feed(agents::Stream::err, bytes);
  reading.claim = reader->conclude(exit, false);
  return reading;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const size_t step = 1 + data[0] % 40U;
  const core::ExitStatus exit{core::ExitKind::code, data[1] % 3, true, {}};
  const std::string bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  for (const std::string& kind : agents::adapter_kinds()) {
    const agents::Adapter& adapter = *agents::find_adapter(kind);
    const Reading whole = read(adapter, bytes, bytes.size() + 1, exit);
    const Reading split = read(adapter, bytes, step, exit);
    CHECK(whole.seen == split.seen, "a split changes nothing");
    CHECK(whole.claim == split.claim, "a split changes nothing");
    CHECK(whole.claim.message.size() <= 2'000, "a message is bounded");
    CHECK(whole.claim.success == (whole.claim.failure == core::FailureClass::none), "success or a class");
  }
  return 0;
}
