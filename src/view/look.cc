#include "view/look.h"

#include <algorithm>
#include <array>

#include "base/check.h"

namespace pianola::view {
namespace {

constexpr std::array<StateLook, 17> looks = {{
    {"waiting", "∙", ".", Role::dim},
    {"ready", "◌", "o", Role::dim},
    {"starting", "◔", ",", Role::busy},
    {"working", "◉", "*", Role::busy},
    {"asks", "?", "?", Role::need},
    {"blocked", "⊘", "#", Role::warn},
    {"stalled", "◍", "~", Role::warn},
    {"parked", "⊝", "=", Role::park},
    {"retry", "↻", "r", Role::warn},
    {"checking", "◒", "c", Role::busy},
    {"review", "⚑", "!", Role::need},
    {"landing", "▸", ">", Role::busy},
    {"landed", "✓", "+", Role::good},
    {"failed", "✗", "x", Role::bad},
    {"skipped", "⊖", "-", Role::dim},
    {"stopped", "⊗", "s", Role::text},
    {"discarded", "⊚", "d", Role::dim},
}};

}  // namespace

std::span<const StateLook> state_looks() { return looks; }

const StateLook& look_of(std::string_view word) {
  const auto at =
      std::find_if(looks.begin(), looks.end(), [&](const StateLook& look) { return look.word == word; });
  CHECK(at != looks.end(), "every state word stands in the table");
  return *at;
}

}  // namespace pianola::view
