// Processes of the user: signals, ptrace, their memory, shared memory, terminals.
#include <dirent.h>
#include <fcntl.h>
#include <mqueue.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "test/redteam/hostile/ground.h"

namespace pianola::redteam {
namespace {

void* memory_of(const Ground& g) {
  return reinterpret_cast<void*>(std::strtoull(g["victim_memory"].c_str(), nullptr, 16));
}

std::string told(long result) { return result >= 0 ? reached() : refused(errno); }

void add_memory(Attempts& all) {
  all["ptrace_read"] = [](const Ground& g) {
    if (::ptrace(PTRACE_ATTACH, g.pid("victim"), nullptr, nullptr) != 0) return refused(errno);
    int status = 0;
    ::waitpid(g.pid("victim"), &status, __WALL);
    std::string bytes;
    for (size_t at = 0; at < 64; at += sizeof(long)) {
      const long word =
          ::ptrace(PTRACE_PEEKDATA, g.pid("victim"), static_cast<char*>(memory_of(g)) + at, nullptr);
      bytes.append(reinterpret_cast<const char*>(&word), sizeof word);
    }
    ::ptrace(PTRACE_DETACH, g.pid("victim"), nullptr, nullptr);
    return tell_secret(bytes);
  };
  all["vm_read"] = [](const Ground& g) {
    char bytes[64] = {};
    const iovec here{bytes, sizeof bytes - 1};
    const iovec there{memory_of(g), sizeof bytes - 1};
    if (::process_vm_readv(g.pid("victim"), &here, 1, &there, 1, 0) <= 0) return refused(errno);
    return tell_secret(bytes);
  };
  all["vm_write"] = [](const Ground& g) {
    char bytes[] = "redteam-mark";
    const iovec here{bytes, sizeof bytes};
    const iovec there{static_cast<char*>(memory_of(g)) + 1024, sizeof bytes};
    return told(::process_vm_writev(g.pid("victim"), &here, 1, &there, 1, 0));
  };
  all["proc_mem_write"] = [](const Ground& g) {
    const int file = ::open(("/proc/" + g["victim"] + "/mem").c_str(), O_RDWR | O_CLOEXEC);
    if (file < 0) return refused(errno);
    const auto at = static_cast<off_t>(std::strtoull(g["victim_memory"].c_str(), nullptr, 16)) + 2048;
    return told(::pwrite(file, mark, std::strlen(mark), at));
  };
  all["pidfd_getfd"] = [](const Ground& g) {
    const long victim = ::syscall(SYS_pidfd_open, g.pid("victim"), 0);
    if (victim < 0) return refused(errno);
    const long file = ::syscall(SYS_pidfd_getfd, victim, 9, 0);
    if (file < 0) return refused(errno);
    return read_secret("/proc/self/fd/" + std::to_string(file));
  };
}

void add_signals(Attempts& all) {
  all["kill_victim"] = [](const Ground& g) { return told(::kill(g.pid("kill_victim"), SIGKILL)); };
  all["kill_group"] = [](const Ground& g) { return told(::killpg(g.pid("group_victim"), SIGKILL)); };
  all["queue_signal"] = [](const Ground& g) {
    return told(::sigqueue(g.pid("queue_victim"), SIGKILL, sigval{}));
  };
  all["pidfd_signal"] = [](const Ground& g) {
    const long victim = ::syscall(SYS_pidfd_open, g.pid("pidfd_victim"), 0);
    if (victim < 0) return refused(errno);
    return told(::syscall(SYS_pidfd_send_signal, victim, SIGKILL, nullptr, 0));
  };
  // The keeper names itself on its command line; signal 0 only asks whether it could be sent.
  all["signal_keeper"] = [](const Ground&) {
    std::string last = refused(ESRCH);
    DIR* folder = ::opendir("/proc");
    while (const dirent* entry = folder == nullptr ? nullptr : ::readdir(folder)) {
      const int pid = std::atoi(entry->d_name);
      const std::string words = slurp(std::string("/proc/") + entry->d_name + "/cmdline");
      if (pid > 0 && words.find(std::string("__keep\0", 7)) != std::string::npos && ::kill(pid, 0) == 0)
        last = reached();
    }
    if (folder != nullptr) ::closedir(folder);
    return last;
  };
  all["limit_victim"] = [](const Ground& g) {
    if (!g.sees_victim()) return refused(ESRCH);
    rlimit64 now{};
    return told(::syscall(SYS_prlimit64, g.pid("victim"), 7, nullptr, &now));
  };
}

void add_shared(Attempts& all) {
  all["sysv_memory"] = [](const Ground& g) {
    const int id = ::shmget(std::atoi(g["sysv_key"].c_str()), 0, 0);
    if (id < 0) return refused(errno);
    const void* at = ::shmat(id, nullptr, SHM_RDONLY);
    if (at == reinterpret_cast<void*>(-1)) return refused(errno);
    return tell_secret(static_cast<const char*>(at));
  };
  all["message_queue"] = [](const Ground& g) {
    const mqd_t queue = ::mq_open(g["queue"].c_str(), O_WRONLY | O_NONBLOCK);
    if (queue < 0) return refused(errno);
    return told(::mq_send(queue, "redteam message_queue", 21, 0));
  };
}

void add_terminals(Attempts& all) {
  all["terminal_write"] = [](const Ground& g) {
    const int terminal = ::open(g["terminal"].c_str(), O_WRONLY | O_NOCTTY | O_CLOEXEC);
    if (terminal < 0) return refused(errno);
    return told(::write(terminal, "redteam terminal_write\n", 23));
  };
  all["terminal_type"] = [](const Ground& g) {
    ::setsid();
    const int terminal = ::open(g["terminal"].c_str(), O_RDWR | O_CLOEXEC);
    if (terminal < 0) return refused(errno);
    int result = 0;
    for (const char* at = "redteam terminal_type\n"; *at != 0 && result == 0; ++at)
      result = ::ioctl(terminal, TIOCSTI, at);
    return told(result);
  };
  // On a terminal of its own making: the call itself is refused inside.
  all["terminal_call"] = [](const Ground&) {
    ::setsid();
    const int master = ::posix_openpt(O_RDWR | O_CLOEXEC);
    if (master < 0 || ::grantpt(master) != 0 || ::unlockpt(master) != 0) return refused(errno);
    const int terminal = ::open(::ptsname(master), O_RDWR | O_CLOEXEC);
    if (terminal < 0) return refused(errno);
    return told(::ioctl(terminal, TIOCSTI, "x"));
  };
}

}  // namespace

void add_processes(Attempts& attempts) {
  add_memory(attempts);
  add_signals(attempts);
  add_shared(attempts);
  add_terminals(attempts);
}

}  // namespace pianola::redteam
