// What of this machine goes into every seal.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "world/seal.h"

namespace pianola::world {

struct SealerOptions {
  std::string self;  // pianola's executable
  std::string path;  // PATH to find bwrap on
};

// Errors (missing): no bubblewrap, or nobody to be as root.
Result<Sealer> find_sealer(const SealerOptions& options);

// The same without bubblewrap: Landlock closes the seal. Errors (missing): the kernel has none, or too little
// of it.
Result<Sealer> find_landlock(const SealerOptions& options);

// What a program needs beside the system to be started inside: itself, the package it belongs to (the
// node_modules around a package.json), the interpreter its first line names with that one's prefix, and the
// files among its arguments. `argv[0]` is absolute. The folder of a script is not part of it.
std::vector<Bind> program_binds(const std::vector<std::string>& argv, const std::string& path,
                                const Sealer& sealer);

// `path` with which the first line of argv[0], "#!/usr/bin/env NAME", finds the same NAME inside as outside:
// where a link led to it, the folder it leads to comes first, since the link itself may not be shown.
std::string path_to_interpreter(const std::string& program, const std::string& path, const Sealer& sealer);

// The objects of the repository at `git_dir`, and those it borrows itself (gitrepository-layout(5),
// objects/info/alternates).
std::vector<Bind> object_binds(const std::string& git_dir);

// Copies `names` (files, or folders with all in them) from one folder into another, over what is there; names
// that are not there are left out, links inside folders are not followed. Errors: failed.
Result<void> copy_entries(const std::string& from, const std::string& to,
                          const std::vector<std::string>& names);

// Gives a folder and all in it to the one who works inside; nothing to do unless started as root. Nobody
// works in it meanwhile. Links are not followed; the folder itself comes last. Errors: failed.
Result<void> give_to_worker(const std::string& path, const Sealer& sealer);
bool is_workers(const std::string& path, const Sealer& sealer);

}  // namespace pianola::world
