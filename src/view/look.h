// How a state is shown: its word, its glyphs and its role. One table for the command line, the screens and
// the web; nothing else has a state word or a colour of its own.
#pragma once

#include <span>
#include <string_view>

namespace pianola::view {

enum class Role { text, dim, need, bad, warn, park, busy, good };

struct StateLook {
  std::string_view word;
  std::string_view glyph;  // UTF-8, one column wide
  std::string_view ascii;  // one character
  Role role = Role::text;
};

// All 17 states, in the order people read them.
std::span<const StateLook> state_looks();

// The look of `word`; CHECKs that it is one of the 17.
const StateLook& look_of(std::string_view word);

}  // namespace pianola::view
