// A worker in a seal whose network is `model`: what it reaches, and what it does not.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "world/door_testing.h"
#include "world/kept_testing.h"
#include "world/process_table.h"
#include "world/seal.h"
#include "world/seal_probe.h"

namespace pianola::world {
namespace {

// Skips, with the one reason, where no seal holds.
#define NEED_SEAL(name)                                                                         \
  const Result<Sealer> name = find_sealer({.self = own_executable(), .path = "/usr/bin:/bin"}); \
  if (!name) GTEST_SKIP() << "no seal here: " << name.error().text();                           \
  if (const auto holds = probe_seal(*name); !holds) GTEST_SKIP() << "no seal here: " << holds.error().text()

// Programs inside, each for one way out. `$1` is the allowed port, `$2` another one, `$3` an abstract name.
constexpr const char* ways_out = R"(
  say() { exec 3<>"/dev/tcp/127.0.0.1/$1" && printf 'hello\n' >&3 && IFS= read -r -t 10 line <&3 && echo "$2 $line"; }
  (say "$1" allowed) 2>/dev/null
  (say "$2" other) 2>/dev/null
  perl -MSocket -e 'socket(S, AF_UNIX, SOCK_STREAM, 0) and
    connect(S, pack("S a*", AF_UNIX, "\0$ARGV[0]")) and print "abstract reached\n"' "$3"
  perl -MSocket -e 'socket(S, AF_INET, SOCK_STREAM, 0) and
    connect(S, sockaddr_in(9, inet_aton("192.0.2.1"))) or print "far: ", ($!{ENETUNREACH} ? "no way" : $!), "\n"'
  proxy() { exec 3<>/dev/tcp/127.0.0.1/3128 && printf 'CONNECT %s HTTP/1.1\r\n\r\n' "$1" >&3 &&
    IFS= read -r -t 10 line <&3 && echo "proxy $1 ${line%?}"; }
  (proxy "127.0.0.1:$1") 2>/dev/null; (proxy "127.0.0.1:$2") 2>/dev/null; (proxy name.example:443) 2>/dev/null
  true
)";

// Sealed agents of one supervisor, each started as bash with `script` and its words.
class SealedAgents {
 public:
  SealedAgents(const Folder& folder, const Sealer& sealer, std::string script, std::vector<std::string> words,
               const HostPort& allowed, int64_t silence_ms)
      : loop_(std::move(Loop::open(clock_)).value()) {
    ProcessOptions options;
    options.keeper = {own_executable(), keeper_environment()};
    options.keeper_patience_ms = 300;
    options.prepare = [=](const engine::Launch&, const std::string& dir) -> Result<KeptSpec> {
      KeptSpec spec;
      spec.argv = {"bash", "-c", script, "agent"};
      spec.argv.insert(spec.argv.end(), words.begin(), words.end());
      spec.env = {{"PATH", "/usr/bin:/bin"}};
      Seal seal{.binds = {}, .cwd = "/tmp", .network = Seal::Network::model};
      seal.way_out = WayOut{.door = {.dir = dir, .rules = {{allowed}, {}}, .silence_ms = silence_ms},
                            .relays = {allowed},
                            .proxy_port = 3128};
      return sealed(spec, sealer, seal);
    };
    processes_ = std::make_unique<KeptProcesses>(*loop_, folder.layout(), folder.run(), options);
    engine::Launch launch;
    launch.key = key;
    processes_->launch(launch);
  }

  bool serve_until(const std::function<bool()>& fact) {
    const int64_t limit = since_boot().ms() + kGenerousMs;
    while (!fact()) {
      if (since_boot().ms() > limit) return false;
      for (const engine::Arrival& arrival : loop_->wait(clock_.now() + Duration::from_ms(50)))
        take(arrival.report);
    }
    return true;
  }
  core::ExitStatus exit() {
    EXPECT_TRUE(serve_until([&] { return exit_.has_value(); }));
    return exit_.value_or(core::ExitStatus{});
  }
  KeptProcesses& processes() { return *processes_; }

  const engine::AttemptKey key = key_of("a");
  std::string out;
  int64_t pid = 0;

 private:
  void take(const engine::Report& report) {
    const auto* output = std::get_if<engine::AgentOutput>(&report);
    if (output != nullptr && output->stream == agents::Stream::out) out += output->bytes;
    if (const auto* over = std::get_if<engine::AgentExit>(&report)) exit_ = over->exit;
    const auto* input = std::get_if<core::Input>(&report);
    const auto* spawned = input == nullptr ? nullptr : std::get_if<core::AgentHasSpawned>(input);
    if (spawned != nullptr) pid = spawned->pid;
  }

