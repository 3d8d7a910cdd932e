// Planted faults: wrong behaviour compiled only into the planted twin, to show that each checker sees what
// it is for.
#pragma once

#include <span>
#include <string_view>

namespace pianola::sim {

// Every fault that can be planted; empty where none is compiled in.
std::span<const std::string_view> planted_names();

// From now on the fault of this name is planted, "" for none. False when there is no such fault here.
bool plant(std::string_view name);

}  // namespace pianola::sim
