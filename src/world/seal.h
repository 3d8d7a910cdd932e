// The seal around a worker: what it can see, and the words of bubblewrap (bwrap(1), 0.8) that make it so. A
// worker has a root of its own: the system read-only, the folders named here, private /tmp, /proc, /dev and
// HOME; namespaces of its own for processes, IPC, host name and users, and for the network unless that is
// open. With the network `model` a door (door.h) stands around it.
//
// Where there is no bubblewrap, Landlock keeps the same folders from being read and written, under their own
// paths; isolation.h in cli says what it cannot keep.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "world/door.h"
#include "world/kept_records.h"

namespace pianola::world {

struct Bind {
  enum class Access { read, write };
  std::string from;  // on the host
  std::string at;    // inside, absolute
  Access access = Access::read;
  friend bool operator==(const Bind&, const Bind&) = default;
};

// The way out of a seal whose network is `model`.
struct WayOut {
  DoorOptions door;
  std::vector<HostPort> relays;  // of loopback, there under their own port
  uint16_t proxy_port = 0;       // of 127.0.0.1
};

struct Seal {
  enum class Network { none, model, open };
  std::vector<Bind> binds;                                      // in this order; one may lie inside another
  std::vector<std::pair<std::string, std::string>> links = {};  // target and place, as of Sealer
  std::string cwd;                                              // inside
  Network network = Network::none;
  std::optional<WayOut> way_out = {};  // of `model`
};

// Who makes the seal. Started as root, nobody is worker: the folders are mounted by root, and the program
// inside starts as `uid` and `gid`.
struct Sealer {
  std::string bwrap;  // absolute; "" = Landlock closes the seal
  std::string self;   // pianola, absolute; it takes the last steps inside (enter.h)
  uid_t uid = 0;
  gid_t gid = 0;
  bool is_root = false;
  int64_t processes = 0;     // of one worker, in a namespace of its own; 0 = no limit. As root: see Limits
  std::vector<Bind> system;  // what every worker sees of the machine
  std::string etc = {};      // a copy of what that shows below /etc (sealed_etc.h); "" = each is mounted
  std::vector<std::pair<std::string, std::string>> links;  // target and place: /bin -> usr/bin
  friend bool operator==(const Sealer&, const Sealer&) = default;
};

// What stands between the worker and the rest: a root of its own, or rights alone.
bool has_own_root(const Sealer& sealer);
// `at` inside a root of its own, else where it is anyway.
std::string place_inside(const Sealer& sealer, const std::string& from, const std::string& at);

// Where what stands below it on the host may be found as one copy.
inline constexpr const char* etc_folder = "/etc";
bool is_below_etc(const Bind& bind);
// Names of the network change while a run goes on: /etc/hosts and /etc/resolv.conf.
bool is_live_etc(const Bind& bind);

// Where things are inside a root of its own.
inline constexpr const char* sealed_home = "/home/worker";
inline constexpr const char* sealed_run = "/run/pianola";
// Where a worker finds the program of pianola itself.
std::string program_inside(const Sealer& sealer);
// /work/<name>; /task/<name> for a hub below /work, whose objects it would hide.
std::string sealed_workspace(const std::string& name, const std::string& hub_git_dir);

// The command line that runs `argv` inside; argv[0] is looked up on the PATH of the environment. Without a
// root of its own every bind is at the place it is from.
std::vector<std::string> sealed_argv(const Sealer& sealer, const Seal& seal,
                                     const std::vector<std::string>& argv);

// `spec` run inside, behind its door if it has one: its environment goes in as it is, its working folder is
// the seal's.
KeptSpec sealed(KeptSpec spec, const Sealer& sealer, const Seal& seal);

// The entries of a PATH that lead somewhere inside.
std::string visible_path(const std::string& path, const Sealer& sealer, const Seal& seal);

}  // namespace pianola::world
