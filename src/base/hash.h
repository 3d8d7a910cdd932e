// Digests. SHA-256 names content; CRC32C guards journal records against torn and flipped bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pianola {

// SHA-256 (FIPS 180-4) of `bytes` as 64 lower-case hex digits.
std::string sha256_hex(std::string_view bytes);

// Adds `part` to a text that is to be hashed, its length before it, so that no two lists of parts have one
// text.
void add_part(std::string& text, std::string_view part);

// CRC-32C, Castagnoli polynomial, reflected, initial and final value ~0 (RFC 3720 appendix B.4).
uint32_t crc32c(std::string_view bytes);

// `value` as exactly 8 lower-case hex digits.
std::string hex32(uint32_t value);

}  // namespace pianola
