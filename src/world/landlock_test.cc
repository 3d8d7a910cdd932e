// A worker whose seal Landlock closes: which sockets it has, and what of the network open_attacks() names.
#include "world/landlock.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "world/door_testing.h"
#include "world/kept_testing.h"
#include "world/open_attacks.h"
#include "world/seal_probe.h"

namespace pianola::world {
namespace {

// Skips, with the one reason, where Landlock does not hold, or knows less than the test is about.
#define NEED_LANDLOCK(name, abi)                                                                  \
  if (landlock_abi() < (abi)) GTEST_SKIP() << "no Landlock " << (abi) << " here";                 \
  const Result<Sealer> name = find_landlock({.self = own_executable(), .path = "/usr/bin:/bin"}); \
  if (!name) GTEST_SKIP() << "no Landlock here: " << name.error().text();                         \
  if (const auto holds = probe_seal(*name); !holds)                                               \
  GTEST_SKIP() << "no Landlock here: " << holds.error().text()

// Each line a way to a socket; what can be had is printed. `$1` is the allowed port, `$2` another one.
constexpr const char* ways = R"(
  use Socket; my ($allowed, $other) = @ARGV; my $here = inet_aton("127.0.0.1");
  my ($s, $l, $u, $v, $m, $x, $a, $b, $c, $d, $f);
  sub try { my ($name, $ok) = @_; print "$name\n" if $ok }
  sub tcp { my ($port, $to) = @_; socket($s, PF_INET, SOCK_STREAM, 0) and connect($s, sockaddr_in($port, $to)) }
  try("allowed", tcp($allowed, $here));
  try("allowed elsewhere", tcp($allowed, inet_aton("127.0.0.2")));
  try("other", tcp($other, $here));
  try("listen", socket($l, PF_INET, SOCK_STREAM, 0) && bind($l, sockaddr_in(0, $here)));
  try("udp", socket($u, PF_INET, SOCK_DGRAM, 0));
  try("udp 6", socket($v, PF_INET6, SOCK_DGRAM, 0));
  try("mptcp", socket($m, PF_INET, SOCK_STREAM, 262));
  try("unix", socket($x, PF_UNIX, SOCK_STREAM, 0));
  try("unix datagrams", socketpair($a, $b, PF_UNIX, SOCK_DGRAM, 0));
  try("pair", socketpair($c, $d, PF_UNIX, SOCK_STREAM, 0));
  try("fast open", socket($f, PF_INET, SOCK_STREAM, 0) && send($f, "x", 0x20000000, sockaddr_in($other, $here)));
)";

class Loopback2 {
 public:
  explicit Loopback2(uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1);
    address.sin_port = htons(port);
    EXPECT_EQ(::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(socket_.get(), 8), 0);
  }

 private:
  Fd socket_;
};

std::string reached(const Sealer& sealer, const Seal& seal, const EchoServer& model,
                    const EchoServer& other) {
  ChildOptions child;
  child.argv =
      sealed_argv(sealer, seal,
                  {"/usr/bin/perl", "-e", ways, std::to_string(model.port()), std::to_string(other.port())});
  std::erase(child.argv, door_port_word);  // there is none here
  child.env = {{"PATH", "/usr/bin:/bin"}};
  const Result<Finished> done = run_child(child);
  if (!done) return done.error().text();
  EXPECT_EQ(done->err, "");
  std::string words = done->out;
  std::replace(words.begin(), words.end(), '\n', ';');
  return words;
}

TEST(LandlockNetwork, none_has_no_sockets_but_those_of_its_own_processes) {
  NEED_LANDLOCK(sealer, landlock_abi_needed);
  const EchoServer model;
  const EchoServer other;
  const Seal seal{.binds = {}, .cwd = "/", .network = Seal::Network::none};
  EXPECT_EQ(reached(*sealer, seal, model, other), "pair;");
}

