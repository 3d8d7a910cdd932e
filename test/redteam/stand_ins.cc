#include "test/redteam/stand_ins.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace pianola::redteam {
namespace {

constexpr int key_base = 0x7ed00000;
constexpr const char* mark = "redteam-mark";
constexpr int victims_file = 9;

int sysv_key() { return key_base + static_cast<int>(::getpid() % 0x10000); }

}  // namespace

StandIns::StandIns(const std::string& top, const std::string& secret)
    : top_(top), secret_(secret), name_("redteam." + top.substr(top.rfind('.') + 1)) {
  for (const char* victim :
       {"victim", "kill_victim", "group_victim", "queue_victim", "pidfd_victim", "all_victim"})
    start_victim(victim);
  for (const std::string name : {"/sockets/docker", "/sockets/tmux", "/sockets/ssh_agent", "/sockets/dbus",
                                 "/sockets/x11", "/home/.gnupg/agent"})
    listen_at(top_ + name);
  listen_at("/tmp/" + name_ + "/x");
  listen_at("@" + name_);
  listen_on_loopback();
  terminal_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (terminal_ < 0 || ::grantpt(terminal_) != 0 || ::unlockpt(terminal_) != 0) abort();
  terminal_name_ = ::ptsname(terminal_);
  mq_attr size{};
  size.mq_maxmsg = 4;
  size.mq_msgsize = 64;
  queue_ = ::mq_open(("/" + name_).c_str(), O_RDWR | O_CREAT | O_NONBLOCK | O_CLOEXEC, 0666, &size);
  memory_ = ::shmget(sysv_key(), 4096, IPC_CREAT | 0666);
  void* at = memory_ < 0 ? nullptr : ::shmat(memory_, nullptr, 0);
  if (at != nullptr) std::strcpy(static_cast<char*>(at), secret_.c_str());
  if (at != nullptr) ::shmdt(at);
  listening_ = std::thread([this] { listen(); });
}

StandIns::~StandIns() {
  is_over_ = true;
  listening_.join();
  for (const int listener : listeners_) ::close(listener);
  for (const auto& [name, victim] : victims_) {
    ::kill(victim.pid, SIGKILL);
    ::waitpid(victim.pid, nullptr, 0);
  }
  ::close(terminal_);
  ::mq_close(queue_);
  ::mq_unlink(("/" + name_).c_str());
  ::shmctl(memory_, IPC_RMID, nullptr);
}

// Its secret is on its command line, in its environment, memory, working folder and a descriptor.
void StandIns::start_victim(const std::string& name) {
  const std::string place = top_ + "/" + name + ".place";
  const std::string variable = "SECRET=" + secret_;
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::setpgid(0, 0);
    const int file = ::open((top_ + "/home/victims-secret.txt").c_str(), O_RDONLY);
    ::dup2(file, victims_file);
    char* env[] = {const_cast<char*>(variable.c_str()), nullptr};
    if (::chdir((top_ + "/home").c_str()) == 0)
      ::execle(PIANOLA_HOSTILE, "hostile", "victim", secret_.c_str(), place.c_str(), nullptr, env);
    ::_exit(127);
  }
  Victim victim{pid, 0};
  for (int i = 0; i < 500 && victim.memory == 0; ++i) {
    std::ifstream(place) >> victim.pid >> std::hex >> victim.memory;
    if (victim.memory == 0) ::poll(nullptr, 0, 10);
  }
  victim.pid = pid;
  victims_[name] = victim;
}

void StandIns::listen_at(const std::string& name) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (name.size() >= sizeof address.sun_path) abort();
  std::memcpy(address.sun_path, name.data(), name.size());
  if (name.front() == '@') address.sun_path[0] = 0;
  const int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  if (::bind(listener, reinterpret_cast<sockaddr*>(&address), length) != 0 || ::listen(listener, 16) != 0)
    abort();
  if (name.front() != '@') ::chmod(name.c_str(), 0777);
  listeners_.push_back(listener);
}

void StandIns::listen_on_loopback() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::bind(listener, reinterpret_cast<sockaddr*>(&address), length) != 0 || ::listen(listener, 16) != 0 ||
      ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length) != 0)
    abort();
  port_ = ntohs(address.sin_port);
  listeners_.push_back(listener);
}

bool StandIns::is_anywhere(const std::string& word) const {
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream file(entry.path() / "cmdline");
    std::ostringstream bytes;
    bytes << file.rdbuf();
    if (bytes.str().find("survive" + std::string(1, 0) + word) != std::string::npos) return true;
  }
  return false;
}

void StandIns::note(const std::string& said) {
  const std::lock_guard lock(mutex_);
  std::istringstream words(said);
  for (std::string word; words >> word;) contacts_.insert(word);
}

void StandIns::listen() {
  while (!is_over_) {
    std::vector<pollfd> fds;
    for (const int listener : listeners_) fds.push_back({listener, POLLIN, 0});
    if (::poll(fds.data(), fds.size(), 20) <= 0) continue;
    for (const pollfd& ready : fds) {
      if ((ready.revents & POLLIN) == 0) continue;
      const int peer = ::accept4(ready.fd, nullptr, nullptr, SOCK_CLOEXEC);
      char bytes[256];
      const ssize_t got = ::recv(peer, bytes, sizeof bytes, 0);
      if (got > 0) note(std::string(bytes, static_cast<size_t>(got)));
      ::close(peer);
    }
  }
}

std::set<std::string> StandIns::contacts() {
  ::poll(nullptr, 0, 60);  // what was sent at the very end
  char bytes[4096];
  for (ssize_t got = 0; (got = ::mq_receive(queue_, bytes, sizeof bytes, nullptr)) > 0;)
    note(std::string(bytes, static_cast<size_t>(got)));
  for (ssize_t got = 0; (got = ::read(terminal_, bytes, sizeof bytes)) > 0;)
    note(std::string(bytes, static_cast<size_t>(got)));
  const std::lock_guard lock(mutex_);
  return contacts_;
}

bool StandIns::has_ended(const std::string& victim) const {
  siginfo_t info{};
  return ::waitid(P_PID, static_cast<id_t>(victims_.at(victim).pid), &info, WEXITED | WNOHANG | WNOWAIT) !=
             0 ||
         info.si_pid != 0;
}

bool StandIns::has_mark_in_memory(const std::string& attack) const {
  const Victim& victim = victims_.at("victim");
  const int file = ::open(fmt::format("/proc/{}/mem", victim.pid).c_str(), O_RDONLY | O_CLOEXEC);
  char bytes[64] = {};
  const unsigned long offset = attack == "vm_write" ? 1024 : 2048;
  const ssize_t got = ::pread(file, bytes, sizeof bytes - 1, static_cast<off_t>(victim.memory + offset));
  ::close(file);
  return got > 0 && std::strncmp(bytes, mark, std::strlen(mark)) == 0;
}

std::string StandIns::facts() const {
  std::string text;
  for (const auto& [name, victim] : victims_) text += fmt::format("{} {}\n", name, victim.pid);
  text += fmt::format("victim_memory {:#x}\nsysv_key {}\nqueue /{}\nterminal {}\nabstract @{}\n",
                      victims_.at("victim").memory, sysv_key(), name_, terminal_name_, name_);
  text += fmt::format("port {}\n", port_);
  text += fmt::format("tmp_shared /tmp/{}\nshm_shared /dev/shm/{}\n", name_, name_);
  char here[64] = {};
  if (::readlink("/proc/self/ns/pid", here, sizeof here - 1) > 0)
    text += fmt::format("pid_namespace {}\n", here);
  return text;
}

}  // namespace pianola::redteam
