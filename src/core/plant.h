// Planted faults: wrong behaviour compiled only into the simulator's planted twin and chosen there by
// name, so that every checker is shown to see what it is for. Elsewhere the macro is the constant false.
#pragma once

#ifdef PIANOLA_PLANTS
#include <string_view>

namespace pianola::core {
// Defined by the planted simulator; true when the fault of this name was chosen on its command line.
bool is_planted(std::string_view name);
}  // namespace pianola::core
#define PIANOLA_PLANTED(name) ::pianola::core::is_planted(name)
#else
#define PIANOLA_PLANTED(name) false
#endif
