// Any bytes as what git says of a commit that an agent made: what is read is written and read back the same;
// and no path that is dangerous passes the boundary, whatever the task owns.
#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/text.h"
#include "verify/boundary.h"
#include "world/git_tree.h"

namespace {

using namespace pianola;  // NOLINT(google-build-using-namespace)
using verify::TreeChange;

std::string id_or_zeros(const std::string& id, const std::string& other) {
  return id.empty() ? std::string(other.empty() ? 40 : other.size(), '0') : id;
}

std::string raw(const std::vector<TreeChange>& changes) {
  std::string out;
  for (const TreeChange& change : changes) {
    out += fmt::format(":{:06o} {:06o} {} {} M", change.old_mode, change.new_mode,
                       id_or_zeros(change.old_id, change.new_id), id_or_zeros(change.new_id, change.old_id));
    out += '\0' + change.path + '\0';
  }
  return out;
}

// Slowly and without the tables of the real one.
bool is_dangerous(const TreeChange& change) {
  std::string path = "/";
  for (const char c : change.path) path += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  path += "/";
  for (const char* part : {"//", "/./", "/../", "/.git/", "/git~1/", "/.git./", "/.git /", "\\.git\\"})
    if (path.find(part) != std::string::npos) return true;
  const bool is_known = change.new_mode == 0 || change.new_mode == 0100644 || change.new_mode == 0100755;
  return !is_known || path.ends_with("/.gitattributes/") || path.ends_with("/.gitmodules/");
}

// A task that owns everything, so that the other rules alone stand in the way.
plan::Task owner_of_all() {
  plan::Task task;
  task.id = core::TaskId("t");
  task.files_write = {"**"};
  return task;
}

void check_boundary(const std::vector<TreeChange>& changes) {
  const plan::Task owner = owner_of_all();
  const std::vector<std::string> findings = verify::boundary_findings(changes, owner);
  size_t alone = 0;
  for (const TreeChange& change : changes) {
    const size_t found = verify::boundary_findings({change}, owner).size();
    CHECK(found <= 1, "one line for a path");
    CHECK(found == 1 || !is_dangerous(change), "what is dangerous is found");
    alone += found;
  }
  CHECK(findings.size() == std::min(alone, verify::findings_limit + 1), "each is judged by itself");
  for (const std::string& finding : findings)
    CHECK(finding.find('\\') != std::string::npos || display(finding).str() == finding, "it may be shown");
  plan::Task stranger = owner;
  stranger.files_write = {"none/of/it"};
  for (const TreeChange& change : changes)
    CHECK(change.path == "none/of/it" || change.path.starts_with("none/of/it/") ||
              verify::boundary_findings({change}, stranger).size() == 1,
          "what is not owned is found");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto changes = world::read_raw_changes(bytes)) {
    const auto again = world::read_raw_changes(raw(*changes));
    CHECK(again.has_value() && *again == *changes, "what was read is written and read back the same");
    for (const TreeChange& change : *changes)
      for (const int mode : {change.old_mode, change.new_mode})
        CHECK(bytes.find(fmt::format("{:06o}", mode)) != std::string_view::npos, "a mode stands there");
    check_boundary(*changes);
  }
  if (const auto history = world::read_history(bytes)) check_boundary(world::compose(*history));
  return 0;
}
