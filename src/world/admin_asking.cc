// The side of the admin socket that asks.
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

#include "api/request.h"
#include "world/admin.h"
#include "world/child.h"
#include "world/files.h"
#include "world/journal_lock.h"

namespace pianola::world {
namespace {

constexpr int look_again_ms = 25;

Result<Fd> connect_to(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return refuse(Error{.kind = ErrorKind::failed, .where = path, .what = "too long for a socket"});
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) return refuse(system_error(path, errno));
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  if (::connect(fd.get(), generic, sizeof address) != 0) {
    return refuse(Error{.kind = ErrorKind::paused,
                        .where = path,
                        .what = "no supervisor answers",
                        .expected = "one that serves",
                        .next = "look: pianola status, then once more"});
  }
  return fd;
}

}  // namespace

Result<bool> await_supervisor(const std::string& lock, const std::string& socket, int64_t wait_ms) {
  for (int64_t waited_ms = 0;; waited_ms += look_again_ms) {
    if (!TRY(lock_holder(lock))) return false;
    const Result<Fd> heard = connect_to(socket);
    if (heard) return true;
    if (waited_ms >= wait_ms) return refuse(heard.error());
    ::poll(nullptr, 0, look_again_ms);
  }
}

Result<uint64_t> ask_supervisor(const std::string& path, const core::Input& input, int64_t timeout_ms) {
  const Fd fd = TRY(connect_to(path));
  const std::string line = api::request_line(input) + "\n";
  for (size_t sent = 0; sent < line.size();) {
    const ssize_t n = ::send(fd.get(), line.data() + sent, line.size() - sent, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return refuse(system_error(path, errno));
    sent += static_cast<size_t>(n);
  }
  std::string received;
  while (received.find('\n') == std::string::npos && received.size() <= api::line_bytes_max) {
    pollfd ready{.fd = fd.get(), .events = POLLIN, .revents = 0};
    const int polled = ::poll(&ready, 1, static_cast<int>(timeout_ms));
    if (polled < 0 && errno == EINTR) continue;
    char buffer[4096];
    const ssize_t n = polled > 0 ? ::recv(fd.get(), buffer, sizeof buffer, 0) : 0;
    if (n <= 0) {
      return refuse(Error{.kind = ErrorKind::paused,
                          .where = path,
                          .what = polled == 0 ? "the supervisor does not answer" : "the supervisor left",
                          .expected = {},
                          .next = "look: pianola status"});
    }
    received.append(buffer, static_cast<size_t>(n));
  }
  return api::parse_reply(received.substr(0, received.find('\n')));
}

}  // namespace pianola::world
