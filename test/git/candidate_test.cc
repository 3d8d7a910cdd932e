// Candidates and staging: merges of objects, the same every time, moved by compare-and-swap.
#include <filesystem>
#include <thread>

#include "plan/environment.h"
#include "test/git/scene.h"
#include "world/git_lockfiles.h"
#include "world/lockfiles.h"

namespace pianola::world {
namespace {

using Lines = std::vector<std::string>;
const Instant noon{1'760'000'000'123'456'789};

class Candidates : public ::testing::Test {
 protected:
  void begin(const std::map<std::string, std::string>& files = {{"a.txt", "1\n2\n3\n"}, {"b.txt", "b\n"}}) {
    base = scene.commit(scene.shop(), files, "First");
    scene.git(scene.shop(), {"checkout", "-q", "--detach"});
    ASSERT_TRUE(repository.open_run({scene_run, base}));
  }
  // The work of one task, collected.
  std::string work(const std::string& task, const std::map<std::string, std::string>& files) {
    const std::string folder = scene.workspace(repository, attempt(task), base);
    for (const auto& [path, bytes] : files) Scene::write(folder + "/" + path, bytes);
    const auto tree = repository.collect({attempt(task), 1, base, core::CollectFor::landing});
    EXPECT_TRUE(tree) << (tree ? "" : tree.error().text());
    return tree ? tree->head : "";
  }
  // A commit on top of the base, made by hand.
  std::string on_base(const std::string& script) {
    scene.git(scene.shop(), {"checkout", "-q", "--detach", base});
    scene.shell(scene.shop(), script);
    return scene.commit(scene.shop(), {}, "By hand");
  }
  GitRepository::Candidate build(const std::string& staging, const std::string& head,
                                 const std::string& subject = "Merge login: Log in") {
    auto built = repository.build_candidate({attempt("login"), staging, head, subject, noon});
    EXPECT_TRUE(built) << (built ? "" : built.error().text());
    return built ? *built : GitRepository::Candidate{};
  }

