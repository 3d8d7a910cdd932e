#include "verify/git_name.h"

#include <algorithm>
#include <array>
#include <string>

namespace pianola::verify {
namespace {

std::string spelled_plainly(std::string_view component);
bool is_short_name(std::string_view plain, std::string_view stem);

}  // namespace

bool names_git_folder(std::string_view path) {
  for (size_t at = 0; at <= path.size();) {
    const size_t end = std::min(path.find_first_of("/\\", at), path.size());
    const std::string plain = spelled_plainly(path.substr(at, end - at));
    if (plain == ".git" || plain == "git~1") return true;
    at = end + 1;
  }
  return false;
}

bool names_attribute_file(std::string_view path) {
  const size_t slash = path.find_last_of("/\\");
  const std::string plain = spelled_plainly(slash == std::string_view::npos ? path : path.substr(slash + 1));
  return plain == ".gitattributes" || plain == ".gitmodules" || is_short_name(plain, "gitatt") ||
         is_short_name(plain, "gitmod") || plain.starts_with("gi7d29~") || plain.starts_with("gi7eba~");
}

namespace {

// Characters HFS+ does not look at when it compares names (utf8.c, next_hfs_char): U+200C..F, U+202A..E,
// U+206A..F and U+FEFF, as UTF-8.
size_t invisible_at(std::string_view text) {
  if (text.size() < 3) return 0;
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) == 0xEF && byte(1) == 0xBB && byte(2) == 0xBF) return 3;
  if (byte(0) != 0xE2) return 0;
  const bool in_80 =
      byte(1) == 0x80 && ((byte(2) >= 0x8C && byte(2) <= 0x8F) || (byte(2) >= 0xAA && byte(2) <= 0xAE));
  const bool in_81 = byte(1) == 0x81 && byte(2) >= 0xAA && byte(2) <= 0xAF;
  return in_80 || in_81 ? 3 : 0;
}

// What is left of a name when the file systems that are loose with names have had their way.
std::string spelled_plainly(std::string_view component) {
  std::string plain;
  while (!component.empty()) {
    if (const size_t invisible = invisible_at(component); invisible > 0) {
      component.remove_prefix(invisible);
      continue;
    }
    const char c = component.front();
    plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    component.remove_prefix(1);
  }
  plain.resize(std::min(plain.find(':'), plain.size()));
  while (!plain.empty() && (plain.back() == '.' || plain.back() == ' ')) plain.pop_back();
  return plain;
}

// "gitmod~1": the first six letters and a number, as NTFS shortens long names.
bool is_short_name(std::string_view plain, std::string_view stem) {
  return plain.size() == stem.size() + 2 && plain.starts_with(stem) && plain[stem.size()] == '~' &&
         plain.back() >= '1' && plain.back() <= '4';
}

}  // namespace
}  // namespace pianola::verify
