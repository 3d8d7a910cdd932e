// A repository in a temporary folder, a run on it, and short words for what tests do with both.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "world/discover.h"
#include "world/files.h"
#include "world/git_repository.h"

namespace pianola::world {

inline const core::RunId scene_run{"r1"};

inline core::AttemptKey attempt(const std::string& task, int number = 1) {
  return {core::TaskId(task), number};
}

class Scene {
 public:
  enum class Shape { checkout, bare };
  explicit Scene(Shape shape = Shape::checkout, const std::string& object_format = "sha1");
  ~Scene();
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;

  // Paths below the temporary folder.
  std::string root() const { return root_; }
  std::string shop() const { return shop_; }  // the user's repository
  std::string git_dir() const { return shape_ == Shape::bare ? shop_ : shop_ + "/.git"; }
  std::string in_shop(const std::string& path) const { return shop_ + "/" + path; }

  // Runs git as a person would, in `folder`; the test fails when git does. Output without the last break.
  std::string git(const std::string& folder, const std::vector<std::string>& args) const;
  int git_exit(const std::string& folder, const std::vector<std::string>& args) const;
  std::string shell(const std::string& folder, const std::string& script) const;
  std::string id(const std::string& name) const { return git(git_dir(), {"rev-parse", "--verify", name}); }
  // The hub has this ref at this id; "" = no such ref.
  std::string ref(const std::string& name) const;

  static void write(const std::string& path, const std::string& bytes);
  static std::string read(const std::string& path);
  // Writes, adds everything and commits; the new id.
  std::string commit(const std::string& folder, const std::map<std::string, std::string>& files,
                     const std::string& message) const;

  // What discovery is given.
  DiscoverOptions here(const std::string& folder = "") const;
  std::map<std::string, std::string>& env() { return env_; }

  // A run of `scene_run` on main; children of the repository are counted.
  GitRepositoryOptions options() const;
  int children() const { return *children_; }
  void count_from_zero() const { *children_ = 0; }

  // Opens the run at `base` and makes the workspace of task `task`; its folder.
  std::string workspace(const GitRepository& repository, const core::AttemptKey& key, const std::string& base,
                        int generation = 1) const;

  // Content, mode, time of change of every file of the checkout and its index, as one text.
  std::string digest(const std::string& folder) const;

 private:
  Shape shape_;
  std::string root_;
  std::string shop_;
  std::string object_format_;
  std::map<std::string, std::string> env_;
  std::shared_ptr<std::atomic<int>> children_ = std::make_shared<std::atomic<int>>(0);
};

// "path old_mode new_mode" of each change, modes in octal, for short expectations.
std::vector<std::string> brief(const std::vector<TreeChange>& changes);

}  // namespace pianola::world
