#include "world/links_out.h"

#include <sys/stat.h>

#include <filesystem>

namespace pianola::world {

LinksOut::LinksOut(const std::string& top) : top_(top) {
  std::error_code failure;
  whole_ = std::filesystem::weakly_canonical(top, failure).string() + "/";
}

std::string LinksOut::first(const std::string& path) {
  for (size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    const std::string part = path.substr(0, slash);
    const Kind kind = kind_of(part);
    if (kind == Kind::out) return part;
    if (kind == Kind::absent) break;
  }
  return "";
}

LinksOut::Kind LinksOut::kind_of(const std::string& part) {
  const auto known = seen_.find(part);
  if (known != seen_.end()) return known->second;
  return seen_.emplace(part, look(part)).first->second;
}

LinksOut::Kind LinksOut::look(const std::string& part) const {
  const std::filesystem::path place = top_ + "/" + part;
  struct stat status {};
  if (::lstat(place.c_str(), &status) != 0) return Kind::absent;
  if (!S_ISLNK(status.st_mode)) return Kind::inside;
  // A broken link is not resolved by name: its text is, from the folder it lies in.
  std::error_code failure;
  const std::filesystem::path text = std::filesystem::read_symlink(place, failure);
  const auto leads_to = std::filesystem::weakly_canonical(place.parent_path() / text, failure);
  return failure || !(leads_to.string() + "/").starts_with(whole_) ? Kind::out : Kind::inside;
}

}  // namespace pianola::world
