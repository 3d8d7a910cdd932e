// A file that grows, as it grows.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"

namespace pianola::world {

// Hands on what `path` holds and what is added, a part at a time, until `done_path` exists and all was
// handed on; looks every 200 ms. A file that is not there yet is waited for. Errors: failed.
Result<void> follow_file(const std::string& path, const std::string& done_path,
                         const std::function<void(const std::string& bytes)>& show);

}  // namespace pianola::world
