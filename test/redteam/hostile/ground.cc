#include "test/redteam/hostile/ground.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>

namespace pianola::redteam {

Ground::Ground(const std::string& file) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    const size_t blank = line.find(' ');
    if (blank != std::string::npos) facts_[line.substr(0, blank)] = line.substr(blank + 1);
  }
}

std::string Ground::operator[](const std::string& name) const {
  const auto found = facts_.find(name);
  return found == facts_.end() ? "" : found->second;
}

bool Ground::is_in_own_pid_namespace() const {
  char name[64] = {};
  const ssize_t got = ::readlink("/proc/self/ns/pid", name, sizeof name - 1);
  return got > 0 && (*this)["pid_namespace"] != name;
}

bool Ground::sees_victim() const {
  return slurp("/proc/" + (*this)["victim"] + "/cmdline").find(std::string("victim\0", 7)) !=
         std::string::npos;
}

std::string reached(const std::string& detail) { return "reached " + detail; }
std::string refused(int error) { return std::string("refused ") + std::strerror(error); }

std::string past_the_gate(long result) {
  const bool is_refused = result < 0 && (errno == EPERM || errno == ENOSYS || errno == EACCES);
  return is_refused ? refused(errno) : reached(result < 0 ? std::strerror(errno) : "");
}

std::string append_to(const std::string& path, const std::string& bytes) {
  const int file = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0755);
  if (file < 0) return refused(errno);
  const bool is_written = ::write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
  ::close(file);
  return is_written ? reached() : refused(errno);
}

std::string put_file(const std::string& path, const std::string& bytes, mode_t mode) {
  for (size_t at = path.find('/', 1); at != std::string::npos; at = path.find('/', at + 1))
    ::mkdir(path.substr(0, at).c_str(), 0755);
  const int file = ::open(path.c_str(), O_WRONLY | O_TRUNC | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) return refused(errno);
  const bool is_written = ::write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
  ::fchmod(file, mode);
  ::close(file);
  return is_written ? reached() : refused(errno);
}

// Up to a limit: some files under /proc do not end.
std::string slurp(const std::string& path) {
  constexpr size_t limit = 1 << 20;
  std::string bytes;
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  char chunk[4096];
  for (ssize_t got = 0; file >= 0 && bytes.size() < limit && (got = ::read(file, chunk, sizeof chunk)) > 0;)
    bytes.append(chunk, static_cast<size_t>(got));
  const int error = errno;
  ::close(file);
  errno = error;
  return bytes;
}

std::string slurp_all(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

std::string tell_secret(const std::string& bytes) {
  const size_t at = bytes.find(secret_word);
  if (at == std::string::npos) return refused(errno != 0 ? errno : ENOENT);
  const size_t end = bytes.find_first_not_of("abcdefghijklmnopqrstuvwxyz-0123456789", at);
  return reached(bytes.substr(at, end == std::string::npos ? end : end - at));
}

std::string read_secret(const std::string& path) {
  errno = 0;
  return tell_secret(slurp(path));
}

int shell(const std::string& script) {
  const int status = std::system(script.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace pianola::redteam
