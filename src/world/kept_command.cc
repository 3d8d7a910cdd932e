#include "world/kept_command.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>
#include <vector>

#include "world/clock.h"
#include "world/files.h"
#include "world/kept_output.h"

namespace pianola::world {
namespace {

constexpr int64_t kEndGraceMs = 1'000;
constexpr size_t kTailBytes = 4'000;
constexpr int kNotStarted = 127;  // what shells say
constexpr const char* never_came_up = "the keeper did not come up";

void order_end(int socket, int64_t grace_ms) {
  const std::string order = "end " + std::to_string(grace_ms) + "\n";
  ::send(socket, order.data(), order.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
}

enum class Ended { by_itself, timed_out, stopped };

// Waits until the keeper hangs up: everything of the command is then over and written down.
Ended attend(int socket, int64_t timeout_ms, const StopSign& stop) {
  const int64_t deadline_ms = since_boot().ms() + timeout_ms;
  Ended ended = Ended::by_itself;
  while (true) {
    const bool waits = ended == Ended::by_itself;
    std::array<pollfd, 2> fds{pollfd{socket, POLLIN, 0}, pollfd{waits ? stop.fd() : -1, POLLIN, 0}};
    const int64_t left_ms = std::clamp<int64_t>(deadline_ms - since_boot().ms(), 0, 3'600'000);
    ::poll(fds.data(), fds.size(), waits ? static_cast<int>(left_ms) : -1);
    char byte = 0;
    if (fds[0].revents != 0 && ::recv(socket, &byte, 1, MSG_DONTWAIT) <= 0 && errno != EAGAIN) return ended;
    if (!waits) continue;
    if (fds[1].revents != 0) {
      ended = Ended::stopped;
      order_end(socket, 0);
    } else if (since_boot().ms() >= deadline_ms) {
      ended = Ended::timed_out;
      order_end(socket, kEndGraceMs);
    }
  }
}

void fill_in(core::CheckResult& result, const ExitRecord& record, const std::string& dir) {
  result.tail = read_output_end(dir + "/out", kTailBytes);
  result.signalled = record.exit.kind == core::ExitKind::signal;
  result.exit_value = record.exit.value;
  const bool ran = record.exit.kind == core::ExitKind::code || result.signalled;
  if (!ran) {
    result.exit_value = kNotStarted;
    result.tail = record.exit.detail.substr(0, kTailBytes);
  }
  result.passed = ran && !result.signalled && !result.timed_out && record.exit.value == 0;
}

}  // namespace

StopSign::StopSign() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void StopSign::raise() const {
  const uint64_t one = 1;
  static_cast<void>(!::write(fd_.get(), &one, sizeof one));
}

bool StopSign::is_raised() const {
  pollfd stop{fd_.get(), POLLIN, 0};
  return ::poll(&stop, 1, 0) == 1;
}

std::vector<std::string> argv_of(const plan::CommandLine& command) {
  if (const auto* argv = std::get_if<plan::ArgvCommand>(&command)) return argv->argv;
  return {"/bin/sh", "-c", std::get<plan::ShellCommand>(command).text};
}

Error stopped_error() { return {ErrorKind::interrupted, "", "stopped", "", ""}; }

KeptSpec command_spec(std::vector<std::string> argv, std::string cwd) {
  KeptSpec spec;
  spec.argv = std::move(argv);
  spec.disk_folders = {cwd};
  spec.cwd = std::move(cwd);
  spec.streams = KeptSpec::Streams::together;
  spec.records = KeptSpec::Records::plain;
  spec.alone = KeptSpec::Alone::ends;
  return spec;
}

Result<core::CheckResult> run_kept_command(const KeptCommand& command, const KeeperProgram& keeper,
                                           const StopSign& stop) {
  const KeptPlace place{command.dir, ""};
  const Duration begun = since_boot();
  core::CheckResult result;
  result.command = command.text;
  result.log_path = command.log_path;
  Found found = TRY(start_or_find(place, keeper, command.make_spec));
  if (auto* connected = std::get_if<Connected>(&found)) {
    result.timed_out = attend(connected->socket.get(), command.timeout_ms, stop) == Ended::timed_out;
    connected->socket.reset();
    reap_keeper(connected->keeper);
    found = TRY(find_or_close(place, never_came_up));
  }
  if (stop.is_raised()) return refuse(stopped_error());
  const auto* record = std::get_if<ExitRecord>(&found);
  if (record == nullptr) {
    return refuse({ErrorKind::failed, result.command, "its end could not be found out", "", ""});
  }
  // Nobody saw how it ended, so it says nothing about the work.
  const bool never_began =
      record->exit.kind == core::ExitKind::not_started && record->exit.detail == never_came_up;
  if (record->exit.kind == core::ExitKind::lost || never_began) {
    return refuse({ErrorKind::failed, result.command, record->exit.detail, "", ""});
  }
  fill_in(result, *record, place.dir);
  result.duration_ms = Duration{since_boot().ns - begun.ns}.ms();
  return result;
}

Result<void> clear_commands(const std::string& dir) {
  const auto of = [&](size_t number) { return dir + "/" + std::to_string(number); };
  for (size_t number = 1; exists(of(number)); ++number) TRY(end_stale({of(number), ""}));
  TRY(remove_tree(dir));
  return make_dirs(dir);
}

}  // namespace pianola::world
