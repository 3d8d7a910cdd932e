// For the tests of this room: a plan's text in, its diagnostics as lines out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plan/load.h"

namespace pianola::plan {

inline Loaded load_text(std::string_view text, Strictness strictness = Strictness::every_rule,
                        std::string_view file = "tasks.yaml") {
  return load(text, {.file = std::string(file), .strictness = strictness});
}

inline std::vector<std::string> findings(std::string_view text,
                                         Strictness strictness = Strictness::every_rule,
                                         std::string_view file = "tasks.yaml") {
  std::vector<std::string> lines;
  for (const Diagnostic& diagnostic : load_text(text, strictness, file).diagnostics)
    lines.push_back(diagnostic.text());
  return lines;
}

// The only finding; all of them, joined by " | ", when there are more or none.
inline std::string finding(std::string_view text, Strictness strictness = Strictness::every_rule,
                           std::string_view file = "tasks.yaml") {
  std::string all;
  for (const std::string& line : findings(text, strictness, file)) all += (all.empty() ? "" : " | ") + line;
  return all;
}

// A plan of one whole task, with `lines` (each begun by four blanks) added to it.
inline std::string one_task(std::string_view lines) {
  return "tasks:\n  - id: a\n    files_write: [src/a]\n    verification: [{command: pytest -q, type: "
         "test}]\n" +
         std::string(lines);
}

}  // namespace pianola::plan
