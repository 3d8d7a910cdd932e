// UTF-8, one code point at a time, for text that is known to be UTF-8 (base/text.h, is_utf8).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace pianola::plan {

// The code point at `at`, which moves behind it. `text` must be UTF-8 and `at` before its end.
uint32_t next_point(std::string_view text, size_t& at);

// `point` must be a code point and no surrogate.
void append_utf8(std::string& out, uint32_t point);

}  // namespace pianola::plan
