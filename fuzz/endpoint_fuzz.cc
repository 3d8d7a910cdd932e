// Any bytes as an endpoint, a URL, or the first bytes at the door: what is read is plain, is written and read
// back the same, and does not depend on how the bytes come.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "world/connect_head.h"

namespace {

using namespace pianola::world;  // NOLINT(google-build-using-namespace)

void check_endpoint(const HostPort& to) {
  CHECK(to.port != 0 && !to.host.empty() && to.host.size() <= 253, "a whole endpoint");
  const bool is_plain = std::all_of(to.host.begin(), to.host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' || c == ':';
  });
  CHECK(is_plain, "a host holds no byte that could be something else to somebody else");
  const auto again = parse_host_port(to.text());
  CHECK(again && *again == to, "what was read is written and read back the same");
  CHECK(endpoint_of_url("http://" + to.text() + "/x") == to, "also in a URL");
  const Asked asked = read_head(connect_head(to));
  CHECK(asked.state == Asked::State::whole && asked.is_connect && asked.to == to, "also at the door");
  const auto address = literal_address(to.host, to.port);
  if (address)
    CHECK(may_lead_to(to, *address) == (reach_of(*address) != Reach::nowhere), "a literal leads there");
}

void check_head(std::string_view bytes) {
  const Asked asked = read_head(bytes);
  CHECK(asked.bytes <= bytes.size() && asked.bytes <= head_max_bytes, "a head lies within its bytes");
  if (asked.state != Asked::State::whole) return;
  if (asked.to) check_endpoint(*asked.to);
  const Asked alone = read_head(bytes.substr(0, asked.bytes));
  CHECK(alone.state == asked.state && alone.to == asked.to && alone.bytes == asked.bytes,
        "what follows a head is not of it");
  for (size_t cut = 0; cut < asked.bytes; ++cut)
    CHECK(read_head(bytes.substr(0, cut)).state == Asked::State::unfinished,
          "a part of a head is waited for");
}

void check_answer(std::string_view bytes) {
  const Answered answered = read_answer(bytes);
  CHECK(answered.bytes <= bytes.size(), "a head lies within its bytes");
  if (answered.state != Answered::State::connected) return;
  for (size_t cut = 0; cut < answered.bytes; ++cut)
    CHECK(read_answer(bytes.substr(0, cut)).state == Answered::State::unfinished,
          "not connected before its end");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto to = parse_host_port(bytes)) check_endpoint(*to);
  if (const auto to = endpoint_of_url(bytes)) check_endpoint(*to);
  check_head(bytes);
  check_answer(bytes);
  return 0;
}
