// Whatever state a workspace is left in, keeping it loses no file that is not ignored.
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "base/random.h"
#include "test/git/scene.h"

namespace pianola::world {
namespace {

constexpr int states = 40;

// Paths with modes and contents of everything in `folder` that is not ignored, without any .git.
std::map<std::string, std::string> files_of(const std::string& folder) {
  std::map<std::string, std::string> files;
  for (auto each = std::filesystem::recursive_directory_iterator(folder);
       each != std::filesystem::recursive_directory_iterator(); ++each) {
    const std::string name = each->path().filename();
    if (name == ".git") each.disable_recursion_pending();
    if (name == ".git" || (each->path().extension() == ".log")) continue;
    const std::string path = each->path().lexically_relative(folder);
    struct stat found {};
    if (::lstat(each->path().c_str(), &found) != 0) continue;
    if (S_ISLNK(found.st_mode)) files[path] = "link " + std::filesystem::read_symlink(each->path()).string();
    if (S_ISREG(found.st_mode))
      files[path] = ((found.st_mode & 0100) != 0 ? "program " : "file ") + Scene::read(each->path());
  }
  return files;
}

// One thing an agent might do.
void disturb(const Scene& scene, const std::string& folder, Random& random) {
  const std::string name = "f" + std::to_string(random.below(6));
  const std::string path = folder + "/" + name;
  const std::string nested = folder + "/d" + std::to_string(random.below(3));
  switch (random.below(14)) {
    case 0:
      std::filesystem::remove_all(path);
      break;
    case 1:
      std::filesystem::remove_all(path);
      std::filesystem::create_symlink("f1", path);
      break;
    case 2:
      std::filesystem::remove_all(path);
      Scene::write(path + "/inner", "dir");
      break;
    case 3:
      if (std::filesystem::symlink_status(path).type() == std::filesystem::file_type::regular)
        ::chmod(path.c_str(), 0755);
      break;
    case 4:
      scene.git_exit(folder, {"add", "-A"});
      break;
    case 5:
      scene.git(folder, {"commit", "-q", "--allow-empty", "-m", "step"});
      break;
    case 6:
      scene.git(folder, {"checkout", "-q", "--detach"});
      break;
    case 7:
      scene.git(folder, {"reset", "-q", "HEAD~0"});
      break;
    case 8:
      if (!std::filesystem::exists(nested + "/.git")) scene.git(folder, {"init", "-q", nested});
      break;
    case 9:
      Scene::write(folder + "/noise.log", "ignored");
      break;
    case 10:
      scene.git(folder, {"rm", "-q", "-r", "--cached", "--ignore-unmatch", name});
      break;
    case 11:
      Scene::write(nested + "/x", std::to_string(random.next()));
      break;
    default:
      if (std::filesystem::is_directory(std::filesystem::symlink_status(path))) break;
      std::filesystem::remove(path);
      Scene::write(path, std::to_string(random.below(3)));
  }
}

TEST(Saved, holds_every_file_of_any_state) {
  const Scene scene;
  const std::string base = scene.commit(
      scene.shop(), {{"f0", "0"}, {"f1", "1"}, {"f2", "2"}, {"d0/x", "x"}, {".gitignore", "*.log\n"}},
      "First");
  const GitRepository repository(scene.options());
  ASSERT_TRUE(repository.open_run({scene_run, base}));
  for (int state = 1; state <= states; ++state) {
    Random random(static_cast<uint64_t>(state));
    const core::AttemptKey key = attempt("t" + std::to_string(state));
    const std::string folder = scene.workspace(repository, key, base);
    for (uint64_t steps = 1 + random.below(12); steps > 0; --steps) disturb(scene, folder, random);
    const auto tree = repository.collect({key, 1, base, core::CollectFor::keeping});
    ASSERT_TRUE(tree) << "seed " << state << ": " << tree.error().text();
    const std::map<std::string, std::string> before = files_of(folder);
    ASSERT_TRUE(repository.remove_workspace({key.task, 1}));
    const auto again = repository.make_gate_workspace(tree->head.empty() ? base : tree->head, "restored");
    ASSERT_TRUE(again) << again.error().text();
    EXPECT_EQ(files_of(*again), before) << "seed " << state;
  }
}

}  // namespace
}  // namespace pianola::world
