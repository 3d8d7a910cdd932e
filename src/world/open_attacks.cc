#include "world/open_attacks.h"

#include <algorithm>
#include <array>

#include "world/landlock.h"

namespace pianola::world {
namespace {

// Whom an attack is open to: with a root of its own, by whose user the worker is, by what the kernel lacks.
enum class Open {
  everywhere,
  without_root,
  as_yourself,
  below_abi_3,
  below_abi_4,
  from_abi_4,
  below_abi_6,
  users_below_abi_6,
  below_abi_6_with_root
};

struct Row {
  const char* name;
  Open open = Open::everywhere;
  const char* why;
  bool is_tried = true;
};

constexpr const char* metadata = "Landlock does not know modes, times and attributes of files";
constexpr const char* signals = "signals to your processes are kept out from Linux 6.12 on";
constexpr const char* proc = "Landlock hides no processes: their names and words can be read";
constexpr bool not_tried = false;

constexpr std::array rows{
    Row{"memory_hog", Open::everywhere,
        "where no cgroup can be made, memory is limited for each process alone", not_tried},
    Row{"processor_hog", Open::everywhere, "where no cgroup can be made, processors have no shares",
        not_tried},
    Row{"fork_bomb", Open::everywhere,
        "where no cgroup can be made, processes are not limited at level landlock, nor for root", not_tried},
    Row{"proc_cmdline", Open::without_root, proc},
    Row{"see_names", Open::without_root,
        "Landlock hides no files: that they exist, and their size, can be seen"},
    Row{"outside_setxattr", Open::without_root, metadata},
    Row{"other_clone_chmod", Open::without_root,
        "all workers are one user, and Landlock does not know modes"},
    Row{"network_interfaces", Open::without_root, "the names of the machine's networks can be read"},
    Row{"outside_chmod", Open::as_yourself, metadata},
    Row{"outside_chmod_folder", Open::as_yourself, metadata},
    Row{"outside_utimes", Open::as_yourself, metadata},
    Row{"object_chmod", Open::as_yourself, metadata},
    Row{"outside_truncate", Open::below_abi_3, "truncate(2) is kept out from Linux 6.2 on"},
    Row{"network_tcp", Open::below_abi_4,
        "with network model: all of TCP, which is kept out from Linux 6.7 on", not_tried},
    Row{"network_port", Open::from_abi_4,
        "with network model: the port of its door, and those of its own endpoints on this machine, on any "
        "machine",
        not_tried},
    Row{"open/socket_abstract", Open::below_abi_6_with_root,
        "with network open: sockets without a path are kept out from Linux 6.12 on"},
    Row{"signal_worker", Open::below_abi_6, "signals to other workers are kept out from Linux 6.12 on",
        not_tried},
    Row{"kill_victim", Open::users_below_abi_6, signals},
    Row{"kill_group", Open::users_below_abi_6, signals},
    Row{"kill_everything", Open::users_below_abi_6, signals},
    Row{"queue_signal", Open::users_below_abi_6, signals},
    Row{"pidfd_signal", Open::users_below_abi_6, signals},
    Row{"signal_keeper", Open::users_below_abi_6, signals},
};

bool is_open(Open open, const Sealer& sealer, int abi) {
  const bool is_landlock = !has_own_root(sealer);
  const bool is_below_6 = abi < landlock_abi_of_scopes;
  switch (open) {
    case Open::everywhere:
      return true;
    case Open::without_root:
      return is_landlock;
    case Open::as_yourself:
      return is_landlock && !sealer.is_root;
    case Open::below_abi_3:
      return is_landlock && abi < 3;
    case Open::below_abi_4:
      return is_landlock && abi < landlock_abi_of_tcp;
    case Open::from_abi_4:
      return is_landlock && abi >= landlock_abi_of_tcp;
    case Open::below_abi_6:
      return is_landlock && is_below_6;
    case Open::users_below_abi_6:
      return is_landlock && is_below_6 && !sealer.is_root;
    case Open::below_abi_6_with_root:
      return !is_landlock && is_below_6;
  }
  return false;
}

}  // namespace

std::vector<OpenAttack> open_attacks(const Sealer& sealer, int abi) {
  std::vector<OpenAttack> open;
  for (const Row& row : rows) {
    if (is_open(row.open, sealer, abi)) open.push_back({row.name, row.why, row.is_tried});
  }
  std::sort(open.begin(), open.end(),
            [](const OpenAttack& one, const OpenAttack& other) { return one.name < other.name; });
  return open;
}

}  // namespace pianola::world
