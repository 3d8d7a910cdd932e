#include "plan/marks.h"

#include "plan/checklist.h"

namespace pianola::plan {
namespace {

char mark_of(ItemState state) {
  switch (state) {
    case ItemState::open:
      return ' ';
    case ItemState::begun:
      return '~';
    case ItemState::landed:
      return 'x';
    case ItemState::discarded:
      return '-';
  }
  return ' ';
}

bool may_be_marked(ItemState state) { return state == ItemState::open || state == ItemState::begun; }

}  // namespace

std::string marked_list(std::string_view bytes, const std::map<std::string, ItemState>& states) {
  std::string out(bytes);
  const CheckedText checked = check_text_bytes(bytes);
  if (checked.fault) return out;
  const Checklist list = read_checklist(checked.text);
  std::map<std::string_view, size_t> open;
  for (const NamedItem& item : list.items) open[item.id] += may_be_marked(item.state) ? 1U : 0U;
  for (const NamedItem& item : list.items) {
    const auto state = states.find(item.id);
    if (state == states.end() || state->second == ItemState::open) continue;
    if (!may_be_marked(item.state) || open[item.id] != 1) continue;
    out[checked.skipped_bytes + item.mark_at] = mark_of(state->second);
  }
  return out;
}

}  // namespace pianola::plan
