#include "view/numbers.h"

#include <fmt/format.h>

#include <algorithm>

namespace pianola::view {
namespace {

void add_known(int64_t& sum, int64_t part) {
  if (part < 0) return;
  sum = sum < 0 ? part : sum + part;
}

}  // namespace

std::string money_text(int64_t microusd) {
  if (microusd < 0) return "-";
  if (microusd > 0 && microusd < 5'000) return "<$0.01";
  const int64_t cents = microusd / 10'000 + (microusd % 10'000 >= 5'000 ? 1 : 0);
  return fmt::format("${}.{:02}", cents / 100, cents % 100);
}

std::string tokens_text(int64_t tokens) {
  if (tokens < 0) return "-";
  if (tokens < 1'000) return fmt::format("{}", tokens);
  if (tokens < 9'950) {
    const int64_t tenths = (tokens + 50) / 100;
    return fmt::format("{}.{}k", tenths / 10, tenths % 10);
  }
  if (tokens < 999'500) return fmt::format("{}k", (tokens + 500) / 1'000);
  const int64_t tenths = tokens / 100'000 + (tokens % 100'000 >= 50'000 ? 1 : 0);
  return fmt::format("{}.{}M", tenths / 10, tenths % 10);
}

std::string age_text(Duration age) {
  const int64_t seconds = std::max<int64_t>(0, age.ns / 1'000'000'000);
  if (seconds < 60) return fmt::format("{}s", seconds);
  if (seconds < 3'600) return fmt::format("{}m", seconds / 60);
  if (seconds < 86'400) return fmt::format("{}h", seconds / 3'600);
  return fmt::format("{}d", seconds / 86'400);
}

std::string countdown_text(Duration left) {
  // Rounded up: a wait that is not over never reads 0.
  const int64_t seconds = left.ns <= 0 ? 0 : (left.ns - 1) / 1'000'000'000 + 1;
  return seconds < 60 ? fmt::format("{} s", seconds) : span_text(Duration::from_s(seconds));
}

std::string size_text(int64_t bytes) {
  constexpr int64_t kilo = 1'000;
  if (bytes < kilo) return fmt::format("{} B", bytes);
  int64_t tenths = (bytes + 50) / 100;
  const char* unit = "kB";
  for (const char* larger : {"MB", "GB", "TB"}) {
    if (tenths < kilo * 10) break;
    tenths = (tenths + 500) / kilo;
    unit = larger;
  }
  return fmt::format("{}.{} {}", tenths / 10, tenths % 10, unit);
}

std::string counted(size_t count, std::string_view one, std::string_view several) {
  if (count == 1) return fmt::format("1 {}", one);
  return several.empty() ? fmt::format("{} {}s", count, one) : fmt::format("{} {}", count, several);
}

std::string short_hash(std::string_view hash) {
  return hash.empty() ? "-" : std::string(hash.substr(0, std::min<size_t>(7, hash.size())));
}

std::string short_ref(std::string_view refname) {
  constexpr std::string_view heads = "refs/heads/";
  return std::string(refname.starts_with(heads) ? refname.substr(heads.size()) : refname);
}

std::string leaf_of(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  const size_t slash = path.rfind('/');
  return std::string(slash == std::string_view::npos || path.size() == 1 ? path : path.substr(slash + 1));
}

std::string isolation_phrase(std::string_view isolation) {
  return isolation == "none" ? "no isolation" : std::string(isolation);
}

int64_t tokens_of(const core::Usage& usage) {
  if (usage.tokens_in < 0 && usage.tokens_out < 0) return -1;
  return std::max<int64_t>(0, usage.tokens_in) + std::max<int64_t>(0, usage.tokens_out);
}

void add(core::Usage& sum, const core::Usage& part) {
  add_known(sum.tokens_in, part.tokens_in);
  add_known(sum.tokens_out, part.tokens_out);
  add_known(sum.tokens_cached, part.tokens_cached);
  add_known(sum.cost_microusd, part.cost_microusd);
}

int64_t unpriced_tokens(const core::State& state) {
  int64_t tokens = 0;
  for (const core::TaskRun& run : state.tasks) {
    for (const core::Attempt& attempt : run.attempts) {
      if (attempt.claim.usage.cost_microusd >= 0) continue;
      tokens += std::max<int64_t>(0, tokens_of(attempt.claim.usage));
    }
  }
  return tokens;
}

}  // namespace pianola::view
