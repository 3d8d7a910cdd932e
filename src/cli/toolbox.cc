#include "cli/toolbox.h"

#include <algorithm>

#include "agents/toolchains.h"
#include "world/files.h"
#include "world/git_text.h"

namespace pianola::cli {
namespace {

// What is shown of `folder` for an entry of PATH that leads into it: of several versions that one alone.
std::string part_of(const std::string& folder, const std::string& entry) {
  const std::string above = entry.substr(0, entry.rfind('/'));
  return entry.ends_with("/bin") && above.starts_with(folder + "/") ? above : folder;
}

void show_programs(const std::string& path, const std::string& folder, const world::Sealer& sealer,
                   world::Seal& seal) {
  for (const std::string& entry : world::pieces_of(path, ':')) {
    if (entry != folder && !entry.starts_with(folder + "/")) continue;
    const std::string shown = part_of(folder, entry);
    const world::Bind bind{shown, shown};
    const bool is_known = std::find(seal.binds.begin(), seal.binds.end(), bind) != seal.binds.end();
    if (is_known || !world::is_own_folder(shown)) continue;
    // The npmrc of all users of a version may hold a token (npmrc(5)). Only a root of its own can hide it.
    const std::string npmrc = shown + "/etc/npmrc";
    const bool is_secret = world::exists(npmrc);
    if (is_secret && !world::has_own_root(sealer)) continue;
    seal.binds.push_back(bind);
    if (is_secret) seal.binds.push_back({"/dev/null", npmrc});
  }
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
    for (const std::string& name : tool.programs)
      show_programs(program.env("PATH"), home + "/" + name, sealer, seal);
    if (!is_open) env.insert(tool.offline.begin(), tool.offline.end());
    if (!world::has_own_root(sealer)) continue;
    show_in_home(home, tool.parts, seal);
    if (!is_open) show_in_home(home, tool.caches, seal);
  }
}

}  // namespace pianola::cli
