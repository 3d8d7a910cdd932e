// The last steps of closing a seal, just before the worker's program: `pianola __enter [ORDER=...] WHO FOLDER
// -- ARGV`. Orders inside bubblewrap: relay=HOST:PORT, proxy=PORT, processes=NUMBER. With
// landlock=none|model|open there is no bubblewrap around it, and Landlock holds: read=PATH, write=PATH,
// tcp=PORT.
#pragma once

#include <string>
#include <vector>

namespace pianola::world {

// WHO is "uid:gid", to be taken on for good, or "same". Refuses system calls (call_filter.h), takes the
// limit of processes, leaves the relays it is told to (relay.h), then becomes ARGV in FOLDER, which PWD then
// names, found on PATH. Returns only when it cannot: 126 or 127, as shells do, with one line on stderr.
int enter_main(std::vector<std::string> arguments);

}  // namespace pianola::world
