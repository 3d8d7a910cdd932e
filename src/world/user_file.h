// Files of people: what stands in their checkout and is theirs to read, share and link.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace pianola::world {

// Puts `bytes` in place of the file `path`, durably; readers see the old bytes or the new ones. A file that
// is there keeps its mode, and a link to it stays a link. A new one, and folders that lack above it, get the
// mode that the umask gives (umask(2)). Errors: as write_file(); a link that leads nowhere is one.
Result<void> write_user_file(const std::string& path, std::string_view bytes);

}  // namespace pianola::world
