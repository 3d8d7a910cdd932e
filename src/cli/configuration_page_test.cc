// docs/configuration.md has a row for every key of the tables, and no other.
#include <gtest/gtest.h>

#include <map>
#include <sstream>

#include "cli/configuration.h"
#include "world/files.h"

namespace pianola::cli {
namespace {

// The keys of a page's rows ("| `a`, `b` | type | default | what it does |") and what is said of each.
std::map<std::string, std::string> rows_of(const std::string& page) {
  std::map<std::string, std::string> rows;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| `")) continue;
    const size_t end = line.find(" | ");
    for (size_t from = line.find('`'); from < end;) {
      const size_t to = line.find('`', from + 1);
      rows[line.substr(from + 1, to - from - 1)] = line.substr(end);
      from = line.find('`', to + 1);
    }
  }
  return rows;
}

// What differs between a page and the tables, a line each.
std::string differences(const std::string& page) {
  std::map<std::string, std::string> rows = rows_of(page);
  std::string found;
  for (const KnownKey& key : known_keys()) {
    const auto row = rows.find(key.name);
    if (row == rows.end()) {
      found += key.name + " is not on the page\n";
      continue;
    }
    const bool says_later = row->second.find("| Not yet") != std::string::npos;
    if (says_later != (key.effect == Effect::later)) {
      found += key.name + (says_later ? " has an effect, and the page says not yet\n"
                                      : " has no effect yet, and the page does not say so\n");
    }
    rows.erase(row);
  }
  for (const auto& [name, said] : rows) found += name + " is on the page alone\n";
  return found;
}

std::string page() {
  const std::string path = std::string(PIANOLA_SOURCE_DIR) + "/docs/configuration.md";
  std::string text = world::read_file_if_present(path, 1 << 20).value().value_or("");
  // The table of files is not one of keys.
  return text.substr(text.find("## The run"));
}

std::string without_line(std::string text, const std::string& part) {
  const size_t at = text.find(part);
  const size_t begin = text.rfind('\n', at) + 1;
  return text.erase(begin, text.find('\n', at) + 1 - begin);
}

TEST(ConfigurationPage, has_every_key_of_the_tables_and_no_other) { EXPECT_EQ(differences(page()), ""); }

TEST(ConfigurationPage, is_seen_to_miss_a_key_to_have_one_too_many_and_to_promise_too_much) {
  EXPECT_EQ(differences(without_line(page(), "`jobs` |")), "jobs is not on the page\n");
  EXPECT_EQ(differences(page() + "| `jbos` | | | Nothing. |\n"), "jbos is on the page alone\n");
  EXPECT_EQ(
      differences(without_line(page(), "| `mailbox.enabled` |") + "| `mailbox.enabled` | | | Works. |\n"),
      "mailbox.enabled has no effect yet, and the page does not say so\n");
  EXPECT_EQ(differences(without_line(page(), "| `target` |") + "| `target` | | | Not yet. |\n"),
            "target has an effect, and the page says not yet\n");
}

}  // namespace
}  // namespace pianola::cli
