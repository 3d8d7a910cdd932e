#include "world/landlock.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace pianola::world {
namespace {

// The same numbers on all machines; headers of this system may be older than its kernel.
constexpr long call_create = 444;
constexpr long call_add = 445;
constexpr long call_restrict = 446;
constexpr unsigned ask_version = 1;
constexpr int rule_path_beneath = 1;
constexpr int rule_net_port = 2;

enum FileRight : uint64_t {
  may_execute = 1 << 0,
  may_write_file = 1 << 1,
  may_read_file = 1 << 2,
  may_read_dir = 1 << 3,
  may_make_char = 1 << 6,
  may_make_block = 1 << 11,
  may_refer = 1 << 13,
  may_truncate = 1 << 14,
  may_ioctl_dev = 1 << 15,
};
constexpr uint64_t rights_of_abi_1 = (1 << 13) - 1;
constexpr uint64_t rights_to_read = may_execute | may_read_file | may_read_dir;
constexpr uint64_t rights_of_files =
    may_execute | may_write_file | may_read_file | may_truncate | may_ioctl_dev;
constexpr uint64_t rights_of_nobody = may_make_char | may_make_block | may_ioctl_dev;  // nor in a workspace
constexpr uint64_t bind_tcp = 1;
constexpr uint64_t connect_tcp = 2;
constexpr uint64_t sockets_and_signals = 3;

constexpr std::array devices{"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"};

struct Ruleset {
  uint64_t files = 0;
  uint64_t network = 0;
  uint64_t scoped = 0;
};

struct PathRule {
  uint64_t allowed = 0;
  int folder = -1;
} __attribute__((packed));

struct PortRule {
  uint64_t allowed = 0;
  uint64_t port = 0;
};

uint64_t file_rights(int abi) {
  uint64_t rights = rights_of_abi_1;
  if (abi >= 2) rights |= may_refer;
  if (abi >= 3) rights |= may_truncate;
  if (abi >= 5) rights |= may_ioctl_dev;
  return rights;
}

// A kernel takes the structure in the size that it knows.
size_t size_of_ruleset(int abi) {
  if (abi >= landlock_abi_of_scopes) return sizeof(Ruleset);
  return abi >= landlock_abi_of_tcp ? 2 * sizeof(uint64_t) : sizeof(uint64_t);
}

bool allow(int rules, const std::string& path, uint64_t rights) {
  const int file = ::open(path.c_str(), O_PATH | O_CLOEXEC);
  if (file < 0) return false;
  struct stat status {};
  bool ok = ::fstat(file, &status) == 0;
  const uint64_t held = S_ISDIR(status.st_mode) ? rights : rights & rights_of_files;
  const PathRule rule{.allowed = held, .folder = file};
  ok = ok && ::syscall(call_add, rules, rule_path_beneath, &rule, 0) == 0;
  const int error = errno;
  ::close(file);
  errno = error;
  return ok;
}

bool is_absent(int error) { return error == ENOENT || error == ENOTDIR || error == EACCES; }

bool allow_all(int set, const LandlockRules& rules, uint64_t known) {
  for (const std::string& path : rules.read) {
    if (!allow(set, path, rights_to_read) && !is_absent(errno)) return false;
  }
  for (const std::string& path : rules.write) {
    if (!allow(set, path, known & ~rights_of_nobody)) return false;
  }
  for (const char* device : devices) {
    if (!allow(set, device, known & rights_of_files) && !is_absent(errno)) return false;
  }
  if (!allow(set, "/proc", may_read_file | may_read_dir) && !is_absent(errno)) return false;
  if (rules.tcp == LandlockRules::Tcp::any || landlock_abi() < landlock_abi_of_tcp) return true;
  for (const uint16_t port : rules.ports) {
    const PortRule rule{.allowed = connect_tcp, .port = port};
    if (::syscall(call_add, set, rule_net_port, &rule, 0) != 0) return false;
  }
  return true;
}

}  // namespace

int landlock_abi() {
  const long version = ::syscall(call_create, nullptr, 0, ask_version);
  return version < 0 ? 0 : static_cast<int>(version);
}

int make_landlock(const LandlockRules& rules) {
  const int abi = landlock_abi();
  if (abi < landlock_abi_needed) {
    errno = ENOSYS;
    return -1;
  }
  const uint64_t known = file_rights(abi);
  const bool keeps_tcp = rules.tcp == LandlockRules::Tcp::ports && abi >= landlock_abi_of_tcp;
  const Ruleset handled{.files = known,
                        .network = keeps_tcp ? bind_tcp | connect_tcp : 0,
                        .scoped = abi >= landlock_abi_of_scopes ? sockets_and_signals : 0};
  const auto set = static_cast<int>(::syscall(call_create, &handled, size_of_ruleset(abi), 0));
  if (set < 0 || allow_all(set, rules, known)) return set;
  const int error = errno;
  ::close(set);
  errno = error;
  return -1;
}

bool enter_landlock(int rules) {
  const bool ok = ::syscall(call_restrict, rules, 0) == 0;
  ::close(rules);
  return ok;
}

bool scope_signals_and_sockets() {
  if (landlock_abi() < landlock_abi_of_scopes) return true;
  const Ruleset handled{.scoped = sockets_and_signals};
  const auto set = static_cast<int>(::syscall(call_create, &handled, sizeof handled, 0));
  return set >= 0 && enter_landlock(set);
}

}  // namespace pianola::world
