// A worker that takes all it can get meets its limits: it cannot starve the others (G31). Each hog first
// takes more with the limits off, so that the test has power.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <charconv>
#include <fstream>
#include <iterator>

#include "test/figures.h"
#include "test/redteam/scene.h"
#include "world/cgroup.h"

namespace pianola::redteam {
namespace {

constexpr const char* no_limits = "limits: {memory_mb: 0, processes: 0, cpu_weight: 0, disk_mb: 0}\n";

// One scene for all hogs of a test: each run has a configuration and a script of its own.
class Hogs : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto sealer = find_level("sealed"); !sealer)
      GTEST_SKIP() << "no seal here: " << sealer.error().text();
    const world::Cgroup group =
        world::Cgroup::make(fmt::format("pianola.probe.{}", ::getpid()), world::usual_limits());
    has_groups_ = group.limits_memory() && group.limits_processes();
    scene_ = std::make_unique<Scene>("sealed");
  }

  // Runs `scripts`, each as one task, all at once, and returns what `run` said.
  std::string run(const std::string& limits, const std::vector<std::string>& scripts) {
    ++runs_;
    std::string config = limits + "jobs: 8\nroles: {worker: {agent: hog0}}\nagents:\n";
    std::string plan = "tasks:\n";
    std::string files;
    for (size_t i = 0; i < scripts.size(); ++i) {
      write(fmt::format("hog{}.sh", i), "#!/bin/bash\n" + scripts[i] + "\n");
      config += fmt::format("  hog{}: {{kind: command, argv: [./hog{}.sh]}}\n", i, i);
      plan += fmt::format(
          "  - {{id: t{}, title: Take all, agent: hog{}, attempts: 1, files_write: ['out{}'], verification: "
          "[{{command: 'test -d .'}}]}}\n",
          i, i, i);
    }
    write(".pianola.yaml", config);
    write("tasks.yaml", plan);
    const Ended made = scene_->shell(
        scene_->repo(), "chmod +x hog*.sh; git add -A; git commit -q --allow-empty -m next; echo made");
    EXPECT_EQ(made.output, "made\n");
    return scene_
        ->pianola(
            {"run", "tasks.yaml", "--isolation", "sealed", "--approve", "--promote", "leave", "--plain"})
        .output;
  }

  // What the worker of task `task` wrote to its output in the last run, as a number; -1 without one.
  int64_t told(int task) const {
    const std::string path =
        fmt::format("{}/.git/pianola/runs/r{}/attempts/t{}.1/out", scene_->repo(), runs_ + 1, task);
    std::ifstream file(path);
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    int64_t number = -1;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
  }

  std::unique_ptr<Scene> scene_;
  bool has_groups_ = false;

 private:
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(scene_->repo() + "/" + name) << text;
  }

  int runs_ = 0;
};

TEST_F(Hogs, of_processes_get_no_more_than_they_may) {
  if (!has_groups_ && ::geteuid() == 0)
    GTEST_SKIP() << "as root without cgroups the number of processes is not limited (docs/decisions/0008)";
  const std::string bomb =
      "made=0; while [ $made -lt 300 ]; do sleep 20 & [ $! -gt 0 ] || break; made=$((made + 1)); "
      "echo $made >out0; done 2>/dev/null; cat out0";
  constexpr int64_t processes = 60;
  // A shell that cannot fork tries again for half a minute; it is told to stop when it gets no further.
  const std::string impatient =
      "(" + bomb +
      ") & n=0; for i in {1..60}; do sleep 0.2; was=$n; read n <out0; [ \"$n\" = 300 ] && break; "
      "[ $i -gt 15 ] && [ \"$n\" = \"$was\" ] && break; done; kill $! 2>/dev/null; echo $n";
  run(no_limits, {impatient});
  const int64_t unlimited = told(0);
  run(fmt::format("limits: {{processes: {}}}\n", processes), {impatient});
  const int64_t limited = told(0);
  EXPECT_EQ(unlimited, 300);
  EXPECT_GT(limited, 0);
  EXPECT_LT(limited, processes);
  test::tell_guarantee(
      "G31", "a fork bomb in the seal",
      fmt::format("limit {}, made without it {}, with it {}", processes, unlimited, limited));
}

TEST_F(Hogs, of_memory_end_and_the_run_says_so) {
  // tail(1) keeps all of a line; the private /tmp is memory too.
  const std::string of_heap = "head -c 300M /dev/zero | tail -n 1 | wc -c; touch out0";
  const std::string of_tmp = "head -c 300M /dev/zero >/tmp/hog && stat -c %s /tmp/hog; touch out1";
  constexpr int64_t all = 300 << 20;
  run(no_limits, {of_heap, of_tmp});
  EXPECT_EQ(told(0), all);
  EXPECT_EQ(told(1), all);
  const std::string said = run("limits: {memory_mb: 128}\n", {of_heap, of_tmp});
  EXPECT_LT(told(0), all);
  if (has_groups_) {
    EXPECT_LT(told(1), all) << said;
    EXPECT_NE(said.find("for want of memory"), std::string::npos) << said;
  }
  test::tell_guarantee("G31", "a memory hog in the seal, of its heap and of /tmp",
                       fmt::format("limit in MiB 128, wanted 300, ended {}",
                                   (told(0) < all ? 1 : 0) + (told(1) < all ? 1 : 0)));
}

TEST_F(Hogs, of_disk_end_and_the_run_says_so) {
  const std::string flood = "head -c 300M /dev/zero >flood; sync flood; sleep 4; stat -c %s flood; rm flood";
  constexpr int64_t all = 300 << 20;
  run(no_limits, {flood});
  EXPECT_EQ(told(0), all);
  const std::string said = run("limits: {disk_mb: 100}\n", {flood});
  EXPECT_EQ(told(0), -1) << "was not ended";
  EXPECT_NE(said.find("of which there may be 100"), std::string::npos) << said;
  test::tell_guarantee("G31", "a disk flood in the seal", "limit in MiB 100, wanted 300, ended 1");
}

// Twenty that spin against one: without groups each of the twenty has as much as the one. Each is a session
// of its own, since where the kernel groups by sessions (sched(7), autogroup) that is the way around it.
TEST_F(Hogs, of_the_processors_leave_the_others_their_share) {
  if (!has_groups_) GTEST_SKIP() << "this user may make no cgroup with a share of the processors here";
  const std::string spin =
      "timeout 4 bash -c 'n=0; trap \"echo \\$n; exit\" TERM; while :; do n=$((n+1)); done'";
  const std::string many = "for i in {1..20}; do setsid " + spin +
                           " >n.$i & done; wait; cat n.* | (s=0; while read n; do "
                           "s=$((s+n)); done; echo $s); rm n.*; touch out0";
  const std::string one = spin + "; touch out1";
  run(no_limits, {many, one});
  const double unlimited = static_cast<double>(told(0)) / static_cast<double>(told(1));
  run("", {many, one});
  const double limited = static_cast<double>(told(0)) / static_cast<double>(told(1));
  EXPECT_GT(unlimited, 3 * limited);
  EXPECT_LT(limited, 3.5);
  test::tell_guarantee(
      "G31", "twenty processes that spin against one",
      fmt::format("do times its work without shares {:.0f}, with shares {:.0f}", unlimited, limited));
}

}  // namespace
}  // namespace pianola::redteam
