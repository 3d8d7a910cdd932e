#include "plan/checklist_keys.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "plan/fold.h"

namespace pianola::plan {
namespace {

struct NamedKey {
  std::string_view name;
  InlineKey key;
};

constexpr std::array<NamedKey, 5> inline_keys = {{{"role", InlineKey::role},
                                                  {"depends", InlineKey::depends},
                                                  {"files", InlineKey::files},
                                                  {"test", InlineKey::test},
                                                  {"model", InlineKey::model}}};

// What YAML plans call them, and what people write for them.
constexpr std::array<NamedKey, 6> other_names = {{{"depends_on", InlineKey::depends},
                                                  {"depends on", InlineKey::depends},
                                                  {"files_write", InlineKey::files},
                                                  {"verification", InlineKey::test},
                                                  {"verify", InlineKey::test},
                                                  {"check", InlineKey::test}}};

constexpr size_t key_bytes_max = 16;
constexpr size_t code_bytes_max = 4096;  // of code inside a line; bounds what a hostile line costs
constexpr size_t id_bytes_max = 256;

std::string_view piece(std::string_view text, Span span) {
  return text.substr(span.begin, span.end - span.begin);
}

Span trimmed(std::string_view text, Span span) {
  while (span.begin < span.end && is_space_or_tab(text[span.begin])) ++span.begin;
  while (span.end > span.begin && is_space_or_tab(text[span.end - 1])) --span.end;
  return span;
}

// Without one pair of backticks that holds all of it.
Span unquoted(std::string_view text, Span span) {
  span = trimmed(text, span);
  const std::string_view value = piece(text, span);
  const bool is_quoted = value.size() > 2 && value.front() == '`' && value.find('`', 1) == value.size() - 1;
  return is_quoted ? Span{span.begin + 1, span.end - 1} : span;
}

// Behind the code that begins at `at`, a backtick; behind its backticks when nothing closes them.
size_t behind_code(std::string_view text, size_t at, size_t end) {
  const size_t behind = std::min(text.find_first_not_of('`', at), end);
  end = std::min(end, behind + code_bytes_max);
  text = text.substr(0, end);
  const size_t ticks = behind - at;
  for (size_t close = text.find('`', behind); close < end; close = text.find('`', close)) {
    const size_t after = std::min(text.find_first_not_of('`', close), end);
    if (after - close == ticks) return after;
    close = after;
  }
  return behind;
}

// Calls `visit` with each offset where a word may begin; it gives where to go on, or nothing for the next.
template <class Visit>
void each_word(std::string_view text, Span line, Visit visit) {
  for (size_t at = line.begin; at < line.end;) {
    const bool may_begin = at == line.begin || is_space_or_tab(text[at - 1]);
    if (const std::optional<size_t> next = may_begin ? visit(at) : std::nullopt) {
      at = *next;
    } else if (text[at] == '`') {
      at = behind_code(text, at, line.end);
    } else {
      ++at;
    }
  }
}

// The key that is written at `at`; its value begins behind the colon.
const NamedKey* key_at(std::string_view text, size_t at, size_t end) {
  for (const NamedKey& named : inline_keys) {
    const size_t colon = at + named.name.size();
    if (colon >= end || text[colon] != ':' || text.substr(at, named.name.size()) != named.name) continue;
    if (colon + 1 == end || is_space_or_tab(text[colon + 1])) return &named;
  }
  return nullptr;
}

}  // namespace

std::string_view inline_key_text(InlineKey key) {
  return std::find_if(inline_keys.begin(), inline_keys.end(),
                      [&](const NamedKey& named) { return named.key == key; })
      ->name;
}

KeyedLine read_keys(std::string_view text, Span line) {
  KeyedLine out{.text = line, .values = {}};
  const auto end_value = [&](size_t at) {
    if (out.values.empty()) {
      out.text.end = at;
    } else {
      out.values.back().value.end = at;
    }
  };
  each_word(text, line, [&](size_t at) -> std::optional<size_t> {
    const NamedKey* named = key_at(text, at, line.end);
    if (named == nullptr) return std::nullopt;
    end_value(at);
    const size_t colon = at + named->name.size();
    out.values.push_back({.key = named->key, .name = {at, colon}, .value = {colon + 1, line.end}});
    return colon + 1;
  });
  out.text = trimmed(text, out.text);
  for (InlineValue& value : out.values) value.value = unquoted(text, value.value);
  return out;
}

std::vector<Span> parts_of(std::string_view text, Span value) {
  std::vector<Span> parts;
  text = text.substr(0, value.end);
  for (size_t at = value.begin; at <= value.end;) {
    const size_t comma = std::min(text.find(',', at), value.end);
    const Span part = unquoted(text, {at, comma});
    if (part.begin < part.end) parts.push_back(part);
    at = comma + 1;
  }
  return parts;
}

std::optional<NearKey> near_key(std::string_view text, Span line) {
  const std::string_view begin = piece(text, line).substr(0, key_bytes_max);
  const size_t colon = begin.find(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  const std::string_view word = begin.substr(0, colon);
  const Span at{line.begin, line.begin + colon};
  const std::string lower = ascii_lower(word);
  for (const NamedKey& named : other_names) {
    if (lower == named.name) return NearKey{at, named.key};
  }
  for (const NamedKey& named : inline_keys) {
    if (lower == named.name || edit_distance(lower, named.name, 1) <= 1) return NearKey{at, named.key};
  }
  return std::nullopt;
}

std::optional<ExplicitId> find_explicit_id(std::string_view text, Span line) {
  std::optional<ExplicitId> found;
  each_word(text, line, [&](size_t at) -> std::optional<size_t> {
    if (found || text.substr(at, 2) != "{#") return std::nullopt;
    const size_t length = text.substr(at, std::min(id_bytes_max, line.end - at)).find('}');
    if (length == std::string_view::npos) return std::nullopt;
    const size_t close = at + length;
    found = ExplicitId{.whole = {at, close + 1}, .name = {at + 2, close}};
    return close + 1;
  });
  return found;
}

}  // namespace pianola::plan
