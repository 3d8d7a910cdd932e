// Folders copied whole, sharing their blocks where the file system can.
#pragma once

#include <string>

#include "base/result.h"

namespace pianola::world {

// Copies a file, a link or a folder with all it holds to `to`, which is not there: modes, times and links as
// they are; sockets, devices and named pipes are left out. No link is followed. File contents share their
// blocks with the original where the file system can (ioctl_ficlone(2)) and are copied elsewhere; never are
// they the same file, which one could change under the other. Errors: paused, failed.
Result<void> copy_tree(const std::string& from, const std::string& to);

// Sets the times of the file or folder itself to now, so that what is in use is known from what is not.
void touch(const std::string& path);

}  // namespace pianola::world
