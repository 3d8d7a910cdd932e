// What resume would do, for people and for programs (ui.md section 2, `resume --dry-run`).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"
#include "view/screen.h"

namespace pianola::view {

// In the order they are shown.
enum class Prospect { pin, adopt, end, collect, lose, start, rebuild, check, land, remove, wait, hold };

struct ProspectItem {
  Prospect what = Prospect::adopt;
  std::string task;    // raw; the run's own id where it is about no task
  int attempt = 0;     // 0 = about no attempt
  std::string detail;  // raw; "exit 0", "on 3c1e0d9"
  std::string commit;  // the commit it is about, "" = none
  std::optional<Instant> until;
};

struct Forecast {
  std::string run;
  Instant stopped_at;
  std::string why;  // raw; "its supervisor is gone", "paused: no space left"
  uint64_t events = 0;
  int64_t torn_bytes = 0;
  std::vector<ProspectItem> items;
  // The target.
  std::string target;  // full refname
  std::string target_at;
  std::string target_to;   // where it would move, "" = it stays
  std::string target_why;  // raw; why it stays, or how it moves
};

std::string forecast_text(const Forecast& forecast, const Terminal& terminal);

// One value; every kind of prospect is a key, also when nothing is of its kind.
std::string forecast_json(const Forecast& forecast);

}  // namespace pianola::view
