// Endpoints as people write them, and addresses as the kernel takes them: what a name may lead to.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pianola::world {

// A host, in lower case, without brackets and the dot at its end, and a port. Equal only when both are.
struct HostPort {
  std::string host;
  uint16_t port = 0;
  std::string text() const;  // "host:port", "[v6]:port"
  friend auto operator<=>(const HostPort&, const HostPort&) = default;
  friend bool operator==(const HostPort&, const HostPort&) = default;
};

// "host:port" or "[v6]:port"; nothing when it is something else. Hosts are letters, digits, '.', '-' and '_',
// or an IPv6 address; a port is 1 to 65535.
std::optional<HostPort> parse_host_port(std::string_view text);

// Where an http or https URL leads; its user, path and the rest are of no account.
std::optional<HostPort> endpoint_of_url(std::string_view url);

// True for localhost and for literal addresses of the machine itself.
bool is_loopback_host(const std::string& host);

struct Address {
  sockaddr_storage bytes{};
  socklen_t size = 0;
};

// The address that `host` spells; nothing when it is a name.
std::optional<Address> literal_address(const std::string& host, uint16_t port);

// How far an address lies. Forms that carry an IPv4 address inside (mapped, 6to4, NAT64) are judged by that.
enum class Reach {
  world,    // global unicast
  machine,  // loopback
  nearby,   // private networks: RFC 1918, RFC 4193, RFC 6598
  nowhere,  // unspecified, link-local, multicast, reserved, for documentation, tunnels
};
Reach reach_of(const Address& address);

// Which endpoints a worker may reach.
struct NetRules {
  std::vector<HostPort> allowed;
  // Hosts that are refused without a word; "*.name": all below it, "name.*": all that begin with it.
  std::vector<std::string> optional;
};

enum class Verdict { allowed, refused, optional, failed };
std::string_view verdict_text(Verdict verdict);

// By the endpoint alone: allowed, refused or optional.
Verdict judge(const NetRules& rules, const HostPort& to);

// Whether an allowed endpoint may be reached at this address. A name may lead to the world only; localhost
// and literal addresses were allowed as such, and lead to what they say, but never nowhere.
bool may_lead_to(const HostPort& to, const Address& address);

}  // namespace pianola::world
