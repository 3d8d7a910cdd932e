#include "plan/line_index.h"

#include <algorithm>

namespace pianola::plan {

LineIndex::LineIndex(std::string_view text) {
  for (size_t at = text.find_first_of("\r\n"); at != std::string_view::npos;
       at = text.find_first_of("\r\n", at)) {
    at += text.substr(at).starts_with("\r\n") ? 2U : 1U;
    starts_.push_back(static_cast<uint32_t>(at));
  }
}

Mark LineIndex::mark(size_t offset) const {
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), offset);
  const auto line = after - starts_.begin();
  return {static_cast<int>(line), static_cast<int>(offset - *(after - 1)) + 1};
}

std::string_view LineIndex::line(std::string_view text, int line) const {
  if (line < 1 || static_cast<size_t>(line) > starts_.size()) return {};
  const std::string_view rest = text.substr(starts_[static_cast<size_t>(line) - 1]);
  return rest.substr(0, rest.find_first_of("\r\n"));
}

}  // namespace pianola::plan
