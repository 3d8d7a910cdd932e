#include "world/seal_probe.h"

#include <fmt/format.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <string_view>

#include "base/text.h"
#include "world/child.h"
#include "world/files.h"
#include "world/landlock.h"
#include "world/open_attacks.h"
#include "world/tree.h"

namespace pianola::world {
namespace {

namespace fs = std::filesystem;

constexpr int64_t probe_timeout_ms = 10'000;

// Each as sh runs it, and succeeds when the attack does; names of the red team where it has the same one. $T
// is somebody else's folder, open to everybody; $P is us, outside. A process inside may have our number, and
// only `ours` tells it apart; where /proc is not seen there is no inside to have it.
struct Snippet {
  const char* name;
  const char* script;
};
constexpr std::array snippets{
    Snippet{"read_file", "cat $T/file"},
    Snippet{"list_folder", "ls $T"},
    Snippet{"see_names", "test -e $T/file"},
    Snippet{"write_file", "echo x >>$T/file"},
    Snippet{"make_file", "echo x >$T/new"},
    Snippet{"make_folder", "mkdir $T/folder"},
    Snippet{"move_out", "mv $T/file moved"},
    Snippet{"move_in", "echo x >mine; mv mine $T/mine"},
    Snippet{"hard_link", "ln $T/file linked && cat linked"},
    Snippet{"symlink_read", "ln -s $T/file link; cat link"},
    Snippet{"symlink_write", "ln -s $T/file link-2; echo x >>link-2"},
    Snippet{"outside_chmod", "chmod 0604 $T/file"},
    Snippet{"delete_file", "rm -f $T/file && test ! -e $T/file && test -d $T"},
    Snippet{"write_system", "echo x >/usr/pianola-probe"},
    Snippet{"become_root", "test \"$(id -u)\" = 0"},
    Snippet{"unshare_user", "unshare -U true"},
    Snippet{"new_privileges", "! grep -q '^NoNewPrivs:[^0]*1$' /proc/self/status"},
    Snippet{"all_calls", "! grep -q '^Seccomp:[^0]*2$' /proc/self/status"},
    Snippet{"proc_environ", "ours && test -n \"$(cat /proc/$P/environ)\""},
    Snippet{"proc_cmdline", "ours && grep -q . /proc/$P/cmdline"},
    Snippet{"signal_keeper", "kill -0 $P && { ours || ! test -r /proc/$P/stat; }"},
};

// Field 22 of proc(5)'s stat says when a process started, behind a name in brackets that may hold anything.
constexpr const char* define_ours =
    "ours() { test \"$(sed 's/.*) //' /proc/$P/stat | cut -d ' ' -f 20)\" = $S; }\n";

// What the seal lets be written, and beside it what it does not; both are open to everybody else.
Result<std::string> make_grounds() {
  std::string grounds = fs::temp_directory_path().string() + "/pianola.probe.XXXXXX";
  if (::mkdtemp(grounds.data()) == nullptr) return refuse(system_error(grounds, errno));
  for (const char* name : {"/mine", "/theirs"}) {
    TRY(make_dirs(grounds + name));
    if (::chmod((grounds + name).c_str(), 0777) != 0) return refuse(system_error(grounds, errno));
  }
  const std::string file = grounds + "/theirs/file";
  TRY(write_file(file, "theirs\n", Sync::none));
  if (::chmod(file.c_str(), 0666) != 0 || ::chmod(grounds.c_str(), 0755) != 0)
    return refuse(system_error(grounds, errno));
  return grounds;
}

Error no_seal(const Sealer& sealer, std::string what) {
  if (has_own_root(sealer)) {
    return {ErrorKind::missing, "isolation sealed", std::move(what), "namespaces for bubblewrap",
            "allow them here: sysctl kernel.unprivileged_userns_clone=1"};
  }
  return {ErrorKind::missing, "isolation landlock", std::move(what), "Landlock of Linux 5.19 or later", ""};
}

Result<std::vector<TriedAttack>> try_attacks_in(const Sealer& sealer, const std::string& grounds) {
  const std::string mine = place_inside(sealer, grounds + "/mine", "/work/probe");
  const Seal seal{
      .binds = {{grounds + "/mine", mine, Bind::Access::write}}, .cwd = mine, .network = Seal::Network::none};
  const auto self = identify(::getpid());
  std::string script = fmt::format("T={}/theirs; P={}; S={}; echo x >own || exit 1\n", grounds, ::getpid(),
                                   self ? self->start_ticks : 0) +
                       define_ours;
  for (const Snippet& snippet : snippets) {
    script += fmt::format("if ({}) >/dev/null 2>&1; then echo {} reached; else echo {} refused; fi\n",
                          snippet.script, snippet.name, snippet.name);
  }
  ChildOptions options;
  options.argv = sealed_argv(sealer, seal, {"/bin/sh", "-c", script});
  options.env = {{"PATH", "/usr/bin:/bin"}};
  options.timeout_ms = probe_timeout_ms;
  const Finished finished = TRY(run_child(options));
  std::vector<TriedAttack> tried;
  for (const Snippet& snippet : snippets) {
    const bool is_refused = finished.out.find(fmt::format("{} refused\n", snippet.name)) != std::string::npos;
    const bool is_reached = finished.out.find(fmt::format("{} reached\n", snippet.name)) != std::string::npos;
    if (is_refused != is_reached) tried.push_back({snippet.name, is_refused});
  }
  if (finished.ok() && tried.size() == snippets.size()) return tried;
  const std::string said = finished.err.substr(0, finished.err.find('\n'));
  return refuse(no_seal(
      sealer, said.empty() ? fmt::format("the probe ended with {}", finished.value) : display(said).str()));
}

}  // namespace

Result<std::vector<TriedAttack>> probe_seal(const Sealer& sealer) {
  const std::string grounds = TRY(make_grounds());
  Result<std::vector<TriedAttack>> tried = try_attacks_in(sealer, grounds);
  TRY(remove_tree(grounds));
  if (!tried) return tried;
  const std::vector<OpenAttack> open = open_attacks(sealer, landlock_abi());
  std::string through;
  for (const TriedAttack& attack : *tried) {
    const bool is_known =
        std::any_of(open.begin(), open.end(), [&](const OpenAttack& one) { return one.name == attack.name; });
    if (!attack.is_refused && !is_known) through += " " + attack.name;
  }
  if (through.empty()) return tried;
  return refuse(no_seal(sealer, "it does not hold against" + through));
}

}  // namespace pianola::world
