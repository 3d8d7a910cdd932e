#include "test/git/damage.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <vector>

namespace pianola::world {
namespace {

namespace fs = std::filesystem;

struct Grounds {
  fs::path git_dir;
  std::vector<fs::path> objects;  // loose ones, packs and their indexes
  std::vector<fs::path> names;    // HEAD, refs, reflogs
  std::vector<fs::path> others;   // what git keeps beside them
};

// In the order of their names, so that a seed does the same everywhere.
Grounds grounds_of(const fs::path& git_dir) {
  Grounds grounds{.git_dir = git_dir, .objects = {}, .names = {}, .others = {}};
  for (const auto& entry : fs::recursive_directory_iterator(git_dir)) {
    if (!entry.is_regular_file() || entry.is_symlink()) continue;
    const std::string name = entry.path().lexically_relative(git_dir).string();
    const auto begins = [&](std::string_view with) { return name.starts_with(with); };
    if (begins("objects/") && !begins("objects/info/"))
      grounds.objects.push_back(entry.path());
    else if (name == "HEAD" || name == "packed-refs" || begins("refs/") || begins("logs/"))
      grounds.names.push_back(entry.path());
    else
      grounds.others.push_back(entry.path());
  }
  for (auto* paths : {&grounds.objects, &grounds.names, &grounds.others})
    std::sort(paths->begin(), paths->end());
  return grounds;
}

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Objects are read-only; whoever owns them is not kept from changing them.
void put(const fs::path& path, std::string_view bytes) {
  ::chmod(path.c_str(), 0644);
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

// `content` as zlib would hold it without compressing (RFC 1950, RFC 1951 3.2.4).
std::string stored(std::string_view content) {
  uint32_t a = 1;
  uint32_t b = 0;
  for (const char c : content) {
    a = (a + static_cast<unsigned char>(c)) % 65'521;
    b = (b + a) % 65'521;
  }
  const auto size = static_cast<uint32_t>(content.size());
  std::string out = "\x78\x01\x01";
  for (const uint32_t byte : {size & 0xff, size >> 8 & 0xff, ~size & 0xff, ~size >> 8 & 0xff})
    out += static_cast<char>(byte);
  out += content;
  for (const uint32_t byte : {b >> 8, b & 0xff, a >> 8, a & 0xff}) out += static_cast<char>(byte);
  return out;
}

std::string flip_bits(const fs::path& path, Random& random) {
  std::string bytes = bytes_of(path);
  if (bytes.empty()) return "nothing to flip";
  const uint64_t count = 1 + random.below(8);
  for (uint64_t i = 0; i < count; ++i)
    bytes[random.below(bytes.size())] ^= static_cast<char>(1U << random.below(8));
  put(path, bytes);
  return fmt::format("{} bits flipped", count);
}

std::string cut(const fs::path& path, Random& random) {
  std::string bytes = bytes_of(path);
  const uint64_t kept = random.below(bytes.size() + 1);
  put(path, std::string_view(bytes).substr(0, kept));
  return fmt::format("cut to {} bytes", kept);
}

std::string fill_with_zeros(const fs::path& path, Random& random) {
  std::string bytes = bytes_of(path);
  const uint64_t from = random.below(bytes.size() + 1);
  const uint64_t count = random.below(bytes.size() - from + 1);
  std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(from), count, '\0');
  put(path, bytes);
  return fmt::format("{} zeros at {}", count, from);
}

std::string add_noise(const fs::path& path, Random& random) {
  std::string bytes = bytes_of(path);
  for (uint64_t left = 1 + random.below(600); left > 0; --left) bytes += static_cast<char>(random.below(256));
  put(path, bytes);
  return "noise at its end";
}

// A loose object with a size or a type that it has not, whole as far as zlib is concerned; in a pack, one
// byte where sizes and types stand.
std::string forge_size(const fs::path& path, Random& random) {
  static constexpr std::string_view heads[] = {
      "blob 1099511627776",           "blob -1",   "blob 3", "tree 0", "commit 2", "tag 9",
      "blob 99999999999999999999999", "nothing 5", ""};
  const std::string_view head = heads[random.below(std::size(heads))];
  if (path.extension().empty()) {
    put(path, stored(std::string(head) + '\0' + "other"));
    return fmt::format("forged as \"{}\"", head);
  }
  std::string bytes = bytes_of(path);
  if (bytes.size() < 16) return "nothing to forge";
  const size_t at = random.chance(50) ? 8 + random.below(4) : 12;  // how many objects, or the first of them
  bytes[at] = static_cast<char>(random.below(256));
  put(path, bytes);
  return fmt::format("forged at {}", at);
}

std::string replace(const fs::path& path, Random& random) {
  fs::remove(path);
  switch (random.below(4)) {
    case 0:
      fs::create_directory(path);
      return "a folder in its place";
    case 1:
      fs::create_symlink("/dev/zero", path);
      return "a link to /dev/zero in its place";
    case 2:
      ::mkfifo(path.c_str(), 0600);
      return "a pipe in its place";
    default:
      return "gone";
  }
}

std::string swap_with(const fs::path& path, const fs::path& other) {
  const std::string bytes = bytes_of(path);
  put(path, bytes_of(other));
  put(other, bytes);
  return "swapped with " + other.filename().string();
}

std::string damage_file(const fs::path& path, const std::vector<fs::path>& alike, Random& random) {
  switch (random.below(8)) {
    case 0:
    case 1:
      return flip_bits(path, random);
    case 2:
      return cut(path, random);
    case 3:
      return fill_with_zeros(path, random);
    case 4:
      return add_noise(path, random);
    case 5:
      return forge_size(path, random);
    case 6:
      return replace(path, random);
    default:
      return swap_with(path, alike[random.below(alike.size())]);
  }
}

}  // namespace

std::string damage_repository(const std::string& git_dir, Random& random) {
  std::string said;
  for (uint64_t left = 1 + random.below(3); left > 0; --left) {
    const Grounds grounds = grounds_of(git_dir);
    const uint64_t kind = random.below(100);
    const std::vector<fs::path>& paths = kind < 70 && !grounds.objects.empty() ? grounds.objects
                                         : kind < 90 && !grounds.names.empty() ? grounds.names
                                                                               : grounds.others;
    if (paths.empty()) continue;
    const fs::path& path = paths[random.below(paths.size())];
    said += fmt::format("{}{}: {}", said.empty() ? "" : "; ", path.lexically_relative(git_dir).string(),
                        damage_file(path, paths, random));
  }
  return said;
}

}  // namespace pianola::world
