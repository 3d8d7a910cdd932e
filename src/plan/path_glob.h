// A path entry made ready for matching: components, wildcards and the literal ends every match has.
//
// The language is git's wildmatch with WM_PATHNAME (gitglossary, "glob" magic): "*", "?" and "[..]" stay
// inside one component, a component "**" stands for any number of them, "\" takes a wildcard literally.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pianola::plan {

using ByteSet = std::bitset<256>;

// One step of a component: a byte of `bytes`, or with `is_star` any number of bytes.
struct GlobToken {
  bool is_star = false;
  ByteSet bytes;
  size_t end = 0;  // behind the token in the pattern it was read from
};

// The token at `at`; nothing when a bracket is not closed or names an unknown class.
std::optional<GlobToken> read_glob_token(std::string_view pattern, size_t at);

// True for the bytes that a pattern must escape to mean themselves.
bool is_glob_special(char c);

struct GlobComponent {
  bool is_globstar = false;  // any number of components, also none
  bool is_literal = false;
  std::string literal;            // the name, when is_literal
  std::vector<GlobToken> tokens;  // else its pattern
};

class Glob {
 public:
  // `entry` is what normalise_entry gives.
  explicit Glob(std::string_view entry);

  bool owns(std::string_view path) const;

  bool is_exact() const { return is_exact_; }            // owns one path: prefix()
  const std::string& prefix() const { return prefix_; }  // every owned path begins with it
  const std::string& suffix() const { return suffix_; }  // and ends with it
  const std::vector<GlobComponent>& components() const { return components_; }

 private:
  void find_ends();

  std::vector<GlobComponent> components_;
  std::string prefix_;
  std::string suffix_;
  bool is_exact_ = true;
};

// True when some path is owned by both; then `*example` is one of the shortest. Not every string is a
// path: components "", ".", ".." and ".git" in any case are none. Iterative; at most the product of sizes.
bool globs_overlap(const Glob& a, const Glob& b, std::string* example);

// False when the literal ends alone rule out a common path. Cheap.
bool ends_agree(const Glob& a, const Glob& b);

}  // namespace pianola::plan
