#include "world/host_port.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

namespace pianola::world {
namespace {

constexpr size_t host_max = 253;
constexpr std::string_view host_letters = "abcdefghijklmnopqrstuvwxyz0123456789.-_";

std::string lower(std::string_view text) {
  std::string small(text);
  for (char& c : small) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return small;
}

std::optional<uint16_t> parse_port(std::string_view text) {
  uint16_t port = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool is_whole = read.ec == std::errc() && read.ptr == text.data() + text.size();
  return is_whole && port != 0 && text.size() <= 5 ? std::optional(port) : std::nullopt;
}

// A host as it is compared; "" when it is none.
std::string tidy_host(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) {
    if (text.find('\0') != std::string_view::npos) return "";  // inet_pton would not see what follows
    in6_addr address{};
    std::array<char, INET6_ADDRSTRLEN> spelled{};
    if (::inet_pton(AF_INET6, std::string(text.substr(1, text.size() - 2)).c_str(), &address) != 1) return "";
    return ::inet_ntop(AF_INET6, &address, spelled.data(), spelled.size()) == nullptr ? "" : spelled.data();
  }
  std::string host = lower(text);
  if (host.ends_with('.')) host.pop_back();
  const bool has_empty_part =
      host.empty() || host.front() == '.' || host.back() == '.' || host.find("..") != std::string::npos;
  const bool is_name = !has_empty_part && host.size() <= host_max && host.front() != '-' &&
                       host.find_first_not_of(host_letters) == std::string::npos;
  return is_name ? host : "";
}

struct Net4 {
  uint32_t net;
  int bits;
  Reach reach;
};
constexpr uint32_t quad(uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
  return a << 24 | b << 16 | c << 8 | d;
}
// The IANA registry of special purpose addresses.
constexpr std::array nets4{
    Net4{quad(0, 0, 0, 0), 8, Reach::nowhere},      Net4{quad(10, 0, 0, 0), 8, Reach::nearby},
    Net4{quad(100, 64, 0, 0), 10, Reach::nearby},   Net4{quad(127, 0, 0, 0), 8, Reach::machine},
    Net4{quad(169, 254, 0, 0), 16, Reach::nowhere}, Net4{quad(172, 16, 0, 0), 12, Reach::nearby},
    Net4{quad(192, 0, 0, 0), 24, Reach::nowhere},   Net4{quad(192, 0, 2, 0), 24, Reach::nowhere},
    Net4{quad(192, 88, 99, 0), 24, Reach::nowhere}, Net4{quad(192, 168, 0, 0), 16, Reach::nearby},
    Net4{quad(198, 18, 0, 0), 15, Reach::nowhere},  Net4{quad(198, 51, 100, 0), 24, Reach::nowhere},
    Net4{quad(203, 0, 113, 0), 24, Reach::nowhere}, Net4{quad(224, 0, 0, 0), 3, Reach::nowhere}};

Reach reach_of4(uint32_t address) {
  for (const Net4& net : nets4) {
    const uint32_t mask = ~uint32_t{0} << (32 - net.bits);
    if ((address & mask) == net.net) return net.reach;
  }
  return Reach::world;
}

Reach reach_of6(const std::array<uint8_t, 16>& b) {
  const auto starts = [&](std::initializer_list<uint8_t> bytes) {
    return std::equal(bytes.begin(), bytes.end(), b.begin());
  };
  const auto quad_at = [&](size_t at) { return quad(b[at], b[at + 1], b[at + 2], b[at + 3]); };
  const bool is_low = std::all_of(b.begin(), b.begin() + 10, [](uint8_t byte) { return byte == 0; });
  if (is_low && b[10] == 0xff && b[11] == 0xff) return reach_of4(quad_at(12));  // ::ffff:0:0/96
  if (is_low && b[10] == 0 && b[11] == 0) return quad_at(12) == 1 ? Reach::machine : Reach::nowhere;
  if (starts({0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0})) return reach_of4(quad_at(12));  // NAT64
  if (starts({0x20, 0x02})) return reach_of4(quad_at(2));                                       // 6to4
  if (starts({0x20, 0x01, 0x0d, 0xb8}) || starts({0x3f, 0xff})) return Reach::nowhere;  // documentation
  if (starts({0x20, 0x01}) && b[2] < 2) return Reach::nowhere;   // 2001::/23: Teredo, ORCHID and others
  if ((b[0] & 0xfe) == 0xfc) return Reach::nearby;               // fc00::/7
  return (b[0] & 0xe0) == 0x20 ? Reach::world : Reach::nowhere;  // 2000::/3 is all that is given out
}

}  // namespace

