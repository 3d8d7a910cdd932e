// How much room things take on disk.
#pragma once

#include <cstdint>
#include <string>

namespace pianola::world {

// Bytes that the blocks of `path` and all below it take. Links are not followed, what cannot be looked at
// does not count, and neither does what is not there.
int64_t bytes_on_disk(const std::string& path);

}  // namespace pianola::world
