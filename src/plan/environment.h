// The environment hash: one short name for the exact packages, and when asked for the tools, a project is
// built with.
#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

namespace pianola::plan {

// True for the files, in any folder, in which package tools record the exact versions they chose: uv.lock,
// go.sum.
bool is_lockfile(std::string_view path);

// False for folders, by their last name, that hold packages of others or the results of a build:
// node_modules.
bool may_hold_lockfiles(std::string_view folder);

// True for a lockfile that lies in none of those folders; `path` with '/'.
bool is_own_lockfile(std::string_view path);

struct LockedFile {
  std::string path;    // from the folder that was asked about, with '/'
  std::string sha256;  // of its bytes, in hex
  friend auto operator<=>(const LockedFile&, const LockedFile&) = default;
};

// A program that reads lockfiles, and the argument that makes it print its version.
struct Tool {
  std::string name;
  std::string argument;
};

// The tools of the ecosystems that `files` belong to, sorted by name, each once.
std::vector<Tool> tools_of(const std::vector<LockedFile>& files);

// What counts as the version of a tool that is not installed.
inline constexpr std::string_view absent_version = "absent";

struct ToolVersion {
  std::string name;
  std::string version;
  friend auto operator<=>(const ToolVersion&, const ToolVersion&) = default;
};

// The hash where there is nothing to hash.
inline constexpr std::string_view no_lock = "no-lock";

// The first 16 hex digits of a SHA-256 that follows every path, digest, name and version, and not their
// order; no_lock when there are none. Equal on every machine.
std::string environment_hash(std::vector<LockedFile> files, std::vector<ToolVersion> tools);

// True for what environment_hash() can return.
bool is_environment_hash(std::string_view text);

}  // namespace pianola::plan
