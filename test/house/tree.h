// The repository as the house checks see it: files with their text, and what they hold against one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pianola::house {

struct File {
  std::string path;  // relative to the root, with '/'
  std::string text;
};

// Every file under `root` in path order, without build output, git's own folder and installed packages.
std::vector<File> read_tree(const std::string& root);

constexpr size_t blob_limit_bytes = 200'000;

// One broken rule. Line 0 means the file as a whole.
struct Offence {
  std::string rule;
  std::string path;
  int line = 0;
  std::string what;
  std::string instead;  // the replacement, in words

  // "path:line: what; instead [rule]"
  std::string to_text() const;
};

// All offences of a tree, by path and line.
std::vector<Offence> check_tree(const std::vector<File>& tree);

// The parts of check_tree.
void check_includes(const File& file, std::vector<Offence>& offences);
void check_words(const File& file, std::vector<Offence>& offences);
void check_names(const File& file, std::vector<Offence>& offences);
void check_sizes(const File& file, std::vector<Offence>& offences);
void check_papers(const File& file, std::vector<Offence>& offences);
void check_counts(const std::vector<File>& tree, std::vector<Offence>& offences);

// The room a path belongs to ("core" for src/core/state.cc, "sim" for sim/world.cc), or "".
std::string room_of(std::string_view path);
bool is_cpp(std::string_view path);

// x_test.cc, what several of them share (x_test.h, x_testing.h, x_contract.h), and all of test/, fuzz/ and
// bench/.
bool is_test(std::string_view path);

// The composition roots: they alone may touch the machine outside world/.
bool is_main(std::string_view path);

}  // namespace pianola::house
