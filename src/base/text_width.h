// What Unicode says about one code point: how wide it is, and whether a reader can see it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace pianola {

// Columns on a terminal: 0 for combining and invisible characters, 2 for East Asian wide ones, else 1.
size_t point_columns(uint32_t point);

// True for characters that leave no mark of their own or reorder their neighbours: zero-width, bidi
// control, variation selector, tag, soft hyphen, line separator.
bool is_invisible(uint32_t point);

}  // namespace pianola
