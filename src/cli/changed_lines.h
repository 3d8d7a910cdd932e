// What differs between two texts, for a person to look at.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/program.h"

namespace pianola::cli {

inline constexpr size_t no_limit = SIZE_MAX;

// Bytes, or those of a regular file.
struct Text {
  std::string path;  // absolute; "": bytes
  std::string bytes;
};

// The lines that `git diff` takes away ("-") and adds ("+"), display-safe. At most one of both is bytes.
Result<std::vector<std::string>> changed_lines(const Program& program, const Text& before, const Text& after);

// Each of the first `most` lines indented by two blanks, then how many more there are and the command that
// shows them, if there is one.
std::string first_lines(const std::vector<std::string>& lines, size_t most, const std::string& see_all = "");

}  // namespace pianola::cli
