// A Markdown check list as a plan: the same tree that YAML gives, so that one schema and one set of rules
// read both, with the places of tasks.md.
//
//   - [ ] Build the login page {#login} depends: schema files: src/login/ test: npm test
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plan/checklist_lines.h"
#include "plan/tree.h"

namespace pianola::plan {

// An item with its name.
struct NamedItem {
  std::string id;  // as `{#id}` writes it, else stable_id() of the text
  ItemState state = ItemState::open;
  size_t mark_at = 0;  // offset of the mark's character
};

struct Checklist {
  Parsed parsed;                      // {tasks: [...]}: items that are open or begun
  std::vector<ListFinding> findings;  // of the list itself; the schema's come from the tree
  std::vector<NamedItem> items;       // all of them, in file order
};

// `text` has passed check_text_bytes(). Lines below an item and the headings above it become lines of its
// description. An item that another one names in `depends:` and that has landed is no dependency any more.
Checklist read_checklist(std::string_view text);

// The name of an item without one of its own: up to 40 characters of its text in lower case, "-", and the
// first 6 digits of a hash of the text. `text` has one blank between words, no mark, keys or id.
std::string stable_id(std::string_view text);

}  // namespace pianola::plan
