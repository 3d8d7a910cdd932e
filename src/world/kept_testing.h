// For tests of kept processes: a supervisor in a folder of its own, with shell scripts as agents.
#pragma once

#include <dirent.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "world/clock.h"
#include "world/files.h"
#include "world/kept_output.h"
#include "world/processes.h"
#include "world/tree.h"

namespace pianola::world {

inline constexpr int64_t kGenerousMs = 60'000;

inline std::string own_executable() {
  std::array<char, 4096> path{};
  const ssize_t size = ::readlink("/proc/self/exe", path.data(), path.size());
  return std::string(path.data(), static_cast<size_t>(size));
}

inline int open_descriptors() {
  int count = 0;
  DIR* dir = ::opendir("/proc/self/fd");
  while (::readdir(dir) != nullptr) ++count;
  ::closedir(dir);
  return count;
}

// Waits for a fact; false when it does not come about.
inline bool wait_for(const std::function<bool()>& fact) {
  const int64_t until = since_boot().ms() + kGenerousMs;
  while (!fact()) {
    if (since_boot().ms() > until) return false;
    ::usleep(2'000);
  }
  return true;
}

inline engine::AttemptKey key_of(const std::string& task, int number = 1) {
  return {core::TaskId(task), number};
}

// A folder for one test, removed with everything that was started in it.
class Folder {
 public:
  Folder() {
    char name[] = "/tmp/pianola.kept.XXXXXX";
    path_ = ::mkdtemp(name);
  }
  ~Folder() {
    for (const std::string& dir : kept_dirs()) kill_tree({0, {}, keep_id({dir, ""})});
    // Keepers whose supervisor was destroyed before them are children of nobody who would reap them.
    EXPECT_TRUE(wait_for([] {
      while (::waitpid(-1, nullptr, WNOHANG) > 0) continue;
      return ::waitpid(-1, nullptr, WNOHANG) == -1;
    })) << "a process is left";
    EXPECT_TRUE(wait_for([this] { return remove_tree(path_).has_value(); }));
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::string& path() const { return path_; }
  Layout layout() const { return {path_ + "/git", path_ + "/state", path_ + "/work", path_ + "/sockets"}; }
  core::RunId run() const { return core::RunId("r1"); }
  std::string attempt(const engine::AttemptKey& key) const { return attempt_dir(layout(), run(), key); }
  std::string text(const std::string& name) const {
    return read_file_if_present(path_ + "/" + name, 64 << 20).value().value_or("");
  }

 private:
  std::vector<std::string> kept_dirs() const {
    const std::string attempts = run_dir(layout(), run()) + "/attempts";
    std::vector<std::string> dirs;
    DIR* dir = ::opendir(attempts.c_str());
    while (dir != nullptr) {
      const dirent* entry = ::readdir(dir);
      if (entry == nullptr) break;
      if (entry->d_name[0] != '.') dirs.push_back(attempts + "/" + entry->d_name);
    }
    if (dir != nullptr) ::closedir(dir);
    return dirs;
  }

  std::string path_;
};

// One supervisor's doors to processes, and what came through them.
class Supervisor {
 public:
  struct Seen {
    int64_t pid = 0;
    int spawned = 0;
    std::string out;
    std::string err;
    std::vector<core::ExitStatus> exits;
  };
  using Script = std::function<std::string(const engine::AttemptKey&)>;

  Supervisor(const Folder& folder, Script script, uint64_t cap_bytes = 64ull << 20)
      : Supervisor(folder.layout(), folder.run(), folder.path(), std::move(script), cap_bytes) {}

  Supervisor(Layout layout, core::RunId run, const std::string& cwd, Script script,
             uint64_t cap_bytes = 64ull << 20)
      : loop_(std::move(Loop::open(clock_)).value()) {
    ProcessOptions options;
    options.keeper = {own_executable(), keeper_environment()};
    options.output_cap_bytes = cap_bytes;
    options.keeper_patience_ms = 300;
    options.prepare = [cwd, script](const engine::Launch& launch, const std::string&) -> Result<KeptSpec> {
      KeptSpec spec;
      spec.argv = {"sh", "-c", script(launch.key)};
      spec.env = {{"PATH", "/usr/bin:/bin"}};
      spec.cwd = cwd;
      return spec;
    };
    options.checks.make_workspace = [cwd, this](const std::string&,
                                                const std::string& name) -> Result<std::string> {
      ++workspaces_made;
      TRY(make_dirs(cwd + "/ws." + name));
      return cwd + "/ws." + name;
    };
    options.checks.remove_workspace = [cwd](const std::string& name) {
      return remove_tree(cwd + "/ws." + name);
    };
    options.checks.env = {{"PATH", "/usr/bin:/bin"}};
    processes_ = std::make_unique<KeptProcesses>(*loop_, std::move(layout), std::move(run), options);
  }

  KeptProcesses& processes() { return *processes_; }

  void launch(const engine::AttemptKey& key) {
    engine::Launch launch;
    launch.key = key;
    processes_->launch(launch);
  }

  // Serves the loop until `fact` holds; false when it does not come about.
  bool serve_until(const std::function<bool()>& fact) {
    const Instant limit = clock_.now() + Duration::from_ms(kGenerousMs);
    while (!fact()) {
      if (clock_.now() >= limit) return false;
      for (engine::Arrival& arrival : loop_->wait(clock_.now() + Duration::from_ms(50))) take(arrival.report);
    }
    return true;
  }

  bool serve_until_exits(size_t count) {
    return serve_until([&] {
      size_t exits = 0;
      for (const auto& [key, it] : seen) exits += it.exits.size();
      return exits >= count;
    });
  }

  std::map<engine::AttemptKey, Seen> seen;
  std::vector<core::Input> gates;
  int workspaces_made = 0;

 private:
  void take(engine::Report& report) {
    if (auto* output = std::get_if<engine::AgentOutput>(&report)) {
      Seen& it = seen[output->key];
      EXPECT_TRUE(it.exits.empty()) << "output after the exit";
      (output->stream == agents::Stream::out ? it.out : it.err) += output->bytes;
    } else if (const auto* exit = std::get_if<engine::AgentExit>(&report)) {
      seen[exit->key].exits.push_back(exit->exit);
    } else if (const auto* input = std::get_if<core::Input>(&report)) {
      if (const auto* spawned = std::get_if<core::AgentHasSpawned>(input)) {
        seen[spawned->key].pid = spawned->pid;
        ++seen[spawned->key].spawned;
      } else {
        gates.push_back(*input);
      }
    }
  }

  RunClock clock_{Instant{}};
  std::unique_ptr<Loop> loop_;
  std::unique_ptr<KeptProcesses> processes_;
};

// What the hidden commands of the test program do; see world_main_test.cc.
int supervise_main(const std::vector<std::string>& arguments);

}  // namespace pianola::world
