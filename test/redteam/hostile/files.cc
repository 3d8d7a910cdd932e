// Files of the user, by their path: HOME, the checkout, other workers' clones, anything.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "test/redteam/hostile/ground.h"

namespace pianola::redteam {
namespace {

std::string told(int result) { return result == 0 ? reached() : refused(errno); }

void add_writes(Attempts& all) {
  all["home_bashrc"] = [](const Ground& g) { return append_to(g.path("home/.bashrc")); };
  all["home_ssh_authorized"] = [](const Ground& g) { return append_to(g.path("home/.ssh/authorized_keys")); };
  all["home_gitconfig"] = [](const Ground& g) { return append_to(g.path("home/.gitconfig")); };
  all["home_autostart"] = [](const Ground& g) {
    return put_file(g.path("home/.config/autostart/evil.desktop"), mark);
  };
  all["checkout_overwrite"] = [](const Ground& g) { return put_file(g.path("repo/notes.txt"), mark); };
  all["checkout_add"] = [](const Ground& g) { return put_file(g.path("repo/evil.txt"), mark); };
  all["checkout_delete"] = [](const Ground& g) { return told(::unlink(g.path("repo/kept.txt").c_str())); };
  all["other_clone_file"] = [](const Ground& g) { return put_file(g["other_clone"] + "/evil.txt", mark); };
  all["other_clone_config"] = [](const Ground& g) { return append_to(g["other_clone"] + "/.git/config"); };
  all["other_clone_head"] = [](const Ground& g) {
    return put_file(g["other_clone"] + "/.git/HEAD", "ref: refs/heads/evil\n");
  };
  all["other_clone_chmod"] = [](const Ground& g) {
    return told(::chmod((g["other_clone"] + "/agent.sh").c_str(), 0704));
  };
  all["other_home"] = [](const Ground& g) { return put_file(g["other_clone"] + ".home/evil", mark); };
  all["other_base"] = [](const Ground& g) { return append_to(g["other_clone"] + ".base"); };
  all["second_repository"] = [](const Ground& g) { return append_to(g.path("second/.git/config")); };
}

void add_changes(Attempts& all) {
  all["outside_chmod"] = [](const Ground& g) { return told(::chmod(g.path("outside/chmod").c_str(), 0604)); };
  all["outside_chmod_folder"] = [](const Ground& g) {
    return told(::chmod(g.path("outside/chmod_folder").c_str(), 0705));
  };
  all["outside_chown"] = [](const Ground& g) {
    return told(::chown(g.path("outside/chown").c_str(), 12, 12));
  };
  all["outside_utimes"] = [](const Ground& g) {
    const timeval times[2] = {{1000, 0}, {1000, 0}};
    return told(::utimes(g.path("outside/utimes").c_str(), times));
  };
  all["outside_setxattr"] = [](const Ground& g) {
    return told(::setxattr(g.path("outside/setxattr").c_str(), "user.evil", mark, 4, 0));
  };
  all["outside_truncate"] = [](const Ground& g) {
    return told(::truncate(g.path("outside/truncate").c_str(), 0));
  };
  all["outside_rename"] = [](const Ground& g) {
    return told(::rename(g.path("outside/rename").c_str(), g.path("outside/renamed").c_str()));
  };
  all["outside_mkdir"] = [](const Ground& g) { return told(::mkdir(g.path("outside/mkdir").c_str(), 0755)); };
  all["outside_rmdir"] = [](const Ground& g) { return told(::rmdir(g.path("outside/rmdir").c_str())); };
  all["outside_unlink"] = [](const Ground& g) { return told(::unlink(g.path("outside/unlink").c_str())); };
  all["outside_symlink"] = [](const Ground& g) {
    return told(::symlink("/etc/passwd", g.path("outside/symlink").c_str()));
  };
  all["outside_fifo"] = [](const Ground& g) { return told(::mkfifo(g.path("outside/fifo").c_str(), 0666)); };
  all["outside_mapped"] = [](const Ground& g) {
    const int file = ::open(g.path("outside/mapped").c_str(), O_RDWR | O_CLOEXEC);
    if (file < 0) return refused(errno);
    return ::pwrite(file, mark, 4, 0) == 4 ? reached() : refused(errno);
  };
  all["tmp_shared"] = [](const Ground& g) { return append_to(g["tmp_shared"] + "/written"); };
  all["shm_shared"] = [](const Ground& g) { return append_to(g["shm_shared"] + "/written"); };
}

}  // namespace

void add_files(Attempts& attempts) {
  add_writes(attempts);
  add_changes(attempts);
}

}  // namespace pianola::redteam
