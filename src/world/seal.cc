#include "world/seal.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "base/check.h"

namespace pianola::world {
namespace {

constexpr const char* tmp_bytes = "2147483648";

void append(std::vector<std::string>& argv, std::initializer_list<std::string> words) {
  argv.insert(argv.end(), words.begin(), words.end());
}

void append_private_tmpfs(std::vector<std::string>& argv, const std::string& at) {
  append(argv, {"--perms", "1777", "--size", tmp_bytes, "--tmpfs", at});
}

void append_namespaces(std::vector<std::string>& argv, const Sealer& sealer, const Seal& seal) {
  append(argv, {"--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"});
  if (seal.network != Seal::Network::open) append(argv, {"--unshare-net"});
  append(argv, {"--hostname", "pianola", "--new-session", "--die-with-parent", "--cap-drop", "ALL"});
  if (sealer.is_root) {
    append(argv, {"--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"});
  } else {
    append(argv, {"--unshare-user", "--disable-userns", "--uid", std::to_string(sealer.uid), "--gid",
                  std::to_string(sealer.gid)});
  }
}

bool is_below(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

// bubblewrap makes what lacks above a place for itself alone (mode 0700); the worker passes through it too,
// and in the private HOME, which is nobody else's, it also writes.
void append_folders_above(std::vector<std::string>& argv, const std::string& at,
                          std::set<std::string>& made) {
  for (size_t slash = at.find('/', 1); slash != std::string::npos; slash = at.find('/', slash + 1)) {
    const std::string folder = at.substr(0, slash);
    const char* mode = is_below(folder, sealed_home) ? "0777" : "0755";
    if (made.insert(folder).second) append(argv, {"--perms", mode, "--dir", folder});
  }
}

std::string who_of(const Sealer& sealer) {
  return sealer.is_root ? fmt::format("{}:{}", sealer.uid, sealer.gid) : "same";
}

std::string network_word(Seal::Network network) {
  switch (network) {
    case Seal::Network::none:
      return "none";
    case Seal::Network::model:
      return "model";
    case Seal::Network::open:
      break;
  }
  return "open";
}

std::vector<std::string> landlocked_argv(const Sealer& sealer, const Seal& seal,
                                         const std::vector<std::string>& argv) {
  std::vector<std::string> words{sealer.self, "__enter", "landlock=" + network_word(seal.network)};
  for (const Bind& bind : sealer.system) words.push_back("read=" + bind.from);
  words.push_back("read=" + sealer.self);
  for (const Bind& bind : seal.binds) {
    CHECK(bind.at == bind.from, "Landlock moves nothing to another place");
    words.push_back((bind.access == Bind::Access::write ? "write=" : "read=") + bind.from);
  }
  if (seal.way_out) {
    for (const HostPort& to : seal.way_out->relays) words.push_back(fmt::format("tcp={}", to.port));
    words.emplace_back(door_port_word);
  }
  append(words, {who_of(sealer), seal.cwd, "--"});
  words.insert(words.end(), argv.begin(), argv.end());
  return words;
}

}  // namespace

bool is_below_etc(const Bind& bind) {
  return is_below(bind.at, etc_folder) && bind.at.size() > std::string_view(etc_folder).size();
}

bool is_live_etc(const Bind& bind) { return bind.at == "/etc/hosts" || bind.at == "/etc/resolv.conf"; }

bool has_own_root(const Sealer& sealer) { return !sealer.bwrap.empty(); }

std::string place_inside(const Sealer& sealer, const std::string& from, const std::string& at) {
  return has_own_root(sealer) ? at : from;
}

std::string program_inside(const Sealer& sealer) {
  return place_inside(sealer, sealer.self, std::string(sealed_run) + "/pianola");
}

std::string sealed_workspace(const std::string& name, const std::string& hub_git_dir) {
  return (hub_git_dir.starts_with("/work/") ? "/task/" : "/work/") + name;
}

std::vector<std::string> sealed_argv(const Sealer& sealer, const Seal& seal,
                                     const std::vector<std::string>& argv) {
  if (!has_own_root(sealer)) return landlocked_argv(sealer, seal, argv);
  std::vector<std::string> words{sealer.bwrap};
  append_namespaces(words, sealer, seal);
  for (const auto& [target, place] : sealer.links) append(words, {"--symlink", target, place});
  std::set<std::string> made;
  if (!sealer.etc.empty()) {
    append(words, {"--ro-bind", sealer.etc, etc_folder});
    made.insert(etc_folder);
  }
  for (const Bind& bind : sealer.system) {
    if (!sealer.etc.empty() && is_below_etc(bind) && !is_live_etc(bind)) continue;
    append_folders_above(words, bind.at, made);
    append(words, {"--ro-bind-try", bind.from, bind.at});
  }
  append(words, {"--proc", "/proc", "--dev", "/dev"});
  for (const char* at : {"/dev/shm", "/tmp", "/var/tmp", sealed_home}) {
    append_folders_above(words, at, made);
    append_private_tmpfs(words, at);
  }
  for (const Bind& bind : seal.binds) {
    append_folders_above(words, bind.at, made);
    append(words, {bind.access == Bind::Access::write ? "--bind" : "--ro-bind", bind.from, bind.at});
  }
  for (const auto& [target, place] : seal.links) {
    append_folders_above(words, place, made);
    append(words, {"--symlink", target, place});
  }
  append_folders_above(words, std::string(sealed_run) + "/pianola", made);
  const std::string self = program_inside(sealer);
  if (seal.way_out) {
    append(words, {"--ro-bind", seal.way_out->door.dir + "/net", std::string(sealed_run) + "/net"});
  }
  append(words, {"--ro-bind", sealer.self, self, "--remount-ro", "/", "--", self, "__enter"});
  if (seal.way_out) {
    for (const HostPort& to : seal.way_out->relays) words.push_back("relay=" + to.text());
    words.push_back(fmt::format("proxy={}", seal.way_out->proxy_port));
  }
  // Counted for each user of each namespace: as root, all workers are one user of the first namespace.
  if (sealer.processes > 0 && !sealer.is_root) words.push_back(fmt::format("processes={}", sealer.processes));
  append(words, {who_of(sealer), seal.cwd, "--"});
  words.insert(words.end(), argv.begin(), argv.end());
  return words;
}

KeptSpec sealed(KeptSpec spec, const Sealer& sealer, const Seal& seal) {
  spec.argv = sealed_argv(sealer, seal, spec.argv);
  spec.cwd = "/";
  spec.enclosure = KeptSpec::Enclosure::sealed;
  if (!has_own_root(sealer)) {
    // The door is the wall that the keeper knows; what strays from it is known by the workspace.
    DoorOptions door = seal.way_out ? seal.way_out->door : DoorOptions{};
    door.entrance = DoorOptions::Entrance::loopback;
    spec.argv = door_argv(sealer.self, door, spec.argv);
    spec.cwd = seal.cwd;
    return spec;
  }
  if (!seal.way_out) return spec;
  DoorOptions door = seal.way_out->door;
  if (sealer.is_root) door.owner = sealer.uid;
  spec.argv = door_argv(sealer.self, door, spec.argv);
  spec.enclosure = KeptSpec::Enclosure::behind_door;
  return spec;
}

std::string visible_path(const std::string& path, const Sealer& sealer, const Seal& seal) {
  const auto is_inside = [&](std::string_view entry) {
    const auto holds = [&](const Bind& bind) { return is_below(entry, bind.at); };
    const auto leads = [&](const auto& link) { return is_below(entry, link.second); };
    return std::any_of(sealer.system.begin(), sealer.system.end(), holds) ||
           std::any_of(seal.binds.begin(), seal.binds.end(), holds) ||
           std::any_of(sealer.links.begin(), sealer.links.end(), leads);
  };
  std::string kept;
  for (std::string_view rest = path; !rest.empty();) {
    const std::string_view entry = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(entry.size() + 1, rest.size()));
    if (entry.starts_with('/') && is_inside(entry)) kept += (kept.empty() ? "" : ":") + std::string(entry);
  }
  return kept;
}

}  // namespace pianola::world