std::string HostPort::text() const {
  return host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port)
                                             : fmt::format("[{}]:{}", host, port);
}

std::optional<HostPort> parse_host_port(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::optional<uint16_t> port = parse_port(text.substr(colon + 1));
  HostPort to{tidy_host(text.substr(0, colon)), port.value_or(0)};
  return to.host.empty() || !port ? std::nullopt : std::optional(std::move(to));
}

std::optional<HostPort> endpoint_of_url(std::string_view url) {
  constexpr uint16_t http_port = 80;
  constexpr uint16_t https_port = 443;
  const std::string scheme = lower(url.substr(0, url.find("://")));
  if (scheme.size() + 3 >= url.size() || (scheme != "http" && scheme != "https")) return std::nullopt;
  url.remove_prefix(scheme.size() + 3);
  std::string_view authority = url.substr(0, url.find_first_of("/?#\\"));
  authority.remove_prefix(authority.rfind('@') + 1);  // npos + 1 is 0
  const size_t colon = authority.rfind(':');
  const bool has_port =
      colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos;
  if (has_port && colon + 1 < authority.size()) return parse_host_port(authority);
  const uint16_t port = scheme == "https" ? https_port : http_port;
  return parse_host_port(fmt::format("{}:{}", has_port ? authority.substr(0, colon) : authority, port));
}

bool is_loopback_host(const std::string& host) {
  if (host == "localhost" || host.ends_with(".localhost")) return true;
  const auto literal = literal_address(host, 1);
  return literal && reach_of(*literal) == Reach::machine;
}

std::optional<Address> literal_address(const std::string& host, uint16_t port) {
  Address address;
  sockaddr_in v4{};
  if (::inet_pton(AF_INET, host.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    address.size = sizeof v4;
    std::memcpy(&address.bytes, &v4, sizeof v4);
    return address;
  }
  sockaddr_in6 v6{};
  if (::inet_pton(AF_INET6, host.c_str(), &v6.sin6_addr) != 1) return std::nullopt;
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port);
  address.size = sizeof v6;
  std::memcpy(&address.bytes, &v6, sizeof v6);
  return address;
}

Reach reach_of(const Address& address) {
  if (address.bytes.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address.bytes, sizeof v4);
    return reach_of4(ntohl(v4.sin_addr.s_addr));
  }
  if (address.bytes.ss_family != AF_INET6) return Reach::nowhere;
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address.bytes, sizeof v6);
  std::array<uint8_t, 16> bytes{};
  std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
  return reach_of6(bytes);
}

std::string_view verdict_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::allowed:
      return "allowed";
    case Verdict::refused:
      return "refused";
    case Verdict::optional:
      return "optional";
    case Verdict::failed:
      return "failed";
  }
  return "";
}

Verdict judge(const NetRules& rules, const HostPort& to) {
  if (std::find(rules.allowed.begin(), rules.allowed.end(), to) != rules.allowed.end())
    return Verdict::allowed;
  const auto fits = [&](const std::string& host) {
    if (host.starts_with("*.")) return to.host.ends_with(host.substr(1));
    if (host.ends_with(".*")) return to.host.starts_with(host.substr(0, host.size() - 1));
    return to.host == host;
  };
  const bool is_optional = std::any_of(rules.optional.begin(), rules.optional.end(), fits);
  return is_optional ? Verdict::optional : Verdict::refused;
}

bool may_lead_to(const HostPort& to, const Address& address) {
  const Reach reach = reach_of(address);
  if (reach == Reach::nowhere) return false;
  if (reach == Reach::world || literal_address(to.host, to.port)) return true;
  return reach == Reach::machine && is_loopback_host(to.host);
}

}  // namespace pianola::world
