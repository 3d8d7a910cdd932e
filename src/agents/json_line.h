// One line of an agent's stream as JSON. Agents write what they like: nothing here fails on odd bytes or
// on fields of another type, it just does not find what it was asked for.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pianola::agents {

// The object on this line. Bytes that are not UTF-8, unpaired surrogate escapes and control characters
// are replaced first where the line is not JSON otherwise. Nothing when it is no JSON object, or is
// nested deeper than 64.
std::optional<boost::json::object> parse_line(std::string_view line);

// The field of that name, when it is a string, an object, an array; else "", null.
std::string_view text_of(const boost::json::object& object, std::string_view name);
const boost::json::object* object_of(const boost::json::object& object, std::string_view name);
const boost::json::array* array_of(const boost::json::object& object, std::string_view name);

// The field of that name when it is true.
bool is_true(const boost::json::object& object, std::string_view name);

// A field that counts something: a whole number from 0 to 1e15. `odd` is set when it is there, is not null
// and is anything else; -1 is returned then, and where the field is absent.
int64_t count_of(const boost::json::object& object, std::string_view name, bool& odd);

}  // namespace pianola::agents
