// Landlock (landlock(7)): rights over files and TCP ports that a process gives up for good, for itself and
// all it starts. It hides nothing and cannot refuse chmod(2) or sockets with a path: what it is used for is
// in seal.h.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace pianola::world {

// What the kernel knows of it; 0: nothing. 2: links between folders can be allowed (Linux 5.19), 3:
// truncate(2) refused (6.2), 4: TCP by port (6.7), 5: ioctl(2) of devices (6.10), 6: signals and sockets
// without a path stay inside (6.12).
int landlock_abi();
inline constexpr int landlock_abi_needed = 2;
inline constexpr int landlock_abi_of_tcp = 4;
inline constexpr int landlock_abi_of_scopes = 6;

struct LandlockRules {
  std::vector<std::string> read = {};   // files, or folders with all in them; what is not there is left out
  std::vector<std::string> write = {};  // the same, to be changed too; all are there
  enum class Tcp { any, ports } tcp = Tcp::any;
  std::vector<uint16_t> ports = {};  // that may be connected to, on whatever machine
};

// The rules as a descriptor, made before rights to see the files are given up; every process may also read
// /proc and use the devices that hold nothing. -1 and errno when that cannot be.
int make_landlock(const LandlockRules& rules);

// Puts this thread under them, and keeps signals and sockets without a path inside where the kernel can. It
// has no_new_privs. False and errno when that cannot be.
bool enter_landlock(int rules);

// Only the scope of signals and of sockets without a path; true also where the kernel has none.
bool scope_signals_and_sockets();

}  // namespace pianola::world
