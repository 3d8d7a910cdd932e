#include "world/connect_head.h"

#include <fmt/format.h>

#include <algorithm>

namespace pianola::world {
namespace {

constexpr std::string_view head_end = "\r\n\r\n";

std::string_view reason_of(Status status) {
  switch (status) {
    case Status::forbidden:
      return "Forbidden";
    case Status::not_allowed:
      return "Method Not Allowed";
    case Status::bad:
      return "Bad Request";
    case Status::unreachable:
      return "Bad Gateway";
    case Status::busy:
      return "Service Unavailable";
  }
  return "";
}

// True when there are bytes that no head has: control characters beside the ends of lines.
bool has_odd_bytes(std::string_view head) {
  return std::any_of(head.begin(), head.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < ' ' && c != '\r' && c != '\n' && c != '\t') || byte == 0x7f;
  });
}

}  // namespace

Asked read_head(std::string_view bytes) {
  Asked asked;
  const size_t end = bytes.substr(0, head_max_bytes).find(head_end);
  if (end == std::string_view::npos) {
    const bool is_hopeless = bytes.size() >= head_max_bytes || has_odd_bytes(bytes);
    asked.state = is_hopeless ? Asked::State::broken : Asked::State::unfinished;
    return asked;
  }
  asked.bytes = end + head_end.size();
  const std::string_view line = bytes.substr(0, bytes.find("\r\n"));
  const size_t first = line.find(' ');
  const size_t last = line.rfind(' ');
  const bool is_request = first != std::string_view::npos && last > first + 1 &&
                          line.substr(last + 1).starts_with("HTTP/1.") &&
                          !has_odd_bytes(bytes.substr(0, end));
  asked.state = is_request ? Asked::State::whole : Asked::State::broken;
  if (!is_request) return asked;
  const std::string_view target = line.substr(first + 1, last - first - 1);
  asked.is_connect = line.substr(0, first) == "CONNECT";
  asked.to = asked.is_connect ? parse_host_port(target) : endpoint_of_url(target);
  return asked;
}

std::string connect_head(const HostPort& to) {
  return fmt::format("CONNECT {0} HTTP/1.1\r\nHost: {0}\r\n\r\n", to.text());
}

std::string refusal_answer(Status status, std::string_view why) {
  return fmt::format(
      "HTTP/1.1 {} {}\r\nContent-Type: text/plain\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}\n",
      static_cast<int>(status), reason_of(status), why.size() + 1, why);
}

Answered read_answer(std::string_view bytes) {
  const size_t end = bytes.substr(0, head_max_bytes).find(head_end);
  if (end == std::string_view::npos) {
    const bool is_hopeless = bytes.size() >= head_max_bytes;
    return {is_hopeless ? Answered::State::refused : Answered::State::unfinished, 0};
  }
  const bool is_connected = bytes.starts_with("HTTP/1.1 200 ");
  return {is_connected ? Answered::State::connected : Answered::State::refused, end + head_end.size()};
}

}  // namespace pianola::world
