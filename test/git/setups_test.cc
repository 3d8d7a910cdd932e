// What `setup:` makes: once for an environment, the same everywhere, and never part of anybody's work.
#include "world/setups.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "test/git/scene.h"
#include "world/clock.h"
#include "world/kept_place.h"

namespace pianola::world {
namespace {

// Commands leave a line in the tally, which is outside: where they ran, and at which commit.
constexpr const char* install =
    "echo $(git rev-parse HEAD) >> \"$TALLY\"; mkdir -p node_modules/.bin web/gen; "
    "cp package.json node_modules/of; date +%N > web/gen/stamp";

class SetUp : public testing::Test {
 protected:
  SetUp() {
    base_ = scene_.commit(scene_.shop(), {{"package.json", "{1}\n"}, {"web/page", "page\n"}}, "First");
    EXPECT_TRUE(repository_.open_run({scene_run, base_}));
    plan_.setup = {install};
    for (const char* id : {"login", "open"}) {
      plan::Task task;
      task.id = plan::TaskId(id);
      plan_.tasks.push_back(task);
    }
    plan_.tasks[1].network = "open";
  }

  std::unique_ptr<Setups> setups() {
    SetupOptions options;
    options.plan = plan_;
    options.git = scene_.options();
    options.base = base_;
    options.keeper = {PIANOLA_BINARY, keeper_environment()};
    options.env = {{"PATH", "/usr/bin:/bin"}, {"TALLY", tally()}};
    if (!is_in_place_) options.places = SetupOptions::Places::same;
    options.enclose = [this](KeptSpec spec, const std::string&, Seal::Network network) -> Result<KeptSpec> {
      networks_.push_back(network);
      return spec;
    };
    return std::make_unique<Setups>(std::move(options));
  }
  Setups::Room room(const std::string& task, const std::string& commit) {
    const std::string folder = scene_.workspace(repository_, attempt(task), commit);
    return {plan::TaskId(task), commit, folder};
  }
  Setups::Room gate(const std::string& task, const std::string& commit) {
    return {plan::TaskId(task), commit, repository_.make_gate_workspace(commit, "gate").value()};
  }
  // A commit beside main's, as a task's change is.
  std::string change(const std::map<std::string, std::string>& files) {
    scene_.git(scene_.shop(), {"checkout", "-q", "--detach"});
    std::string id = scene_.commit(scene_.shop(), files, "Change");
    scene_.git(scene_.shop(), {"checkout", "-q", "main"});
    return id;
  }
  std::string tally() const { return scene_.root() + "/tally"; }
  std::vector<std::string> made_at() const {
    std::vector<std::string> commits;
    const std::string text = exists(tally()) ? Scene::read(tally()) : "";
    for (size_t at = 0; at < text.size(); at = text.find('\n', at) + 1)
      commits.push_back(text.substr(at, text.find('\n', at) - at));
    return commits;
  }

