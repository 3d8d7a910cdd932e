// The index file format, gitformat-index(5): read only, and only what pianola's own git has written.
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>

#include "world/files.h"
#include "world/git_tree.h"

namespace pianola::world {
namespace {

constexpr size_t index_limit_bytes = size_t{1} << 30;
constexpr size_t header_bytes = 12;
constexpr size_t stat_bytes = 40;
constexpr uint16_t extended_flag = 0x4000;
constexpr uint16_t stage_mask = 0x3000;

uint32_t big_endian(const std::string& bytes, size_t at, size_t width) {
  uint32_t value = 0;
  for (size_t i = 0; i < width; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

std::string hex(const std::string& bytes, size_t at, size_t count) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (size_t i = 0; i < count; ++i) {
    const auto byte = static_cast<unsigned char>(bytes[at + i]);
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

Error damaged(const std::string& path) {
  return {.kind = ErrorKind::integrity, .where = path, .what = "not an index that pianola can read"};
}

}  // namespace

Result<Index> read_index(const std::string& path, size_t id_bytes) {
  Index index;
  const auto bytes = TRY(read_file_if_present(path, index_limit_bytes));
  if (!bytes) return index;
  if (bytes->size() < header_bytes || bytes->compare(0, 4, "DIRC") != 0) return refuse(damaged(path));
  const uint32_t version = big_endian(*bytes, 4, 4);
  const uint32_t count = big_endian(*bytes, 8, 4);
  if (version != 2 && version != 3) return refuse(damaged(path));

  size_t at = header_bytes;
  for (uint32_t i = 0; i < count; ++i) {
    const size_t flags_at = at + stat_bytes + id_bytes;
    if (flags_at + 4 > bytes->size()) return refuse(damaged(path));
    const uint32_t flags = big_endian(*bytes, flags_at, 2);
    const size_t name_at = flags_at + ((flags & extended_flag) != 0 ? 4 : 2);
    const size_t name_end = bytes->find('\0', name_at);
    if (name_end == std::string::npos || (flags & stage_mask) != 0) return refuse(damaged(path));
    IndexEntry entry{.mode = static_cast<int>(big_endian(*bytes, at + 24, 4)),
                     .id = hex(*bytes, at + stat_bytes, id_bytes),
                     .modified_s = big_endian(*bytes, at + 8, 4),
                     .size_bytes = big_endian(*bytes, at + 36, 4)};
    index.emplace_hint(index.end(), bytes->substr(name_at, name_end - name_at), std::move(entry));
    // Entries are padded with 1 to 8 NUL bytes to a multiple of eight.
    at += (name_end - at + 8) / 8 * 8;
  }
  return index;
}

Result<void> copy_index(const std::string& from, const std::string& to) {
  const std::string bytes = TRY(read_file(from, index_limit_bytes));
  const std::string making = to + ".new";
  TRY(write_file(making, bytes, Sync::none));
  TRY(copy_time(from, making));
  if (::rename(making.c_str(), to.c_str()) != 0) return refuse(system_error(to, errno));
  return {};
}

Result<void> copy_time(const std::string& from, const std::string& to) {
  struct stat found {};
  if (::stat(from.c_str(), &found) != 0) return refuse(system_error(from, errno));
  const timespec times[2] = {found.st_atim, found.st_mtim};
  if (::utimensat(AT_FDCWD, to.c_str(), times, 0) != 0) return refuse(system_error(to, errno));
  return {};
}

}  // namespace pianola::world
