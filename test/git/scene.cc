#include "test/git/scene.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/check.h"

namespace pianola::world {

Scene::Scene(Shape shape, const std::string& object_format) : shape_(shape), object_format_(object_format) {
  std::string pattern = "/tmp/pianola-git-XXXXXX";
  CHECK(::mkdtemp(pattern.data()) != nullptr, "tests need a temporary folder");
  root_ = pattern;
  shop_ = root_ + "/shop";
  std::filesystem::create_directories(root_ + "/home");
  env_ = {{"HOME", root_ + "/home"},
          {"PATH", "/usr/bin:/bin"},
          {"LC_ALL", "C"},
          {"GIT_AUTHOR_DATE", "@1750000000 +0000"},
          {"GIT_COMMITTER_DATE", "@1750000000 +0000"},
          {"GIT_AUTHOR_NAME", "Worker"},
          {"GIT_AUTHOR_EMAIL", "worker@example.com"},
          {"GIT_COMMITTER_NAME", "Worker"},
          {"GIT_COMMITTER_EMAIL", "worker@example.com"},
          {"GIT_CONFIG_GLOBAL", "/dev/null"},
          {"GIT_CONFIG_NOSYSTEM", "1"}};
  std::vector<std::string> init = {"init", "-q", "-b", "main", "--object-format=" + object_format, shop_};
  if (shape == Shape::bare) init.insert(init.begin() + 1, "--bare");
  git(root_, init);
  git(shop_, {"config", "user.name", "Ada User"});
  git(shop_, {"config", "user.email", "ada@example.com"});
}

Scene::~Scene() {
  const auto removed = remove_tree(root_);
  EXPECT_TRUE(removed);
}

std::string Scene::git(const std::string& folder, const std::vector<std::string>& args) const {
  ChildOptions options{.argv = {"/usr/bin/git"}, .env = env_, .cwd = folder};
  options.argv.insert(options.argv.end(), args.begin(), args.end());
  auto finished = run_child(options);
  EXPECT_TRUE(finished && finished->ok())
      << "git " << args.front() << ": " << (finished ? finished->err : "");
  std::string out = finished ? finished->out : "";
  if (!out.empty() && out.back() == '\n') out.pop_back();
  return out;
}

int Scene::git_exit(const std::string& folder, const std::vector<std::string>& args) const {
  ChildOptions options{.argv = {"/usr/bin/git"}, .env = env_, .cwd = folder};
  options.argv.insert(options.argv.end(), args.begin(), args.end());
  const auto finished = run_child(options);
  return finished && !finished->signalled ? finished->value : -1;
}

std::string Scene::shell(const std::string& folder, const std::string& script) const {
  const auto finished = run_child({.argv = {"/bin/sh", "-ec", script}, .env = env_, .cwd = folder});
  EXPECT_TRUE(finished && finished->ok()) << script << ": " << (finished ? finished->err : "");
  return finished ? finished->out : "";
}

std::string Scene::ref(const std::string& name) const {
  return git(git_dir(), {"for-each-ref", "--format=%(objectname)", name});
}

void Scene::write(const std::string& path, const std::string& bytes) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
}

std::string Scene::read(const std::string& path) {
  std::ostringstream bytes;
  bytes << std::ifstream(path, std::ios::binary).rdbuf();
  return bytes.str();
}

std::string Scene::commit(const std::string& folder, const std::map<std::string, std::string>& files,
                          const std::string& message) const {
  for (const auto& [path, bytes] : files) write(folder + "/" + path, bytes);
  git(folder, {"add", "-A"});
  git(folder, {"commit", "-q", "--allow-empty", "-m", message});
  return git(folder, {"rev-parse", "HEAD"});
}

DiscoverOptions Scene::here(const std::string& folder) const {
  return {.dir = folder.empty() ? shop_ : folder, .env = env_};
}

GitRepositoryOptions Scene::options() const {
  GitRepositoryOptions options{.git = {"/usr/bin/git", "2.39"},
                               .object_format = object_format_,
                               .run = scene_run,
                               .target = "refs/heads/main",
                               .identity = {"Ada User", "ada@example.com"}};
  options.layout = {git_dir(), git_dir() + "/pianola", shop_ + ".pianola", root_ + "/sockets"};
  options.run_child = [children = children_](const ChildOptions& child) {
    ++*children;
    return run_child(child);
  };
  return options;
}

std::string Scene::workspace(const GitRepository& repository, const core::AttemptKey& key,
                             const std::string& base, int generation) const {
  const auto made = repository.make_workspace({key, generation, base});
  EXPECT_TRUE(made) << (made ? "" : made.error().text());
  return workspace_dir(repository.options().layout, scene_run, key.task, generation);
}

std::string Scene::digest(const std::string& folder) const {
  std::string text;
  std::vector<std::filesystem::path> paths;
  for (auto each = std::filesystem::recursive_directory_iterator(folder);
       each != std::filesystem::recursive_directory_iterator(); ++each) {
    if (each->path().filename() == ".git" && each.depth() == 0) {
      each.disable_recursion_pending();
      paths.push_back(each->path() / "index");
      paths.push_back(each->path() / "HEAD");
      continue;
    }
    paths.push_back(each->path());
  }
  std::sort(paths.begin(), paths.end());
  for (const auto& path : paths) {
    struct stat found {};
    if (::lstat(path.c_str(), &found) != 0) continue;
    text += fmt::format("{} {:o} {}.{} ", path.string(), found.st_mode, found.st_mtim.tv_sec,
                        found.st_mtim.tv_nsec);
    if (S_ISREG(found.st_mode)) text += read(path);
    text += "\n";
  }
  return text;
}

std::vector<std::string> brief(const std::vector<TreeChange>& changes) {
  std::vector<std::string> lines;
  for (const TreeChange& change : changes)
    lines.push_back(fmt::format("{} {:o} {:o}", change.path, change.old_mode, change.new_mode));
  return lines;
}

}  // namespace pianola::world
