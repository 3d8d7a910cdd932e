// To files outside by another way than their path: links, /proc, descriptors, handles, mounts, devices.
#include <dirent.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "test/redteam/hostile/ground.h"

namespace pianola::redteam {
namespace {

std::string told(int result) { return result == 0 ? reached() : refused(errno); }

void add_links(Attempts& all) {
  all["symlink_write"] = [](const Ground& g) {
    if (::symlink(g.path("outside/by_symlink").c_str(), "link-out") != 0) return refused(errno);
    return append_to("link-out");
  };
  all["symlink_folder_write"] = [](const Ground& g) {
    if (::symlink(g.path("outside").c_str(), "link-folder") != 0) return refused(errno);
    return append_to("link-folder/by_folder_link");
  };
  all["symlink_read"] = [](const Ground& g) {
    if (::symlink(g.path("home/.ssh/id_ed25519").c_str(), "link-secret") != 0) return refused(errno);
    return read_secret("link-secret");
  };
  all["symlink_hub"] = [](const Ground& g) {
    if (::symlink(g["hub"].c_str(), "link-hub") != 0) return refused(errno);
    return append_to("link-hub/config", "[evil]\n");
  };
  all["dot_dot"] = [](const Ground& g) {
    std::string up = "..";
    for (int i = 0; i < 30; ++i) up += "/..";
    return append_to(up + g.path("outside/by_dot_dot"));
  };
  all["dot_dot_near"] = [](const Ground&) { return append_to("../../../outside/by_dot_dot_near"); };
  all["hard_link"] = [](const Ground& g) {
    if (::link(g.path("outside/by_hard_link").c_str(), "hard-link") != 0) return refused(errno);
    return append_to("hard-link");
  };
  all["hard_link_read"] = [](const Ground& g) {
    if (::link(g.path("home/.netrc").c_str(), "hard-secret") != 0) return refused(errno);
    return read_secret("hard-secret");
  };
  all["rename_in"] = [](const Ground& g) {
    return told(::rename(g.path("outside/rename_in").c_str(), "stolen"));
  };
}

void add_proc_ways(Attempts& all) {
  all["proc_self_root"] = [](const Ground& g) {
    return append_to("/proc/self/root" + g.path("outside/by_self_root"));
  };
  all["proc_self_cwd"] = [](const Ground&) {
    return append_to("/proc/self/cwd/../../../outside/by_self_cwd");
  };
  all["proc_parent_root"] = [](const Ground& g) {
    return append_to("/proc/" + std::to_string(::getppid()) + "/root" + g.path("outside/by_parent_root"));
  };
  all["proc_one_cwd"] = [](const Ground& g) {
    return append_to("/proc/1/cwd" + g.path("outside/by_one_cwd"));
  };
  // What stdin is, opened again: the prompt in pianola's state.
  all["stdin_again"] = [](const Ground&) {
    const int file = ::open("/proc/self/fd/0", O_WRONLY | O_CLOEXEC);
    if (file < 0) return refused(errno);
    return ::write(file, mark, std::strlen(mark)) > 0 ? reached() : refused(errno);
  };
  all["stdin_chmod"] = [](const Ground&) { return told(::fchmod(0, 0777)); };
  all["prompt_file"] = [](const Ground&) {
    const char* file = std::getenv("PIANOLA_PROMPT_FILE");
    return file == nullptr ? refused(ENOENT) : append_to(file);
  };
  all["inherited_descriptors"] = [](const Ground&) {
    std::string open_ones;
    for (int fd = 3; fd < 256; ++fd) {
      const int flags = ::fcntl(fd, F_GETFD);
      // Ours are closed on exec, or the pipe of this attempt.
      struct stat status {};
      if (flags < 0 || ::fstat(fd, &status) != 0 || S_ISFIFO(status.st_mode)) continue;
      if ((flags & FD_CLOEXEC) == 0) open_ones += " " + std::to_string(fd);
    }
    return open_ones.empty() ? refused(EBADF) : reached(open_ones);
  };
}

void add_handles(Attempts& all) {
  // open_by_handle_at(2) knows no root: a handle made up or carried in opens any file of the file system.
  all["file_handle"] = [](const Ground& g) {
    struct {
      file_handle handle;
      unsigned char bytes[MAX_HANDLE_SZ];
    } any{};
    any.handle.handle_bytes = MAX_HANDLE_SZ;
    int mount = 0;
    if (::name_to_handle_at(AT_FDCWD, g.path("home/.netrc").c_str(), &any.handle, &mount, 0) != 0)
      return refused(errno);
    const int base = ::open(".", O_RDONLY | O_CLOEXEC);
    const int file = ::open_by_handle_at(base, &any.handle, O_RDONLY | O_CLOEXEC);
    if (file < 0) return refused(errno);
    return read_secret("/proc/self/fd/" + std::to_string(file));
  };
  all["disk_node"] = [](const Ground& g) {
    struct stat status {};
    if (::stat(".", &status) != 0) return refused(errno);
    ::unlink("disk-node");
    if (::mknod("disk-node", S_IFBLK | 0600, status.st_dev) != 0) return refused(errno);
    const int file = ::open("disk-node", O_RDONLY | O_CLOEXEC);
    ::unlink("disk-node");
    char bytes[512];
    if (file < 0 || ::read(file, bytes, sizeof bytes) <= 0) return refused(errno);
    return reached(g["uid"]);
  };
  all["device_node"] = [](const Ground&) {
    ::unlink("kmsg-node");
    const int made = ::mknod("kmsg-node", S_IFCHR | 0600, makedev(1, 11));
    const std::string said = told(made);
    ::unlink("kmsg-node");
    return said;
  };
  all["loop_control"] = [](const Ground&) {
    const int file = ::open("/dev/loop-control", O_RDWR | O_CLOEXEC);
    return file < 0 ? refused(errno) : reached();
  };
  all["loop_device"] = [](const Ground&) {
    const int file = ::open("/dev/loop0", O_RDWR | O_CLOEXEC);
    return file < 0 ? refused(errno) : reached();
  };
  all["kernel_log_device"] = [](const Ground&) {
    const int file = ::open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    return file < 0 ? refused(errno) : reached();
  };
  all["fuse"] = [](const Ground&) {
    const int file = ::open("/dev/fuse", O_RDWR | O_CLOEXEC);
    return file < 0 ? refused(errno) : reached();
  };
  all["memory_device"] = [](const Ground&) {
    const int file = ::open("/dev/mem", O_RDONLY | O_CLOEXEC);
    return file < 0 ? refused(errno) : reached();
  };
  all["kernel_core"] = [](const Ground&) {
    const int file = ::open("/proc/kcore", O_RDONLY | O_CLOEXEC);
    return file < 0 ? refused(errno) : reached();
  };
}

// A setting of the machine written back as it was.
std::string rewrite(const std::string& path) {
  const std::string now = slurp(path);
  if (now.empty()) return refused(errno);
  const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (file < 0) return refused(errno);
  const ssize_t written = ::write(file, now.data(), now.size());
  return written > 0 ? reached() : refused(errno);
}

void add_settings(Attempts& all) {
  all["sys_core_pattern"] = [](const Ground&) { return rewrite("/proc/sys/kernel/core_pattern"); };
  all["sys_hostname"] = [](const Ground&) { return rewrite("/proc/sys/kernel/hostname"); };
  all["sys_swappiness"] = [](const Ground&) { return rewrite("/proc/sys/vm/swappiness"); };
  all["sys_module_setting"] = [](const Ground&) { return rewrite("/sys/module/printk/parameters/time"); };
  all["sys_oom_score"] = [](const Ground& g) {
    // Its own score is the worker's affair; a neighbour's is not.
    if (!g.sees_victim()) return refused(ESRCH);
    return rewrite("/proc/" + g["victim"] + "/oom_score_adj");
  };
  all["sys_cgroup"] = [](const Ground&) {
    std::string groups = slurp("/proc/self/cgroup");
    return ::access("/sys/fs/cgroup", W_OK) == 0 ? reached(groups.substr(0, 40)) : refused(errno);
  };
  all["sysrq"] = [](const Ground&) {
    const int file = ::open("/proc/sysrq-trigger", O_WRONLY | O_CLOEXEC);
    if (file < 0) return refused(errno);
    return ::write(file, "h", 1) == 1 ? reached() : refused(errno);  // prints a help text, no more
  };
}

}  // namespace

void add_detours(Attempts& attempts) {
  add_links(attempts);
  add_proc_ways(attempts);
  add_handles(attempts);
  add_settings(attempts);
}

}  // namespace pianola::redteam
