// Any bytes as a line on the admin socket, asked or answered: never a crash; what is read is written and
// read back the same, and what is refused says so as usage.
#include <boost/json.hpp>
#include <cstdint>
#include <string_view>

#include "api/request.h"
#include "base/check.h"

namespace {

using namespace pianola;  // NOLINT(google-build-using-namespace)

void check_request(std::string_view line) {
  const auto input = api::parse_request(line);
  if (!input) {
    CHECK(input.error().kind == ErrorKind::usage && input.error().where == "request", "it names the request");
    CHECK(!input.error().what.empty() && !input.error().expected.empty(), "what is wrong, what is right");
    const std::string shown = api::error_json(input.error(), 2);
    CHECK(boost::json::parse(shown).is_object(), "an error is JSON whatever it quotes");
    return;
  }
  const std::string written = api::request_line(*input);
  CHECK(written.find('\n') == std::string::npos, "one line");
  const auto again = api::parse_request(written);
  CHECK(again.has_value() && api::request_line(*again) == written,
        "what was read is written and read back the same");
}

void check_reply(std::string_view line) {
  const Result<uint64_t> reply = api::parse_reply(line);
  const std::string written = api::reply_line(reply);
  CHECK(written.find('\n') == std::string::npos, "one line");
  const Result<uint64_t> again = api::parse_reply(written);
  CHECK(again.has_value() == reply.has_value(), "a reply stays a reply");
  if (reply) {
    CHECK(*again == *reply, "with its number");
  } else {
    CHECK(again.error().kind == reply.error().kind && again.error().text() == reply.error().text(),
          "a refusal stays the same refusal");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  check_request(line);
  check_reply(line);
  return 0;
}
