// Any bytes as a journal line: never a crash; and whatever is read is written and read back the same.
#include "base/check.h"
#include "base/hash.h"
#include "core/codec.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace pianola;
  const std::string line(bytes, bytes + size);
  static_cast<void>(core::decode(line));
  // A checksum of our own lets the rest of the bytes reach the JSON reader.
  const auto read = core::decode(line + ",\"crc\":\"" + hex32(crc32c(line)) + "\"}");
  if (!read) return 0;
  const auto again = core::decode(core::encode(*read, 1));
  CHECK(again.has_value() && *again == *read, "what was read is written and read back the same");
  return 0;
}
