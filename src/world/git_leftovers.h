// What lies in a workspace beside its commits: read with an index and a git directory of pianola's own, so
// that nothing the agent configured (filters, fsmonitor, attributes of its repository) takes part.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/command.h"
#include "world/git_over_files.h"
#include "world/git_repository.h"

namespace pianola::world {

class Leftovers {
 public:
  struct Found {
    bool dirty = false;                              // the files differ from the head's tree
    std::string tree;                                // of the files, when dirty
    int64_t seconds = 0;                             // when the newest file was written
    std::optional<std::vector<TreeChange>> changes;  // base against the files, when known already
  };

  // `head_changes`: from base to head. `head` is in the hub.
  Leftovers(const GitRepository& repository, const core::CollectWork& command, std::string head,
            const std::vector<TreeChange>& head_changes);

  // The files of the workspace as a tree in the hub: tracked ones, and others unless .gitignore or the hub's
  // info/exclude says otherwise and the task does not own them by name. A repository inside the workspace
  // counts as the plain files it holds; submodules keep the commit the head gives them, unless work is only
  // kept and the base had none there. Errors (failed): a file of these is larger than the limit; nothing was
  // read then, and all stay where they are.
  Result<Found> read();

 private:
  Result<Found> read_files();
  Result<void> refuse_large_files() const;
  Result<std::vector<std::string>> that_git_would_take(std::vector<std::string> paths) const;
  Result<void> read_head_index() const;
  Result<std::optional<Found>> read_quickly();
  Result<Found> read_thoroughly();
  Result<Finished> add_all(const std::string& work_tree, const std::string& index,
                           const std::string& excludes) const;
  Result<Index> add_passed_over(Index work, const std::string& excludes) const;
  bool is_plain_file(const std::string& path) const;
  bool is_misled(const Index& work) const;
  Result<std::vector<std::string>> find_inner_repositories() const;
  Result<std::vector<std::string>> without_ignored(const std::vector<std::string>& paths) const;
  Result<std::vector<std::string>> put_in_patterns() const;
  Result<std::vector<std::string>> folder_patterns(const std::vector<std::string>& folders) const;
  // A file of our own, called `name`, with the hub's info/exclude and `patterns`.
  Result<std::string> write_excludes(const std::string& name, const std::vector<std::string>& patterns) const;
  Result<std::string> inner_entries(const std::vector<std::string>& folders) const;
  Result<void> change_index(const std::vector<std::string>& options, const std::string& stdin_bytes) const;
  Result<std::string> write_tree() const;

  const GitRepository& repository_;
  const core::CollectWork& command_;
  std::string head_;
  const std::vector<TreeChange>& head_changes_;
  std::string folder_;
  std::string scratch_;  // a folder of ours
  std::string index_;
  std::optional<GitOverFiles> git_;
};

}  // namespace pianola::world
