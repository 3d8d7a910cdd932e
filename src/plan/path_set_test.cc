// Path entries against naive oracles: owns by trying every split, overlap by trying every path.
#include "plan/path_set.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/random.h"
#include "plan/path_glob.h"

namespace pianola::plan {
namespace {

std::string normalised(std::string_view entry) {
  const auto result = normalise_entry(entry);
  return result ? *result : result.error().text();
}

// One name against one component, by trying every length for each star.
bool naive_name(std::string_view pattern, std::string_view name) {
  if (pattern.empty()) return name.empty();
  if (pattern[0] == '*')
    return naive_name(pattern.substr(1), name) || (!name.empty() && naive_name(pattern, name.substr(1)));
  if (name.empty()) return false;
  if (pattern[0] == '[') {
    const size_t end = pattern.find(']', pattern[1] == '!' ? 3 : 2);
    const bool is_negated = pattern[1] == '!';
    const std::string_view members = pattern.substr(is_negated ? 2 : 1, end - (is_negated ? 2 : 1));
    if ((members.find(name[0]) != std::string_view::npos) == is_negated) return false;
    return naive_name(pattern.substr(end + 1), name.substr(1));
  }
  if (pattern[0] == '\\') return name[0] == pattern[1] && naive_name(pattern.substr(2), name.substr(1));
  return (pattern[0] == '?' || pattern[0] == name[0]) && naive_name(pattern.substr(1), name.substr(1));
}

std::vector<std::string> split(std::string_view path) {
  std::vector<std::string> out(1);
  for (const char c : path) {
    if (c == '/') {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  return out;
}

bool naive_owns(const std::vector<std::string>& entry, size_t i, const std::vector<std::string>& path,
                size_t j) {
  if (i == entry.size()) return j == path.size();
  if (entry[i] == "**" && i + 1 == entry.size()) return j < path.size();
  if (entry[i] == "**")
    return naive_owns(entry, i + 1, path, j) || (j < path.size() && naive_owns(entry, i, path, j + 1));
  return j < path.size() && naive_name(entry[i], path[j]) && naive_owns(entry, i + 1, path, j + 1);
}

bool naive_owns(std::string_view entry, std::string_view path) {
  std::vector<std::string> components = split(entry);
  if (components.back().empty()) components.back() = "**";
  return naive_owns(components, 0, split(path), 0);
}

// Every path of at most three components of at most two of the bytes "a", "b", "." (names no path has left
// out).
const std::vector<std::string>& small_paths() {
  static const std::vector<std::string> paths = [] {
    std::vector<std::string> names;
    for (const char first : {'a', 'b', '.'}) {
      if (first != '.') names.emplace_back(1, first);
      for (const char second : {'a', 'b', '.'}) {
        if (first != '.' || second != '.') names.push_back({first, second});
      }
    }
    std::vector<std::string> all = names;
    for (const auto& one : names) {
      for (const auto& two : names) {
        all.push_back(one + "/" + two);
        for (const auto& three : names) all.push_back(one + "/" + two + "/" + three);
      }
    }
    return all;
  }();
  return paths;
}

std::string random_entry(Random& random) {
  static const std::vector<std::string> pieces = {"a", "b", ".", "*", "?", "[ab]", "[!a]", "[.]"};
  std::string out;
  const uint64_t components = 1 + random.below(3);
  for (uint64_t i = 0; i < components; ++i) {
    if (i > 0) out += '/';
    if (random.chance(20)) {
      out += "**";
      continue;
    }
    const uint64_t length = 1 + random.below(2);
    for (uint64_t j = 0; j < length; ++j) out += pieces[random.below(pieces.size())];
  }
  if (random.chance(15)) out += '/';
  return out;
}

TEST(Entries, are_normalised_lexically) {
  EXPECT_EQ(normalised("./src//a.py"), "src/a.py");
  EXPECT_EQ(normalised("lib/../src/a.py"), "src/a.py");
  EXPECT_EQ(normalised("src/"), "src/");
  EXPECT_EQ(normalised("src/."), "src/");
  EXPECT_EQ(normalised("src/x/.."), "src/");
  EXPECT_EQ(normalised("src/./"), "src/");
  EXPECT_EQ(normalised("src/**/"), "src/**");
  EXPECT_EQ(normalised("src/***/x"), "src/**/x");
  EXPECT_EQ(normalised("a**b"), "a*b");
  EXPECT_EQ(normalised("\\a\\*\\/b"), "a\\*/b");
  EXPECT_EQ(normalised("[[]x"), "[[]x");
  EXPECT_EQ(normalised("[]]x"), "[]]x");
  EXPECT_EQ(normalised("[[:alpha:]]"), "[[:alpha:]]");
}

TEST(Entries, normalising_twice_changes_nothing) {
  Random random(7);
  for (int i = 0; i < 2'000; ++i) {
    const auto once = normalise_entry(random_entry(random));
    if (!once) continue;
    EXPECT_EQ(normalised(*once), *once);
  }
}

TEST(Entries, that_leave_the_repository_or_cannot_be_read_are_refused) {
  EXPECT_EQ(normalised("a/../.."), "a/../..: a path that leaves the repository; expected one inside it");
  EXPECT_EQ(normalised("*/../x"), "*/../x: \"..\" after a wildcard; expected a path without \"..\"");
  EXPECT_EQ(normalised("a/.."),
            "a/..: a path that names the whole repository; expected files or folders in it; write ** if all "
            "of it is meant");
  EXPECT_EQ(normalised("\\.\\./x"),
            "\\\\.\\\\./x: a path that leaves the repository; expected one inside it");
}

TEST(Entries, P23_an_unbalanced_bracket_is_an_error_and_many_stars_are_one) {
  EXPECT_EQ(normalised("[a"),
            "[a: a bracket \"[a\" without its end; expected [...] inside one component; write \\[ for the "
            "character itself");
  EXPECT_EQ(normalised("a[b/c]d"),
            "a[b/c]d: a bracket \"[b/c]d\" without its end; expected [...] inside one component; write \\[ "
            "for the character itself");
  EXPECT_EQ(normalised("[[:letter:]]"),
            "[[:letter:]]: a bracket \"[[:letter:]]\" without its end; expected [...] inside one component; "
            "write \\[ for the character itself");
  EXPECT_EQ(normalised("a\\"),
            "a\\\\: a path that ends in a lone \"\\\"; expected a character after it; write \\\\ for the "
            "character itself");
  std::string stars;
  for (int i = 0; i < 64; ++i) stars += "**/";
  EXPECT_EQ(normalised(stars + "x"), "**/x");
  EXPECT_EQ(normalised(std::string(5'000, 'a')).substr(5'000),
            ": a path of 5000 bytes; expected at most 4096");
  std::string wild;
  for (int i = 0; i < 65; ++i) wild += "*a";
  EXPECT_EQ(normalised(wild), wild + ": 65 wildcards in one path; expected at most 64");
}

TEST(Entries, P24_odd_names_are_bytes_like_any_other) {
  for (const std::string name : {"a\nb", "-x", ":(exclude)a", "a\xff", "\xC3\xA9", " a ", "a\tb"}) {
    EXPECT_EQ(normalised(name), name);
    EXPECT_TRUE(owns(name, name));
    EXPECT_TRUE(owns("*", name));
  }
  EXPECT_FALSE(owns("a?", "a\xC3\xA9"));  // "?" is one byte, as in git
  EXPECT_TRUE(owns("a\\*b", "a*b"));
  EXPECT_FALSE(owns("a\\*b", "axb"));
}

TEST(Owns, means_what_the_design_says) {
  EXPECT_TRUE(owns("src/", "src/a/b.c"));
  EXPECT_FALSE(owns("src/", "src"));
  EXPECT_FALSE(owns("src", "src/a"));
  EXPECT_TRUE(owns("src/*.c", "src/a.c"));
  EXPECT_FALSE(owns("src/*.c", "src/x/a.c"));
  EXPECT_TRUE(owns("src/**/a.c", "src/a.c"));
  EXPECT_TRUE(owns("src/**/a.c", "src/x/y/a.c"));
  EXPECT_TRUE(owns("**", "a/b"));
  EXPECT_TRUE(owns("**/x", "x"));
  EXPECT_FALSE(owns("a?c", "a/c"));
  EXPECT_TRUE(owns("[!x-z]a", "ya") == false && owns("[!x-z]a", "ba"));
  EXPECT_TRUE(owns("[[:digit:][:upper:]]", "Q"));
  EXPECT_TRUE(owns("[a\\]]", "]"));
  EXPECT_TRUE(owns("[]-]", "-"));
  EXPECT_TRUE(any_owns({"a", "b/"}, "b/c"));
  EXPECT_FALSE(any_owns({"a", "b/"}, "c"));
}

TEST(Owns, one_path_only_where_nothing_else_is_named) {
  EXPECT_EQ(only_path("src/a.txt"), "src/a.txt");
  EXPECT_EQ(only_path("src/\\[id\\].ts"), "src/[id].ts");
  for (const char* entry : {"src/", "src/*.txt", "**", "src/?", "[ab]", "a/**/b"})
    EXPECT_EQ(only_path(entry), std::nullopt) << entry;
}

TEST(Owns, agrees_with_trying_every_split) {
  Random random(11);
  size_t owned = 0;
  for (int i = 0; i < 300; ++i) {
    const auto entry = normalise_entry(random_entry(random));
    if (!entry) continue;
    for (size_t j = 0; j < small_paths().size(); j += static_cast<size_t>(1 + random.below(7))) {
      const std::string& path = small_paths()[j];
      ASSERT_EQ(owns(*entry, path), naive_owns(*entry, path)) << *entry << " " << path;
      if (owns(*entry, path)) ++owned;
    }
  }
  EXPECT_GT(owned, 300U);
}

TEST(Overlap, agrees_with_trying_every_path) {
  Random random(13);
  size_t overlaps = 0;
  size_t disjoint = 0;
  for (int i = 0; i < 1'000; ++i) {
    const auto a = normalise_entry(random_entry(random));
    const auto b = normalise_entry(random_entry(random));
    if (!a || !b) continue;
    std::string common;
    for (const std::string& path : small_paths()) {
      if (naive_owns(*a, path) && naive_owns(*b, path)) {
        common = path;
        break;
      }
    }
    std::string example;
    const bool found = overlap(*a, *b, &example);
    ASSERT_EQ(found, overlap(*b, *a)) << *a << " " << *b;
    ASSERT_TRUE(found || common.empty()) << *a << " " << *b << " " << common;
    ASSERT_TRUE(!found || (naive_owns(*a, example) && naive_owns(*b, example)))
        << *a << " " << *b << " " << example;
    // What the small paths lack is longer, or has a byte they lack, or a name that is none.
    if (found && common.empty()) {
      const std::vector<std::string> names = split(example);
      const bool is_small =
          names.size() <= 3 && example.find_first_not_of("ab./") == std::string::npos &&
          std::all_of(names.begin(), names.end(), [](const std::string& name) { return name.size() <= 2; });
      ASSERT_FALSE(is_small) << *a << " " << *b << " " << example;
    }
    ++(found ? overlaps : disjoint);
  }
  EXPECT_GT(overlaps, 100U);
  EXPECT_GT(disjoint, 100U);
}

TEST(Overlap, ignores_names_that_no_path_has) {
  EXPECT_FALSE(overlap("[.]", "?"));
  EXPECT_FALSE(overlap("[.][.]/a",
                       "?"
                       "?/a"));
  EXPECT_FALSE(overlap(".gi[t]", "????"));
  EXPECT_FALSE(overlap(".[Gg][Ii]t", "?git"));
  std::string example;
  EXPECT_TRUE(overlap("*", "?*", &example));
  EXPECT_EQ(example, "a");
  EXPECT_TRUE(overlap("src/**", "**/*.c", &example));
  EXPECT_EQ(example, "src/.c");
}

TEST(Overlap, is_bounded_for_the_worst_entries) {
  std::string a;
  std::string b;
  for (int i = 0; i < 31; ++i) {
    a += "*a";
    b += "*b";
  }
  const std::string tail(1'500, 'c');
  const auto left = normalise_entry(a + tail + "*");
  const auto right = normalise_entry("*" + tail + b);
  ASSERT_TRUE(left && right);
  std::string example;
  EXPECT_TRUE(overlap(*left, *right, &example));
  EXPECT_TRUE(owns(*left, example) && owns(*right, example));
}

}  // namespace
}  // namespace pianola::plan
