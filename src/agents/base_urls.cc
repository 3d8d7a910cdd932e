#include <algorithm>
#include <array>

#include "agents/network.h"

namespace pianola::agents {
namespace {

constexpr std::array key_ends = {std::string_view("base_url"), std::string_view("baseurl")};

bool is_letter_of(char c, char letter) { return c == letter || c == static_cast<char>(letter - 'a' + 'A'); }

bool stands_at(std::string_view text, size_t at, std::string_view key_end) {
  if (text.size() - at < key_end.size()) return false;
  for (size_t i = 0; i < key_end.size(); ++i) {
    const bool fits = key_end[i] == '_' ? text[at + i] == '_' : is_letter_of(text[at + i], key_end[i]);
    if (!fits) return false;
  }
  return true;
}

// What stands in quotes after a key: `key = "value"`, `"key": "value"`.
std::string_view value_after(std::string_view rest) {
  if (rest.starts_with('"')) rest.remove_prefix(1);
  const size_t sign = rest.find_first_not_of(" \t");
  if (sign == std::string_view::npos || (rest[sign] != '=' && rest[sign] != ':')) return {};
  rest.remove_prefix(sign + 1);
  const size_t quote = rest.find_first_not_of(" \t");
  if (quote == std::string_view::npos || (rest[quote] != '"' && rest[quote] != '\'')) return {};
  const char mark = rest[quote];
  rest.remove_prefix(quote + 1);
  const size_t end = rest.find(mark);
  return end == std::string_view::npos ? std::string_view() : rest.substr(0, end);
}

}  // namespace

bool is_base_url_variable(std::string_view name) { return name.ends_with("_BASE_URL"); }

std::vector<std::string> base_urls_in(std::string_view settings) {
  std::vector<std::string> urls;
  while (!settings.empty()) {
    const std::string_view line = settings.substr(0, settings.find('\n'));
    settings.remove_prefix(std::min(line.size() + 1, settings.size()));
    const size_t first = line.find_first_not_of(" \t");
    if (first == std::string_view::npos || line[first] == '#') continue;
    for (size_t at = first; at < line.size(); ++at) {
      for (const std::string_view key_end : key_ends) {
        if (!stands_at(line, at, key_end)) continue;
        const std::string_view url = value_after(line.substr(at + key_end.size()));
        if (!url.empty()) urls.emplace_back(url);
      }
    }
  }
  return urls;
}

}  // namespace pianola::agents
