// How much of a campaign is played, and the lines that docs/guarantees.md is made from.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace pianola::test {

// A number that the environment gives, or what the short form takes.
inline int rounds(const char* variable, int in_short) {
  const char* wanted = ::getenv(variable);
  return wanted != nullptr ? std::atoi(wanted) : in_short;
}

// "guarantee: G1 | power cuts | cuts 25, lost 0": test/guarantees.sh adds up the figures of equal names that
// stand in several lines of one promise and test; one that begins with "longest" is not added but compared.
inline void tell_guarantee(std::string_view promise, std::string_view test, const std::string& figures) {
  std::printf("guarantee: %s | %s | %s\n", std::string(promise).c_str(), std::string(test).c_str(),
              figures.c_str());
  std::fflush(stdout);
}

}  // namespace pianola::test
