#include "world/git_borrowed.h"

#include <algorithm>

#include "world/files.h"
#include "world/git_text.h"

namespace pianola::world {
namespace {

constexpr size_t alternates_limit_bytes = 1 << 20;

}  // namespace

std::vector<std::string> alternate_lines(const std::string& objects_dir) {
  const auto bytes = read_file_if_present(objects_dir + "/info/alternates", alternates_limit_bytes);
  return bytes && *bytes ? pieces_of(**bytes, '\n') : std::vector<std::string>();
}

std::string missing_alternate(const std::string& objects_dir) {
  for (const std::string& line : alternate_lines(objects_dir)) {
    // A path in quotes is one that git unquotes; it says itself what is wrong there.
    if (line.empty() || line.front() == '#' || line.front() == '"') continue;
    const std::string folder = line.front() == '/' ? line : objects_dir + "/" + line;
    if (!exists(folder)) return folder;
  }
  return {};
}

Result<size_t> count_unfetched(const Git& git, GitCall call, const std::string& objects_dir,
                               const std::string& commit) {
  const auto packs = TRY(list_dir(objects_dir + "/pack"));
  const auto is_promised = [](const std::string& name) { return name.ends_with(".promisor"); };
  if (std::none_of(packs.begin(), packs.end(), is_promised)) return size_t{0};
  call.args = {"rev-list", "--objects", "--missing=print", commit + "^{tree}"};
  const std::string listed = TRY(git.output(call));
  // Objects that are missing stand there as "?<id>" (git-rev-list(1)).
  const std::vector<std::string> lines = pieces_of(listed, '\n');
  return static_cast<size_t>(std::count_if(lines.begin(), lines.end(),
                                           [](const std::string& line) { return line.starts_with('?'); }));
}

}  // namespace pianola::world
