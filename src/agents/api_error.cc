#include "agents/api_error.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace pianola::agents {
namespace {

using core::FailureClass;

constexpr size_t read_limit_bytes = 4'000;

struct Saying {
  std::string_view words;  // in lower case
  FailureClass failure;
};

// The first that fits decides. An account's limit often speaks of billing as well, so limits come first.
constexpr std::array sayings = {
    Saying{"quota", FailureClass::quota},
    Saying{"rate limit", FailureClass::quota},
    Saying{"usage limit", FailureClass::quota},
    Saying{"too many requests", FailureClass::quota},
    Saying{"resource_exhausted", FailureClass::quota},
    Saying{"credit balance", FailureClass::billing},
    Saying{"insufficient balance", FailureClass::billing},
    Saying{"billing", FailureClass::billing},
    Saying{"api key not valid", FailureClass::auth},
    Saying{"incorrect api key", FailureClass::auth},
    Saying{"invalid api key", FailureClass::auth},
    Saying{"unauthenticated", FailureClass::auth},
    Saying{"prompt is too long", FailureClass::context},
    Saying{"context window", FailureClass::context},
    Saying{"context length", FailureClass::context},
    Saying{"input token count", FailureClass::context},
    Saying{"usage polic", FailureClass::policy},
    Saying{"prohibited_content", FailureClass::policy},
    Saying{"content_filter", FailureClass::policy},
};

// These count when no status is named.
constexpr std::array vaguer_sayings = {
    Saying{"model: ", FailureClass::invalid},         Saying{"not found", FailureClass::invalid},
    Saying{"does not exist", FailureClass::invalid},  Saying{"overloaded", FailureClass::transient},
    Saying{"unavailable", FailureClass::transient},   Saying{"terminated", FailureClass::transient},
    Saying{"fetch failed", FailureClass::transient},  Saying{"connect", FailureClass::transient},
    Saying{"econnreset", FailureClass::transient},    Saying{"socket", FailureClass::transient},
    Saying{"finish reason", FailureClass::transient}, Saying{"timed out", FailureClass::transient},
    Saying{"timeout", FailureClass::transient},       Saying{"network error", FailureClass::transient},
};

std::string lower_case(std::string_view text) {
  std::string lower(text.substr(0, read_limit_bytes));
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

// The three digits after `[api error: `, `"code":` or `status `, or 0.
int64_t status_in(std::string_view text) {
  for (const std::string_view mark : {"[api error: ", "\"code\":", "status "}) {
    const size_t at = text.find(mark);
    if (at == std::string_view::npos) continue;
    int64_t status = 0;
    for (const char c : text.substr(at + mark.size(), 3)) {
      status = c >= '0' && c <= '9' && status >= 0 ? status * 10 + (c - '0') : -1;
    }
    if (status >= 400) return status;
  }
  return 0;
}

FailureClass failure_of_status(int64_t status) {
  if (status == 401 || status == 403) return FailureClass::auth;
  if (status == 402) return FailureClass::billing;
  if (status == 408 || status >= 500) return FailureClass::transient;
  if (status == 413) return FailureClass::context;
  return status == 429 ? FailureClass::quota : FailureClass::invalid;
}

}  // namespace

FailureClass failure_of_api_error(std::string_view text, int64_t status) {
  const std::string lower = lower_case(text);
  const auto is_said = [&](const Saying& one) { return lower.find(one.words) != std::string::npos; };
  const auto* said = std::find_if(sayings.begin(), sayings.end(), is_said);
  if (said != sayings.end()) return said->failure;
  if (status <= 0) status = status_in(lower);
  if (status >= 400) return failure_of_status(status);
  const auto* vague = std::find_if(vaguer_sayings.begin(), vaguer_sayings.end(), is_said);
  return vague == vaguer_sayings.end() ? FailureClass::crash : vague->failure;
}

}  // namespace pianola::agents
