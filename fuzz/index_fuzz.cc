// Any bytes as an index of git's: what is read is written and read back the same; what is refused names the
// file.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "fuzz/scratch.h"
#include "world/files.h"
#include "world/git_tree.h"

namespace {

using namespace pianola::world;  // NOLINT(google-build-using-namespace)

std::string big_endian(uint64_t value, int width) {
  std::string out;
  for (int i = width - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i) & 0xff);
  return out;
}

std::string from_hex(const std::string& hex) {
  std::string bytes;
  for (size_t at = 0; at + 1 < hex.size(); at += 2)
    bytes += static_cast<char>(std::stoi(hex.substr(at, 2), nullptr, 16));
  return bytes;
}

// gitformat-index(5), version 2.
std::string written(const Index& index) {
  std::string out = "DIRC" + big_endian(2, 4) + big_endian(index.size(), 4);
  for (const auto& [path, entry] : index) {
    std::string one = std::string(8, '\0') + big_endian(static_cast<uint64_t>(entry.modified_s), 4) +
                      std::string(12, '\0') + big_endian(static_cast<uint32_t>(entry.mode), 4) +
                      std::string(8, '\0') + big_endian(static_cast<uint64_t>(entry.size_bytes), 4) +
                      from_hex(entry.id) + big_endian(std::min<size_t>(path.size(), 0xfff), 2) + path;
    one.resize((one.size() + 8) / 8 * 8, '\0');
    out += one;
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const std::string path = pianola::fuzz::scratch() / "index";
  for (const size_t id_bytes : {size_t{20}, size_t{32}}) {
    CHECK(write_file(path, bytes, Sync::none).has_value(), "there is room");
    const auto index = read_index(path, id_bytes);
    if (!index) {
      CHECK(index.error().kind == pianola::ErrorKind::integrity && index.error().where == path,
            "it names the file");
      continue;
    }
    CHECK(write_file(path, written(*index), Sync::none).has_value(), "there is room");
    const auto again = read_index(path, id_bytes);
    CHECK(again.has_value() && index_changes(*index, *again).empty(), "it is written and read back the same");
    CHECK(index_changes({}, *index).size() <= index->size(), "a change for an entry at most");
  }
  return 0;
}
