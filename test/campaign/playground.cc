#include "test/campaign/playground.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "world/clock.h"
#include "world/files.h"
#include "world/journal_reader.h"
#include "world/tree.h"

namespace pianola::campaign {
namespace {

constexpr int64_t program_timeout_ms = 120'000;
constexpr size_t file_bytes_max = 16 << 20;
constexpr int resumes_max = 6;
constexpr const char* keeper_word = " __keep ";
constexpr int exit_left = 6;  // the run paused, or what it verified was left

// Starts are counted by a line each in a file outside the workspace, written by one atomic append.
constexpr const char* agent = R"(#!/bin/sh
top=$(dirname "$0")/../../../../../../..
echo "$PIANOLA_TASK.$PIANOLA_ATTEMPT" >> "$top/starts"
while test -e "$top/hold" && ! grep -qs adopt.connected "$top/steps"; do sleep 0.02; done
if test -e "$top/slow"; then sleep 2; fi
if test -e "$top/hang" && test "$PIANOLA_TASK.$PIANOLA_ATTEMPT" = three.1; then exec sleep 600; fi
echo "works on $PIANOLA_TASK"
echo "$PIANOLA_TASK" > "$PIANOLA_TASK.txt"
git add -A
git diff --cached --quiet || git commit -q -m "Do $PIANOLA_TASK"
)";

constexpr const char* plan = R"(version: 1
tasks:
  - id: one
    description: write one.txt
    files_write: [one.txt]
    verification: [{command: grep -q one one.txt, type: test, timeout: 60}]
  - id: two
    description: write two.txt
    files_write: [two.txt]
    depends_on: [one]
    verification: [{command: grep -q two two.txt && grep -q one one.txt, type: test, timeout: 60}]
  - id: three
    description: write three.txt
    files_write: [three.txt]
    verification: [{command: grep -q three three.txt, type: test, timeout: 60}]
)";

// The last task again, with a limit that an attempt which hangs runs into.
constexpr const char* limit = "    timeout_s: 1\n";

constexpr const char* configuration = R"(agents: {scripted: {kind: command, argv: [./agent.sh]}}
jobs: 2
)";

void put(const std::string& path, const std::string& bytes) {
  const Result<void> written = world::write_file(path, bytes, world::Sync::none);
  if (!written) abort();
}

std::vector<std::string> lines_of(const std::string& path) {
  std::vector<std::string> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

}  // namespace

Playground::Playground(RunChoice choice, const std::string& within) : choice_(std::move(choice)) {
  std::string name = within + "/pianola-campaign.XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) abort();
  top_ = name;
  repo_ = top_ + "/repo";
  if (!world::make_dirs(repo_) || !world::make_dirs(top_ + "/home") || !world::make_dirs(top_ + "/runtime"))
    abort();
  env_ = {{"PATH", "/usr/local/bin:/usr/bin:/bin"},
          {"HOME", top_ + "/home"},
          {"LC_ALL", "C.UTF-8"},
          {"USER", "ada"},
          {"XDG_RUNTIME_DIR", top_ + "/runtime"},
          {"GIT_CONFIG_GLOBAL", "/dev/null"},
          {"GIT_CONFIG_NOSYSTEM", "1"}};
  put(repo_ + "/agent.sh", agent);
  if (!world::make_executable(repo_ + "/agent.sh")) abort();
  put(repo_ + "/tasks.yaml", plan);
  put(repo_ + "/limited.yaml", std::string(plan) + limit);
  put(repo_ + "/.pianola.yaml", configuration);
  git({"init", "-q", "-b", "main"});
  git({"config", "user.name", "Ada"});
  git({"config", "user.email", "ada@localhost"});
  git({"add", "-A"});
  git({"commit", "-q", "-m", "start"});
}

Playground::~Playground() {
  for (const std::string& process : processes_of(top_)) ::kill(std::atoi(process.c_str()), SIGKILL);
  if (!world::remove_tree(top_)) abort();
}

std::string Playground::git(const std::vector<std::string>& args) const {
  world::ChildOptions options;
  options.argv = {"/usr/bin/git", "-C", repo_};
  options.argv.insert(options.argv.end(), args.begin(), args.end());
  options.env = env_;
  options.timeout_ms = program_timeout_ms;
  const Result<world::Finished> done = world::run_child(options);
  if (!done) return done.error().text();
  return done->ok() ? done->out : "git failed: " + done->out + done->err;
}

Ended Playground::pianola(const std::vector<std::string>& words,
                          const std::map<std::string, std::string>& extra, int64_t kill_after_ms) const {
  world::ChildOptions options;
  options.argv = {PIANOLA_BINARY};
  options.argv.insert(options.argv.end(), words.begin(), words.end());
  options.env = env_;
  for (const auto& [key, value] : extra) options.env[key] = value;
  options.cwd = repo_;
  if (words.front() == "resume")
    std::ofstream(top_ + "/resumes", std::ios::app) << world::wall_now().ns << "\n";
  // run_child's limit kills the process group, which is exactly a kill -9 of the supervisor: keepers have
  // sessions of their own.
  options.timeout_ms = kill_after_ms > 0 ? kill_after_ms : program_timeout_ms;
  const Result<world::Finished> done = world::run_child(options);
  if (!done) return {.killed = false, .code = -1, .output = done.error().text()};
  return {.killed = done->signalled || done->timed_out, .code = done->value, .output = done->out + done->err};
}

Ended Playground::run(const std::map<std::string, std::string>& extra, int64_t kill_after_ms) const {
  return pianola(
      {"run", choice_.plan, "--isolation", "none", "--approve", "--promote", choice_.promote, "--plain"},
      extra, kill_after_ms);
}

