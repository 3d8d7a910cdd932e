// Locks that another git holds, or left behind.
#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <thread>

#include "test/git/scene.h"
#include "world/repository_port.h"

namespace pianola::world {
namespace {

class Locks : public ::testing::Test {
 protected:
  void SetUp() override {
    base = scene.commit(scene.shop(), {{"a.txt", "one\n"}}, "First");
    next = scene.commit(scene.shop(), {{"a.txt", "two\n"}}, "Second");
    scene.git(scene.shop(), {"reset", "-q", "--hard", base});
  }
  GitRepositoryOptions impatient(int64_t wait_ms = 1'000) {
    GitRepositoryOptions options = scene.options();
    options.lock_wait_ms = wait_ms;
    return options;
  }
  // A lock file that is 12 minutes old.
  std::string stale(const std::string& path) {
    Scene::write(path, "");
    const timespec then{::time(nullptr) - 725, 0};
    const timespec times[2] = {then, then};
    EXPECT_EQ(::utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
    return path;
  }
  std::string text_for(const std::string& lock) {
    const std::string owner = ::geteuid() == 0 ? "root" : scene.shell("/", "id -un | tr -d '\\n'");
    return lock + ": a lock of git, 12 min old, of " + owner +
           "; expected it gone within 1 s; when no git runs there: rm '" + lock + "'";
  }

  Scene scene;
  std::string base;
  std::string next;
};

TEST_F(Locks, on_a_ref_are_waited_for_and_then_named) {
  const GitRepository repository(impatient());
  ASSERT_TRUE(repository.open_run({scene_run, base}));
  const std::string lock = stale(scene.git_dir() + "/refs/pianola/staging/r1.lock");
  const auto moved = repository.move_staging({attempt("login"), base, next});
  ASSERT_FALSE(moved);
  EXPECT_EQ(moved.error().kind, ErrorKind::paused);
  EXPECT_EQ(moved.error().text(), text_for(lock));
  EXPECT_TRUE(std::filesystem::exists(lock));
  std::filesystem::remove(lock);
  EXPECT_TRUE(repository.move_staging({attempt("login"), base, next}));
}

TEST_F(Locks, that_go_away_in_time_do_no_harm) {
  const GitRepository repository(impatient(10'000));
  ASSERT_TRUE(repository.open_run({scene_run, base}));
  const std::string lock = scene.git_dir() + "/refs/pianola/staging/r1.lock";
  Scene::write(lock, "");
  std::thread other([&] {
    ::poll(nullptr, 0, 200);
    std::filesystem::remove(lock);
  });
  const auto moved = repository.move_staging({attempt("login"), base, next});
  other.join();
  ASSERT_TRUE(moved) << moved.error().text();
  EXPECT_EQ(scene.ref("refs/pianola/staging/r1"), next);
}

TEST_F(Locks, on_packed_refs_do_not_hold_up_a_ref_of_its_own) {
  const GitRepository repository(impatient());
  ASSERT_TRUE(repository.open_run({scene_run, base}));
  scene.git(scene.shop(), {"pack-refs", "--all", "--prune"});
  stale(scene.git_dir() + "/packed-refs.lock");
  const auto moved = repository.move_staging({attempt("login"), base, next});
  ASSERT_TRUE(moved) << moved.error().text();
  EXPECT_EQ(scene.ref("refs/pianola/staging/r1"), next);
}

TEST_F(Locks, on_the_index_of_a_checkout_are_named_and_nothing_is_moved) {
  const GitRepository repository(impatient());
  ASSERT_TRUE(repository.open_run({scene_run, base}));
  const std::string lock = stale(scene.git_dir() + "/index.lock");
  const std::string before = scene.digest(scene.shop());
  const auto promoted = repository.promote({base, next, core::PromoteMode::checkout});
  ASSERT_FALSE(promoted);
  EXPECT_EQ(promoted.error().kind, ErrorKind::paused);
  EXPECT_EQ(promoted.error().text(), text_for(lock));
  EXPECT_EQ(scene.digest(scene.shop()), before);
  std::filesystem::remove(lock);
  EXPECT_TRUE(std::holds_alternative<core::TargetWasPromoted>(
      *repository.promote({base, next, core::PromoteMode::checkout})));
}

TEST_F(Locks, on_the_target_are_named_before_its_checkout_is_moved) {
  const GitRepository repository(impatient());
  ASSERT_TRUE(repository.open_run({scene_run, base}));
  for (const char* name : {"/refs/heads/main.lock", "/HEAD.lock"}) {
    const std::string lock = stale(scene.git_dir() + name);
    const std::string before = scene.digest(scene.shop());
    const auto promoted = repository.promote({base, next, core::PromoteMode::checkout});
    ASSERT_FALSE(promoted);
    EXPECT_EQ(promoted.error().kind, ErrorKind::paused);
    EXPECT_EQ(promoted.error().text(), text_for(lock));
    EXPECT_EQ(scene.digest(scene.shop()), before);
    std::filesystem::remove(lock);
  }
  EXPECT_TRUE(std::holds_alternative<core::TargetWasPromoted>(
      *repository.promote({base, next, core::PromoteMode::checkout})));
}

// What another git does right after the files of the checkout were moved.
GitRepositoryOptions after_the_files(GitRepositoryOptions options, const std::function<void()>& other) {
  options.run_child = [run = options.run_child, other](const ChildOptions& child) {
    auto finished = run(child);
    const bool is_move = std::find(child.argv.begin(), child.argv.end(), "-u") != child.argv.end();
    if (is_move) other();
    return finished;
  };
  return options;
}

TEST_F(Locks, that_come_after_the_files_were_moved_have_them_put_back) {
  const std::string lock = scene.git_dir() + "/refs/heads/main.lock";
  const GitRepository repository(after_the_files(impatient(100), [&] { Scene::write(lock, ""); }));
  ASSERT_TRUE(repository.open_run({scene_run, base}));
  const auto promoted = repository.promote({base, next, core::PromoteMode::checkout});
  ASSERT_FALSE(promoted);
  EXPECT_EQ(promoted.error().kind, ErrorKind::paused);
  EXPECT_EQ(promoted.error().where, lock);
  EXPECT_EQ(Scene::read(scene.in_shop("a.txt")), "one\n");
  std::filesystem::remove(lock);
  EXPECT_EQ(scene.git(scene.shop(), {"status", "--porcelain"}), "");
}

TEST_F(Locks, that_keep_the_files_from_being_put_back_are_said_with_the_way_out) {
  const std::string lock = scene.git_dir() + "/refs/heads/main.lock";
  const GitRepository repository(after_the_files(impatient(100), [&] {
    Scene::write(lock, "");
    Scene::write(scene.git_dir() + "/index.lock", "");
  }));
  ASSERT_TRUE(repository.open_run({scene_run, base}));
  const auto promoted = repository.promote({base, next, core::PromoteMode::checkout});
  ASSERT_FALSE(promoted);
  const std::string command = "git -C '" + scene.shop() + "' read-tree -m -u " + next + " " + base;
  EXPECT_NE(
      promoted.error().text().find("; index and files of " + scene.shop() + " are at " + next.substr(0, 7) +
                                   " all the same; put them back: " + command + ";"),
      std::string::npos)
      << promoted.error().text();
  std::filesystem::remove(lock);
  std::filesystem::remove(scene.git_dir() + "/index.lock");
  scene.shell("/", command);
  EXPECT_EQ(scene.git(scene.shop(), {"status", "--porcelain"}), "");
}

TEST_F(Locks, are_not_needed_to_leave_a_commit_alone_that_took_the_files_in) {
  std::string theirs;
  const GitRepository repository(after_the_files(impatient(), [&] {
    if (theirs.empty()) theirs = scene.commit(scene.shop(), {{"b.txt", "b\n"}}, "Theirs");
  }));
  ASSERT_TRUE(repository.open_run({scene_run, base}));
  const auto promoted = repository.promote({base, next, core::PromoteMode::checkout});
  ASSERT_TRUE(promoted) << promoted.error().text();
  EXPECT_EQ(std::get<core::TargetHadMoved>(*promoted).commit, theirs);
  EXPECT_EQ(scene.git(scene.shop(), {"status", "--porcelain"}), "");
}

TEST_F(Locks, on_a_ref_that_is_fetched_into_are_named) {
  const GitRepository repository(impatient());
  ASSERT_TRUE(repository.open_run({scene_run, base}));
  const std::string folder = scene.workspace(repository, attempt("login"), base);
  scene.commit(folder, {{"a.txt", "work\n"}}, "Work");
  const std::string lock = stale(scene.git_dir() + "/refs/pianola/in/r1/login/1.lock");
  const auto tree = repository.collect({attempt("login"), 1, base, core::CollectFor::landing});
  ASSERT_FALSE(tree);
  EXPECT_EQ(tree.error().text(), text_for(lock));
  EXPECT_TRUE(std::holds_alternative<core::RepositoryPaused>(
      failure_of(core::CollectWork{attempt("login"), 1, base, core::CollectFor::landing}, tree.error())));
}

TEST_F(Locks, of_another_promotion_are_waited_for) {
  const GitRepository repository(impatient(200));
  ASSERT_TRUE(repository.open_run({scene_run, base}));
  const Fd held(
      ::open((scene.git_dir() + "/pianola/promotion.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  ASSERT_EQ(::flock(held.get(), LOCK_EX), 0);
  const auto promoted = repository.promote({base, next, core::PromoteMode::checkout});
  ASSERT_FALSE(promoted);
  EXPECT_EQ(promoted.error().kind, ErrorKind::paused);
  EXPECT_EQ(promoted.error().text(),
            scene.git_dir() +
                "/pianola/promotion.lock: another run of this repository promotes; expected "
                "it done within 1 s; then: pianola resume");
}

}  // namespace
}  // namespace pianola::world
