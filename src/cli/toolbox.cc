#include "cli/toolbox.h"

#include <algorithm>
#include <string_view>

#include "agents/toolchains.h"
#include "world/files.h"

namespace pianola::cli {
namespace {

bool leads_into(std::string_view path, const std::string& folder) {
  while (!path.empty()) {
    const std::string_view entry = path.substr(0, path.find(':'));
    path.remove_prefix(std::min(entry.size() + 1, path.size()));
    if (entry == folder || entry.starts_with(folder + "/")) return true;
  }
  return false;
}

// Those of `names` that are folders of the user's own in `home`, under the private one.
void show_in_home(const std::string& home, const std::vector<std::string>& names, world::Seal& seal) {
  for (const std::string& name : names) {
    const std::string folder = home + "/" + name;
    if (world::is_own_folder(folder))
      seal.binds.push_back({folder, std::string(world::sealed_home) + "/" + name});
  }
}

}  // namespace

void add_tools(const Program& program, const world::Sealer& sealer, world::Seal& seal,
               std::map<std::string, std::string>& env) {
  const std::string home = program.env("HOME");
  if (!home.starts_with('/') || home == "/") return;
  const bool is_open = seal.network == world::Seal::Network::open;
  for (const agents::Toolchain& tool : agents::toolchains()) {
    for (const std::string& name : tool.programs) {
      const std::string folder = home + "/" + name;
      const bool is_used = leads_into(program.env("PATH"), folder) && world::is_own_folder(folder);
      if (is_used) seal.binds.push_back({folder, folder});
    }
    if (!is_open) env.insert(tool.offline.begin(), tool.offline.end());
    if (!world::has_own_root(sealer)) continue;
    show_in_home(home, tool.parts, seal);
    if (!is_open) show_in_home(home, tool.caches, seal);
  }
}

}  // namespace pianola::cli
