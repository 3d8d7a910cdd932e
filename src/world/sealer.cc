#include "world/sealer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <map>
#include <string_view>

#include "base/text.h"
#include "world/files.h"
#include "world/git_borrowed.h"
#include "world/landlock.h"

namespace pianola::world {
namespace {

namespace fs = std::filesystem;

constexpr const char* unprivileged_user = "nobody";
constexpr size_t first_line_bytes = 256;

// No secrets, no sockets, nothing that names this machine's users' programs to run.
constexpr std::array etc_names{"alternatives",
                               "ca-certificates",
                               "ca-certificates.conf",
                               "crypto-policies",
                               "debian_version",
                               "default/locale",
                               "fonts",
                               "group",
                               "host.conf",
                               "hosts",
                               "ld.so.cache",
                               "ld.so.conf",
                               "ld.so.conf.d",
                               "ld.so.preload",
                               "locale.alias",
                               "locale.conf",
                               "localtime",
                               "login.defs",
                               "magic",
                               "magic.mime",
                               "mailcap",
                               "mime.types",
                               "nsswitch.conf",
                               "os-release",
                               "passwd",
                               "perl",
                               "pki",
                               "profile",
                               "protocols",
                               "python3",
                               "python3.11",
                               "resolv.conf",
                               "rpc",
                               "services",
                               "shells",
                               "ssl/certs",
                               "ssl/openssl.cnf",
                               "terminfo",
                               "timezone",
                               "xdg",
                               "java-17-openjdk",
                               "gai.conf"};

constexpr std::array root_names{"bin", "sbin", "lib", "lib32", "lib64", "libx32"};
constexpr std::array more_folders{"/usr", "/opt", "/nix/store"};

std::string find_on(const std::string& path, const std::string& name) {
  for (std::string_view rest = path; !rest.empty();) {
    const std::string_view entry = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(entry.size() + 1, rest.size()));
    const std::string candidate = std::string(entry) + "/" + name;
    if (entry.starts_with('/') && is_executable(candidate)) return candidate;
  }
  return "";
}

void add_system(Sealer& sealer) {
  for (const char* folder : more_folders) {
    if (exists(folder)) sealer.system.push_back({folder, folder});
  }
  for (const char* name : root_names) {
    const std::string place = std::string("/") + name;
    std::error_code failure;
    const fs::path target = fs::read_symlink(place, failure);
    if (!failure) {
      sealer.links.emplace_back(target.string(), place);
    } else if (exists(place)) {
      sealer.system.push_back({place, place});
    }
  }
  for (const char* name : etc_names) {
    const std::string place = std::string("/etc/") + name;
    if (exists(place)) sealer.system.push_back({place, place});
  }
}

bool is_in_system(const std::string& path, const Sealer& sealer) {
  return !visible_path(path, sealer, {}).empty();
}

// The node_modules that a package lies in, so that it finds what it was installed with; else the file.
std::string package_of(const std::string& file) {
  for (fs::path folder = fs::path(file).parent_path(); folder.has_relative_path();
       folder = folder.parent_path()) {
    if (folder.filename() == "node_modules") return folder.string();
  }
  return file;
}

// The program that the first line of a script names, as it is found on `path`.
std::string interpreter_of(const std::string& file, const std::string& path) {
  const Fd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, first_line_bytes> bytes{};
  const ssize_t got = fd ? ::read(fd.get(), bytes.data(), bytes.size()) : -1;
  if (got <= 2) return "";
  std::string_view line(bytes.data(), static_cast<size_t>(got));
  if (!line.starts_with("#!")) return "";
  line = line.substr(2, line.find('\n') - 2);
  std::vector<std::string> words;
  while (!line.empty()) {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    const std::string_view word = line.substr(0, line.find_first_of(" \t"));
    if (!word.empty()) words.emplace_back(word);
    line.remove_prefix(word.size());
  }
  if (words.empty()) return "";
  if (!words.front().ends_with("/env")) return words.front();
  const auto named = std::find_if(words.begin() + 1, words.end(), [](const std::string& word) {
    return !word.starts_with('-') && word.find('=') == std::string::npos;
  });
  return named == words.end() ? "" : find_on(path, *named);
}

// <prefix>/bin/node needs <prefix>/lib.
std::string prefix_of(const std::string& program) {
  const fs::path folder = fs::path(program).parent_path();
  const fs::path prefix = folder.parent_path();
  const bool is_home = prefix.parent_path() == "/home" || prefix == "/root";
  const bool is_hidden =
      prefix.filename().string().starts_with('.');  // ~/.local, ~/.cargo: more than programs
  const bool is_installed =
      folder.filename() == "bin" && prefix.has_relative_path() && !is_home && !is_hidden;
  return is_installed ? prefix.string() : program;
}

void add_bind(std::vector<Bind>& binds, const std::string& path, const Sealer& sealer) {
  const Bind bind{path, path};
  if (path.empty() || is_in_system(path, sealer)) return;
  if (std::find(binds.begin(), binds.end(), bind) == binds.end()) binds.push_back(bind);
}

// Started as root, nobody does the work.
Result<void> choose_worker(Sealer& sealer) {
  sealer.uid = ::geteuid();
  sealer.gid = ::getegid();
  sealer.is_root = sealer.uid == 0;
  if (!sealer.is_root) return {};
  const passwd* nobody = ::getpwnam(unprivileged_user);
  if (nobody == nullptr || nobody->pw_uid == 0 || nobody->pw_gid == 0) {
    return refuse(Error{ErrorKind::missing, unprivileged_user, "there is no such user",
                        "somebody without rights to be instead of root", "start pianola as yourself"});
  }
  sealer.uid = nobody->pw_uid;
  sealer.gid = nobody->pw_gid;
  return {};
}

}  // namespace

