// What may be asked of a running supervisor over its socket: one JSON line in, one JSON line out.
//
//   {"do":"stop","how":"finish"|"end_all"}   {"do":"stop_task","task":ID}   {"do":"say","task":ID,"text":T}
//   {"do":"pause","reason":T}  {"do":"resume"}  {"do":"promote","how":"checkout"|"leave"}
//   answer: {"seq":N} or {"refused":{"kind","where","what","expected","next"}}
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "core/input.h"

namespace pianola::api {

// Longest line either side sends; longer ones end the connection.
inline constexpr size_t line_bytes_max = 256 << 10;

// The input a line asks for. Errors (usage) name the key that is wrong.
Result<core::Input> parse_request(std::string_view line);

// The line for an input that people may send; CHECKs on others.
std::string request_line(const core::Input& input);

// {"error": {"code", "exit", "message", "at", "hint"}}, for a reply and for --json alike. `exit_code` is
// the process's (cli/exit_code.h).
std::string error_json(const Error& error, int exit_code);

// The answer line for the sequence number up to which all is durable, or for a refusal.
std::string reply_line(const Result<uint64_t>& reply);

// What a reply line says. Errors: the one it carries, or internal when it is not a reply.
Result<uint64_t> parse_reply(std::string_view line);

// The stable word of an error kind, and back ("internal" for unknown words).
std::string kind_text(ErrorKind kind);
ErrorKind parse_kind(std::string_view word);

}  // namespace pianola::api
