// Marks written back into a check list, while others may be editing it.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "plan/checklist_lines.h"

namespace pianola::plan {

// `bytes` with the marks of these items (by id) changed, and no other byte. Only open and begun items are
// marked, and none goes back to open: a [x] or [-] that a person wrote stays. Items that are not there any
// more, or whose id two open ones have, are left alone; so are bytes that are no list.
std::string marked_list(std::string_view bytes, const std::map<std::string, ItemState>& states);

}  // namespace pianola::plan
