#include "world/process_table.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <memory>
#include <string_view>

#include "world/child.h"

namespace pianola::world {

// Files of proc(5) have no size; they are read until they end.
std::string read_proc(const std::string& path, size_t limit) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string bytes;
  std::array<char, 8192> chunk;
  while (fd && bytes.size() < limit) {
    const ssize_t got = ::read(fd.get(), chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    bytes.append(chunk.data(), static_cast<size_t>(got));
  }
  return bytes;
}

// "pid (name) state ppid ...": the name may hold anything, even ')', so fields count from the last one.
std::optional<StatLine> read_stat(pid_t pid) {
  const std::string text = read_proc(fmt::format("/proc/{}/stat", pid), 4096);
  const size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  StatLine line;
  line.id.pid = pid;
  size_t at = name_end + 1;
  for (int field = 3; field <= 22; ++field) {
    at = text.find_first_not_of(' ', at);
    if (at == std::string::npos) return std::nullopt;
    const size_t end = std::min(text.find(' ', at), text.size());
    const char* first = text.data() + at;
    const char* last = text.data() + end;
    if (field == 3) line.state = *first;
    if (field == 4) std::from_chars(first, last, line.parent);
    if (field == 6) std::from_chars(first, last, line.session);
    if (field == 7) line.has_terminal = text.substr(at, end - at) != "0";
    if (field == 20) std::from_chars(first, last, line.threads);
    if (field == 22) std::from_chars(first, last, line.id.start_ticks);
    at = end;
  }
  return line;
}

std::vector<StatLine> all_processes() {
  std::vector<StatLine> all;
  const std::unique_ptr<DIR, int (*)(DIR*)> proc(::opendir("/proc"), ::closedir);
  while (proc) {
    const dirent* entry = ::readdir(proc.get());
    if (entry == nullptr) break;
    const std::string_view name = entry->d_name;
    pid_t pid = 0;
    const auto [end, failure] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (failure != std::errc() || end != name.data() + name.size()) continue;
    if (const auto line = read_stat(pid)) all.push_back(*line);
  }
  return all;
}

bool is_of_our_user(pid_t pid) {
  struct stat status {};
  return ::stat(fmt::format("/proc/{}", pid).c_str(), &status) == 0 && status.st_uid == ::geteuid();
}

}  // namespace pianola::world
