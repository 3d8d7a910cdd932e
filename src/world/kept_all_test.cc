#include "world/kept_all.h"

#include <gtest/gtest.h>

#include <csignal>

#include "world/kept_testing.h"

namespace pianola::world {
namespace {

using core::ExitKind;

std::string script_of(const engine::AttemptKey& key) {
  if (key.task.str() == "deaf") return "trap '' TERM; echo up; while :; do sleep 0.02; done";
  if (key.task.str() == "done") return "echo up; exit 3";
  return "trap 'exit 8' TERM; echo up; while :; do sleep 0.02; done";
}

TEST(AllKept, are_ended_by_their_folders_alone) {
  Folder folder;
  const std::string run = run_dir(folder.layout(), folder.run());
  {
    Supervisor supervisor(folder, script_of);
    for (const char* task : {"a", "b", "deaf", "done", "hidden", "orphaned"}) {
      supervisor.launch(key_of(task));
      ASSERT_TRUE(supervisor.serve_until([&] { return supervisor.seen[key_of(task)].out == "up\n"; }));
    }
    ASSERT_TRUE(supervisor.serve_until_exits(1));
  }
  // One that cannot be spoken to, one whose keeper is gone, and one that never began.
  ASSERT_TRUE(remove_tree(attempt_socket(folder.layout(), folder.run(), key_of("hidden"))));
  const auto gone = read_keeper(folder.attempt(key_of("orphaned"))).value().value().keeper;
  ASSERT_TRUE(signal_process(gone, SIGKILL));
  ASSERT_TRUE(make_dirs(folder.attempt(key_of("never"))));
  ASSERT_TRUE(write_file(folder.attempt(key_of("never")) + "/attempt.lock", "", Sync::none));

  const int64_t before_ms = since_boot().ms();
  EXPECT_EQ(end_all_kept(run, 1'000).value(), 5);
  EXPECT_LT(since_boot().ms() - before_ms, 15'000);
  const auto exit_of = [&](const char* task) {
    return read_exit(folder.attempt(key_of(task))).value().value_or(ExitRecord{}).exit;
  };
  for (const char* task : {"a", "b", "hidden"}) {
    EXPECT_EQ(exit_of(task), (core::ExitStatus{ExitKind::code, 8, true, ""})) << task;
  }
  EXPECT_EQ(exit_of("deaf"), (core::ExitStatus{ExitKind::signal, SIGKILL, true, ""}));
  EXPECT_EQ(exit_of("done"), (core::ExitStatus{ExitKind::code, 3, true, ""}));
  EXPECT_EQ(exit_of("orphaned").kind, ExitKind::lost);
  EXPECT_FALSE(exists(folder.attempt(key_of("never")) + "/exit.json"));
  for (const char* task : {"a", "b", "deaf", "hidden", "orphaned"}) {
    EXPECT_TRUE(members({0, {}, keep_id({folder.attempt(key_of(task)), ""})}).empty()) << task;
  }
  EXPECT_EQ(end_all_kept(run).value(), 0);
}

TEST(AllKept, are_none_where_no_folder_is) {
  Folder folder;
  EXPECT_EQ(end_all_kept(folder.path() + "/no/such/run").value(), 0);
}

// A check has no socket, and its keeper ends with whoever asked for it; here that one hangs.
TEST(AllKept, are_the_checks_of_gates_as_well) {
  Folder folder;
  const std::string dir = gate_dir(folder.layout(), folder.run(), "final") + "/1";
  auto found = start_or_find({dir, ""}, {own_executable(), {}}, [&]() -> Result<KeptSpec> {
    KeptSpec spec;
    spec.argv = {"sh", "-c", "while :; do sleep 0.02; done"};
    spec.env = {{"PATH", "/usr/bin:/bin"}};
    return spec;
  });
  ASSERT_TRUE(found);
  ASSERT_TRUE(wait_for([&] { return exists(dir + "/agent.json"); }));
  EXPECT_EQ(end_all_kept(run_dir(folder.layout(), folder.run()), 500).value(), 1);
  EXPECT_EQ(read_exit(dir).value().value().exit, (core::ExitStatus{ExitKind::signal, SIGTERM, true, ""}));
  reap_keeper(std::get<Connected>(*found).keeper);
}

}  // namespace
}  // namespace pianola::world
