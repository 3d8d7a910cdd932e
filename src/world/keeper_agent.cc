#include "world/keeper_agent.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <string_view>

namespace pianola::world {

namespace {

constexpr int kLeash = 3;
constexpr int kPipeBytes = 1 << 20;  // a hint; the default of the kernel does as well
constexpr int kExecWaitMs = 30'000;  // for a program on a slow disk; then it counts as started
constexpr int kCannotExecute = 126;  // what shells say

constexpr std::array<std::pair<std::string_view, __rlimit_resource>, 7> kLimits{{
    {"as", RLIMIT_AS},
    {"core", RLIMIT_CORE},
    {"cpu", RLIMIT_CPU},
    {"data", RLIMIT_DATA},
    {"fsize", RLIMIT_FSIZE},
    {"nofile", RLIMIT_NOFILE},
    {"nproc", RLIMIT_NPROC},
}};

Error not_on_path(const std::string& name) {
  return {ErrorKind::missing, name, "is not on PATH", "a program of that name in a folder of PATH", ""};
}

// argv[0] as a path: as it is when it names one, else looked up in the absolute entries of PATH.
Result<std::string> find_program(const KeptSpec& spec) {
  if (spec.argv.empty()) {
    return refuse({ErrorKind::missing, spec.cwd, "no program is named", "a command line", ""});
  }
  const std::string& name = spec.argv.front();
  if (name.find('/') != std::string::npos) return name;
  const auto path = spec.env.find("PATH");
  std::string_view rest = path == spec.env.end() ? std::string_view() : std::string_view(path->second);
  while (!rest.empty()) {
    const std::string_view folder = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(folder.size() + 1, rest.size()));
    const std::string candidate = fmt::format("{}/{}", folder, name);
    if (folder.starts_with('/') && ::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return refuse(not_on_path(name));
}

// Why execve(2) says that a file which is there is not: what it names to run it with is missing.
std::string missing_beneath(const KeptSpec& spec) {
  const auto program = find_program(spec);
  if (!program) return "";
  const std::string path = program->starts_with('/') ? *program : spec.cwd + "/" + *program;
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, 256> bytes{};  // as much as the kernel reads (BINPRM_BUF_SIZE)
  const ssize_t got = fd ? ::read(fd.get(), bytes.data(), bytes.size()) : -1;
  if (got <= 0) return "";
  std::string_view line(bytes.data(), static_cast<size_t>(got));
  if (line.starts_with("\x7f"
                       "ELF"))
    return "its loader is not there";
  if (!line.starts_with("#!")) return "";
  line = line.substr(2, line.find('\n') - 2);
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  const std::string interpreter(line.substr(0, line.find_first_of(" \t")));
  const bool is_there = ::access(interpreter.c_str(), F_OK) == 0;
  return "its interpreter " + interpreter + (is_there ? " lacks its own loader" : " is not there");
}

Result<std::array<Fd, 2>> output_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return refuse(system_error("pipe", errno));
  std::array<Fd, 2> pipe{Fd(ends[0]), Fd(ends[1])};
  ::fcntl(ends[0], F_SETPIPE_SZ, kPipeBytes);
  // Only our end: the agent's must block as any program expects.
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return pipe;
}

// What a sealed worker may read of a file outside. The descriptor itself would be a way out: opened again
// through /proc/self/fd it is written to, and fchmod(2) needs no more than to have it.
Result<Fd> copy_in_memory(const std::string& path) {
  constexpr size_t limit_bytes = 64 << 20;
  const std::string bytes = TRY(read_file(path, limit_bytes));
  Fd copy(::memfd_create("stdin", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!copy) return refuse(system_error("a copy of " + path, errno));
  for (std::string_view rest = bytes; !rest.empty();) {
    const ssize_t written = ::write(copy.get(), rest.data(), rest.size());
    if (written <= 0) return refuse(system_error("a copy of " + path, errno));
    rest.remove_prefix(static_cast<size_t>(written));
  }
  constexpr int as_it_is = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
  if (::lseek(copy.get(), 0, SEEK_SET) != 0 || ::fcntl(copy.get(), F_ADD_SEALS, as_it_is) != 0)
    return refuse(system_error("a copy of " + path, errno));
  return copy;
}

Result<Fd> open_input(const KeptSpec& spec) {
  if (spec.stdin_file.empty()) return Fd();
  if (spec.enclosure != KeptSpec::Enclosure::bare) return copy_in_memory(spec.stdin_file);
  Fd input(::open(spec.stdin_file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!input) return refuse(system_error(spec.stdin_file, errno));
  return input;
}

std::vector<std::string> exec_arguments(const KeptSpec& spec, const std::string& program) {
  std::vector<std::string> argv{"/proc/self/exe", "__exec", std::to_string(::getpid())};
  for (const auto& [name, value] : spec.limits) argv.push_back(fmt::format("{}={}", name, value));
  argv.push_back("--");
  argv.push_back(program);
  argv.insert(argv.end(), spec.argv.begin(), spec.argv.end());
  return argv;
}

void set_limit(std::string_view text) {
  const size_t equals = text.find('=');
  if (equals == std::string_view::npos) return;
  for (const auto& [name, resource] : kLimits) {
    if (name != text.substr(0, equals)) continue;
    rlim_t value = 0;
    std::from_chars(text.data() + equals + 1, text.data() + text.size(), value);
    rlimit limit{};
    ::getrlimit(resource, &limit);
    limit.rlim_max = std::min(limit.rlim_max, value);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(resource, &limit);
  }
}

// True when the keeper says go; false when it is gone.
bool await_release() {
  char byte = 0;
  ssize_t got = -1;
  do {
    got = ::read(kLeash, &byte, 1);
  } while (got < 0 && errno == EINTR);
  return got == 1;
}

}  // namespace

Result<HeldAgent> hold_agent(const KeptSpec& spec) {
  const std::string program = TRY(find_program(spec));
  HeldAgent agent;
  std::array<int, 2> leash{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, leash.data()) != 0) {
    return refuse(system_error("socket pair", errno));
  }
  agent.leash.reset(leash[0]);
  const Fd far_end(leash[1]);
  std::array<Fd, 2> out = TRY(output_pipe());
  std::array<Fd, 2> err;
  const bool apart = spec.streams == KeptSpec::Streams::apart;
  if (apart) err = TRY(output_pipe());
  const Fd input = TRY(open_input(spec));

  SpawnOptions how;
  how.argv = exec_arguments(spec, program);
  how.env = spec.env;
  how.cwd = spec.cwd;
  how.stdin_fd = input.get();
  how.stdout_fd = out[1].get();
  how.stderr_fd = apart ? err[1].get() : out[1].get();
  how.pass_fds = {{kLeash, far_end.get()}};
  how.group = SpawnOptions::Group::own_session;
  auto process = spawn(how);
  if (!process) {
    Error error = std::move(process).error();
    if (error.where != spec.cwd) error.where = program;
    return refuse(std::move(error));
  }
  agent.process = std::move(*process);
  const auto id = identify(agent.process.pid);
  agent.id = id.value_or(ProcessId{agent.process.pid, 0});
  agent.out = std::move(out[0]);
  agent.err = std::move(err[0]);
  return agent;
}

Result<void> release_agent(HeldAgent& agent, const KeptSpec& spec) {
  const char go = 'g';
  if (::send(agent.leash.get(), &go, 1, MSG_NOSIGNAL) != 1)
    return {};  // it is over already; seen by its exit
  pollfd answer{agent.leash.get(), POLLIN, 0};
  if (::poll(&answer, 1, kExecWaitMs) <= 0) return {};
  int failure = 0;
  const ssize_t got = ::read(agent.leash.get(), &failure, sizeof failure);
  agent.leash.reset();
  // The program's own end of the leash closes when it is executed.
  if (got != static_cast<ssize_t>(sizeof failure)) return {};
  Error error = system_error(spec.argv.front(), failure);
  if (error.kind == ErrorKind::failed) error.kind = ErrorKind::missing;
  if (const std::string beneath = failure == ENOENT ? missing_beneath(spec) : ""; !beneath.empty()) {
    error.what = beneath;
  }
  error.expected = "a program that can be executed";
  return refuse(std::move(error));
}

int exec_main(const std::vector<std::string>& arguments) {
  size_t at = 0;
  while (at < arguments.size() && arguments[at] != "--") ++at;
  if (at < 1 || at + 2 >= arguments.size()) return kCannotExecute;
  ::fcntl(kLeash, F_SETFD, FD_CLOEXEC);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  // The keeper may have died before the line above; nobody would tell us any more.
  if (std::to_string(::getppid()) != arguments.front()) return kCannotExecute;
  if (!await_release()) return kCannotExecute;
  for (size_t limit = 1; limit < at; ++limit) set_limit(arguments[limit]);

  std::vector<std::string> words(arguments.begin() + static_cast<std::ptrdiff_t>(at) + 2, arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  ::execv(arguments[at + 1].c_str(), argv.data());
  const int failure = errno;
  ::send(kLeash, &failure, sizeof failure, MSG_NOSIGNAL);
  return kCannotExecute;
}

}  // namespace pianola::world
