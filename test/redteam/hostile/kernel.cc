// System calls that no worker needs and that reach what all share with the kernel. Where one would do harm
// it is made in a way that has none: a clock is set to nothing, a reboot is asked for in a namespace.
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/io_uring.h>
#include <linux/perf_event.h>
#include <linux/reboot.h>
#include <linux/userfaultfd.h>
#include <sched.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "test/redteam/hostile/ground.h"

namespace pianola::redteam {
namespace {

// In user, mount and process namespaces of its own, if it is let: there a worker is root.
bool enter_namespaces(int more) {
  const int base = ::getuid() == 0 ? 0 : CLONE_NEWUSER;
  return ::unshare(base | more) == 0;
}

std::string mount_something(const Ground& g, bool is_bind) {
  if (!g.is_in_own_pid_namespace() && !enter_namespaces(CLONE_NEWNS)) return refused(errno);
  // Nothing of it may come back to the namespace of the user.
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return refused(errno);
  ::mkdir("mount-here", 0755);
  const int done = is_bind ? ::mount("/", "mount-here", nullptr, MS_BIND | MS_REC, nullptr)
                           : ::mount("none", "mount-here", "tmpfs", 0, nullptr);
  return done == 0 ? reached() : refused(errno);
}

std::string new_namespace(int kind) { return past_the_gate(::unshare(kind)); }

void add_mounts(Attempts& all) {
  all["mount_tmpfs"] = [](const Ground& g) { return mount_something(g, false); };
  all["mount_bind"] = [](const Ground& g) { return mount_something(g, true); };
  all["umount"] = [](const Ground&) { return past_the_gate(::umount2("/nowhere", MNT_DETACH)); };
  all["remount"] = [](const Ground& g) {
    if (!g.is_in_own_pid_namespace() && !enter_namespaces(CLONE_NEWNS)) return refused(errno);
    return past_the_gate(::mount(nullptr, "/", nullptr, MS_REMOUNT | MS_BIND, nullptr));
  };
  all["pivot_root"] = [](const Ground&) {
    return past_the_gate(::syscall(SYS_pivot_root, "/nowhere", "/no"));
  };
  all["chroot"] = [](const Ground&) { return past_the_gate(::chroot("/nowhere")); };
  all["open_tree"] = [](const Ground&) {
    return past_the_gate(::syscall(SYS_open_tree, AT_FDCWD, "/", 1 /* OPEN_TREE_CLONE */));
  };
  all["fsopen"] = [](const Ground&) { return past_the_gate(::syscall(SYS_fsopen, "tmpfs", 0)); };
  all["move_mount"] = [](const Ground&) {
    return past_the_gate(::syscall(SYS_move_mount, AT_FDCWD, "/nowhere", AT_FDCWD, "/no", 0));
  };
}

void add_namespaces(Attempts& all) {
  all["unshare_user"] = [](const Ground&) { return new_namespace(CLONE_NEWUSER); };
  all["unshare_mount"] = [](const Ground&) { return new_namespace(CLONE_NEWUSER | CLONE_NEWNS); };
  all["clone_user"] = [](const Ground&) {
    const long child = ::syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, nullptr, nullptr, nullptr, nullptr);
    if (child == 0) ::_exit(0);
    return past_the_gate(child);
  };
  all["clone3_user"] = [](const Ground&) {
    struct {
      uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
    } how{};
    how.flags = CLONE_NEWUSER;
    how.exit_signal = SIGCHLD;
    const long child = ::syscall(SYS_clone3, &how, sizeof how);
    if (child == 0) ::_exit(0);
    return past_the_gate(child);
  };
  all["setns"] = [](const Ground& g) {
    const int there = ::open(("/proc/" + g["victim"] + "/ns/mnt").c_str(), O_RDONLY | O_CLOEXEC);
    if (there < 0) return refused(errno);
    return past_the_gate(::setns(there, CLONE_NEWNS));
  };
}

void add_calls(Attempts& all) {
  all["add_key"] = [](const Ground&) {
    return past_the_gate(::syscall(SYS_add_key, "user", "redteam", "x", 1, -1 /* thread keyring */));
  };
  all["keyctl"] = [](const Ground&) { return past_the_gate(::syscall(SYS_keyctl, 0, -3, 0)); };
  all["bpf"] = [](const Ground&) {
    bpf_attr attr{};
    attr.map_type = BPF_MAP_TYPE_ARRAY;
    attr.key_size = 4;
    attr.value_size = 4;
    attr.max_entries = 1;
    return past_the_gate(::syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof attr));
  };
  all["perf_event_open"] = [](const Ground&) {
    perf_event_attr attr{};
    attr.type = PERF_TYPE_SOFTWARE;
    attr.size = sizeof attr;
    attr.config = PERF_COUNT_SW_CPU_CLOCK;
    attr.exclude_kernel = 1;
    return past_the_gate(::syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0));
  };
  all["userfaultfd"] = [](const Ground&) {
    return past_the_gate(::syscall(SYS_userfaultfd, O_CLOEXEC | UFFD_USER_MODE_ONLY));
  };
  all["io_uring"] = [](const Ground&) {
    io_uring_params params{};
    return past_the_gate(::syscall(SYS_io_uring_setup, 4, &params));
  };
  all["kexec"] = [](const Ground&) { return past_the_gate(::syscall(SYS_kexec_load, 0, 0, nullptr, 0)); };
  all["load_module"] = [](const Ground&) { return past_the_gate(::syscall(SYS_init_module, "junk", 4, "")); };
  all["kernel_log"] = [](const Ground&) { return past_the_gate(::klogctl(10, nullptr, 0)); };
  all["set_clock"] = [](const Ground&) {
    return past_the_gate(::syscall(SYS_settimeofday, nullptr, nullptr));
  };
  all["set_host_name"] = [](const Ground&) {
    char name[256] = {};
    ::gethostname(name, sizeof name - 1);
    return past_the_gate(::sethostname(name, std::strlen(name)));
  };
  all["accounting"] = [](const Ground&) { return past_the_gate(::syscall(SYS_acct, "/nowhere")); };
  all["swapon"] = [](const Ground&) { return past_the_gate(::syscall(SYS_swapon, "/nowhere", 0)); };
  all["io_ports"] = [](const Ground&) { return past_the_gate(::syscall(SYS_iopl, 0)); };
  all["quota"] = [](const Ground&) {
    return past_the_gate(::syscall(SYS_quotactl, 0x80000100 /* Q_SYNC */, "/nowhere", 0, nullptr));
  };
  // By the calls of 32-bit programs, which a filter may have forgotten: 52 is umount2 there.
  all["old_calls"] = [](const Ground&) {
    long result = 52;
    static char nowhere[] = "/nowhere";
    void* low = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
    std::memcpy(low, nowhere, sizeof nowhere);
    __asm__ volatile("int $0x80" : "+a"(result) : "b"(low), "c"(0) : "memory", "r8", "r9", "r10", "r11");
    errno = result < 0 ? static_cast<int>(-result) : 0;
    return past_the_gate(result);
  };
  all["x32_calls"] = [](const Ground&) {
    return past_the_gate(::syscall(SYS_umount2 | 0x40000000, "/nowhere", 0));
  };
}

