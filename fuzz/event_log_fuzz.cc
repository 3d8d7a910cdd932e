// Any bytes as the event log of another coordinator: a refusal names a line that is there; what is taken in
// is a run that folds and is over, with every attempt ended, nothing landed, and the same on every reading.
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>

#include "agents/foreign_log.h"
#include "base/check.h"
#include "core/core.h"

namespace {

using namespace pianola;  // NOLINT(google-build-using-namespace)

void check_refusal(const Error& error, std::string_view bytes) {
  CHECK(error.kind == ErrorKind::bad_plan && error.where.starts_with("log:"), "it names the file");
  int line = 0;
  std::from_chars(error.where.data() + 4, error.where.data() + error.where.size(), line);
  CHECK(line >= 1 && line <= std::count(bytes.begin(), bytes.end(), '\n') + 1, "and a line that is there");
  CHECK(!error.what.empty(), "and what is wrong");
}

void check_run(const agents::Import& import) {
  core::State state;
  for (core::Recorded recorded : import.events) {
    if (auto* start = std::get_if<core::RunStarted>(&recorded.event)) start->run = core::RunId("r1");
    CHECK(core::evolve(state, recorded).has_value(), "every event is legal");
  }
  CHECK(core::is_over(state) && state.policy.jobs == 0, "nothing is ever started");
  size_t attempts = 0;
  for (const core::TaskRun& task : state.tasks) {
    attempts += task.attempts.size();
    CHECK(task.phase != core::TaskPhase::landed && task.workspaces.empty(), "nothing of it is here");
    CHECK(task.attempts.empty() || core::is_settled(task.phase), "what was tried came to something");
  }
  CHECK(attempts == import.attempts && state.tasks.size() == import.tasks, "it tells what it made");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const agents::ImportOptions how{.file = "log", .sha256 = "0123456789ab", .repository = "/r", .by = "ada"};
  const auto import = agents::import_log(bytes, how);
  if (!import) {
    check_refusal(import.error(), bytes);
    return 0;
  }
  check_run(*import);
  CHECK(agents::import_log(bytes, how)->events == import->events, "the same on every reading");
  return 0;
}
