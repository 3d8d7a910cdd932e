// git over the files of a workspace: what an agent wrote is read by git only where that can do no harm.
#pragma once

#include <string>

#include "base/result.h"
#include "world/git_repository.h"

namespace pianola::world {

// With a seal, git works inside: it sees the workspace, the hub's objects and info/exclude read-only, and a
// folder for its index, its new objects and a git directory without settings. The new objects come out as a
// pack, which the hub unpacks: their names are computed there, from what they hold. Without a seal git works
// with a git directory of pianola's own.
class GitOverFiles {
 public:
  // `scratch` is a folder that is ours, and empty when there is a seal; files named in a call lie in it.
  static Result<GitOverFiles> make(const GitRepository& repository, std::string workspace,
                                   std::string scratch, const std::string& base);

  // A call with `args`, whose work tree is the workspace or a folder in it.
  GitCall call(std::vector<std::string> args, const std::string& work_tree) const;

  // Whatever git's own exit code; what it wrote is in the hub then. Errors: as Git::run(), git never ran, a
  // disk that is full or fails, and what the hub refuses.
  Result<Finished> run(GitCall call) const;

 private:
  GitOverFiles(const GitRepository& repository, std::string workspace, std::string scratch)
      : repository_(repository), workspace_(std::move(workspace)), scratch_(std::move(scratch)) {}

  bool is_sealed() const;
  std::string git_dir() const { return scratch_ + "/git"; }
  Result<void> take_objects() const;

  const GitRepository& repository_;
  std::string workspace_;
  std::string scratch_;
};

}  // namespace pianola::world
