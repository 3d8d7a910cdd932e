#include "world/git_lockfiles.h"

#include <cstdlib>
#include <vector>

#include "base/hash.h"
#include "plan/environment.h"
#include "world/git_text.h"
#include "world/git_tree.h"

namespace pianola::world {
namespace {

std::vector<plan::TreeFile> lockfiles_among(const std::string& listed) {
  std::vector<plan::TreeFile> files = read_tree_listing(listed);
  std::erase_if(files, [](const plan::TreeFile& file) {
    return file.mode == gitlink_mode || !plan::is_own_lockfile(file.path);
  });
  return files;
}

// Takes the next answer of git-cat-file(1) --batch off `output`: "<id> SP blob SP <size> LF <bytes> LF".
// Nothing when it is another one, or was cut short.
std::optional<std::string_view> take_blob(std::string_view& output, const std::string& id) {
  const std::string head = id + " blob ";
  const size_t line = output.find('\n');
  if (!output.starts_with(head) || line == std::string_view::npos) return std::nullopt;
  size_t size = 0;
  for (const char digit : output.substr(head.size(), line - head.size()))
    size = size * 10 + static_cast<size_t>(digit - '0');
  const std::string_view rest = output.substr(line + 1);
  if (rest.size() <= size) return std::nullopt;
  output = rest.substr(size + 1);
  return rest.substr(0, size);
}

// The sizes of `blobs`, in their order; 0 for one that is not there.
Result<std::vector<size_t>> sizes_of(const Git& git, const GitCall& where,
                                     const std::vector<plan::TreeFile>& blobs) {
  GitCall ask = where;
  ask.args = {"cat-file", "--batch-check=%(objectsize)"};
  for (const plan::TreeFile& blob : blobs) ask.stdin_bytes += blob.id + "\n";
  std::vector<size_t> sizes;
  for (const std::string& line : pieces_of(TRY(git.output(ask)), '\n'))
    sizes.push_back(std::strtoull(line.c_str(), nullptr, 10));
  sizes.resize(blobs.size());
  return sizes;
}

}  // namespace

Result<std::string> environment_at(const Git& git, const GitCall& where, const std::string& commit) {
  constexpr size_t read_bytes_max = 32 << 20;  // together, half of what a child may say
  GitCall list = where;
  list.args = {"ls-tree", "-r", "-z", "--full-tree", commit};
  const std::vector<plan::TreeFile> blobs = lockfiles_among(TRY(git.output(list)));
  if (blobs.empty()) return plan::environment_hash({}, {});
  const std::vector<size_t> sizes = TRY(sizes_of(git, where, blobs));
  GitCall read = where;
  read.args = {"cat-file", "--batch"};
  size_t bytes = 0;
  for (size_t i = 0; i < blobs.size(); ++i) {
    if (bytes + sizes[i] > read_bytes_max) continue;
    bytes += sizes[i];
    read.stdin_bytes += blobs[i].id + "\n";
  }
  const std::string output = TRY(git.output(read));
  std::string_view left = output;
  std::vector<plan::LockedFile> files;
  for (const plan::TreeFile& blob : blobs) {
    // What is too large to be read is told by its id, which follows the bytes as well.
    const auto content = take_blob(left, blob.id);
    files.push_back({.path = blob.path, .sha256 = content ? sha256_hex(*content) : "object " + blob.id});
  }
  return plan::environment_hash(std::move(files), {});
}

}  // namespace pianola::world
