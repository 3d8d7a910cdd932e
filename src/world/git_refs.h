// Refs of the hub: their names, what they stand at, and moving them so that the move survives a power cut.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/outcome.h"
#include "core/state.h"
#include "world/git_child.h"

namespace pianola::world {

// "refs/heads/<name>" for the short name of a branch. Errors (repository): a name that git refuses
// (git-check-ref-format(1)), or takes for something else: an option, a full refname, HEAD, @.
Result<std::string> full_branch_ref(std::string_view name);

// "main" for "refs/heads/main"; other refs stay whole.
std::string short_branch(const std::string& ref);

std::string base_ref(const core::RunId& run);                                // refs/pianola/base/<run>
std::string staging_ref(const core::RunId& run);                             // refs/pianola/staging/<run>
std::string ready_ref(const core::RunId& run);                               // refs/pianola/ready/<run>
std::string in_ref(const core::RunId& run, const core::AttemptKey& key);     // in/<run>/<task>/<attempt>
std::string saved_ref(const core::RunId& run, const core::AttemptKey& key);  // saved/<run>/<task>/<attempt>
// saved/<run>/<task>/<attempt>.<number>, for what does not go with the rest of its attempt.
std::string side_ref(const core::RunId& run, const core::AttemptKey& key, size_t number);
std::string undone_ref(const core::RunId& run, uint64_t seq);  // saved/<run>/undone/<seq>
std::string candidate_ref(const core::RunId& run,
                          const core::AttemptKey& key);  // cand/<run>/<task>.<attempt>

// One ref to be moved. An empty `from` moves it from wherever it is; `absent` means it must not exist.
struct RefMove {
  std::string ref;
  std::string to;
  std::string from;
  static constexpr const char* absent = "absent";
};

enum class Moved { yes, no };

struct NamedRef {
  std::string name;
  std::string id;
};

// The refs of one git directory.
class GitRefs {
 public:
  struct Options {
    std::string git_dir;     // of one checkout, so that its reflog is written
    std::string common_dir;  // where refs lie
    Identity identity;       // of the reflog
    int64_t lock_wait_ms = 10'000;
  };
  GitRefs(const Git& git, Options options) : git_(git), options_(std::move(options)) {}

  // The id `ref` stands at; "" when there is no such ref.
  Result<std::string> read(const std::string& ref) const;

  // All of `moves` or none, by compare-and-swap, and durable before it returns: references are synced by
  // git, their folders here. `yes` also when they stand at `to` already, `no` when one is neither there nor
  // at `from`. Errors (paused): a lock of git stays longer than the wait; its file, age and owner are named.
  // With Survives::kill_only a power cut may take the move back: for what is made again just the same.
  enum class Survives { power_cut, kill_only };
  Result<Moved> move(const std::vector<RefMove>& moves, const std::string& reason,
                     Survives survives = Survives::power_cut) const;

  // The refs that are `name` or lie below it, in the order of their names.
  Result<std::vector<NamedRef>> list(const std::string& name) const;

  // Drops all of `refs` that still stand where they did, or none. Errors (paused): as move(); (failed): one
  // of them has moved.
  Result<void> remove(const std::vector<NamedRef>& refs) const;

  // For refs that another git command writes: prepare() makes the folder of `ref` durably, sync() then makes
  // the written ref durable. move() does both by itself.
  Result<void> prepare(const std::string& ref) const;
  Result<void> sync(const std::string& ref) const;

 private:
  // From the ref's own small file; "" when it is packed, symbolic, absent or in another storage.
  std::string read_loose(const std::string& ref) const;
  std::string folder(const std::string& ref) const;
  Result<Moved> write(const std::vector<RefMove>& moves, const std::string& reason) const;
  Result<void> sync_folders(const std::vector<RefMove>& moves) const;
  Result<bool> all_at_target(const std::vector<RefMove>& moves) const;
  Result<Moved> explain(const std::vector<RefMove>& moves, const Error& error, const std::string& err) const;

  const Git& git_;
  Options options_;
};

// Waits until no file of this name is there. Errors (paused) after `wait_ms`: see lock_error().
Result<void> await_unlocked(const std::string& lock_path, int64_t wait_ms);

// The lock file that git says it could not create, or "".
std::string lock_named_in(const std::string& err);

// "<path>: a lock of git, 12 min old, of alice; expected it gone within 10 s; ...".
Error lock_error(const std::string& lock_path, int64_t wait_ms);

}  // namespace pianola::world
