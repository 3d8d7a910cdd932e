// Lock files that another git, or one that died, left behind.
#include <fmt/format.h>
#include <poll.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <ctime>

#include "world/files.h"
#include "world/git_refs.h"
#include "world/git_text.h"

namespace pianola::world {
namespace {

constexpr int64_t look_again_ms = 25;

std::string age_text(int64_t seconds) {
  if (seconds < 0) seconds = 0;
  if (seconds < 120) return fmt::format("{} s", seconds);
  if (seconds < 7200) return fmt::format("{} min", seconds / 60);
  if (seconds < 172'800) return fmt::format("{} h", seconds / 3600);
  return fmt::format("{} days", seconds / 86'400);
}

std::string owner_text(uid_t uid) {
  std::array<char, 4096> space{};
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(uid, &entry, space.data(), space.size(), &found) == 0 && found != nullptr)
    return entry.pw_name;
  return fmt::format("uid {}", uid);
}

int64_t steady_ms() {
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  return int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

}  // namespace

Result<void> await_unlocked(const std::string& lock_path, int64_t wait_ms) {
  const int64_t until = steady_ms() + wait_ms;
  while (exists(lock_path)) {
    if (steady_ms() >= until) return refuse(lock_error(lock_path, wait_ms));
    ::poll(nullptr, 0, look_again_ms);
  }
  return {};
}

std::string lock_named_in(const std::string& err) {
  constexpr std::string_view lead = "Unable to create '";
  const size_t at = err.find(lead);
  if (at == std::string::npos) return {};
  const size_t end = err.find("': File exists", at);
  if (end == std::string::npos) return {};
  return err.substr(at + lead.size(), end - at - lead.size());
}

Error lock_error(const std::string& lock_path, int64_t wait_ms) {
  struct stat found {};
  std::string what = "a lock of git";
  if (::lstat(lock_path.c_str(), &found) == 0)
    what = fmt::format("a lock of git, {} old, of {}", age_text(std::time(nullptr) - found.st_mtime),
                       owner_text(found.st_uid));
  return {.kind = ErrorKind::paused,
          .where = shown(lock_path),
          .what = what,
          .expected = fmt::format("it gone within {} s", (wait_ms + 999) / 1000),
          .next = "when no git runs there: rm " + shown(shell_quoted(lock_path))};
}

}  // namespace pianola::world
