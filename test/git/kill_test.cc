// A supervisor that dies between any two steps leaves nothing that the next one does not put right.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "test/git/scene.h"

namespace pianola::world {
namespace {

const Instant noon{1'760'000'000'000'000'000};

// What a supervisor wrote into its journal: the steps that were answered, with their answers.
class Answers {
 public:
  explicit Answers(const Scene& scene) : path_(scene.root() + "/answers") {}
  // The answer of `step`: the recorded one, else what `ask` gives now. "" = it was refused.
  template <class Ask>
  std::string get(const std::string& step, Ask ask) {
    const std::string text = std::filesystem::exists(path_) ? Scene::read(path_) : "";
    const size_t at = text.find(step + "=");
    if (at != std::string::npos)
      return text.substr(at + step.size() + 1, text.find('\n', at) - at - step.size() - 1);
    const std::string answer = ask();
    if (!answer.empty()) Scene::write(path_, text + step + "=" + answer + "\n");
    return answer;
  }

 private:
  std::string path_;
};

// Everything pianola does for one task, from the first ref to the user's checkout, but for what was answered
// before. False when a step was refused.
bool walk(const Scene& scene, const std::string& base) {
  const GitRepository repository(scene.options());
  const core::AttemptKey key = attempt("login");
  Answers answers(scene);
  const auto ok = [](const auto& result) { return std::string(result ? "ok" : ""); };
  if (answers.get("open", [&] { return ok(repository.open_run({scene_run, base})); }).empty()) return false;
  if (answers.get("make", [&] { return ok(repository.make_workspace({key, 1, base})); }).empty())
    return false;
  answers.get("agent", [&] {
    const std::string folder = workspace_dir(repository.options().layout, scene_run, key.task, 1);
    scene.commit(folder, {{"a.txt", "worked\n"}}, "Work");
    Scene::write(folder + "/left.txt", "left\n");
    return "ok";
  });
  const std::string head = answers.get("collect", [&] {
    const auto tree = repository.collect({key, 1, base, core::CollectFor::landing});
    return tree ? tree->head : "";
  });
  const std::string candidate = answers.get("candidate", [&] {
    const auto built = repository.build_candidate({key, base, head, "Merge login: x", noon});
    return built ? std::get<engine::CandidateTree>(*built).commit : "";
  });
  const std::string gated = answers.get("gate", [&] {
    const auto gate = repository.make_gate_workspace(candidate, "login.1");
    const bool is_whole = gate && Scene::read(*gate + "/left.txt") == "left\n";
    return is_whole ? ok(repository.remove_gate_workspace("login.1")) : "";
  });
  const std::string moved = answers.get("move", [&] {
    const auto move = repository.move_staging({key, base, candidate});
    return move && std::holds_alternative<core::StagingWasMoved>(*move) ? "ok" : "";
  });
  const std::string promoted = answers.get("promote", [&] {
    const auto promotion = repository.promote({base, candidate, core::PromoteMode::checkout});
    return promotion && std::holds_alternative<core::TargetWasPromoted>(*promotion) ? "ok" : "";
  });
  const std::string undone = answers.get("undo", [&] {
    const auto back = repository.put_target_back({9, candidate, base});
    return back && std::holds_alternative<core::TargetWasPutBack>(*back) ? "ok" : "";
  });
  const std::string again = answers.get("again", [&] {
    const auto promotion = repository.promote({base, candidate, core::PromoteMode::checkout});
    return promotion && std::holds_alternative<core::TargetWasPromoted>(*promotion) ? "ok" : "";
  });
  const std::string removed = answers.get("remove", [&] {
    return ok(repository.remove_workspace({key.task, 1}));
  });
  return !gated.empty() && !moved.empty() && !promoted.empty() && !undone.empty() && !again.empty() &&
         !removed.empty();
}

std::string start(const Scene& scene) { return scene.commit(scene.shop(), {{"a.txt", "one\n"}}, "First"); }

// Walks in a process of its own with these variables; how that process ended.
int walk_apart(const Scene& scene, const std::string& base,
               const std::map<std::string, std::string>& variables) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    for (const auto& [name, value] : variables) ::setenv(name.c_str(), value.c_str(), 1);
    ::_exit(walk(scene, base) ? 0 : 1);
  }
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

void expect_end_state(const Scene& scene, const std::string& where) {
  SCOPED_TRACE(where);
  EXPECT_EQ(scene.git(scene.shop(), {"log", "--topo-order", "--format=%s", "main"}),
            "Merge login: x\nLeftovers of login, attempt 1\nWork\nFirst");
  EXPECT_EQ(scene.ref("refs/heads/main"), scene.ref("refs/pianola/staging/r1"));
  EXPECT_EQ(scene.ref("refs/pianola/saved/r1/undone/9"), scene.ref("refs/heads/main"));
  EXPECT_EQ(scene.git(scene.shop(), {"status", "--porcelain"}), "");
  EXPECT_EQ(Scene::read(scene.in_shop("left.txt")), "left\n");
  EXPECT_EQ(scene.git(scene.shop(), {"fsck", "--no-dangling"}), "");
  EXPECT_TRUE(std::filesystem::is_empty(scene.shop() + ".pianola/r1"));
  for (const auto& entry : std::filesystem::directory_iterator(scene.git_dir() + "/pianola/git")) {
    const std::string name = entry.path().filename();
    EXPECT_TRUE(name == "HEAD" || name == "config" || name == "objects" || name == "refs") << name;
  }
}

TEST(KillAnywhere, comes_to_the_same_end) {
  std::vector<std::string> steps;
  {
    const Scene scene;
    const std::string base = start(scene);
    const std::string log = scene.root() + "/steps";
    ASSERT_EQ(walk_apart(scene, base, {{"PIANOLA_STEP_LOG", log}}), 0);
    expect_end_state(scene, "undisturbed");
    std::map<std::string, int> passes;
    const std::string text = Scene::read(log);
    for (size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
      const std::string name = text.substr(at, text.find('\n', at) - at);
      steps.push_back(name + ":" + std::to_string(++passes[name]));
    }
  }
  if (steps.empty()) GTEST_SKIP() << "built without steps";
  EXPECT_GE(steps.size(), 20U);
  for (const std::string& step : steps) {
    const Scene scene;
    const std::string base = start(scene);
    const int status = walk_apart(scene, base, {{"PIANOLA_KILL_AT", step}});
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << step;
    EXPECT_TRUE(walk(scene, base)) << step;
    expect_end_state(scene, step);
  }
}

}  // namespace
}  // namespace pianola::world
