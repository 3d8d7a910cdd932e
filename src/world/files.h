// Small files that must not be half there, and folders that must be gone.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace pianola::world {

// A failed system call as an Error: `where` is the path or program, `what` the system's own words. A full
// or failing disk, and a lack of descriptors or memory, are `paused`; everything else is `failed`.
Error system_error(std::string where, int error_number);

// How far a write must have come before it counts.
enum class Sync {
  none,          // survives the death of this process
  file,          // the bytes survive a power cut; the name may not
  file_and_dir,  // both do (fsync(2), rename(2))
};

// Writes `bytes` to a temporary file beside `path` and renames it over `path`, mode 0600. Readers see the
// old bytes or the new ones. Not for two writers of one path at a time.
Result<void> write_file(const std::string& path, std::string_view bytes, Sync sync);

// All bytes of a regular file of at most `limit_bytes`; a larger one is an error (integrity).
Result<std::string> read_file(const std::string& path, size_t limit_bytes);

// The same; nothing when there is no such file.
Result<std::optional<std::string>> read_file_if_present(const std::string& path, size_t limit_bytes);

// True when the name exists; a link counts, wherever it points.
bool exists(const std::string& path);

// Where all links of `path` lead (realpath(3)), or "" when that is nowhere.
std::string real_path(const std::string& path);
// A folder that belongs to this user; a link to one is none.
bool is_own_folder(const std::string& path);
// A folder that every user of this machine may look into by name (mode o+x).
bool may_everybody_pass(const std::string& folder);
// Makes it so, of a folder of ours. Errors: failed.
Result<void> let_everybody_pass(const std::string& folder);
// A copy that everybody may read, and run where its owner may; its folder is made, and everybody passes it.
// Errors: as write_file().
Result<void> copy_file_for_all(const std::string& from, const std::string& to);

// True when `path` is a regular file, through links too, that this user may execute.
bool is_executable(const std::string& path);

// Mode 0700: read, written and run by this user alone.
Result<void> make_executable(const std::string& path);

// Names in folder `path` in byte order, without "." and ".."; empty when there is no such folder.
Result<std::vector<std::string>> list_dir(const std::string& path);

// `path` and what lacks above it, mode 0700. Folders that are there stay as they are.
Result<void> make_dirs(const std::string& path);

// Makes the folder `path`, mode 0700; false when the name is taken already.
Result<bool> make_new_dir(const std::string& path);

// Removes the first thing on the way along `path`, relative to the folder `top`, that is no folder, and so
// what lies beyond it; the last name may be a file too. Nobody works in `top`. Errors: failed.
Result<void> clear_way(const std::string& top, const std::string& path);

// Makes everything written to the file system of `path` durable (syncfs(2)).
Result<void> sync_file_system(const std::string& path);

// Makes the names in folder `path` durable (one fsync).
Result<void> sync_dir(const std::string& path);

// Removes `path`: a file, a link (never what it points to) or a folder with all it holds. A path that does
// not exist is fine. Needs at most 65 descriptors whatever the depth; folders without permissions are opened
// up. What changes the folder meanwhile can make it fail, not escape from it.
Result<void> remove_tree(const std::string& path);

}  // namespace pianola::world
