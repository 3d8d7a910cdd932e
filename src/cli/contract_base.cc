#include "cli/contract_base.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "cli/program.h"
#include "core/contracts.h"
#include "plan/contract.h"
#include "world/git_child.h"
#include "world/git_tree.h"

namespace pianola::cli {
namespace {

using Blobs = std::map<std::string, std::string>;  // path -> object id

Result<Blobs> blobs_at(const world::Git& git, const world::Hub& hub, const std::string& commit,
                       const std::vector<core::ContractPath>& paths) {
  std::vector<std::string> args{"ls-tree", "-r", "-z", "--full-tree", commit, "--"};
  for (const core::ContractPath& each : paths) args.push_back(each.path);
  const std::string listed = TRY(git.output({.args = std::move(args), .git_dir = hub.layout.git_dir}));
  Blobs blobs;
  // A link is no file that says anything.
  for (plan::TreeFile& file : world::read_tree_listing(listed)) {
    constexpr int kind_mask = 0170000;
    constexpr int regular = 0100000;
    if ((file.mode & kind_mask) == regular) blobs[std::move(file.path)] = std::move(file.id);
  }
  return blobs;
}

std::string text_of(const Place& at) {
  return display(at.file).str() + ":" + std::to_string(at.line) + ":" + std::to_string(at.col);
}

Error no_file(const plan::Contract& contract, const std::string& commit, const Place& at) {
  const bool can_be_written = !contract.methods.empty() && plan::language_of(contract.file_path);
  return {.kind = ErrorKind::repository,
          .where = text_of(at),
          .what = "contract " + contract.name + " has no file " + display(contract.file_path).str() + " in " +
                  commit.substr(0, 7),
          .expected = "one that all who work by it see",
          .next = (can_be_written ? "pianola contract new --plan " + file_word(at.file) : "write it") +
                  ", then commit it"};
}

// Prompts say what the plan says, and the file would say another thing.
Error another(const plan::Contract& contract, const std::string& commit, const Place& at) {
  return {.kind = ErrorKind::repository,
          .where = text_of(at),
          .what = "contract " + contract.name + " is another one in " + display(contract.file_path).str() +
                  " of " + commit.substr(0, 7),
          .expected = "one interface in both",
          .next = "see: pianola contract check " + file_word(at.file) + "; then commit it"};
}

}  // namespace

Result<std::vector<core::ContractVersion>> contracts_at(const world::Hub& hub, const std::string& commit,
                                                        const plan::Loaded& loaded) {
  std::vector<core::ContractVersion> versions;
  const plan::Plan& plan = *loaded.plan;
  const std::vector<core::ContractPath> paths = core::contract_paths(plan);
  if (paths.empty()) return versions;
  const world::Git git(hub.git, world::run_child);
  const Blobs blobs = TRY(blobs_at(git, hub, commit, paths));
  for (size_t i = 0; i < plan.contracts.size(); ++i) {
    const plan::Contract& contract = plan.contracts[i];
    if (contract.file_path.empty()) continue;
    const auto blob = blobs.find(contract.file_path);
    if (blob == blobs.end()) {
      if (!plan::is_written_by_a_task(plan, contract.file_path))
        return refuse(no_file(contract, commit, loaded.contracts[i]));
      versions.push_back({contract.name, ""});
      continue;
    }
    const std::string bytes =
        TRY(git.output({.args = {"cat-file", "blob", blob->second}, .git_dir = hub.layout.git_dir}));
    if (plan::differs_from(contract, plan::read_contract(bytes)))
      return refuse(another(contract, commit, loaded.contracts[i]));
    versions.push_back({contract.name, plan::contract_version(bytes)});
  }
  return versions;
}

}  // namespace pianola::cli
