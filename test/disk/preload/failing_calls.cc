// For LD_PRELOAD: the n-th call by which pianola changes a file fails, once or from then on. Built for tests
// only. Of the processes of a run it counts the supervisor's calls, those of its keepers or both, never those
// of git, agents and checks, which are started without it.
//
//   PIANOLA_FAULT        "<supervisor|keeper|both> <n> <errno> <once|ever>"; with n = 0 it only counts
//   PIANOLA_FAULT_BELOW  folders, separated by colons; calls elsewhere are left alone
//   PIANOLA_FAULT_COUNT  a file that holds a Counted
#include <dlfcn.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "test/disk/counted.h"

namespace {

using pianola::disk::Counted;

constexpr std::string_view keeper_word = "__keep";
constexpr const char* passed_on[] = {"LD_PRELOAD", "PIANOLA_FAULT", "PIANOLA_FAULT_BELOW",
                                     "PIANOLA_FAULT_COUNT"};

// What the environment asks for. `counted` is null in a process that is not meant.
struct Fault {
  Counted* counted = nullptr;
  uint64_t at = 0;
  int error = EIO;
  bool for_ever = false;
  std::vector<std::string> below;
};

Fault& fault() {
  static Fault one;
  return one;
}

std::string variable(const char* name) {
  const char* value = ::getenv(name);
  return value == nullptr ? "" : value;
}

template <class Function>
Function* next(Function*, const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}
#define NEXT(name) next(static_cast<decltype(::name)*>(nullptr), #name)

__attribute__((constructor)) void read_wish(int argc, char** argv, char**) {
  char who[32];
  char how[32];
  unsigned long long at = 0;
  Fault& wish = fault();
  if (std::sscanf(variable("PIANOLA_FAULT").c_str(), "%31s %llu %d %31s", who, &at, &wish.error, how) != 4)
    return;
  const bool is_keeper = argc > 1 && argv[1] == keeper_word;
  if (who == std::string_view(is_keeper ? "supervisor" : "keeper")) return;
  wish.at = at;
  wish.for_ever = how == std::string_view("ever");
  const std::string folders = variable("PIANOLA_FAULT_BELOW");
  for (size_t from = 0; from < folders.size();) {
    const size_t colon = std::min(folders.find(':', from), folders.size());
    wish.below.push_back(folders.substr(from, colon - from) + "/");
    from = colon + 1;
  }
  const int fd = NEXT(open)(variable("PIANOLA_FAULT_COUNT").c_str(), O_RDWR | O_CLOEXEC);
  if (fd < 0) return;
  void* mapped = ::mmap(nullptr, sizeof(Counted), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  ::close(fd);
  if (mapped != MAP_FAILED) wish.counted = static_cast<Counted*>(mapped);
}

bool is_below(const std::string& path) {
  for (const std::string& folder : fault().below) {
    if ((path + "/").starts_with(folder)) return true;
  }
  return false;
}

// True when this call, of `name` on `path`, is to fail; errno is set then.
bool fails(const char* name, const std::string& path) {
  const Fault& wish = fault();
  if (wish.counted == nullptr || wish.counted->works_again || !is_below(path)) return false;
  const uint64_t number = ++wish.counted->calls;
  if (wish.at == 0 || (wish.for_ever ? number < wish.at : number != wish.at)) return false;
  if (++wish.counted->failed == 1)
    std::snprintf(wish.counted->first, sizeof wish.counted->first, "%s %s", name, path.c_str());
  errno = wish.error;
  return true;
}

// Sockets, pipes and files in memory have no path below anything.
bool fails(const char* name, int fd) {
  if (fault().counted == nullptr) return false;
  const int before = errno;
  char path[4096];
  const std::string link = "/proc/self/fd/" + std::to_string(fd);
  const ssize_t got = ::readlink(link.c_str(), path, sizeof path);
  errno = before;
  return got > 0 && fails(name, std::string(path, static_cast<size_t>(got)));
}

bool fails_at(const char* name, int folder, const char* path) {
  if (path[0] == '/') return fails(name, std::string(path));
  return folder != AT_FDCWD && fails(name, folder);
}

char** with_ourselves(char* const* env, std::vector<std::string>& kept, std::vector<char*>& pointers) {
  for (const char* name : passed_on) kept.push_back(std::string(name) + "=" + variable(name));
  for (; *env != nullptr; ++env) pointers.push_back(*env);
  for (std::string& line : kept) pointers.push_back(line.data());
  pointers.push_back(nullptr);
  return pointers.data();
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  if ((flags & O_CREAT) != 0 && fails_at("open", AT_FDCWD, path)) return -1;
  return NEXT(open)(path, flags, mode);
}

int openat(int folder, const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  if ((flags & O_CREAT) != 0 && fails_at("openat", folder, path)) return -1;
  return NEXT(openat)(folder, path, flags, mode);
}

ssize_t write(int fd, const void* bytes, size_t size) {
  return fails("write", fd) ? -1 : NEXT(write)(fd, bytes, size);
}

ssize_t writev(int fd, const iovec* parts, int count) {
  return fails("writev", fd) ? -1 : NEXT(writev)(fd, parts, count);
}

ssize_t pwrite(int fd, const void* bytes, size_t size, off_t at) {
  return fails("pwrite", fd) ? -1 : NEXT(pwrite)(fd, bytes, size, at);
}

int fsync(int fd) { return fails("fsync", fd) ? -1 : NEXT(fsync)(fd); }

int fdatasync(int fd) { return fails("fdatasync", fd) ? -1 : NEXT(fdatasync)(fd); }

int ftruncate(int fd, off_t size) noexcept { return fails("ftruncate", fd) ? -1 : NEXT(ftruncate)(fd, size); }

int fallocate(int fd, int mode, off_t from, off_t size) {
  return fails("fallocate", fd) ? -1 : NEXT(fallocate)(fd, mode, from, size);
}

int posix_fallocate(int fd, off_t from, off_t size) {
  return fails("posix_fallocate", fd) ? errno : NEXT(posix_fallocate)(fd, from, size);
}

int rename(const char* from, const char* to) noexcept {
  return fails_at("rename", AT_FDCWD, to) ? -1 : NEXT(rename)(from, to);
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned int flags) noexcept {
  return fails_at("renameat2", to_folder, to) ? -1 : NEXT(renameat2)(from_folder, from, to_folder, to, flags);
}

int mkdir(const char* path, mode_t mode) noexcept {
  return fails_at("mkdir", AT_FDCWD, path) ? -1 : NEXT(mkdir)(path, mode);
}

// A keeper is given a small environment: the library goes with it all the same.
int posix_spawn(pid_t* pid, const char* path, const posix_spawn_file_actions_t* actions,
                const posix_spawnattr_t* attributes, char* const* argv, char* const* env) {
  std::vector<std::string> kept;
  std::vector<char*> pointers;
  const bool is_keeper = argv[0] != nullptr && argv[1] != nullptr && argv[1] == keeper_word;
  if (is_keeper) env = with_ourselves(env, kept, pointers);
  return NEXT(posix_spawn)(pid, path, actions, attributes, argv, env);
}

}  // extern "C"
