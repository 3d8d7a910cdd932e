// Paths as file systems see them that ignore case or compose accents.
#pragma once

#include <string>
#include <string_view>

namespace pianola::plan {

// Equal for paths that are equal after simple case folding and canonical decomposition (Unicode 14:
// CaseFolding.txt C and S, UnicodeData.txt). Covers the letters of Latin, Greek, Cyrillic, Armenian,
// Georgian, Cherokee, the Indic scripts, Hangul and Kana; Han compatibility ideographs stay as they are, and
// so do bytes that are not UTF-8.
std::string fold_path(std::string_view path);

// With A to Z as a to z, and all else as it is.
std::string ascii_lower(std::string_view text);

}  // namespace pianola::plan
