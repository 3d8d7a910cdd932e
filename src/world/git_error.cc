// What a git that failed says, for people, and what kind of failure that is.
#include <fmt/format.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "world/git_child.h"
#include "world/git_dirs.h"
#include "world/git_text.h"

namespace pianola::world {
namespace {

constexpr int64_t little_space_bytes = int64_t{64} << 20;

bool says_any(std::string_view err, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view each) { return err.find(each) != std::string_view::npos; });
}

// The first line in which git says what went wrong, with the indented lines it goes on in.
std::string first_complaint(const std::string& err) {
  const std::vector<std::string> lines = pieces_of(err, '\n');
  std::string first = lines.empty() ? "" : lines.front();
  for (size_t i = 0; i < lines.size(); ++i) {
    const bool is_error = lines[i].rfind("error: ", 0) == 0;
    if (!is_error && lines[i].rfind("fatal: ", 0) != 0) continue;
    first = lines[i].substr(7);
    for (bool more = false; ++i < lines.size() && lines[i].rfind('\t', 0) == 0; more = true)
      first += (more ? ", " : " ") + lines[i].substr(1);
    break;
  }
  return first;
}

bool is_about_space(std::string_view err) {
  return says_any(err, {"No space left on device", "Disk quota exceeded"});
}

bool is_about_machine(std::string_view err) {
  return says_any(
      err, {"Input/output error", "Read-only file system", "Too many open files", "Cannot allocate memory"});
}

// git often says only that it could not write. How little the fullest of the call's disks has left, when
// that may be why.
std::optional<int64_t> little_space(const GitCall& call, std::string_view err) {
  if (!says_any(err, {"unable to write", "could not write", "failed to write", "write error"})) return {};
  std::optional<int64_t> least;
  for (const std::string& place : {call.git_dir, call.object_dir, call.work_tree, call.index_file}) {
    struct statvfs disk {};
    const std::string folder = place == call.index_file ? parent_folder(place) : place;
    if (place.empty() || ::statvfs(folder.c_str(), &disk) != 0) continue;
    const int64_t bytes = static_cast<int64_t>(disk.f_bavail) * static_cast<int64_t>(disk.f_frsize);
    if (bytes < little_space_bytes) least = std::min(bytes, least.value_or(bytes));
  }
  return least;
}

bool holds_id(std::string_view text) {
  size_t digits = 0;
  for (const char c : text) {
    digits = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ? digits + 1 : 0;
    if (digits == 40) return true;
  }
  return false;
}

// True when git could not find an object that it was asked for by id. What these commands say is about
// files or objects of an agent, who can make them say anything.
bool is_about_object(const GitCall& call, const std::string& complaint) {
  for (const char* command : {"add", "fetch", "check-ignore", "update-index"})
    if (call.args.front() == command) return false;
  return holds_id(complaint) &&
         says_any(complaint, {"bad object", "ot a valid object", "ot a valid commit", "nonexistent object",
                              "not something we can merge", "unable to read", "failed to unpack tree",
                              "ould not read", "ould not parse", "nvalid revision range", "is corrupt",
                              "is missing", "missing object", "bad tree object", "not a tree object"});
}

}  // namespace

Error git_error(const GitCall& call, const Finished& finished) {
  const std::string complaint = first_complaint(finished.err);
  Error error{.kind = ErrorKind::failed, .where = "git " + call.args.front(), .what = shown(complaint)};
  if (complaint.empty())
    error.what = finished.signalled ? fmt::format("ended by signal {}", finished.value)
                                    : fmt::format("failed with exit code {}", finished.value);
  if (is_about_machine(finished.err)) error.kind = ErrorKind::paused;
  const auto left = little_space(call, finished.err);
  if (is_about_space(finished.err) || left) {
    error.kind = ErrorKind::paused;
    if (left && !is_about_space(finished.err))
      error.what += fmt::format("; the disk is full, {} MB are left", *left >> 20);
    error.next = "free some space, then: pianola resume";
  } else if (is_about_object(call, complaint)) {
    error.kind = ErrorKind::integrity;
    error.what = "an object of the repository is missing or damaged: " + error.what;
    error.expected = "all that the run has made";
    error.next = "git fsck names what lacks; get it from a clone or a backup, then: pianola resume";
  }
  return error;
}

}  // namespace pianola::world
