// What a worker does to its own clone: programs in its configuration, and shapes that git does not expect.
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "test/redteam/hostile/ground.h"
#include "test/redteam/planted.h"

namespace pianola::redteam {
namespace {

std::string told(int result) { return result == 0 ? reached() : refused(errno); }

void put_program(const std::string& path, const std::string& canaries, const std::string& name) {
  put_file(path, "#!/bin/sh\ntouch " + canaries + "/" + name + "\n", 0755);
}

void plant_config(const std::string& git_dir, const std::string& canaries) {
  for (const std::string& name : planted_programs) put_program(git_dir + "/evil/" + name, canaries, name);
  for (const std::string& hook : planted_hooks)
    put_program(git_dir + "/evil-hooks/" + hook, canaries, "hook." + hook);
  // Where a push comes in, hooks are looked for from the git directory.
  shell("mkdir -p " + git_dir + "/.git && ln -s ../evil-hooks " + git_dir + "/.git/evil-hooks");
  put_file(git_dir + "/evil/include", with_canaries(planted_include, canaries), 0644);
  put_file(git_dir + "/evil/include-if", with_canaries(planted_include_if, canaries), 0644);
  append_to(git_dir + "/config", with_canaries(planted_config, canaries));
}

// A git directory somewhere else, whose configuration runs a program at every look at the index.
std::string evil_git_dir(const std::string& at, const std::string& canary) {
  shell("cp -a .git " + at);
  append_to(at + "/config", "[core]\n\tfsmonitor = \"touch " + canary + "; false\"\n");
  return at;
}

void add_plants(Attempts& all) {
  // Work that is committed, attributes that call every filter and driver, changes left behind; then the keys.
  all["plant"] = [](const Ground& g) {
    shell(
        "printf '*.one filter=one diff=one\\n*.two filter=two diff=two\\n*.three filter=three\\n"
        "merge.txt merge=one\\n' > .gitattributes; for f in a.one a.two a.three merge.txt work.txt; do "
        "echo start > $f; done; git config user.name Eve; git config user.email eve@localhost; "
        "git add -A >/dev/null; git commit -q -m work; for f in a.one a.two a.three; do echo more >> $f; "
        "done");
    plant_config(".git", g.path("canaries"));
    return reached();
  };
  all["carry_out"] = [](const Ground& g) {
    return told(shell("cp -a . " + g.path("outside/$PIANOLA_TASK")));
  };
}

void add_shapes(Attempts& all) {
  all["shape_git_file"] = [](const Ground& g) {
    const std::string evil = evil_git_dir(
        ::access(g.path("outside").c_str(), W_OK) == 0 ? g.path("outside/evil_file") : "/tmp/evil_file",
        g.path("canaries/shape_git_file"));
    shell("rm -rf .git");
    return put_file(".git", "gitdir: " + evil + "\n");
  };
  all["shape_commondir"] = [](const Ground& g) {
    evil_git_dir("evil-common", g.path("canaries/shape_commondir"));
    return put_file(".git/commondir", "../evil-common\n");
  };
  all["shape_git_link"] = [](const Ground& g) {
    shell("rm -rf .git");
    return told(::symlink(g["hub"].c_str(), ".git"));
  };
  all["shape_refs_link"] = [](const Ground& g) {
    shell("rm -rf .git/refs .git/packed-refs; echo ref: refs/heads/main > .git/HEAD");
    return told(::symlink(g.hub("refs").c_str(), ".git/refs"));
  };
  all["shape_objects_link"] = [](const Ground& g) {
    shell("rm -rf .git/objects");
    return told(::symlink(g.hub("objects").c_str(), ".git/objects"));
  };
  all["shape_head_fifo"] = [](const Ground&) {
    ::unlink(".git/HEAD");
    return told(::mkfifo(".git/HEAD", 0666));
  };
  all["shape_config_fifo"] = [](const Ground&) {
    ::unlink(".git/config");
    return told(::mkfifo(".git/config", 0666));
  };
  all["shape_index_fifo"] = [](const Ground&) {
    ::unlink(".git/index");
    return told(::mkfifo(".git/index", 0666));
  };
  // Another repository's objects, and a branch that names one of its commits.
  all["shape_alternates"] = [](const Ground& g) {
    append_to(".git/objects/info/alternates", g.path("second/.git/objects") + "\n");
    shell("git symbolic-ref HEAD > head-name");
    return put_file(".git/" + slurp("head-name").substr(0, slurp("head-name").find('\n')),
                    g["second_commit"] + "\n");
  };
  all["shape_nested"] = [](const Ground& g) {
    shell("git init -q sub; git -C sub -c user.name=E -c user.email=e@l commit -q --allow-empty -m sub");
    return append_to("sub/.git/config",
                     "[core]\n\tfsmonitor = \"touch " + g.path("canaries/shape_nested") + "; false\"\n");
  };
  all["shape_worktree_key"] = [](const Ground& g) {
    return append_to(".git/config", "[core]\n\tworktree = " + g.path("outside/worktree") + "\n");
  };
  all["shape_links_in_work"] = [](const Ground& g) {
    shell("ln -s " + g.path("home/linked-secret.txt") + " linked.txt; ln -s /etc/passwd passwd; ln -s " +
          g["hub"] + " hub; ln -s ../../../home up; ln -s " + g.path("outside") + " out");
    return reached();
  };
}

}  // namespace

void add_own_git(Attempts& attempts) {
  add_plants(attempts);
  add_shapes(attempts);
}

}  // namespace pianola::redteam
