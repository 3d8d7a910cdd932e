#include "world/git_over_files.h"

#include <sys/stat.h>

#include <cerrno>
#include <utility>

#include "world/files.h"
#include "world/git_dirs.h"
#include "world/git_source.h"

namespace pianola::world {
namespace {

constexpr int not_packed = 125;

// git, and then a pack of all objects it wrote: $1 is git. Large files it packs by itself.
constexpr const char* and_pack = R"(git=$1
cd "$GIT_DIR/objects" && : >../ran || exit 125
cd /
"$@"
ended=$?
cd "$GIT_DIR/objects" || exit 125
set -- [0-9a-f][0-9a-f]/*
{
  [ ! -e "$1" ] || printf '%s\n' "$@" | tr -d /
  for index in pack/*.idx; do
    [ ! -e "$index" ] || "$git" show-index <"$index" | cut -d ' ' -f 2
  done
} >../ids || exit 125
[ ! -s ../ids ] || "$git" pack-objects -q --window=0 --stdout <../ids >../new.pack || exit 125
exit $ended)";

}  // namespace

Result<GitOverFiles> GitOverFiles::make(const GitRepository& repository, std::string workspace,
                                        std::string scratch, const std::string& base) {
  GitOverFiles git(repository, std::move(workspace), std::move(scratch));
  const GitRepositoryOptions& options = repository.options_;
  if (git.is_sealed()) {
    TRY(make_source({.path = git.git_dir(),
                     .commits = {base},
                     .objects_dir = "",
                     .hub_git_dir = options.layout.git_dir,
                     .object_format = options.object_format}));
  }
  return git;
}

GitCall GitOverFiles::call(std::vector<std::string> args, const std::string& work_tree) const {
  GitCall call = repository_.own(std::move(args));
  call.work_tree = work_tree;
  return call;
}

Result<Finished> GitOverFiles::run(GitCall call) const {
  if (!is_sealed()) return repository_.git_.run(call);
  const GitRepositoryOptions& options = repository_.options_;
  call.git_dir = git_dir();
  call.object_dir.clear();
  call.shallow_file.clear();
  Seal seal{.binds = object_binds(options.layout.git_dir), .cwd = "/"};
  seal.binds.push_back({workspace_, workspace_});
  const std::string excludes = options.layout.git_dir + "/info/exclude";
  if (exists(excludes)) seal.binds.push_back({excludes, excludes});
  seal.binds.push_back({scratch_, scratch_, Bind::Access::write});
  call.before = sealed_argv(*options.sealer, seal, {"/bin/sh", "-c", and_pack, "sh"});
  TRY(give_to_worker(scratch_, *options.sealer));
  TRY(remove_tree(git_dir() + "/ran"));
  Finished finished = TRY(repository_.git_.run(call));
  Error failure = git_error(call, finished);
  const bool is_whole = exists(git_dir() + "/ran") && !finished.signalled && finished.value != not_packed;
  if (!is_whole || (!finished.ok() && failure.kind == ErrorKind::paused)) return refuse(std::move(failure));
  TRY(take_objects());
  return finished;
}

bool GitOverFiles::is_sealed() const { return repository_.options_.sealer.has_value(); }

Result<void> GitOverFiles::take_objects() const {
  const std::string pack = git_dir() + "/new.pack";
  struct stat status {};
  if (::lstat(pack.c_str(), &status) != 0) return {};
  if (!S_ISREG(status.st_mode)) return refuse(system_error(pack, EINVAL));
  GitCall unpack = repository_.own({"unpack-objects", "-q"});
  unpack.stdin_file = pack;
  TRY(repository_.git_.output(unpack));
  return remove_tree(pack);
}

}  // namespace pianola::world