// Only ever where a reboot ends a namespace and no machine.
std::string reboot_here() {
  const long result =
      ::syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_RESTART, nullptr);
  return past_the_gate(result);
}

void add_power(Attempts& all) {
  all["reboot"] = [](const Ground& g) {
    if (g.is_in_own_pid_namespace()) return reboot_here();
    if (!enter_namespaces(CLONE_NEWPID)) return refused(errno);
    const pid_t child = ::fork();
    if (child == 0) ::_exit(::getpid() == 1 && reboot_here().starts_with("reached") ? 0 : 1);
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFSIGNALED(status) ? reached() : refused(EPERM);
  };
  all["setuid_program"] = [](const Ground&) {
    // Its rights are seen from outside while it waits for a password.
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return refused(errno);
    const pid_t child = ::fork();
    if (child == 0) {
      ::dup2(ends[0], 0);
      const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
      ::dup2(nowhere, 1);
      ::dup2(nowhere, 2);
      ::execl("/bin/su", "su", "root", nullptr);
      ::_exit(127);
    }
    std::string status;
    for (int i = 0; i < 20 && status.find("Name:\tsu\n") == std::string::npos; ++i) {
      ::usleep(5000);
      status = slurp("/proc/" + std::to_string(child) + "/status");
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    const size_t at = status.find("\nUid:\t");
    int real = -1;
    int effective = -1;
    if (at != std::string::npos) std::sscanf(status.c_str() + at, "\nUid:\t%d\t%d", &real, &effective);
    return effective == 0 ? reached() : refused(EPERM);
  };
  all["become_root"] = [](const Ground&) { return ::setuid(0) == 0 ? reached() : refused(errno); };
  all["capabilities"] = [](const Ground&) {
    const std::string status = slurp("/proc/self/status");
    return status.find("CapEff:\t0000000000000000") == std::string::npos ? reached() : refused(EPERM);
  };
}

}  // namespace

void add_kernel(Attempts& attempts) {
  add_mounts(attempts);
  add_namespaces(attempts);
  add_calls(attempts);
  add_power(attempts);
}

}  // namespace pianola::redteam
