#include "world/child.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <string_view>

#include "base/check.h"
#include "world/files.h"

namespace pianola::world {

namespace {

// How long a pipe may stay open in other hands once the program itself is over.
constexpr int64_t kDrainGraceMs = 2'000;

int64_t monotonic_ms() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return int64_t{now.tv_sec} * 1'000 + now.tv_nsec / 1'000'000;
}

class FileActions {
 public:
  FileActions() { ::posix_spawn_file_actions_init(&actions_); }
  ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  posix_spawn_file_actions_t* get() { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

class Attributes {
 public:
  explicit Attributes(SpawnOptions::Group group) {
    ::posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigset_t all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    int flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    if (group == SpawnOptions::Group::own_session) flags |= POSIX_SPAWN_SETSID;
    if (group == SpawnOptions::Group::own_group) {
      ::posix_spawnattr_setpgroup(&attributes_, 0);
      flags |= POSIX_SPAWN_SETPGROUP;
    }
    ::posix_spawnattr_setflags(&attributes_, static_cast<short>(flags));
  }
  ~Attributes() { ::posix_spawnattr_destroy(&attributes_); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  posix_spawnattr_t* get() { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

// Fills in which descriptor becomes which in the child. The sources are first copied above every target,
// so that no dup2 overwrites a source that is still needed; `copies` must live until the spawn.
Result<void> plan_descriptors(const SpawnOptions& options, FileActions& actions, std::vector<Fd>& copies) {
  std::map<int, int> wanted = options.pass_fds;
  wanted[0] = options.stdin_fd;
  wanted[1] = options.stdout_fd;
  wanted[2] = options.stderr_fd;
  const int first_free = wanted.rbegin()->first + 1;
  for (const auto& [target, source] : wanted) {
    if (source < 0) {
      ::posix_spawn_file_actions_addopen(actions.get(), target, "/dev/null", O_RDWR, 0);
      continue;
    }
    Fd copy(::fcntl(source, F_DUPFD_CLOEXEC, first_free));
    if (!copy) return refuse(system_error("descriptor " + std::to_string(source), errno));
    ::posix_spawn_file_actions_adddup2(actions.get(), copy.get(), target);
    copies.push_back(std::move(copy));
  }
  ::posix_spawn_file_actions_addclosefrom_np(actions.get(), first_free);
  return {};
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

Error cannot_start(const SpawnOptions& options, int failure) {
  Error error = system_error(options.argv.front(), failure);
  if (::access(options.cwd.c_str(), X_OK) != 0) error.where = options.cwd;
  if (error.kind == ErrorKind::failed) error.kind = ErrorKind::missing;
  error.expected = "a program that can be started";
  if (error.where == options.cwd) error.expected = "a folder to start in";
  return error;
}

// What a child wrote to one pipe: the first `limit` bytes are kept, all is read.
struct Capture {
  Fd pipe;
  std::string* bytes = nullptr;
  size_t limit_bytes = 0;
  bool cut = false;

  void read_some() {
    std::array<char, 65536> chunk;
    const ssize_t got = ::read(pipe.get(), chunk.data(), chunk.size());
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (got <= 0) {
      pipe.reset();
      return;
    }
    const size_t room = limit_bytes - std::min(limit_bytes, bytes->size());
    const size_t kept = std::min(room, static_cast<size_t>(got));
    bytes->append(chunk.data(), kept);
    if (kept < static_cast<size_t>(got)) cut = true;
  }
};

struct Pipe {
  Fd read_end;
  Fd write_end;
};

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return refuse(system_error("pipe", errno));
  return Pipe{Fd(ends[0]), Fd(ends[1])};
}

// What a child can read as its stdin. Bytes become a file in memory, so that nobody has to feed a pipe.
Result<Fd> stdin_of(const ChildOptions& options) {
  if (!options.stdin_file.empty()) {
    Fd file(::open(options.stdin_file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file) return refuse(system_error(options.stdin_file, errno));
    return file;
  }
  const std::string& bytes = options.stdin_bytes;
  if (bytes.empty()) return Fd();
  Fd file(::memfd_create("stdin", MFD_CLOEXEC));
  if (!file) return refuse(system_error("memory file", errno));
  std::string_view rest = bytes;
  while (!rest.empty()) {
    const ssize_t written = ::write(file.get(), rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return refuse(system_error("memory file", errno));
    rest.remove_prefix(static_cast<size_t>(written));
  }
  ::lseek(file.get(), 0, SEEK_SET);
  return file;
}

// Reads both pipes until the child is over and they are closed, or a limit of time passes; then ends what
// is left of the group and reaps. Until then the zombie keeps the group's number from being used again.
class Attendance {
 public:
  Attendance(Spawned child, int64_t timeout_ms) : child_(std::move(child)) {
    if (timeout_ms > 0) deadline_ms_ = monotonic_ms() + timeout_ms;
  }

  void attend(Capture& out, Capture& err, Finished& finished) {
    bool over = false;
    while (!over || out.pipe || err.pipe) {
      std::array<pollfd, 3> fds{pollfd{over ? -1 : child_.pidfd.get(), POLLIN, 0},
                                pollfd{out.pipe.get(), POLLIN, 0}, pollfd{err.pipe.get(), POLLIN, 0}};
      if (::poll(fds.data(), fds.size(), wait_ms()) < 0) continue;  // EINTR
      if (fds[1].revents != 0) out.read_some();
      if (fds[2].revents != 0) err.read_some();
      if (fds[0].revents != 0) {
        over = true;
        deadline_ms_ = monotonic_ms() + kDrainGraceMs;
      }
      if (deadline_ms_ >= 0 && monotonic_ms() >= deadline_ms_) {
        if (!over) finished.timed_out = true;
        break;
      }
    }
    ::kill(-child_.pid, SIGKILL);
    reap(finished);
  }

 private:
  int wait_ms() const {
    if (deadline_ms_ < 0) return -1;
    return static_cast<int>(std::clamp<int64_t>(deadline_ms_ - monotonic_ms(), 0, 3'600'000));
  }

  void reap(Finished& finished) {
    siginfo_t status{};
    int result = -1;
    do {
      result = ::waitid(P_PIDFD, static_cast<id_t>(child_.pidfd.get()), &status, WEXITED);
    } while (result != 0 && errno == EINTR);
    CHECK(result == 0, "a child is reaped by whoever started it, once");
    finished.signalled = status.si_code != CLD_EXITED;
    finished.value = status.si_status;
  }

  Spawned child_;
  int64_t deadline_ms_ = -1;
};

}  // namespace

Fd& Fd::operator=(Fd&& other) noexcept {
  reset(other.release());
  return *this;
}

Fd::~Fd() { reset(); }

int Fd::release() {
  const int fd = fd_;
  fd_ = -1;
  return fd;
}

void Fd::reset(int fd) {
  if (fd_ >= 0 && fd_ != fd) ::close(fd_);
  fd_ = fd;
}

Result<Spawned> spawn(const SpawnOptions& options) {
  CHECK(!options.argv.empty(), "whoever spawns names a program");
  FileActions actions;
  Attributes attributes(options.group);
  std::vector<Fd> copies;
  TRY(plan_descriptors(options, actions, copies));
  ::posix_spawn_file_actions_addchdir_np(actions.get(), options.cwd.c_str());

  std::vector<std::string> argv = options.argv;
  std::vector<std::string> env;
  for (const auto& [name, value] : options.env) env.push_back(name + "=" + value);
  const std::vector<char*> argv_pointers = pointers_to(argv);
  const std::vector<char*> env_pointers = pointers_to(env);

  Spawned spawned;
  const int failure = ::posix_spawn(&spawned.pid, argv.front().c_str(), actions.get(), attributes.get(),
                                    argv_pointers.data(), env_pointers.data());
  if (failure != 0) return refuse(cannot_start(options, failure));
  // glibc 2.36 declares pidfd_open() without C linkage.
  spawned.pidfd.reset(static_cast<int>(::syscall(SYS_pidfd_open, spawned.pid, 0)));
  if (!spawned.pidfd) {
    const int why = errno;
    // Ours and not reaped yet, so the number is still its own.
    ::kill(spawned.pid, SIGKILL);
    ::waitpid(spawned.pid, nullptr, 0);
    return refuse(system_error(options.argv.front(), why));
  }
  return spawned;
}

int wait_for_exit(const Spawned& child) {
  siginfo_t info{};
  while (::waitid(P_PIDFD, static_cast<id_t>(child.pidfd.get()), &info, WEXITED) != 0) {
    if (errno != EINTR) return -1;
  }
  return info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
}

Result<Finished> run_child(const ChildOptions& options) {
  const Fd input = TRY(stdin_of(options));
  Pipe out_pipe = TRY(make_pipe());
  Pipe err_pipe = TRY(make_pipe());
  SpawnOptions how;
  how.argv = options.argv;
  how.env = options.env;
  how.cwd = options.cwd;
  how.stdin_fd = input.get();
  how.stdout_fd = out_pipe.write_end.get();
  how.stderr_fd = err_pipe.write_end.get();
  how.group = SpawnOptions::Group::own_group;
  Spawned child = TRY(spawn(how));
  out_pipe.write_end.reset();
  err_pipe.write_end.reset();

  Finished finished;
  Capture out{std::move(out_pipe.read_end), &finished.out, options.stdout_limit_bytes, false};
  Capture err{std::move(err_pipe.read_end), &finished.err, options.stderr_limit_bytes, false};
  Attendance(std::move(child), options.timeout_ms).attend(out, err, finished);
  finished.stdout_cut = out.cut;
  return finished;
}

}  // namespace pianola::world
