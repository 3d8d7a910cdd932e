#include "plan/path_set.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "plan/path_glob.h"

namespace pianola::plan {
namespace {

constexpr size_t entry_limit_bytes = 4096;  // PATH_MAX of Linux
constexpr size_t wildcard_limit = 64;

struct Pattern {
  std::string text;  // escapes only where they are needed, runs of stars as short as they mean the same
  size_t wildcards = 0;
};

Error entry_error(std::string_view entry, std::string what, std::string expected, std::string next = {});
Result<Pattern> canonical_pattern(std::string_view entry);
Result<std::string> canonical_folders(std::string_view entry, std::string_view pattern);
Result<void> check_component(std::string_view entry, std::string_view component);
bool has_wildcard(std::string_view component);

}  // namespace

Result<std::string> normalise_entry(std::string_view entry) {
  if (entry.empty()) return refuse(entry_error(entry, "an empty path", "a path inside the repository"));
  if (entry.size() > entry_limit_bytes) {
    return refuse(entry_error(entry, fmt::format("a path of {} bytes", entry.size()),
                              fmt::format("at most {}", entry_limit_bytes)));
  }
  if (entry.find('\0') != std::string_view::npos) {
    return refuse(entry_error(entry, "a path with a NUL byte", "a path inside the repository"));
  }
  const Pattern pattern = TRY(canonical_pattern(entry));
  if (pattern.wildcards > wildcard_limit) {
    return refuse(entry_error(entry, fmt::format("{} wildcards in one path", pattern.wildcards),
                              fmt::format("at most {}", wildcard_limit)));
  }
  return canonical_folders(entry, pattern.text);
}

bool owns(std::string_view entry, std::string_view path) {
  if (entry.find_first_of("*?[\\") == std::string_view::npos) {
    if (!entry.ends_with('/')) return entry == path;
    return path.size() > entry.size() && path.starts_with(entry);
  }
  return Glob(entry).owns(path);
}

std::optional<std::string> only_path(std::string_view entry) {
  const Glob glob(entry);
  return glob.is_exact() ? std::optional<std::string>(glob.prefix()) : std::nullopt;
}

bool overlap(std::string_view a, std::string_view b, std::string* example) {
  return globs_overlap(Glob(a), Glob(b), example);
}

bool any_owns(const std::vector<std::string>& entries, std::string_view path) {
  return std::any_of(entries.begin(), entries.end(),
                     [&](const std::string& entry) { return owns(entry, path); });
}

namespace {

Error entry_error(std::string_view entry, std::string what, std::string expected, std::string next) {
  return {ErrorKind::bad_plan, display(entry).str(), std::move(what), std::move(expected), std::move(next)};
}

// Drops escapes that change nothing and checks brackets, so that a "/" found later always parts components.
Result<Pattern> canonical_pattern(std::string_view entry) {
  Pattern out;
  for (size_t at = 0; at < entry.size();) {
    const char c = entry[at];
    if (!is_glob_special(c)) {
      out.text += c;
      ++at;
      continue;
    }
    const auto token = read_glob_token(entry, at);
    const std::string_view written = entry.substr(at, token ? token->end - at : 1);
    if (c == '\\' && !token) {
      return refuse(entry_error(entry, "a path that ends in a lone \"\\\"", "a character after it",
                                "write \\\\ for the character itself"));
    }
    if (c == '[' && (!token || written.find('/') != std::string_view::npos)) {
      return refuse(
          entry_error(entry, fmt::format("a bracket \"{}\" without its end", display(entry.substr(at)).str()),
                      "[...] inside one component", "write \\[ for the character itself"));
    }
    if (c == '\\' && !is_glob_special(written[1])) {
      out.text += written[1];
    } else if (c == '*') {
      out.text += written.size() > 1 ? "**" : "*";
      ++out.wildcards;
    } else {
      out.text += written;
      if (c != '\\') ++out.wildcards;
    }
    at = token->end;
  }
  return out;
}

// Takes out ".", empty components and "x/..", shortens "**" where it means less.
Result<std::string> canonical_folders(std::string_view entry, std::string_view pattern) {
  if (pattern.starts_with('/')) {
    return refuse(entry_error(entry, "an absolute path", "a path inside the repository"));
  }
  std::vector<std::string> kept;
  bool is_folder = false;
  for (size_t at = 0; at <= pattern.size();) {
    const size_t end = std::min(pattern.find('/', at), pattern.size());
    std::string component(pattern.substr(at, end - at));
    at = end + 1;
    is_folder = component.empty() || component == "." || component == "..";
    if (component == "..") {
      if (kept.empty())
        return refuse(entry_error(entry, "a path that leaves the repository", "one inside it"));
      if (has_wildcard(kept.back())) {
        return refuse(entry_error(entry, "\"..\" after a wildcard", "a path without \"..\""));
      }
      kept.pop_back();
    }
    if (is_folder) continue;
    TRY(check_component(entry, component));
    if (component != "**") {
      for (size_t star = component.find("**"); star != std::string::npos; star = component.find("**", star)) {
        if (star == 0 || component[star - 1] != '\\') component.erase(star, 1);
        ++star;
      }
    }
    if (component == "**" && !kept.empty() && kept.back() == "**") continue;
    kept.push_back(std::move(component));
  }
  if (kept.empty()) {
    return refuse(entry_error(entry, "a path that names the whole repository", "files or folders in it",
                              "write ** if all of it is meant"));
  }
  if (kept.front().starts_with('~')) {
    return refuse(entry_error(entry, "a path below a home directory", "a path inside the repository"));
  }
  std::string out;
  for (const std::string& component : kept) {
    if (!out.empty()) out += '/';
    out += component;
  }
  if (is_folder && kept.back() != "**") out += '/';
  return out;
}

Result<void> check_component(std::string_view entry, std::string_view component) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  std::string folded;
  for (const char c : component) folded += lower(c);
  if (folded == ".git") {
    return refuse(entry_error(entry, "a path inside .git", "a path of the work tree"));
  }
  return {};
}

bool has_wildcard(std::string_view component) {
  for (size_t at = 0; at < component.size(); ++at) {
    if (component[at] == '\\') {
      ++at;
    } else if (component[at] == '*' || component[at] == '?' || component[at] == '[') {
      return true;
    }
  }
  return false;
}

}  // namespace
}  // namespace pianola::plan