Result<Sealer> find_sealer(const SealerOptions& options) {
  Sealer sealer{.bwrap = find_on(options.path, "bwrap"), .self = options.self};
  if (sealer.bwrap.empty()) {
    return refuse(Error{ErrorKind::missing, "bubblewrap", "bwrap is not on PATH", "version 0.8 or later",
                        "apt-get install bubblewrap"});
  }
  TRY(choose_worker(sealer));
  add_system(sealer);
  return sealer;
}

Result<Sealer> find_landlock(const SealerOptions& options) {
  const int abi = landlock_abi();
  if (abi < landlock_abi_needed) {
    return refuse(Error{ErrorKind::missing, "landlock",
                        abi == 0 ? "this kernel has none" : "this kernel has too little of it",
                        "Linux 5.19 or later, with landlock among its lsm=", ""});
  }
  Sealer sealer{.bwrap = "", .self = options.self};
  TRY(choose_worker(sealer));
  add_system(sealer);
  return sealer;
}

std::vector<Bind> program_binds(const std::vector<std::string>& argv, const std::string& path,
                                const Sealer& sealer) {
  std::vector<Bind> binds;
  for (const std::string& word : argv) {
    if (!word.starts_with('/') || !exists(word)) continue;
    struct stat status {};
    if (::stat(word.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) continue;
    const std::string real = real_path(word);
    if (&word == &argv.front()) {
      const std::string interpreter = interpreter_of(real, path);
      if (!interpreter.empty()) {
        const std::string real_interpreter = real_path(interpreter);
        if (!is_in_system(real_interpreter, sealer)) add_bind(binds, prefix_of(real_interpreter), sealer);
      }
      if (!is_in_system(real, sealer)) add_bind(binds, package_of(real), sealer);
    }
    add_bind(binds, word, sealer);
  }
  return binds;
}

std::string path_to_interpreter(const std::string& program, const std::string& path, const Sealer& sealer) {
  const fs::path found = interpreter_of(real_path(program), path);
  const fs::path real = real_path(found.string());
  const bool is_linked = !found.empty() && real != found && real.filename() == found.filename();
  return is_linked && !is_in_system(real.string(), sealer) ? real.parent_path().string() + ":" + path : path;
}

std::vector<Bind> object_binds(const std::string& git_dir) {
  const std::string objects = git_dir + "/objects";
  std::vector<Bind> binds{{objects, objects}};
  for (const std::string& borrowed : borrowed_objects(objects)) {
    if (exists(borrowed)) binds.push_back({borrowed, borrowed});
  }
  return binds;
}

Result<void> copy_entries(const std::string& from, const std::string& to,
                          const std::vector<std::string>& names) {
  TRY(make_dirs(to));
  for (const std::string& name : names) {
    const std::string source = from + "/" + name;
    if (!exists(source)) continue;
    TRY(make_dirs(fs::path(to + "/" + name).parent_path().string()));
    std::error_code failure;
    const fs::path real = fs::canonical(source, failure);
    if (!failure) {
      fs::copy(real, to + "/" + name,
               fs::copy_options::recursive | fs::copy_options::overwrite_existing |
                   fs::copy_options::skip_symlinks,
               failure);
    }
    if (failure) return refuse(system_error(source, failure.value()));
  }
  return {};
}

bool is_workers(const std::string& path, const Sealer& sealer) {
  struct stat status {};
  return !sealer.is_root || (::lstat(path.c_str(), &status) == 0 && status.st_uid == sealer.uid);
}

Result<void> give_to_worker(const std::string& path, const Sealer& sealer) {
  if (!sealer.is_root) return {};
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return refuse(system_error(path, errno));
  std::error_code failure;
  if (S_ISDIR(status.st_mode)) {
    for (fs::recursive_directory_iterator at(path, failure), end; !failure && at != end;
         at.increment(failure)) {
      if (::lchown(at->path().c_str(), sealer.uid, sealer.gid) != 0)
        return refuse(system_error(at->path(), errno));
    }
    if (failure) return refuse(system_error(path, failure.value()));
  }
  // The folder itself last: it tells that all in it is done.
  if (::lchown(path.c_str(), sealer.uid, sealer.gid) != 0) return refuse(system_error(path, errno));
  return {};
}

}  // namespace pianola::world
