// What takes two parts of a plan to break: ids, references, order and ownership.
#pragma once

#include <string>
#include <vector>

#include "plan/schema.h"

namespace pianola::plan {

// Ids that stand twice, also when they differ in case only. Gives whether each task has a name of its own.
bool check_ids(Sheet& sheet, const Draft& draft);

// References to tasks that are not there; afterwards each dependency stands once in the draft.
void check_references(Sheet& sheet, Draft& draft);

// The ids along one cycle, the first repeated at the end, with a finding; empty when there is none.
std::vector<std::string> check_order(Sheet& sheet, const Draft& draft);

// Unordered tasks that own one path or resource (errors), that read what another writes (warnings), or whose
// paths differ only in case or in the composition of accents. Needs a draft without a cycle and
// without an id that stands twice. Gives how many pairs conflict, at most conflict_limit.
size_t check_ownership(Sheet& sheet, const Draft& draft);

// Contracts that cannot be written as they are, and tasks that use one without a type check of their own.
void check_contracts(Sheet& sheet, const Draft& draft);

}  // namespace pianola::plan
