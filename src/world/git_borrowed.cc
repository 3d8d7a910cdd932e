#include "world/git_borrowed.h"

#include <algorithm>
#include <filesystem>
#include <string_view>

#include "world/files.h"
#include "world/git_text.h"

namespace pianola::world {
namespace {

namespace fs = std::filesystem;

constexpr size_t alternates_limit_bytes = 1 << 20;
constexpr int nesting_limit = 5;  // git's own: what is deeper it does not read (object-file.c)

// One character of a name in quotes, taken from the front of `rest` after its backslash (git's quote.c).
std::optional<char> take_escaped(std::string_view& rest) {
  constexpr std::string_view letters = "abfnrtv\\\"";
  constexpr std::string_view meant = "\a\b\f\n\r\t\v\\\"";
  if (rest.empty()) return {};
  if (const size_t at = letters.find(rest.front()); at != std::string_view::npos) {
    rest.remove_prefix(1);
    return meant[at];
  }
  if (rest.size() < 3 || rest.front() > '3') return {};
  int code = 0;
  for (const char digit : rest.substr(0, 3)) {
    if (digit < '0' || digit > '7') return {};
    code = code * 8 + (digit - '0');
  }
  rest.remove_prefix(3);
  return static_cast<char>(code);
}

// The name in quotes at the front of `text`, which is then behind it; nothing, and `text` as it was, where
// the quotes are not git's: the line is a plain name then.
std::optional<std::string> take_quoted(std::string_view& text) {
  std::string_view rest = text;
  if (!rest.starts_with('"')) return {};
  rest.remove_prefix(1);
  std::string name;
  while (!rest.empty() && rest.front() != '"') {
    std::optional<char> next = rest.front();
    rest.remove_prefix(1);
    if (next == '\\') next = take_escaped(rest);
    if (!next) return {};
    name += *next;
  }
  if (rest.empty()) return {};
  rest.remove_prefix(std::min<size_t>(2, rest.size()));  // the line's end with it
  text = rest;
  return name;
}

std::vector<std::string> names_in(std::string_view text) {
  std::vector<std::string> names;
  while (!text.empty()) {
    if (auto quoted = take_quoted(text)) {
      names.push_back(std::move(*quoted));
      continue;
    }
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (!line.empty() && !line.starts_with('#')) names.emplace_back(line);
  }
  return names;
}

void add_borrowed(const std::string& objects_dir, int depth, std::vector<std::string>& found) {
  const auto text = alternates_text(objects_dir);
  if (depth > nesting_limit || !text || !*text) return;
  std::error_code failure;
  const fs::path real = fs::canonical(objects_dir, failure);
  for (const std::string& name : names_in(**text)) {
    std::string path = ((failure ? fs::path(objects_dir) : real) / name).lexically_normal().string();
    while (path.size() > 1 && path.back() == '/') path.pop_back();
    const bool is_known = std::find(found.begin(), found.end(), path) != found.end();
    if (name.empty() || is_known || path == objects_dir) continue;
    found.push_back(path);
    add_borrowed(path, depth + 1, found);
  }
}

}  // namespace

Result<std::optional<std::string>> alternates_text(const std::string& objects_dir) {
  return read_file_if_present(objects_dir + "/info/alternates", alternates_limit_bytes);
}

std::string alternate_line(const std::string& path) {
  if (path.find('\n') == std::string::npos) return path + "\n";
  std::string out = "\"";
  for (const char c : path) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
  return out + "\"\n";
}

std::vector<std::string> borrowed_objects(const std::string& objects_dir) {
  std::vector<std::string> found;
  add_borrowed(objects_dir, 0, found);
  std::erase(found, objects_dir);
  return found;
}

std::string missing_alternate(const std::string& objects_dir) {
  for (const std::string& folder : borrowed_objects(objects_dir))
    if (!exists(folder)) return folder;
  return {};
}

Result<size_t> count_unfetched(const Git& git, GitCall call, const std::string& objects_dir,
                               const std::string& commit) {
  const auto packs = TRY(list_dir(objects_dir + "/pack"));
  const auto is_promised = [](const std::string& name) { return name.ends_with(".promisor"); };
  if (std::none_of(packs.begin(), packs.end(), is_promised)) return size_t{0};
  call.args = {"rev-list", "--objects", "--missing=print", commit + "^{tree}"};
  const std::string listed = TRY(git.output(call));
  // Objects that are missing stand there as "?<id>" (git-rev-list(1)).
  const std::vector<std::string> lines = pieces_of(listed, '\n');
  return static_cast<size_t>(std::count_if(lines.begin(), lines.end(),
                                           [](const std::string& line) { return line.starts_with('?'); }));
}

}  // namespace pianola::world
