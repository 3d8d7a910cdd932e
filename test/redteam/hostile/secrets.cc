// Reading what is none of the worker's business.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "test/redteam/hostile/ground.h"

namespace pianola::redteam {
namespace {

// Every secret that `file` of any process shows: another scene on this machine has its own.
std::string search_processes(const std::string& file) {
  std::string all;
  DIR* folder = ::opendir("/proc");
  if (folder == nullptr) return refused(errno);
  const std::string own = std::to_string(::getpid());
  while (const dirent* entry = ::readdir(folder)) {
    const std::string name = entry->d_name;
    if (name.find_first_not_of("0123456789") != std::string::npos || name == own) continue;
    const std::string said = read_secret("/proc/" + name + file);
    if (said.starts_with("reached") && all.find(said) == std::string::npos) all += said + " ";
  }
  ::closedir(folder);
  return all.empty() ? refused(ENOENT) : all;
}

void add_user_files(Attempts& all) {
  all["read_ssh_key"] = [](const Ground& g) { return read_secret(g.path("home/.ssh/id_ed25519")); };
  all["read_netrc"] = [](const Ground& g) { return read_secret(g.path("home/.netrc")); };
  all["read_aws"] = [](const Ground& g) { return read_secret(g.path("home/.aws/credentials")); };
  all["read_agent_login"] = [](const Ground& g) {
    return read_secret(g.path("home/.claude/.credentials.json"));
  };
  all["read_other_user"] = [](const Ground& g) { return read_secret(g.path("home2/bob/private.txt")); };
  all["read_uncommitted"] = [](const Ground& g) { return read_secret(g.path("repo/notes.txt")); };
  all["read_second_repository"] = [](const Ground& g) { return read_secret(g.path("second/secret.txt")); };
  all["read_other_clone"] = [](const Ground& g) { return read_secret(g["other_clone"] + "/secret.txt"); };
  all["read_tmp"] = [](const Ground& g) { return read_secret(g["tmp_shared"] + "/secret.txt"); };
  all["read_shm"] = [](const Ground& g) { return read_secret(g["shm_shared"] + "/secret.txt"); };
  all["read_hub_config"] = [](const Ground& g) { return read_secret(g.hub("config")); };
  all["read_shadow"] = [](const Ground&) {
    const std::string bytes = slurp("/etc/shadow");
    return bytes.empty() ? refused(errno) : reached();
  };
  all["see_names"] = [](const Ground& g) {
    struct stat status {};
    return ::stat(g.path("home/.ssh/id_ed25519").c_str(), &status) == 0 ? reached() : refused(errno);
  };
  all["list_home"] = [](const Ground& g) {
    DIR* folder = ::opendir(g.path("home").c_str());
    if (folder == nullptr) return refused(errno);
    ::closedir(folder);
    return reached();
  };
}

void add_state_files(Attempts& all) {
  all["read_plan"] = [](const Ground& g) { return read_secret(g.hub("pianola/runs/r1/plan.yaml")); };
  all["read_journal"] = [](const Ground& g) {
    return read_secret(g.hub("pianola/runs/r1/journal/00000001.jsonl"));
  };
  all["read_output"] = [](const Ground& g) {
    return read_secret(g.hub("pianola/runs/r1/attempts/fails.1/out"));
  };
  all["read_prompt"] = [](const Ground& g) {
    return read_secret(g.hub("pianola/runs/r1/attempts/fails.1/prompt.md"));
  };
}

void add_proc(Attempts& all) {
  all["proc_environ"] = [](const Ground&) { return search_processes("/environ"); };
  all["proc_cmdline"] = [](const Ground&) { return search_processes("/cmdline"); };
  all["proc_cwd"] = [](const Ground&) { return search_processes("/cwd/victims-secret.txt"); };
  all["proc_fd"] = [](const Ground& g) { return read_secret("/proc/" + g["victim"] + "/fd/9"); };
  all["proc_root"] = [](const Ground& g) {
    return search_processes("/root" + g.path("home/.ssh/id_ed25519"));
  };
  all["proc_one_root"] = [](const Ground& g) {
    return read_secret("/proc/1/root" + g.path("home/.ssh/id_ed25519"));
  };
  all["proc_mem"] = [](const Ground& g) {
    const int file = ::open(("/proc/" + g["victim"] + "/mem").c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return refused(errno);
    char bytes[128] = {};
    const auto at = static_cast<off_t>(std::strtoull(g["victim_memory"].c_str(), nullptr, 16));
    if (::pread(file, bytes, sizeof bytes - 1, at) <= 0) return refused(errno);
    return tell_secret(bytes);
  };
  all["proc_map_files"] = [](const Ground& g) {
    if (!g.sees_victim()) return refused(ESRCH);
    DIR* folder = ::opendir(("/proc/" + g["victim"] + "/map_files").c_str());
    if (folder == nullptr) return refused(errno);
    bool is_any = false;  // the two that every folder has are given even where the rest is refused
    while (const dirent* entry = ::readdir(folder)) is_any = is_any || entry->d_name[0] != '.';
    ::closedir(folder);
    return is_any ? reached() : refused(EACCES);
  };
}

}  // namespace

void add_secrets(Attempts& attempts) {
  add_user_files(attempts);
  add_state_files(attempts);
  add_proc(attempts);
}

}  // namespace pianola::redteam
