#include "world/call_filter.h"

#include <netinet/in.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstdint>

namespace pianola::world {
namespace {

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

// Without namespaces all see one set of these.
constexpr std::array shared_calls{"shmget", "shmat",  "shmctl", "msgget",     "msgsnd",  "msgrcv",   "msgctl",
                                  "semget", "semctl", "semop",  "semtimedop", "mq_open", "mq_unlink"};

class Rules {
 public:
  Rules() : filter_(seccomp_init(SCMP_ACT_ALLOW)), ok_(filter_ != nullptr) {}
  ~Rules() {
    if (filter_ != nullptr) seccomp_release(filter_);
  }
  Rules(const Rules&) = delete;
  Rules& operator=(const Rules&) = delete;

  template <class... Conditions>
  void refuse(const char* name, int error, const Conditions&... conditions) {
    const int number = seccomp_syscall_resolve_name(name);
    // A call this machine's kernel does not have needs no rule.
    if (!ok_ || number == __NR_SCMP_ERROR) return;
    ok_ = seccomp_rule_add(filter_, SCMP_ACT_ERRNO(static_cast<uint16_t>(error)), number,
                           sizeof...(conditions), conditions...) == 0;
  }

  bool load() const { return ok_ && seccomp_load(filter_) == 0; }

 private:
  scmp_filter_ctx filter_;
  bool ok_;
};

void refuse_kernel(Rules& rules) {
  for (const char* name : refused_calls) rules.refuse(name, EPERM);
  for (const char* name : unknown_calls) rules.refuse(name, ENOSYS);
  for (const int flag : {CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWIPC, CLONE_NEWUTS,
                         CLONE_NEWCGROUP}) {
    const auto bit = static_cast<scmp_datum_t>(flag);
    rules.refuse("clone", EPERM, SCMP_A0(SCMP_CMP_MASKED_EQ, bit, bit));
  }
  // What would type into the terminal of whoever watches.
  for (const unsigned long request :
       {static_cast<unsigned long>(TIOCSTI), static_cast<unsigned long>(TIOCLINUX)}) {
    constexpr scmp_datum_t low_half = 0xffffffff;
    rules.refuse("ioctl", EPERM, SCMP_A1(SCMP_CMP_MASKED_EQ, low_half, request));
  }
}

// The kind of a socket without its flags (socket(2)).
constexpr scmp_datum_t kind_mask = 0xf;

// IP, the kernel's own tables of it, and Unix sockets are left: not every other family has namespaces,
// vsock(7) among them.
void refuse_families(Rules& rules) {
  for (int family = 0; family < AF_NETLINK; ++family) {
    if (family == AF_INET || family == AF_INET6 || family == AF_UNIX) continue;
    rules.refuse("socket", EPERM, SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(family)));
  }
  rules.refuse("socket", EPERM, SCMP_A0(SCMP_CMP_GT, AF_NETLINK));
}

// A stream that is connected from its making stays; one of datagrams could be sent anywhere.
void refuse_unix(Rules& rules) {
  rules.refuse("socket", EPERM, SCMP_A0(SCMP_CMP_EQ, AF_UNIX));
  rules.refuse("socket", EPERM, SCMP_A0(SCMP_CMP_EQ, AF_NETLINK), SCMP_A2(SCMP_CMP_GT, 0));
  rules.refuse("socketpair", EPERM, SCMP_A1(SCMP_CMP_MASKED_EQ, kind_mask, SOCK_DGRAM));
}

void refuse_ip(Rules& rules, CallFilter filter) {
  for (const int family : {AF_INET, AF_INET6}) {
    const auto number = static_cast<scmp_datum_t>(family);
    if (filter == CallFilter::no_network) rules.refuse("socket", EPERM, SCMP_A0(SCMP_CMP_EQ, number));
    if (filter != CallFilter::tcp_only) continue;
    for (scmp_datum_t kind = 0; kind <= kind_mask; ++kind) {
      if (kind != SOCK_STREAM)
        rules.refuse("socket", EPERM, SCMP_A0(SCMP_CMP_EQ, number),
                     SCMP_A1(SCMP_CMP_MASKED_EQ, kind_mask, kind));
    }
    // Streams of another protocol than TCP, which Landlock does not know.
    rules.refuse("socket", EPERM, SCMP_A0(SCMP_CMP_EQ, number), SCMP_A2(SCMP_CMP_GT, IPPROTO_TCP));
  }
  if (filter != CallFilter::tcp_only) return;
  // Sending may connect on its way, which Landlock does not see.
  constexpr scmp_datum_t fast = MSG_FASTOPEN;
  rules.refuse("sendto", EPERM, SCMP_A3(SCMP_CMP_MASKED_EQ, fast, fast));
  rules.refuse("sendmsg", EPERM, SCMP_A2(SCMP_CMP_MASKED_EQ, fast, fast));
  rules.refuse("sendmmsg", EPERM, SCMP_A3(SCMP_CMP_MASKED_EQ, fast, fast));
}

}  // namespace

bool filter_calls(CallFilter filter) {
  Rules rules;
  refuse_kernel(rules);
  refuse_families(rules);
  if (filter != CallFilter::in_namespaces) {
    for (const char* name : shared_calls) rules.refuse(name, EPERM);
    // Limits of other processes of the same user.
    rules.refuse("prlimit64", EPERM, SCMP_A0(SCMP_CMP_NE, 0));
    refuse_unix(rules);
    refuse_ip(rules, filter);
  }
  return rules.load();
}

}  // namespace pianola::world