  Scene scene_;
  GitRepository repository_{scene_.options()};
  std::string base_;
  plan::Plan plan_;
  bool is_in_place_ = false;
  std::vector<Seal::Network> networks_;
  const StopSign never_;
};

TEST_F(SetUp, made_once_stands_in_every_workspace_and_gate) {
  const auto setups = this->setups();
  const Setups::Room first = room("login", base_);
  const Setups::Room second = room("open", change({{"web/page", "other\n"}}));
  const Setups::Room third = gate("login", base_);
  ASSERT_TRUE(setups->furnish_workspace(first));
  ASSERT_TRUE(setups->furnish_workspace(second));
  const auto failed = setups->furnish_gate(third, never_);
  ASSERT_TRUE(failed && !*failed);
  EXPECT_EQ(made_at(), std::vector<std::string>{base_});
  for (const Setups::Room& each : {first, second, third}) {
    EXPECT_EQ(Scene::read(each.folder + "/web/gen/stamp"), Scene::read(first.folder + "/web/gen/stamp"));
    EXPECT_EQ(Scene::read(each.folder + "/node_modules/of"), "{1}\n");
    EXPECT_TRUE(exists(each.folder + "/node_modules/.bin"));
    EXPECT_EQ(scene_.git(each.folder, {"status", "--porcelain"}), "");
  }
  EXPECT_EQ(Scene::read(second.folder + "/web/page"), "other\n");
  EXPECT_EQ(names_of_setup(first.folder).value(), (std::vector<std::string>{"node_modules", "web/gen"}));
  // One's own to write into.
  Scene::write(first.folder + "/node_modules/of", "mine\n");
  EXPECT_EQ(Scene::read(second.folder + "/node_modules/of"), "{1}\n");
  ASSERT_TRUE(repository_.remove_workspace({plan::TaskId("login"), 1}));
  EXPECT_FALSE(exists(first.folder + ".setup"));
}

TEST_F(SetUp, another_manifest_is_another_environment_and_has_the_network_of_its_task) {
  const auto setups = this->setups();
  const std::string changed = change({{"package.json", "{2}\n"}});
  ASSERT_TRUE(setups->furnish_gate(gate("login", base_), never_));
  const Setups::Room of_login = gate("login", changed);
  const auto failed = setups->furnish_gate(of_login, never_);
  ASSERT_TRUE(failed && !*failed);
  EXPECT_EQ(Scene::read(of_login.folder + "/node_modules/of"), "{2}\n");
  const std::string again = change({{"package.json", "{3}\n"}});
  ASSERT_TRUE(setups->furnish_gate(gate("open", again), never_));
  EXPECT_EQ(made_at(), (std::vector<std::string>{base_, changed, again}));
  using enum Seal::Network;
  EXPECT_EQ(networks_, (std::vector<Seal::Network>{open, none, open}));
}

TEST_F(SetUp, of_a_target_that_moved_is_made_at_the_target) {
  const auto setups = this->setups();
  const std::string moved = scene_.commit(scene_.shop(), {{"package.json", "{5}\n"}}, "Moved");
  const std::string merged = change({{"web/page", "merged\n"}});
  ASSERT_TRUE(setups->furnish_gate({{}, merged, gate("login", merged).folder}, never_));
  EXPECT_EQ(made_at(), std::vector<std::string>{moved});
  EXPECT_EQ(networks_, std::vector<Seal::Network>{Seal::Network::open});
}

TEST_F(SetUp, never_writes_or_removes_beyond_a_link_of_the_commit) {
  const std::string outside = scene_.root() + "/outside";
  ASSERT_TRUE(make_dirs(outside + "/gen"));
  Scene::write(outside + "/gen/precious", "mine\n");
  scene_.git(scene_.shop(), {"checkout", "-q", "--detach"});
  scene_.shell(scene_.shop(), "git rm -q -r web && ln -s " + outside + " web");
  const std::string linked = scene_.commit(scene_.shop(), {}, "Put a link in the way");
  scene_.git(scene_.shop(), {"checkout", "-q", "main"});
  const auto setups = this->setups();
  const Setups::Room its = gate("login", linked);
  const auto failed = setups->furnish_gate(its, never_);
  ASSERT_TRUE(failed && !*failed);
  EXPECT_TRUE(exists(its.folder + "/node_modules/of"));
  EXPECT_EQ(Scene::read(outside + "/gen/precious"), "mine\n");
  EXPECT_FALSE(exists(outside + "/gen/stamp"));
}

TEST_F(SetUp, of_a_change_serves_no_other_change) {
  plan_.setup = {"cp web/page kept"};
  const auto setups = this->setups();
  const auto kept_of = [&](const std::string& commit) {
    const Setups::Room its = gate("open", commit);
    EXPECT_TRUE(setups->furnish_gate(its, never_));
    return Scene::read(its.folder + "/kept");
  };
  EXPECT_EQ(kept_of(change({{"package.json", "{2}\n"}, {"web/page", "poison\n"}})), "poison\n");
  EXPECT_EQ(kept_of(change({{"package.json", "{2}\n"}, {"web/page", "honest\n"}})), "honest\n");
}

TEST_F(SetUp, of_a_change_that_landed_serves_what_follows) {
  const auto setups = this->setups();
  const std::string landed = change({{"package.json", "{2}\n"}});
  ASSERT_TRUE(setups->furnish_gate(gate("open", landed), never_));
  ASSERT_TRUE(repository_.move_staging({attempt("open"), base_, landed}));
  scene_.git(scene_.shop(), {"checkout", "-q", "--detach", landed});
  const std::string next = scene_.commit(scene_.shop(), {{"web/page", "next\n"}}, "Next");
  scene_.git(scene_.shop(), {"checkout", "-q", "main"});
  ASSERT_TRUE(setups->furnish_gate(gate("login", next), never_));
  EXPECT_EQ(made_at(), std::vector<std::string>{landed});
}

TEST_F(SetUp, in_place_has_the_network_only_over_a_persons_files) {
  is_in_place_ = true;
  const auto setups = this->setups();
  ASSERT_TRUE(setups->furnish_gate(gate("login", base_), never_));
  ASSERT_TRUE(setups->furnish_gate(gate("login", change({{"web/page", "other\n"}})), never_));
  EXPECT_EQ(networks_, (std::vector<Seal::Network>{Seal::Network::open, Seal::Network::none}));
}

TEST_F(SetUp, hides_nothing_where_its_task_may_work) {
  plan_.tasks[0].files_write = {"web/gen/"};
  const auto setups = this->setups();
  const Setups::Room its = room("login", base_);
  ASSERT_TRUE(setups->furnish_workspace(its));
  EXPECT_EQ(names_of_setup(its.folder).value(), std::vector<std::string>{"node_modules"});
  Scene::write(its.folder + "/web/gen/work", "work\n");
  const auto collected = repository_.collect({.key = attempt("login"), .generation = 1, .base = base_});
  ASSERT_TRUE(collected) << collected.error().text();
  EXPECT_EQ(brief(collected->changes),
            (std::vector<std::string>{"web/gen/stamp 0 100644", "web/gen/work 0 100644"}));
}

TEST_F(SetUp, of_the_final_gate_is_that_of_all_tasks_once) {
  plan_.tasks[0].setup = {"echo own >> own", "true"};
  plan_.tasks[1].setup = {"true", "echo own >> own"};
  const auto setups = this->setups();
  const Setups::Room its{{}, base_, repository_.make_gate_workspace(base_, "final").value()};
  ASSERT_TRUE(setups->furnish_gate(its, never_));
  EXPECT_EQ(Scene::read(its.folder + "/own"), "own\n");
}

TEST_F(SetUp, runs_in_each_place_where_places_differ) {
  is_in_place_ = true;
  const auto setups = this->setups();
  const Setups::Room first = room("login", base_);
  const Setups::Room second = room("open", base_);
  ASSERT_TRUE(setups->furnish_workspace(first));
  ASSERT_TRUE(setups->furnish_workspace(first));
  ASSERT_TRUE(setups->furnish_workspace(second));
  EXPECT_EQ(made_at().size(), 2u);
  EXPECT_EQ(scene_.git(first.folder, {"status", "--porcelain"}), "");
  EXPECT_FALSE(exists(setups_dir(scene_.options().layout)));
}

TEST_F(SetUp, is_no_part_of_what_is_collected) {
  const auto setups = this->setups();
  const Setups::Room its = room("login", base_);
  ASSERT_TRUE(setups->furnish_workspace(its));
  Scene::write(its.folder + "/left.txt", "left\n");
  Scene::write(its.folder + "/node_modules/of", "changed\n");
  const auto collected = repository_.collect({.key = attempt("login"), .generation = 1, .base = base_});
  ASSERT_TRUE(collected) << collected.error().text();
  EXPECT_EQ(brief(collected->changes), std::vector<std::string>{"left.txt 0 100644"});
}

TEST_F(SetUp, leaves_what_the_commit_has_itself) {
  // It does not name b itself: what a command names is part of the environment.
  plan_.setup = {
      "mkdir -p out; echo made > out/a; echo made > $(printf 'b%s'); mkdir -p c/d; echo made > c/d/e"};
  const auto setups = this->setups();
  const std::string changed = change({{"out/x", "own\n"}, {"b", "own\n"}});
  const Setups::Room its = gate("login", changed);
  const auto failed = setups->furnish_gate(its, never_);
  ASSERT_TRUE(failed && !*failed);
  EXPECT_EQ(Scene::read(its.folder + "/b"), "own\n");
  EXPECT_FALSE(exists(its.folder + "/out/a"));
  EXPECT_EQ(Scene::read(its.folder + "/c/d/e"), "made\n");
}

TEST_F(SetUp, that_fails_is_a_red_gate_of_a_change_and_else_pauses) {
  plan_.setup = {"true", "cat package.json; exit 3"};
  const auto setups = this->setups();
  const auto workspace = setups->furnish_workspace(room("login", base_));
  ASSERT_FALSE(workspace);
  EXPECT_EQ(workspace.error().kind, ErrorKind::paused);
  const std::string text = workspace.error().text();
  EXPECT_TRUE(text.starts_with("set-up: cat package.json; exit 3: exit 3 (/")) << text;
  EXPECT_TRUE(text.ends_with("/2/out)")) << text;
  const auto approved = setups->furnish_gate(gate("login", base_), never_);
  ASSERT_FALSE(approved);
  EXPECT_EQ(approved.error().kind, ErrorKind::paused);

  const auto changed = setups->furnish_gate(gate("login", change({{"package.json", "{2}\n"}})), never_);
  ASSERT_TRUE(changed && *changed);
  EXPECT_EQ((*changed)->command, "set-up: cat package.json; exit 3");
  EXPECT_EQ((*changed)->tail, "{2}\n");
  EXPECT_EQ((*changed)->exit_value, 3);
  EXPECT_TRUE((*changed)->required);
  const std::string log = run_dir(scene_.options().layout, scene_run) + "/" + (*changed)->log_path;
  EXPECT_EQ(Scene::read(log), "{2}\n");
}

TEST_F(SetUp, that_fails_fails_for_all_who_waited) {
  plan_.setup = {"echo x >> \"$TALLY\"; sleep 0.5; exit 3"};
  const auto setups = this->setups();
  const std::vector<Setups::Room> rooms{room("login", base_), room("open", base_)};
  std::vector<std::thread> threads;
  for (const Setups::Room& each : rooms)
    threads.emplace_back([&] { EXPECT_FALSE(setups->furnish_workspace(each)); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(made_at().size(), 1u);
}

TEST_F(SetUp, is_tried_again_after_it_failed) {
  plan_.setup = {"test -e \"$TALLY\" && mkdir node_modules"};
  const auto setups = this->setups();
  const Setups::Room its = room("login", base_);
  EXPECT_FALSE(setups->furnish_workspace(its));
  Scene::write(tally(), "");
  EXPECT_TRUE(setups->furnish_workspace(its));
  EXPECT_TRUE(exists(its.folder + "/node_modules"));
}

TEST_F(SetUp, asked_for_by_many_is_made_once) {
  plan_.setup = {"sleep 0.3", install};
  const auto setups = this->setups();
  const std::vector<Setups::Room> rooms{room("login", base_), room("open", base_), gate("login", base_)};
  std::vector<std::thread> threads;
  for (const Setups::Room& each : rooms)
    threads.emplace_back([&] { EXPECT_TRUE(setups->furnish_gate(each, never_)); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(made_at().size(), 1u);
  for (const Setups::Room& each : rooms) EXPECT_TRUE(exists(each.folder + "/node_modules/of"));
}

TEST_F(SetUp, ends_with_all_it_started_when_it_is_told_to) {
  plan_.setup = {"(setsid sh -c 'while :; do sleep 0.05; done' &); echo up >> \"$TALLY\"; sleep 600"};
  const auto setups = this->setups();
  const Setups::Room its = room("login", base_);
  Result<void> furnished;
  std::atomic<bool> is_over = false;
  std::thread thread([&] {
    furnished = setups->furnish_workspace(its);
    is_over = true;
  });
  while (made_at().empty() && !is_over) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  setups->close();
  thread.join();
  ASSERT_FALSE(furnished);
  EXPECT_EQ(furnished.error().kind, ErrorKind::interrupted);
  const std::string gates = run_dir(scene_.options().layout, scene_run) + "/gates";
  const std::vector<std::string> names = list_dir(gates).value();
  for (const std::string& name : names)
    EXPECT_TRUE(members({0, {}, keep_id({gates + "/" + name + "/1", ""})}).empty());
  EXPECT_FALSE(setups->furnish_workspace(its));
}

TEST_F(SetUp, half_copied_is_copied_whole) {
  const auto setups = this->setups();
  const Setups::Room its = room("login", base_);
  ASSERT_TRUE(make_dirs(its.folder + "/node_modules"));
  Scene::write(its.folder + "/node_modules/half", "h");
  ASSERT_TRUE(setups->furnish_workspace(its));
  EXPECT_FALSE(exists(its.folder + "/node_modules/half"));
  EXPECT_TRUE(exists(its.folder + "/node_modules/of"));
}

TEST_F(SetUp, not_used_for_two_weeks_is_not_kept) {
  const auto setups = this->setups();
  const Layout layout = scene_.options().layout;
  const std::string changed = change({{"package.json", "{2}\n"}});
  ASSERT_TRUE(setups->furnish_gate(gate("login", base_), never_));
  ASSERT_TRUE(setups->furnish_gate(gate("login", changed), never_));
  ASSERT_TRUE(make_dirs(setups_dir(layout) + "/x.r1.making"));
  const Instant now = wall_now();
  EXPECT_EQ(unused_setups(layout, now).value(), std::vector<std::string>());
  const Instant in_two_days = {now.ns + Duration::from_s(2 * 24 * 3600).ns};
  EXPECT_EQ(unused_setups(layout, in_two_days).value(),
            std::vector<std::string>{setups_dir(layout) + "/x.r1.making"});
  const Instant later = {now.ns + Duration::from_s(15 * 24 * 3600).ns};
  EXPECT_EQ(unused_setups(layout, later).value().size(), 3u);
  // Using one is what keeps it.
  const std::vector<std::string> names = list_dir(setups_dir(layout)).value();
  for (const std::string& name : names) {
    const timespec old[2] = {{1, 0}, {1, 0}};
    ASSERT_EQ(::utimensat(AT_FDCWD, (setups_dir(layout) + "/" + name).c_str(), old, 0), 0);
  }
  ASSERT_TRUE(setups->furnish_gate(gate("login", base_), never_));
  const std::vector<std::string> unused = unused_setups(layout, now).value();
  EXPECT_EQ(unused.size(), 2u);
  for (const std::string& path : unused) EXPECT_TRUE(remove_setup(path));
  EXPECT_EQ(list_dir(setups_dir(layout)).value().size(), 1u);
}

TEST_F(SetUp, killed_at_any_step_comes_to_the_same_end) {
  const auto furnish_apart = [&](const Setups::Room& its, const char* name, const std::string& value) {
    const pid_t pid = ::fork();
    if (pid == 0) {
      ::setenv(name, value.c_str(), 1);
      ::_exit(setups()->furnish_workspace(its) ? 0 : 1);
    }
    int status = 0;
    ::waitpid(pid, &status, 0);
    return status;
  };
  const std::string kept = setups_dir(scene_.options().layout);
  for (const char* step : {"setup.checked_out", "setup.made", "setup.kept", "setup.copied"}) {
    SCOPED_TRACE(step);
    ASSERT_TRUE(remove_tree(kept));
    const Setups::Room its = room("login", base_);
    const int status = furnish_apart(its, "PIANOLA_KILL_AT", step);
    ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    ASSERT_TRUE(setups()->furnish_workspace(its));
    EXPECT_EQ(Scene::read(its.folder + "/node_modules/of"), "{1}\n");
    EXPECT_TRUE(exists(its.folder + "/web/gen/stamp"));
    EXPECT_EQ(list_dir(kept).value().size(), 1u);
    EXPECT_EQ(list_dir(scene_.options().layout.work_dir + "/r1").value(),
              (std::vector<std::string>{"login.1", "login.1.base", "login.1.index", "login.1.setup"}));
    ASSERT_TRUE(repository_.remove_workspace({plan::TaskId("login"), 1}));
  }
}

TEST(NamesBeside, are_as_few_as_say_it) {
  const Scene scene;
  const std::string top = scene.root() + "/top";
  for (const char* file : {"a/b/c", "a/d", "e/f/g", "h", ".git/x", "a/.git/x"}) {
    ASSERT_TRUE(make_dirs(top + "/" + std::string(file).substr(0, std::string(file).rfind('/'))));
    Scene::write(top + "/" + file, "");
  }
  ASSERT_EQ(::symlink("/etc", (top + "/link").c_str()), 0);
  const std::vector<plan::TreeFile> files{{0100644, "", "a.x"}, {0100644, "", "a/d"}, {0100644, "", "h"}};
  EXPECT_EQ(names_beside(top, files).value(), (std::vector<std::string>{"a/b", "e", "link"}));
}

}  // namespace
}  // namespace pianola::world
