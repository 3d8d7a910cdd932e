// Events as journal lines, and back. codec.cc is the only file that names the JSON keys of events.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "core/event.h"

namespace pianola::core {

// One line without its newline:
// {"seq":1,"id":"<32 hex>","at":"<ns>","type":"run_started","v":1,"actor":"..","data":{..},"crc":"<8 hex>"}
// The CRC32C is over the bytes up to `,"crc"`. Integers above 2^53 are strings; `at` always is. Bytes that
// are not UTF-8 are kept: such a string is written as {"b64":".."}. `seed` is the run's; the id follows
// from seed and seq alone.
std::string encode(const Recorded& recorded, uint64_t seed);

// The inverse. Errors (integrity) say what differs: not JSON, checksum, unknown type, newer version.
Result<Recorded> decode(std::string_view line);

// The snake_case past-tense name of the event, as in "type".
std::string event_type(const Event& event);

}  // namespace pianola::core
