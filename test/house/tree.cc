#include "test/house/tree.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <tuple>

namespace pianola::house {
namespace {

namespace fs = std::filesystem;

bool is_skipped(const fs::path& folder) {
  const std::string name = folder.filename().string();
  return name == "build" || name == ".git" || name == "node_modules" || name == ".cache";
}

File read_file(const fs::path& root, const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  return {.path = path.lexically_relative(root).generic_string(), .text = std::move(text)};
}

}  // namespace

std::vector<File> read_tree(const std::string& root) {
  std::vector<File> tree;
  for (fs::recursive_directory_iterator at(root), end; at != end; ++at) {
    if (at->is_symlink()) continue;
    if (at->is_directory() && is_skipped(at->path())) at.disable_recursion_pending();
    if (at->is_regular_file()) tree.push_back(read_file(root, at->path()));
  }
  std::sort(tree.begin(), tree.end(), [](const File& a, const File& b) { return a.path < b.path; });
  return tree;
}

std::string Offence::to_text() const {
  const std::string place = line == 0 ? path : path + ":" + std::to_string(line);
  return place + ": " + what + "; " + instead + " [" + rule + "]";
}

std::vector<Offence> check_tree(const std::vector<File>& tree) {
  std::vector<Offence> offences;
  for (const File& file : tree) {
    check_papers(file, offences);
    if (!is_cpp(file.path)) continue;
    check_includes(file, offences);
    check_words(file, offences);
    check_names(file, offences);
    check_sizes(file, offences);
  }
  check_counts(tree, offences);
  std::stable_sort(offences.begin(), offences.end(), [](const Offence& a, const Offence& b) {
    return std::tie(a.path, a.line) < std::tie(b.path, b.line);
  });
  return offences;
}

std::string room_of(std::string_view path) {
  if (path.starts_with("sim/")) return "sim";
  if (!path.starts_with("src/")) return "";
  path.remove_prefix(4);
  const size_t slash = path.find('/');
  return slash == std::string_view::npos ? "" : std::string(path.substr(0, slash));
}

bool is_cpp(std::string_view path) { return path.ends_with(".cc") || path.ends_with(".h"); }

bool is_test(std::string_view path) {
  return path.ends_with("_test.cc") || path.ends_with("_test.h") || path.ends_with("_testing.h") ||
         path.ends_with("_contract.h") || path.starts_with("test/") || path.starts_with("fuzz/") ||
         path.starts_with("bench/");
}

bool is_main(std::string_view path) { return path == "src/cli/main.cc" || path == "sim/main.cc"; }

}  // namespace pianola::house
