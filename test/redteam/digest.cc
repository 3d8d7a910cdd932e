#include "test/redteam/digest.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/hash.h"

namespace pianola::redteam {
namespace {

namespace fs = std::filesystem;

std::string content_of(const std::string& path, const struct stat& status) {
  if (S_ISLNK(status.st_mode)) return fs::read_symlink(path).string();
  if (!S_ISREG(status.st_mode)) return "";
  std::ifstream file(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return sha256_hex(bytes.str()).substr(0, 16);
}

std::string line_of(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return "gone";
  char names[1024];
  const ssize_t got = ::llistxattr(path.c_str(), names, sizeof names);
  // git itself sets the time of an object that it would have written again (loose objects, "freshen").
  const bool is_object = S_ISREG(status.st_mode) && path.find("/repo/.git/objects/") != std::string::npos;
  const auto time = is_object ? 0 : status.st_mtim.tv_sec * 1'000'000'000L + status.st_mtim.tv_nsec;
  return fmt::format("{:o} {}:{} {} {} {} {}", status.st_mode, status.st_uid, status.st_gid,
                     S_ISDIR(status.st_mode) ? 0 : status.st_nlink, time, got, content_of(path, status));
}

}  // namespace

Digest digest_of(const std::string& folder) {
  Digest digest{{"", line_of(folder)}};
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string path = entry.path().string();
    digest[path.substr(folder.size() + 1)] = line_of(path);
  }
  return digest;
}

std::vector<std::string> differences(const Digest& before, const Digest& after) {
  std::vector<std::string> found;
  for (const auto& [path, line] : before) {
    const auto now = after.find(path);
    if (now == after.end()) {
      found.push_back(path + ": " + line + " -> gone");
    } else if (now->second != line) {
      found.push_back(path + ": " + line + " -> " + now->second);
    }
  }
  for (const auto& [path, line] : after) {
    if (before.count(path) == 0) found.push_back(path + ": new " + line);
  }
  return found;
}

bool differs(const Digest& before, const Digest& after, const std::string& path) {
  for (const std::string& line : differences(before, after)) {
    const std::string where = line.substr(0, line.find(": "));
    if (where == path || where.starts_with(path + "/")) return true;
  }
  return false;
}

}  // namespace pianola::redteam
