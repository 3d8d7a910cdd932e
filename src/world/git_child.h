// How pianola runs git: one absolute program, an environment of its own, no configuration of the user's,
// no hooks, no filters, no editor, no question. Every git child of pianola is described by a GitCall.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "world/child.h"

namespace pianola::world {

// How a child is run; run_child() outside tests. The seam for counting and for refusing children.
using RunChild = std::function<Result<Finished>(const ChildOptions&)>;

struct GitProgram {
  std::string path;     // absolute
  std::string version;  // "2.39.5"
};

// The git that is named first in the absolute entries of env's PATH. Errors (missing): none there, or one
// older than 2.39, which cannot merge without a working tree.
Result<GitProgram> find_git(const std::map<std::string, std::string>& env, const RunChild& run);

// One git command. Empty paths are not passed on.
struct GitCall {
  // Whose configuration counts beside the repository's: nobody's, or the person's, when it is their words
  // that are asked for (identity, safe.directory).
  enum class Config { repository, person };

  std::vector<std::string> args;  // from the subcommand on
  std::string git_dir;
  std::string object_dir;  // instead of git_dir's own objects
  std::string work_tree;
  std::string index_file;
  std::string shallow_file;
  std::string cwd = "/";
  std::string stdin_bytes;
  std::string stdin_file;           // instead of stdin_bytes
  std::vector<std::string> before;  // words before git's own: of a seal
  Config config = Config::repository;
  std::vector<std::string> settings;       // further key=value pairs, after the fixed ones
  std::map<std::string, std::string> env;  // further variables: identity, dates, HOME
  int64_t lock_wait_ms = 10'000;           // how long git itself waits for locks on refs
  int64_t timeout_ms = 1'800'000;
};

// The whole child: argv, environment and limits.
ChildOptions git_options(const GitProgram& git, const GitCall& call);

// A git that can be called. Blocks; safe to use from several threads.
class Git {
 public:
  Git(GitProgram program, RunChild run) : program_(std::move(program)), run_(std::move(run)) {}

  // Whatever its exit code. Errors: it could not be started, or it ran into its time limit.
  Result<Finished> run(const GitCall& call) const;

  // Its output. Errors also when it fails: see git_error().
  Result<std::string> output(const GitCall& call) const;

  const GitProgram& program() const { return program_; }

 private:
  GitProgram program_;
  RunChild run_;
};

// A git command that failed, in its own first words. A full or failing disk is `paused`, an object that git
// was asked for and does not find `integrity`, else `failed`.
Error git_error(const GitCall& call, const Finished& finished);

// Who stands on the commits pianola makes.
struct Identity {
  std::string name;
  std::string email;
};

// The variables that make `identity` author and committer at `seconds` since 1970, UTC.
std::map<std::string, std::string> author_env(const Identity& identity, int64_t seconds);

}  // namespace pianola::world