TEST(LandlockNetwork, model_has_tcp_to_its_ports_on_whatever_machine) {
  NEED_LANDLOCK(sealer, landlock_abi_of_tcp);
  const EchoServer model;
  const EchoServer other;
  const Loopback2 elsewhere(model.port());
  Seal seal{.binds = {}, .cwd = "/", .network = Seal::Network::model};
  seal.way_out = WayOut{.door = {}, .relays = {{"127.0.0.1", model.port()}}, .proxy_port = 0};
  EXPECT_EQ(reached(*sealer, seal, model, other), "allowed;allowed elsewhere;pair;");
  // What this shows is on the list.
  const std::vector<OpenAttack> open = open_attacks(*sealer, landlock_abi());
  EXPECT_TRUE(
      std::any_of(open.begin(), open.end(), [](const auto& one) { return one.name == "network_port"; }));
}

TEST(LandlockNetwork, open_has_all_of_ip_and_no_sockets_of_this_machine) {
  NEED_LANDLOCK(sealer, landlock_abi_needed);
  const EchoServer model;
  const EchoServer other;
  const Seal seal{.binds = {}, .cwd = "/", .network = Seal::Network::open};
  const std::string words = reached(*sealer, seal, model, other);
  EXPECT_NE(words.find("allowed;other;listen;udp;"), std::string::npos) << words;
  EXPECT_EQ(words.find("unix"), std::string::npos) << words;
}

TEST(LandlockNetwork, has_the_door_at_a_port_that_its_environment_names) {
  NEED_LANDLOCK(sealer, landlock_abi_of_tcp);
  const EchoServer model;
  const Folder folder;
  Seal seal{.binds = {}, .cwd = "/", .network = Seal::Network::model};
  seal.way_out = WayOut{.door = {.dir = folder.path(), .rules = {{{"127.0.0.1", model.port()}}, {}}},
                        .relays = {},
                        .proxy_port = 0};
  constexpr const char* ask = R"(
    port=${HTTP_PROXY##*:}; exec 3<>/dev/tcp/127.0.0.1/$port
    printf 'CONNECT 127.0.0.1:%s HTTP/1.1\r\n\r\n' $1 >&3; IFS= read -r line <&3; echo "${line%?}"
    exec 3<>/dev/tcp/127.0.0.1/$port
    printf 'CONNECT name.example:443 HTTP/1.1\r\n\r\n' >&3; IFS= read -r line <&3; echo "${line%?}")";
  KeptSpec spec;
  spec.argv = {"/bin/bash", "-c", ask, "ask", std::to_string(model.port())};
  spec.env = {{"PATH", "/usr/bin:/bin"}, {"HTTP_PROXY", door_port_url}};
  const KeptSpec inside = sealed(spec, *sealer, seal);
  ChildOptions child;
  child.argv = inside.argv;
  child.env = inside.env;
  EXPECT_EQ(run_child(child).value().out, "HTTP/1.1 200 Connection established\nHTTP/1.1 403 Forbidden\n");
}

TEST(OpenAttacks, are_fewer_with_a_newer_kernel_and_fewest_with_a_root_of_its_own) {
  const Sealer landlock{.bwrap = "", .self = "/pianola", .uid = 1000, .gid = 1000, .is_root = false};
  Sealer sealed = landlock;
  sealed.bwrap = "/usr/bin/bwrap";
  size_t before = open_attacks(landlock, landlock_abi_needed).size();
  for (const int abi : {3, 6}) {
    EXPECT_LT(open_attacks(landlock, abi).size(), before) << abi;
    before = open_attacks(landlock, abi).size();
  }
  Sealer as_root = landlock;
  as_root.is_root = true;
  EXPECT_LT(open_attacks(as_root, 6).size(), before);
  for (const OpenAttack& one : open_attacks(sealed, 6)) EXPECT_FALSE(one.is_tried) << one.name;
}

}  // namespace
}  // namespace pianola::world
