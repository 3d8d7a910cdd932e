#include "plan/path_glob.h"

#include <algorithm>
#include <array>

namespace pianola::plan {
namespace {

struct CharacterClass {
  std::string_view name;
  bool (*holds)(unsigned char);
};

ByteSet all_name_bytes();
std::optional<GlobToken> read_bracket(std::string_view pattern, size_t at);
bool add_character_class(std::string_view name, ByteSet& set);
GlobComponent read_component(std::string_view text);
bool matches(const GlobComponent& component, std::string_view name);

}  // namespace

bool is_glob_special(char c) { return c == '*' || c == '?' || c == '[' || c == '\\'; }

std::optional<GlobToken> read_glob_token(std::string_view pattern, size_t at) {
  GlobToken token;
  token.end = at + 1;
  switch (pattern[at]) {
    case '*':
      token.is_star = true;
      token.bytes = all_name_bytes();
      while (token.end < pattern.size() && pattern[token.end] == '*') ++token.end;
      return token;
    case '?':
      token.bytes = all_name_bytes();
      return token;
    case '[':
      return read_bracket(pattern, at);
    case '\\':
      if (at + 1 == pattern.size()) return std::nullopt;
      token.bytes.set(static_cast<unsigned char>(pattern[at + 1]));
      token.end = at + 2;
      return token;
    default:
      token.bytes.set(static_cast<unsigned char>(pattern[at]));
      return token;
  }
}

Glob::Glob(std::string_view entry) {
  const bool is_folder = entry.ends_with('/');
  for (size_t at = 0; at < entry.size();) {
    const size_t end = std::min(entry.find('/', at), entry.size());
    components_.push_back(read_component(entry.substr(at, end - at)));
    at = end + 1;
  }
  const bool is_tree = !components_.empty() && components_.back().is_globstar;
  if (is_folder && !is_tree) components_.push_back(read_component("**"));
  // What ends in any number of components still owns paths below, never the folder itself.
  if (is_folder || is_tree) components_.push_back(read_component("*"));
  find_ends();
}

void Glob::find_ends() {
  size_t first_wild = 0;
  while (first_wild < components_.size() && components_[first_wild].is_literal) {
    if (first_wild > 0) prefix_ += '/';
    prefix_ += components_[first_wild++].literal;
  }
  is_exact_ = first_wild == components_.size();
  if (is_exact_) {
    suffix_ = prefix_;
    return;
  }
  const auto literal_byte = [](const GlobToken& token, std::string& out) {
    if (token.is_star || token.bytes.count() != 1) return false;
    size_t byte = 0;
    while (!token.bytes.test(byte)) ++byte;
    out += static_cast<char>(byte);
    return true;
  };
  if (first_wild > 0) prefix_ += '/';
  for (const GlobToken& token : components_[first_wild].tokens) {
    if (!literal_byte(token, prefix_)) break;
  }
  std::string reversed;
  size_t last = components_.size();
  while (components_[last - 1].is_literal) {
    --last;
    const std::string& name = components_[last].literal;
    reversed.append(name.rbegin(), name.rend());
    if (!components_[last - 1].is_globstar) reversed += '/';
  }
  const auto& tokens = components_[last - 1].tokens;
  for (size_t i = tokens.size(); i > 0 && literal_byte(tokens[i - 1], reversed);) --i;
  suffix_.assign(reversed.rbegin(), reversed.rend());
}

// The well-known matching of one star at a time: on a mismatch only the last "**" takes one component more.
bool Glob::owns(std::string_view path) const {
  if (path.size() < prefix_.size() || !path.starts_with(prefix_) || !path.ends_with(suffix_)) return false;
  if (is_exact_) return path.size() == prefix_.size();
  size_t at = 0;
  size_t retry_at = std::string_view::npos;
  size_t component = 0;
  size_t retry_component = 0;
  while (at < path.size()) {
    const size_t end = std::min(path.find('/', at), path.size());
    if (component < components_.size() && components_[component].is_globstar) {
      retry_component = ++component;
      retry_at = at;
    } else if (component < components_.size() && matches(components_[component], path.substr(at, end - at))) {
      ++component;
      at = end + 1;
    } else if (retry_at != std::string_view::npos) {
      retry_at = std::min(path.find('/', retry_at), path.size()) + 1;
      at = retry_at;
      component = retry_component;
    } else {
      return false;
    }
  }
  return component == components_.size();
}

bool ends_agree(const Glob& a, const Glob& b) {
  const auto agree = [](std::string_view x, std::string_view y) {
    return x.starts_with(y) || y.starts_with(x);
  };
  if (!agree(a.prefix(), b.prefix())) return false;
  return std::string_view(a.suffix()).ends_with(b.suffix()) ||
         std::string_view(b.suffix()).ends_with(a.suffix());
}

namespace {

ByteSet all_name_bytes() {
  ByteSet all;
  all.set();
  all.reset('\0');
  all.reset('/');
  return all;
}

// The grammar of git's wildmatch.c: "!" or "^" negates, a first "]" is itself, "\" quotes.
std::optional<GlobToken> read_bracket(std::string_view pattern, size_t at) {
  const auto byte_at = [&](size_t i) { return i < pattern.size() ? pattern[i] : '\0'; };
  const auto index = [](char c) { return static_cast<size_t>(static_cast<unsigned char>(c)); };
  GlobToken token;
  size_t i = at + 1;
  const bool is_negated = byte_at(i) == '!' || byte_at(i) == '^';
  if (is_negated) ++i;
  size_t range_from = 256;  // no start of a range
  for (bool is_first = true; is_first || byte_at(i) != ']'; is_first = false) {
    char c = byte_at(i);
    if (c == '\0') return std::nullopt;
    const size_t class_end =
        c == '[' && byte_at(i + 1) == ':' ? pattern.find(']', i + 2) : std::string_view::npos;
    if (class_end != std::string_view::npos && class_end > i + 2 && pattern[class_end - 1] == ':') {
      if (!add_character_class(pattern.substr(i + 2, class_end - i - 3), token.bytes)) return std::nullopt;
      range_from = 256;
      i = class_end + 1;
      continue;
    }
    const bool is_range = c == '-' && range_from < 256 && byte_at(i + 1) != '\0' && byte_at(i + 1) != ']';
    if (is_range) c = byte_at(++i);
    if (c == '\\') c = byte_at(++i);
    if (c == '\0') return std::nullopt;
    for (size_t byte = is_range ? range_from : index(c); byte <= index(c); ++byte) token.bytes.set(byte);
    range_from = is_range ? 256 : index(c);
    ++i;
  }
  if (is_negated) token.bytes.flip();
  token.bytes &= all_name_bytes();
  token.end = i + 1;
  return token;
}

constexpr bool in_range(unsigned char c, char first, char last) {
  return c >= static_cast<unsigned char>(first) && c <= static_cast<unsigned char>(last);
}
constexpr bool is_digit(unsigned char c) { return in_range(c, '0', '9'); }
constexpr bool is_upper(unsigned char c) { return in_range(c, 'A', 'Z'); }
constexpr bool is_lower(unsigned char c) { return in_range(c, 'a', 'z'); }
constexpr bool is_letter(unsigned char c) { return is_upper(c) || is_lower(c); }
constexpr bool is_graph(unsigned char c) { return in_range(c, '!', '~'); }

constexpr std::array<CharacterClass, 12> character_classes = {{
    {"alnum", [](unsigned char c) { return is_letter(c) || is_digit(c); }},
    {"alpha", is_letter},
    {"blank", [](unsigned char c) { return c == ' ' || c == '\t'; }},
    {"cntrl", [](unsigned char c) { return c < ' ' || c == 0x7F; }},
    {"digit", is_digit},
    {"graph", is_graph},
    {"lower", is_lower},
    {"print", [](unsigned char c) { return is_graph(c) || c == ' '; }},
    {"punct", [](unsigned char c) { return is_graph(c) && !is_letter(c) && !is_digit(c); }},
    {"space", [](unsigned char c) { return c == ' ' || in_range(c, '\t', '\r'); }},
    {"upper", is_upper},
    {"xdigit", [](unsigned char c) { return is_digit(c) || in_range(c, 'a', 'f') || in_range(c, 'A', 'F'); }},
}};

bool add_character_class(std::string_view name, ByteSet& set) {
  for (const CharacterClass& known : character_classes) {
    if (known.name != name) continue;
    for (size_t byte = 0; byte < 128; ++byte) {
      if (known.holds(static_cast<unsigned char>(byte))) set.set(byte);
    }
    return true;
  }
  return false;
}

GlobComponent read_component(std::string_view text) {
  GlobComponent component;
  if (text == "**") {
    component.is_globstar = true;
    return component;
  }
  component.is_literal = text.find_first_of("*?[") == std::string_view::npos;
  for (size_t at = 0; at < text.size();) {
    // A bracket that does not parse is never normalised; taken as a byte it still owns nothing it should not.
    GlobToken token = read_glob_token(text, at).value_or(GlobToken{false, {}, text.size()});
    if (component.is_literal) component.literal += text[token.end - 1];
    at = token.end;
    if (!component.is_literal) component.tokens.push_back(std::move(token));
  }
  // "\*" alone has special bytes and no wildcard.
  if (!component.is_literal) {
    component.is_literal = std::all_of(component.tokens.begin(), component.tokens.end(),
                                       [](const GlobToken& t) { return !t.is_star && t.bytes.count() == 1; });
    for (size_t i = 0; component.is_literal && i < component.tokens.size(); ++i) {
      size_t byte = 0;
      while (!component.tokens[i].bytes.test(byte)) ++byte;
      component.literal += static_cast<char>(byte);
    }
    if (component.is_literal) component.tokens.clear();
  }
  return component;
}

bool matches(const GlobComponent& component, std::string_view name) {
  if (component.is_literal) return component.literal == name;
  const auto& tokens = component.tokens;
  size_t at = 0;
  size_t token = 0;
  size_t retry_at = std::string_view::npos;
  size_t retry_token = 0;
  while (at < name.size()) {
    if (token < tokens.size() && tokens[token].is_star) {
      retry_token = ++token;
      retry_at = at;
    } else if (token < tokens.size() && tokens[token].bytes.test(static_cast<unsigned char>(name[at]))) {
      ++token;
      ++at;
    } else if (retry_at != std::string_view::npos) {
      at = ++retry_at;
      token = retry_token;
    } else {
      return false;
    }
  }
  while (token < tokens.size() && tokens[token].is_star) ++token;
  return token == tokens.size();
}

}  // namespace
}  // namespace pianola::plan
