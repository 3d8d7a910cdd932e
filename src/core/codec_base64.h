// Base64 (RFC 4648 section 4, with padding): how bytes that are not text lie in the journal.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pianola::core {

void append_base64(std::string& out, std::string_view bytes);

// The bytes, or nothing when `text` is not what append_base64 writes for some bytes.
std::optional<std::string> read_base64(std::string_view text);

}  // namespace pianola::core
