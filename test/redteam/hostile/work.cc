// What the work itself may be: programs for checks, links, names, text for terminals.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "test/redteam/hostile/ground.h"

namespace pianola::redteam {
namespace {

sockaddr_in loopback(const Ground& g) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(std::atoi(g["port"].c_str())));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

}  // namespace

void add_work(Attempts& all) {
  // This very program, so that the check runs it.
  all["carry_tool"] = [](const Ground&) { return put_file("tool", slurp_all("/proc/self/exe"), 0755); };
  all["network_tcp"] = [](const Ground& g) {
    const sockaddr_in address = loopback(g);
    const int peer = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (peer < 0 || ::connect(peer, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      return refused(errno);
    const std::string word = "network_tcp\n";
    return ::send(peer, word.data(), word.size(), MSG_NOSIGNAL) > 0 ? reached() : refused(errno);
  };
  all["network_interfaces"] = [](const Ground&) {
    // Any other than loopback.
    const std::string table = slurp("/proc/net/dev");
    size_t lines = 0;
    for (const char letter : table) lines += letter == '\n' ? 1 : 0;
    constexpr size_t head_and_loopback = 3;
    return lines > head_and_loopback ? reached() : refused(ENODEV);
  };
  // More than is kept of a stream.
  all["log_flood"] = [](const Ground&) {
    const std::string block(1 << 20, 'x');
    for (int i = 0; i < 80; ++i) std::fwrite(block.data(), 1, block.size(), stdout);
    return reached();
  };
  // Bytes that drive a terminal, in output and in names.
  all["escape_bytes"] = [](const Ground&) {
    const std::string bytes =
        "\033]0;redteam\007\033[2J\033[31m\x9b"
        "2J\xc2\x9b"
        "5n\xe2\x80\xaeredteam\rover\b\b\n";
    std::fputs(bytes.c_str(), stdout);
    std::fputs(bytes.c_str(), stderr);
    std::fflush(stdout);
    put_file("name\033[2J\nnext\x9b.txt", bytes, 0644);
    return reached();
  };
}

}  // namespace pianola::redteam