Ended Playground::finish() const {
  Ended ended;
  for (int i = 0; i < resumes_max; ++i) {
    const Ended status = pianola({"status", "--json"});
    const bool never_began = status.code == 2;
    if (status.output.find("\"phase\":\"done\"") != std::string::npos)
      return {.code = 0, .output = status.output};
    ended = never_began ? run() : pianola({"resume", "--plain"});
    if (ended.code == exit_left) ended = pianola({"promote"});
    if (ended.code == 0 && !ended.killed) return ended;
  }
  return ended;
}

void Playground::put_up(const std::string& sign) const { put(top_ + "/" + sign, ""); }

void Playground::take_down(const std::string& sign) const {
  if (!world::remove_tree(top_ + "/" + sign)) abort();
}

void Playground::tear_journal() const {
  const std::string folder = repo_ + "/.git/pianola/runs/r1/journal";
  const Result<std::vector<std::string>> names = world::list_dir(folder);
  std::string last;
  for (const std::string& name : names ? *names : std::vector<std::string>()) {
    if (name.ends_with(".jsonl")) last = std::max(last, name);
  }
  if (last.empty()) abort();
  std::ofstream(folder + "/" + last, std::ios::app) << R"({"seq":)";
}

std::map<std::string, int> Playground::steps_passed() const {
  std::map<std::string, int> passes;
  for (const std::string& step : lines_of(step_log())) ++passes[step];
  return passes;
}

Duration Playground::longest_recovery() const {
  std::vector<Instant> asked;
  for (const std::string& line : lines_of(top_ + "/resumes")) asked.push_back({std::stoll(line)});
  Duration longest;
  const auto look = [&](core::Recorded&& recorded) -> Result<void> {
    if (!std::holds_alternative<core::SupervisorStarted>(recorded.event)) return {};
    // It answers the last that was asked before it; those before were killed too early.
    const auto after = std::upper_bound(asked.begin(), asked.end(), recorded.at);
    if (after != asked.begin()) longest = std::max(longest, recorded.at - *std::prev(after));
    return {};
  };
  // A run that was killed before its first event is started again under the next name.
  const std::string runs = repo_ + "/.git/pianola/runs";
  for (const std::string& run : world::list_dir(runs).value_or(std::vector<std::string>()))
    static_cast<void>(world::read_journal(runs + "/" + run + "/journal", 1, look));
  return longest;
}

std::string Playground::story() const { return pianola({"log", "tail", "-n", "40"}).output; }

std::vector<std::string> Playground::broken_promises() const {
  std::vector<std::string> broken;
  const auto expect = [&](bool holds, const std::string& what) {
    if (!holds) broken.push_back(what);
  };
  const std::string log = git({"log", "--first-parent", "--format=%s", "main"});
  for (const std::string task : {"one", "two", "three"}) {
    const std::string subject = "Merge " + task + ": ";
    const size_t first = log.find(subject);
    expect(first != std::string::npos, task + " is not on main:\n" + log);
    expect(first == std::string::npos || log.find(subject, first + 1) == std::string::npos,
           task + " is on main twice:\n" + log);
  }
  expect(std::count(log.begin(), log.end(), '\n') == 4, "main has other commits:\n" + log);
  expect(git({"status", "--porcelain"}).empty(),
         "the checkout is not clean: " + git({"status", "--porcelain"}));
  expect(git({"fsck", "--no-dangling"}).find("git failed") == std::string::npos,
         "git fsck: " + git({"fsck"}));
  std::set<std::string> seen;
  for (const std::string& line : lines_of(top_ + "/starts")) {
    expect(seen.insert(line).second, "the agent of " + line + " was started twice");
  }
  expect(seen.size() >= 3, "fewer starts than tasks");
  for (const std::string& process : processes_of(top_)) broken.push_back("still running: " + process);
  return broken;
}

std::vector<std::string> processes_of(const std::string& folder) {
  std::vector<std::string> found;
  const Result<std::vector<std::string>> names = world::list_dir("/proc");
  for (const std::string& name : names ? *names : std::vector<std::string>()) {
    if (name.front() < '0' || name.front() > '9') continue;
    const auto pid = static_cast<pid_t>(std::atoi(name.c_str()));
    if (pid == ::getpid() || !world::identify(pid)) continue;
    const Result<std::string> environment = world::read_file("/proc/" + name + "/environ", file_bytes_max);
    const Result<std::string> command = world::read_file("/proc/" + name + "/cmdline", file_bytes_max);
    std::string shown = command ? *command : "";
    const bool is_named = (environment && environment->find(folder) != std::string::npos) ||
                          shown.find(folder) != std::string::npos;
    if (!is_named) continue;
    std::replace(shown.begin(), shown.end(), '\0', ' ');
    found.push_back(name + " " + shown);
  }
  return found;
}

// A process between fork and exec has its parent's command line.
std::vector<std::string> keepers_of(const std::string& folder) {
  std::vector<std::string> keepers;
  for (std::string& process : processes_of(folder)) {
    if (process.find(keeper_word) == std::string::npos) continue;
    const std::string pid = process.substr(0, process.find(' '));
    const Result<std::string> stat = world::read_file("/proc/" + pid + "/stat", file_bytes_max);
    // "PID (NAME) STATE PARENT ...", proc(5); a name may hold anything.
    std::istringstream rest(stat ? stat->substr(stat->rfind(')') + 1) : "");
    std::string state;
    std::string parent;
    rest >> state >> parent;
    const Result<std::string> of_parent = world::read_file("/proc/" + parent + "/cmdline", file_bytes_max);
    const bool is_fork = !of_parent || of_parent->find("__keep") != std::string::npos;
    if (!parent.empty() && !is_fork) keepers.push_back(std::move(process));
  }
  return keepers;
}

}  // namespace pianola::campaign
