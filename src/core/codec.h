// Events as journal lines, and back. The files codec*.{h,cc} alone name the JSON keys of events.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "core/event.h"

namespace pianola::core {

// One line without its newline:
// {"seq":1,"id":"<32 hex>","at":"<ns>","type":"run_started","v":1,"actor":"..","data":{..},"crc":"<8 hex>"}
// The CRC32C is over the bytes up to `,"crc"`. Integers beyond 2^53 are strings; instants always are. Bytes
// that are not UTF-8 are kept: such a string is written as {"b64":".."}. Every field is written, also those
// that hold their default; an absent optional is not. `seed` is the run's; the id follows from seed and seq
// alone.
std::string encode(const Recorded& recorded, uint64_t seed);

// The inverse. Keys it does not know are ignored, absent ones keep their default. Errors (integrity) say what
// differs: checksum, not JSON, a field that has the wrong form, a type or version of a newer pianola.
// `where` of the error is empty: the caller knows the file.
Result<Recorded> decode(std::string_view line);

// What the next line of a journal continues: the number of the last line, and the run's seed, which the
// run_started event brings (0 before it).
struct Succession {
  uint64_t seq = 0;
  uint64_t seed = 0;
  friend bool operator==(const Succession&, const Succession&) = default;
};

// encode(), for the line after `last`, which it becomes. The number of `recorded` has to be the next one.
std::string encode_next(const Recorded& recorded, Succession& last);

// decode(), and the line has to be the one after `last`, by number and id; `last` moves on only on success.
Result<Recorded> decode_next(std::string_view line, Succession& last);

// The id of event `seq` in the run with `seed`: 32 hex digits.
std::string event_id(uint64_t seed, uint64_t seq);

// The snake_case past-tense name of the event, as in "type".
std::string event_type(const Event& event);

// An encoded line is never longer than this; neither is one that is read.
constexpr size_t max_line_bytes = 64 << 20;

}  // namespace pianola::core
