// A Markdown check list as items: which lines begin one, and which lie below it. No line has a meaning yet.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "plan/line_index.h"
#include "plan/sheet.h"
#include "plan/tree.h"

namespace pianola::plan {

using Span = TreeBuilder::Span;  // bytes of the text, [begin, end)

inline bool is_space_or_tab(char c) { return c == ' ' || c == '\t'; }

// What the mark of an item says: [ ] [~] [x] [-].
enum class ItemState { open, begun, landed, discarded };

enum class LineKind { prose, code };

// A line below an item.
struct LineBelow {
  Span line;     // without the item's own indentation and without blanks at its end
  Span content;  // the same without a bullet and a mark
  LineKind kind = LineKind::prose;
};

struct ListItem {
  ItemState state = ItemState::open;
  size_t bullet_at = 0;
  size_t mark_at = 0;  // of the character between the brackets
  Span text;           // behind the mark, without blanks around it; may be empty
  std::vector<LineBelow> below;
  std::string section;  // the headings it stands under, the widest first: "Backend > API"; may be empty
};

// A finding at an offset of the text.
struct ListFinding {
  Severity severity = Severity::error;
  size_t at = 0;
  Finding finding;
};

struct ListLines {
  std::vector<ListItem> items;  // in file order
  std::vector<ListFinding> findings;
};

// Items are bullets ("-", "*", "+") with a mark that lie in no other item, at any indentation. What is
// indented below one belongs to it, and so does text right behind it. Blocks of code and HTML comments hold
// no items. Linear, iterative; `text` has passed check_text_bytes().
ListLines read_list_lines(std::string_view text);

}  // namespace pianola::plan