  RunClock clock_{Instant{}};
  std::unique_ptr<Loop> loop_;
  std::unique_ptr<KeptProcesses> processes_;
  std::optional<core::ExitStatus> exit_;
};

TEST(SealedNetwork, reaches_the_allowed_endpoint_and_nothing_else_of_the_machine) {
  NEED_SEAL(sealer);
  const std::string name = fmt::format("pianola.test.{}", ::getpid());
  const EchoServer model;
  const EchoServer other(name);
  const std::vector<std::string> words{std::to_string(model.port()), std::to_string(other.port()), name};
  // The ways are ways: outside the seal they lead somewhere.
  ChildOptions bare;
  bare.argv = {"/bin/bash", "-c", ways_out, "agent"};
  bare.argv.insert(bare.argv.end(), words.begin(), words.end());
  bare.env = {{"PATH", "/usr/bin:/bin"}};
  const std::string reached = run_child(bare).value().out;
  for (const char* way : {"allowed hello", "other hello", "abstract reached"}) {
    EXPECT_NE(reached.find(way), std::string::npos) << way << " in:\n" << reached;
  }

  const int before = other.accepted();
  Folder folder;
  SealedAgents agents(folder, *sealer, ways_out, words, {"127.0.0.1", model.port()}, 30'000);
  EXPECT_EQ(agents.exit(), (core::ExitStatus{core::ExitKind::code, 0, true, ""}));
  EXPECT_EQ(agents.out, fmt::format("allowed hello\nfar: no way\n"
                                    "proxy 127.0.0.1:{} HTTP/1.1 200 Connection established\n"
                                    "proxy 127.0.0.1:{} HTTP/1.1 403 Forbidden\n"
                                    "proxy name.example:443 HTTP/1.1 403 Forbidden\n",
                                    model.port(), other.port()));
  EXPECT_EQ(other.accepted(), before);
  const std::string net = read_file(folder.attempt(agents.key) + "/net.jsonl", 1 << 20).value();
  EXPECT_NE(net.find(R"("verdict":"allowed","why":"","up_bytes":6,"down_bytes":6)"), std::string::npos)
      << net;
  EXPECT_NE(net.find(R"("host":"name.example","port":443,"verdict":"refused")"), std::string::npos) << net;
}

TEST(SealedNetwork, ends_with_the_endpoint_that_was_refused) {
  NEED_SEAL(sealer);
  const EchoServer model;
  Folder folder;
  SealedAgents agents(
      folder, *sealer,
      "exec 3<>/dev/tcp/127.0.0.1/3128; printf 'CONNECT needed.example:443 HTTP/1.1\\r\\n\\r\\n' >&3; "
      "trap '' TERM; while :; do sleep 1; done",
      {}, {"127.0.0.1", model.port()}, 200);
  EXPECT_EQ(agents.exit(), (core::ExitStatus{core::ExitKind::policy, SIGKILL, true, "needed.example:443"}));
}

TEST(SealedNetwork, is_there_for_one_that_cleans_up_when_it_is_told_to_end) {
  NEED_SEAL(sealer);
  const EchoServer model;
  Folder folder;
  SealedAgents agents(
      folder, *sealer,
      "bye() { exec 3<>/dev/tcp/127.0.0.1/$1 && printf 'bye\\n' >&3 && read -r -t 10 line <&3 && "
      "echo \"said $line\"; exit 8; }; trap 'bye $1' TERM; echo ready; while :; do sleep 0.05; done",
      {std::to_string(model.port())}, {"127.0.0.1", model.port()}, 30'000);
  ASSERT_TRUE(agents.serve_until([&] { return agents.out == "ready\n"; }));
  agents.processes().end(agents.key, 20'000);
  EXPECT_EQ(agents.exit(), (core::ExitStatus{core::ExitKind::code, 8, true, ""}));
  EXPECT_EQ(agents.out, "ready\nsaid bye\n");
}

std::string text_of(pid_t pid, const std::string& name) {
  return read_proc(fmt::format("/proc/{}/{}", pid, name), 1 << 16);
}

TEST(SealedNetwork, is_served_by_a_process_that_has_nothing_of_ours) {
  NEED_SEAL(sealer);
  const EchoServer model;
  Folder folder;
  SealedAgents agents(folder, *sealer, "echo ready; exec sleep 300", {}, {"127.0.0.1", model.port()}, 30'000);
  ASSERT_TRUE(agents.serve_until([&] { return agents.out == "ready\n" && agents.pid != 0; }));
  std::vector<pid_t> relays;
  for (const ProcessId& process : members({static_cast<pid_t>(agents.pid), {}, ""})) {
    if (text_of(process.pid, "cmdline").starts_with("/run/pianola/pianola")) relays.push_back(process.pid);
  }
  ASSERT_EQ(relays.size(), 1U);
  const std::string status = text_of(relays[0], "status");
  EXPECT_NE(status.find("\nSeccomp:\t2\n"), std::string::npos) << status;
  EXPECT_NE(status.find("\nNoNewPrivs:\t1\n"), std::string::npos) << status;
  EXPECT_NE(status.find("\nCapEff:\t0000000000000000\n"), std::string::npos) << status;
  const std::string folder_of_fds = fmt::format("/proc/{}/fd", relays[0]);
  const std::vector<std::string> fds = list_dir(folder_of_fds).value();
  for (const std::string& fd : fds) {
    std::array<char, 256> target{};
    ASSERT_GT(::readlink((folder_of_fds + "/" + fd).c_str(), target.data(), target.size() - 1), 0);
    const std::string_view expected = std::stoi(fd) < 3 ? "/dev/null" : "socket:[";
    EXPECT_TRUE(std::string_view(target.data()).starts_with(expected)) << fd << " is " << target.data();
  }
  agents.processes().end(agents.key, 0);
  agents.exit();
}

TEST(SealedNetwork, leaves_nothing_when_its_door_is_killed) {
  NEED_SEAL(sealer);
  const EchoServer model;
  Folder folder;
  SealedAgents agents(folder, *sealer, "trap '' TERM; setsid sleep 300 & echo ready; wait", {},
                      {"127.0.0.1", model.port()}, 30'000);
  ASSERT_TRUE(agents.serve_until([&] { return agents.out == "ready\n" && agents.pid != 0; }));
  ::kill(static_cast<pid_t>(agents.pid), SIGKILL);
  EXPECT_EQ(agents.exit(), (core::ExitStatus{core::ExitKind::signal, SIGKILL, true, ""}));
}

}  // namespace
}  // namespace pianola::world
