// Tools that people install in their HOME, and what these keep there: as data, one entry a tool.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace pianola::agents {

struct Toolchain {
  std::string name;
  // Folders in HOME with programs. One that an entry of PATH leads into is shown, read-only, where it is; of
  // a folder with one more below it for each version, that one alone.
  std::vector<std::string> programs;
  // Folders in HOME that these programs look for there. Shown read-only under the private HOME.
  std::vector<std::string> parts;
  // Folders in HOME with what was downloaded or installed before. Shown the same way where there is no
  // network.
  std::vector<std::string> caches;
  // What tells the tool that there is no network, and that its cache is not its own.
  std::map<std::string, std::string> offline;
};

// Sources are each tool's own manual.
const std::vector<Toolchain>& toolchains();

}  // namespace pianola::agents
