#include "base/text.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "base/text_width.h"

namespace pianola {
namespace {

struct Decoded {
  uint32_t point = 0;
  size_t size = 0;  // bytes taken; 0 when the bytes are not UTF-8
};

Decoded decode(std::string_view rest);
void append_shown(std::string& out, std::string_view raw);
void append_byte(std::string& out, uint32_t byte);
void append_point(std::string& out, uint32_t point);

constexpr std::string_view ellipsis = "…";

}  // namespace

Shown display(std::string_view raw) {
  std::string out;
  out.reserve(raw.size());
  append_shown(out, raw);
  return Shown(std::move(out));
}

std::string display_lines(std::string_view raw) {
  std::string out;
  out.reserve(raw.size());
  for (size_t at = 0;;) {
    const size_t end = std::min(raw.find('\n', at), raw.size());
    std::string_view line = raw.substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    append_shown(out, line);
    if (end == raw.size()) return out;
    out += '\n';
    at = end + 1;
  }
}

bool is_utf8(std::string_view bytes, size_t* bad_offset) {
  constexpr uint64_t high_bits = 0x8080'8080'8080'8080;
  for (size_t at = 0; at < bytes.size();) {
    uint64_t eight = high_bits;
    if (bytes.size() - at >= sizeof eight) std::memcpy(&eight, bytes.data() + at, sizeof eight);
    if ((eight & high_bits) == 0) {
      at += sizeof eight;
      continue;
    }
    const size_t size = decode(bytes.substr(at)).size;
    if (size == 0) {
      if (bad_offset != nullptr) *bad_offset = at;
      return false;
    }
    at += size;
  }
  return true;
}

std::string utf8_text(std::string_view bytes) {
  return is_utf8(bytes) ? std::string(bytes) : display(bytes).str();
}

size_t columns(std::string_view text) {
  size_t width = 0;
  for (size_t at = 0; at < text.size();) {
    const Decoded next = decode(text.substr(at));
    width += next.size == 0 ? 1 : point_columns(next.point);
    at += std::max<size_t>(next.size, 1);
  }
  return width;
}

std::string fit(std::string_view text, size_t width) {
  if (width == 0) return "";
  size_t kept = 0;  // bytes that leave room for the ellipsis
  size_t used = 0;
  for (size_t at = 0; at < text.size();) {
    const Decoded next = decode(text.substr(at));
    used += next.size == 0 ? 1 : point_columns(next.point);
    at += std::max<size_t>(next.size, 1);
    if (used > width) return std::string(text.substr(0, kept)) + std::string(ellipsis);
    if (used < width) kept = at;
  }
  return std::string(text);
}

size_t edit_distance(std::string_view a, std::string_view b, size_t limit) {
  const size_t longer = std::max(a.size(), b.size());
  const size_t shorter = std::min(a.size(), b.size());
  if (longer - shorter > limit) return limit + 1;

  std::vector<size_t> two_above(b.size() + 1);
  std::vector<size_t> above(b.size() + 1);
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    size_t least = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + change});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], two_above[j - 2] + 1);
      least = std::min(least, row[j]);
    }
    // A swap may step over one row, so only two rows in succession above the limit settle it.
    if (least > limit && *std::min_element(above.begin(), above.end()) > limit) return limit + 1;
    std::swap(two_above, above);
    std::swap(above, row);
  }
  return std::min(above[b.size()], limit + 1);
}

namespace {

// One character from the front of `rest`; shortest form only, no surrogates, at most U+10FFFF (RFC 3629).
Decoded decode(std::string_view rest) {
  const auto byte = [&](size_t i) { return static_cast<uint32_t>(static_cast<unsigned char>(rest[i])); };
  const uint32_t lead = byte(0);
  if (lead < 0x80) return {.point = lead, .size = 1};

  size_t size = 0;
  uint32_t point = 0;
  uint32_t least = 0;
  if (lead >= 0xC2 && lead <= 0xDF) {
    size = 2, point = lead & 0x1FU, least = 0x80;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    size = 3, point = lead & 0x0FU, least = 0x800;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    size = 4, point = lead & 0x07U, least = 0x10000;
  } else {
    return {};
  }
  if (rest.size() < size) return {};
  for (size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return {};
    point = (point << 6) | (byte(i) & 0x3FU);
  }
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  if (point < least || surrogate || point > 0x10FFFF) return {};
  return {.point = point, .size = size};
}

void append_shown(std::string& out, std::string_view raw) {
  for (size_t at = 0; at < raw.size();) {
    const Decoded next = decode(raw.substr(at));
    const auto lead = static_cast<unsigned char>(raw[at]);
    if (next.size == 0) {
      append_byte(out, lead);
      ++at;
      continue;
    }
    if (lead == '\n') {
      out += "\\n";
    } else if (lead == '\t') {
      out += "\\t";
    } else if (lead == '\\') {
      out += "\\\\";
    } else if (next.point < 0x20 || (next.point >= 0x7F && next.point < 0xA0)) {
      append_byte(out, next.point);
    } else if (is_invisible(next.point)) {
      append_point(out, next.point);
    } else {
      out.append(raw, at, next.size);
    }
    at += next.size;
  }
}

void append_byte(std::string& out, uint32_t byte) {
  constexpr std::string_view digits = "0123456789abcdef";
  out += "\\x";
  out += digits[(byte >> 4) & 15U];
  out += digits[byte & 15U];
}

// At least four digits, as Unicode writes code points.
void append_point(std::string& out, uint32_t point) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  out += "\\u{";
  int shift = 20;
  while (shift > 12 && (point >> shift) == 0) shift -= 4;
  for (; shift >= 0; shift -= 4) out += digits[(point >> shift) & 15U];
  out += '}';
}

}  // namespace
}  // namespace pianola