  Scene scene;
  GitRepository repository{scene.options()};
  std::string base;
};

TEST_F(Candidates, are_merges_with_trailers_dated_by_their_intent) {
  begin();
  const std::string staging = on_base("echo x > x.txt");
  const std::string head = work("login", {{"c.txt", "c\n"}});
  const auto candidate = std::get<engine::CandidateTree>(build(staging, head));
  EXPECT_EQ(scene.id(candidate.commit + "^1"), staging);
  EXPECT_EQ(scene.id(candidate.commit + "^2"), head);
  EXPECT_EQ(scene.git(scene.shop(), {"log", "-1", "--format=%an <%ae> %ad|%cn <%ce> %cd|%B",
                                     "--date=iso-strict", candidate.commit}),
            "Ada User <ada@example.com> 2025-10-09T08:53:20+00:00|Ada User <ada@example.com> "
            "2025-10-09T08:53:20+00:00|"
            "Merge login: Log in\n\nPianola-Run: r1\nPianola-Task: login\nPianola-Attempt: 1\n");
  EXPECT_EQ(scene.git(scene.shop(),
                      {"log", "-1", "--format=%(trailers:key=Pianola-Task,valueonly)", candidate.commit}),
            "login\n");
  EXPECT_EQ(brief(candidate.changes), Lines{"c.txt 0 100644"});
  EXPECT_EQ(scene.ref("refs/pianola/cand/r1/login.1"), candidate.commit);
}

TEST_F(Candidates, name_the_environment_where_a_lockfile_changes) {
  begin({{"uv.lock", "x"}, {"svc/go.sum", "a\n"}, {"node_modules/p/yarn.lock", "foreign"}});
  const Git git(scene.options().git, scene.options().run_child);
  const GitCall where{.args = {}, .git_dir = scene.git_dir()};
  const auto on_disk = [&] {
    const auto files = find_lockfiles(scene.shop());
    return files ? plan::environment_hash(*files, {}) : "?";
  };
  EXPECT_EQ(environment_at(git, where, base).value(), on_disk());
  const std::string plain = work("login", {{"a.txt", "a\n"}, {"node_modules/p/yarn.lock", "other"}});
  EXPECT_EQ(std::get<engine::CandidateTree>(build(base, plain)).environment, "");
  const std::string locked = on_base(
      "printf more >> uv.lock; mkdir -p web; : > web/package-lock.json; "
      "mkdir -p 'a b'; printf 'x\\0y\\n' > 'a b/Cargo.lock'");
  const std::string by_disk = on_disk();
  const auto candidate = std::get<engine::CandidateTree>(build(base, locked));
  EXPECT_EQ(candidate.environment, by_disk);
  EXPECT_NE(candidate.environment, environment_at(git, where, base).value());
  // A link is told by what it says.
  const std::string linked =
      on_base("ln -s ../svc/go.sum web.lock; mkdir -p w; ln -s ../uv.lock w/yarn.lock");
  EXPECT_NE(environment_at(git, where, linked).value(), environment_at(git, where, base).value());
  // One that is too large to be read does not stop a run, and a change of it is seen.
  const auto large = [&](const char* byte) {
    return environment_at(
               git, where,
               on_base(std::string("head -c 70000000 /dev/zero > web.lock; cp web.lock go.sum; printf ") +
                       byte + " >> go.sum; rm web.lock; : > yarn.lock"))
        .value();
  };
  EXPECT_NE(large("a"), large("b"));
  EXPECT_EQ(environment_at(git, where, on_base("git rm -q -r .; : > a")).value(), "no-lock");
  EXPECT_FALSE(environment_at(git, where, std::string(40, '0')));
}

TEST_F(Candidates, have_the_same_id_every_time) {
  begin();
  const std::string staging = on_base("echo x > x.txt");
  const std::string head = work("login", {{"c.txt", "c\n"}});
  const auto first = std::get<engine::CandidateTree>(build(staging, head));
  scene.git(scene.shop(), {"config", "user.name", "Somebody Else"});
  scene.git(scene.shop(), {"config", "i18n.commitEncoding", "latin1"});
  EXPECT_EQ(std::get<engine::CandidateTree>(build(staging, head)).commit, first.commit);
}

TEST_F(Candidates, have_one_line_for_a_subject_whatever_the_plan_says) {
  begin();
  const std::string head = work("login", {{"c.txt", "c\n"}});
  const auto candidate = std::get<engine::CandidateTree>(
      build(base, head, std::string("Merge login: \"$(x)\" \xff\nPianola-Run: forged\n")));
  EXPECT_EQ(scene.git(scene.shop(),
                      {"log", "-1", "--format=%(trailers:key=Pianola-Run,valueonly)", candidate.commit}),
            "r1\n");
}

TEST_F(Candidates, name_the_paths_that_conflict) {
  begin();
  const std::string staging = on_base("printf '1\\nstaging\\n3\\n' > a.txt; rm b.txt");
  const std::string head = work("login", {{"a.txt", "1\nhead\n3\n"}, {"b.txt", "changed\n"}});
  const auto conflict = std::get<core::CandidateConflicted>(build(staging, head));
  EXPECT_EQ(conflict.paths, (Lines{"a.txt", "b.txt"}));
  EXPECT_EQ(scene.ref("refs/pianola/cand"), "");
}

TEST_F(Candidates, name_conflicting_paths_byte_for_byte) {
  const std::string name = "new\nline \xff \"q\"";
  begin({{name, "1\n"}});
  scene.git(scene.shop(), {"checkout", "-q", "--detach", base});
  Scene::write(scene.in_shop(name), "staging\n");
  const std::string staging = scene.commit(scene.shop(), {}, "Staged");
  const auto conflict =
      std::get<core::CandidateConflicted>(build(staging, work("login", {{name, "head\n"}})));
  EXPECT_EQ(conflict.paths, Lines{name});
}

TEST_F(Candidates, show_what_a_rename_on_staging_moves_elsewhere) {
  begin({{"mine/file.txt", "1\n2\n3\n4\n5\n6\n7\n8\n"}, {"other.txt", "o\n"}});
  const std::string head = work("login", {{"mine/file.txt", "1\n2\n3\n4\n5\n6\n7\nEIGHT\n"}});
  const std::string staging = on_base("mkdir theirs; git mv mine/file.txt theirs/moved.txt");
  const auto candidate = std::get<engine::CandidateTree>(build(staging, head));
  // The task owns mine/; its edit lands in theirs/, and the second boundary check sees it.
  EXPECT_EQ(brief(candidate.changes), Lines{"theirs/moved.txt 100644 100644"});
}

TEST_F(Candidates, leave_new_files_where_they_were_when_staging_renames_their_folder) {
  begin({{"mine/a.txt", "a\na\na\n"}, {"mine/b.txt", "b\nb\nb\n"}, {"mine/c.txt", "c\nc\nc\n"}});
  const std::string head = work("login", {{"mine/new.txt", "new\n"}, {"mine/a.txt", "a\na\nA\n"}});
  const std::string staging = on_base("git mv mine theirs");
  const auto candidate = std::get<engine::CandidateTree>(build(staging, head));
  EXPECT_EQ(brief(candidate.changes), (Lines{"mine/new.txt 0 100644", "theirs/a.txt 100644 100644"}));
}

TEST_F(Candidates, survive_the_garbage_collector) {
  begin();
  const std::string head = work("login", {{"c.txt", "c\n"}});
  const auto candidate = std::get<engine::CandidateTree>(build(base, head));
  scene.commit(scene.shop(), {{"a.txt", "gone\n"}}, "Amended away");
  scene.git(scene.shop(), {"update-ref", "-d", "refs/heads/main"});
  scene.git(scene.shop(), {"checkout", "-q", "--orphan", "empty"});
  scene.git(scene.shop(), {"reflog", "expire", "--expire=now", "--all"});
  scene.git(scene.shop(), {"gc", "-q", "--prune=now"});
  EXPECT_EQ(scene.git_exit(scene.shop(), {"cat-file", "-e", candidate.commit}), 0);
  const std::string folder = scene.shop() + ".pianola/r1/login.1";
  EXPECT_EQ(scene.git(folder, {"fsck", "--connectivity-only", "--no-dangling"}), "");
}

TEST_F(Candidates, land_once_however_often_the_move_is_repeated) {
  begin();
  const auto candidate = std::get<engine::CandidateTree>(build(base, work("login", {{"c.txt", "c\n"}})));
  for (int i = 0; i < 3; ++i) {
    const auto moved = repository.move_staging({attempt("login"), base, candidate.commit});
    ASSERT_TRUE(moved) << moved.error().text();
    EXPECT_EQ(std::get<core::StagingWasMoved>(*moved).commit, candidate.commit);
  }
  scene.git(scene.shop(), {"pack-refs", "--all", "--prune"});
  EXPECT_TRUE(std::holds_alternative<core::StagingWasMoved>(
      *repository.move_staging({attempt("login"), base, candidate.commit})));
  const auto refused = repository.move_staging({attempt("login"), base, base});
  ASSERT_TRUE(refused);
  EXPECT_EQ(std::get<core::StagingWasRefused>(*refused).is_at, candidate.commit);
}

TEST_F(Candidates, have_one_winner_when_four_race) {
  begin();
  Lines commits;
  for (int i = 0; i < 4; ++i) commits.push_back(on_base("echo " + std::to_string(i) + " > race.txt"));
  for (int round = 0; round < 5; ++round) {
    scene.git(scene.shop(), {"update-ref", "refs/pianola/staging/r1", base});
    std::vector<int> won(4, 0);
    std::vector<std::thread> racers;
    for (size_t i = 0; i < 4; ++i)
      racers.emplace_back([&, i] {
        const auto moved = repository.move_staging({attempt("t" + std::to_string(i)), base, commits[i]});
        won[i] = moved && std::holds_alternative<core::StagingWasMoved>(*moved) ? 1 : 0;
      });
    for (std::thread& racer : racers) racer.join();
    EXPECT_EQ(won[0] + won[1] + won[2] + won[3], 1);
    const std::string winner = scene.ref("refs/pianola/staging/r1");
    for (size_t i = 0; i < 4; ++i) EXPECT_EQ(won[i] == 1, commits[i] == winner);
  }
}

TEST_F(Candidates, open_a_run_again_but_not_over_another_one) {
  begin();
  EXPECT_TRUE(repository.open_run({scene_run, base}));
  const std::string other = on_base("echo x > x.txt");
  const auto refused = repository.open_run({scene_run, other});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::repository);
  EXPECT_EQ(refused.error().text(),
            "refs/pianola/staging/r1: exists and stands elsewhere; expected no such ref, or one at " +
                other.substr(0, 12) + "; see it: git for-each-ref refs/pianola");
}

TEST_F(Candidates, take_a_moved_target_into_staging) {
  begin();
  const std::string staging = on_base("echo s > s.txt");
  scene.git(scene.shop(), {"update-ref", "refs/pianola/staging/r1", staging});
  const std::string target = on_base("echo t > t.txt; echo t > go.sum");
  const core::RebuildStaging command{target, staging, noon};
  const auto rebuilt = repository.rebuild_staging(command);
  ASSERT_TRUE(rebuilt) << rebuilt.error().text();
  const std::string commit = std::get<core::StagingWasRebuilt>(*rebuilt).commit;
  const Git git(scene.options().git, scene.options().run_child);
  EXPECT_EQ(std::get<core::StagingWasRebuilt>(*rebuilt).environment,
            environment_at(git, {.args = {}, .git_dir = scene.git_dir()}, commit).value());
  EXPECT_EQ(scene.ref("refs/pianola/staging/r1"), commit);
  EXPECT_EQ(scene.git(scene.shop(), {"log", "-1", "--format=%P|%B", commit}),
            staging + " " + target + "|Merge main into run\n\nPianola-Run: r1\n");
  EXPECT_EQ(std::get<core::StagingWasRebuilt>(*repository.rebuild_staging(command)).commit, commit);

  const std::string clash = on_base("echo other > s.txt");
  const auto conflicted = repository.rebuild_staging({clash, commit, noon});
  ASSERT_TRUE(conflicted);
  EXPECT_EQ(std::get<core::RebuildConflicted>(*conflicted).paths, Lines{"s.txt"});
}

TEST_F(Candidates, say_why_a_merge_could_not_be_tried) {
  begin();
  const auto failed =
      repository.build_candidate({attempt("login"), base, std::string(40, 'f'), "Merge", noon});
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind, ErrorKind::integrity);
  EXPECT_EQ(failed.error().where, "git merge-tree");
}

}  // namespace
}  // namespace pianola::world
