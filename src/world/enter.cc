#include "world/enter.h"

#include <fmt/format.h>
#include <grp.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstring>

#include "world/relay.h"

namespace pianola::world {
namespace {

constexpr int cannot_execute = 126;
constexpr int not_found = 127;

// Refused with EPERM. Docker's default profile (moby, profiles/seccomp) refuses the same and more.
constexpr std::array refused_calls{"add_key",
                                   "keyctl",
                                   "request_key",
                                   "bpf",
                                   "perf_event_open",
                                   "userfaultfd",
                                   "mount",
                                   "umount2",
                                   "pivot_root",
                                   "move_mount",
                                   "open_tree",
                                   "fsopen",
                                   "fsmount",
                                   "fsconfig",
                                   "fspick",
                                   "mount_setattr",
                                   "setns",
                                   "unshare",
                                   "chroot",
                                   "kexec_load",
                                   "kexec_file_load",
                                   "init_module",
                                   "finit_module",
                                   "delete_module",
                                   "acct",
                                   "swapon",
                                   "swapoff",
                                   "reboot",
                                   "syslog",
                                   "quotactl",
                                   "quotactl_fd",
                                   "open_by_handle_at",
                                   "name_to_handle_at",
                                   "lookup_dcookie",
                                   "iopl",
                                   "ioperm",
                                   "settimeofday",
                                   "clock_settime",
                                   "clock_adjtime",
                                   "adjtimex",
                                   "sethostname",
                                   "setdomainname",
                                   "nfsservctl",
                                   "move_pages",
                                   "migrate_pages"};

// With ENOSYS, so that what has an older way takes it.
constexpr std::array unknown_calls{"clone3", "io_uring_setup", "io_uring_enter", "io_uring_register"};

bool refuse_calls() {
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
  if (filter == nullptr) return false;
  bool ok = true;
  const auto add = [&](const char* name, uint32_t action, const auto&... conditions) {
    const int number = seccomp_syscall_resolve_name(name);
    // A call this machine's kernel does not have needs no rule.
    if (number == __NR_SCMP_ERROR) return;
    ok = seccomp_rule_add(filter, action, number, sizeof...(conditions), conditions...) == 0 && ok;
  };
  for (const char* name : refused_calls) add(name, SCMP_ACT_ERRNO(EPERM));
  for (const char* name : unknown_calls) add(name, SCMP_ACT_ERRNO(ENOSYS));
  for (const int flag : {CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWIPC, CLONE_NEWUTS,
                         CLONE_NEWCGROUP}) {
    const auto bit = static_cast<scmp_datum_t>(flag);
    add("clone", SCMP_ACT_ERRNO(EPERM), SCMP_A0(SCMP_CMP_MASKED_EQ, bit, bit));
  }
  // What would type into the terminal of whoever watches.
  for (const unsigned long request :
       {static_cast<unsigned long>(TIOCSTI), static_cast<unsigned long>(TIOCLINUX)}) {
    constexpr scmp_datum_t low_half = 0xffffffff;
    add("ioctl", SCMP_ACT_ERRNO(EPERM), SCMP_A1(SCMP_CMP_MASKED_EQ, low_half, request));
  }
  ok = ok && seccomp_load(filter) == 0;
  seccomp_release(filter);
  return ok;
}

// Sockets without a path belong to the network, which a worker may share with the user's programs: those of
// others are refused where the kernel can (landlock(7), ABI 6: Linux 6.12). Signals stay inside with it.
bool scope_sockets() {
  struct Ruleset {
    uint64_t files = 0;
    uint64_t network = 0;
    uint64_t scoped = 0;
  };
  constexpr long call_create = 444;  // landlock_create_ruleset, the same number on all machines
  constexpr long call_restrict = 446;
  constexpr unsigned ask_version = 1;
  constexpr uint64_t sockets_and_signals = 3;
  constexpr long version_needed = 6;
  if (::syscall(call_create, nullptr, 0, ask_version) < version_needed) return true;
  const Ruleset rules{.scoped = sockets_and_signals};
  const auto set = static_cast<int>(::syscall(call_create, &rules, sizeof rules, 0));
  const bool ok = set >= 0 && ::syscall(call_restrict, set, 0) == 0;
  if (set >= 0) ::close(set);
  return ok;
}

bool become(const std::string& who) {
  if (who == "same") return true;
  uid_t uid = 0;
  gid_t gid = 0;
  const char* end = who.data() + who.size();
  const auto first = std::from_chars(who.data(), end, uid);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != ':') return false;
  const auto second = std::from_chars(first.ptr + 1, end, gid);
  if (second.ec != std::errc() || second.ptr != end || uid == 0 || gid == 0) return false;
  return ::setgroups(0, nullptr) == 0 && ::setresgid(gid, gid, gid) == 0 && ::setresuid(uid, uid, uid) == 0;
}

struct Orders {
  RelayOrders relays;
  rlim_t processes = 0;  // 0 = no limit
};

// What stands before WHO, taken from the front of `arguments`. False: not ours.
bool take_orders(std::vector<std::string>& arguments, Orders& orders) {
  while (!arguments.empty() && arguments.front().find('=') != std::string::npos) {
    const std::string word = arguments.front();
    const std::string value = word.substr(word.find('=') + 1);
    arguments.erase(arguments.begin());
    if (word.starts_with("processes=")) {
      const auto read = std::from_chars(value.data(), value.data() + value.size(), orders.processes);
      if (read.ec != std::errc() || read.ptr != value.data() + value.size()) return false;
      continue;
    }
    const auto to = parse_host_port((word.starts_with("proxy=") ? "127.0.0.1:" : "") + value);
    if (!to) return false;
    if (word.starts_with("proxy=")) orders.relays.proxy_port = to->port;
    if (word.starts_with("relay=")) orders.relays.endpoints.push_back(*to);
  }
  return true;
}

bool limit_processes(rlim_t number) {
  const rlimit limit{number, number};
  return number == 0 || ::setrlimit(RLIMIT_NPROC, &limit) == 0;
}

}  // namespace

int enter_main(std::vector<std::string> arguments) {
  Orders orders;
  if (!take_orders(arguments, orders)) return cannot_execute;
  if (arguments.size() < 4 || arguments[2] != "--") return cannot_execute;
  const char* undone = nullptr;
  if (!become(arguments[0])) {
    undone = "the worker's user";
  } else if (::chdir(arguments[1].c_str()) != 0) {
    undone = arguments[1].c_str();
  } else if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !scope_sockets()) {
    undone = "the scope of sockets";
  } else if (!limit_processes(orders.processes)) {
    undone = "the limit of processes";
  } else if (!refuse_calls()) {
    undone = "the filter of system calls";
  }
  if (undone != nullptr) {
    fmt::print(stderr, "pianola: the seal cannot be closed: {}: {}\n", undone, std::strerror(errno));
    return cannot_execute;
  }
  if (orders.relays.proxy_port != 0) {
    if (const Result<void> started = start_relay(orders.relays); !started) {
      fmt::print(stderr, "pianola: the network cannot be had: {}\n", started.error().text());
      return cannot_execute;
    }
  }
  std::vector<std::string> words(arguments.begin() + 3, arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  ::execvp(argv.front(), argv.data());
  const int failure = errno;
  fmt::print(stderr, "pianola: {}: {}\n", words.front(), std::strerror(failure));
  return failure == ENOENT ? not_found : cannot_execute;
}

}  // namespace pianola::world
