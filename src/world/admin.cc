#include "world/admin.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <cstring>
#include <map>

#include "api/request.h"
#include "world/child.h"
#include "world/files.h"
#include "world/journal_lock.h"
#include "world/user.h"

namespace pianola::world {
namespace {

namespace asio = boost::asio;
using Stream = asio::local::stream_protocol;

constexpr size_t connections_max = 256;
constexpr int look_again_ms = 25;

// The name of the user at the other end, or "" when it is not ours.
std::string peer_name(int fd) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return "";
  if (peer.uid != geteuid() && peer.uid != 0) return "";
  return user_name(peer.uid);
}

// One connection: a line in, the answer out, the next line.
struct Connection {
  Connection(Stream::socket&& accepted, std::string user_name, std::shared_ptr<size_t> open_connections)
      : socket(std::move(accepted)),
        user(std::move(user_name)),
        received(api::line_bytes_max),
        count(std::move(open_connections)) {
    ++*count;
  }
  ~Connection() { --*count; }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Stream::socket socket;
  std::string user;
  asio::streambuf received;
  std::string answer;
  std::shared_ptr<size_t> count;  // outlives the socket's owner as handlers do
};

}  // namespace

struct AdminSocket::Parts {
  Parts(Loop& owner, std::string where) : loop(owner), path(std::move(where)), acceptor(owner.io()) {}

  void accept();
  void read(const std::shared_ptr<Connection>& connection);
  void take_line(const std::shared_ptr<Connection>& connection, size_t size);
  void write(const std::shared_ptr<Connection>& connection, const engine::Reply& reply);

  Loop& loop;
  std::string path;
  Stream::acceptor acceptor;
  std::map<uint64_t, std::shared_ptr<Connection>> waiting;  // for their answers
  std::shared_ptr<size_t> connections = std::make_shared<size_t>(0);
  uint64_t next_asker = 1;
};

Result<std::unique_ptr<AdminSocket>> AdminSocket::open(Loop& loop, const std::string& path) {
  TRY(make_dirs(path.substr(0, path.rfind('/'))));
  TRY(remove_tree(path));
  auto parts = std::make_unique<Parts>(loop, path);
  boost::system::error_code failure;
  const Stream::endpoint endpoint(path);
  parts->acceptor.open(endpoint.protocol(), failure);
  if (!failure) parts->acceptor.bind(endpoint, failure);
  if (!failure && ::chmod(path.c_str(), 0600) != 0) return refuse(system_error(path, errno));
  if (!failure) parts->acceptor.listen(asio::socket_base::max_listen_connections, failure);
  if (failure) return refuse(system_error(path, failure.value()));
  parts->accept();
  return std::unique_ptr<AdminSocket>(new AdminSocket(std::move(parts)));
}

AdminSocket::AdminSocket(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

AdminSocket::~AdminSocket() { ::unlink(parts_->path.c_str()); }

void AdminSocket::answer(uint64_t asker, const engine::Reply& reply) {
  const auto at = parts_->waiting.find(asker);
  if (at == parts_->waiting.end()) return;
  const std::shared_ptr<Connection> connection = std::move(at->second);
  parts_->waiting.erase(at);
  parts_->write(connection, reply);
}

void AdminSocket::Parts::accept() {
  acceptor.async_accept([this](boost::system::error_code failure, Stream::socket socket) {
    if (failure == asio::error::operation_aborted) return;
    if (!failure) {
      const std::string user = peer_name(socket.native_handle());
      if (!user.empty() && *connections < connections_max) {
        read(std::make_shared<Connection>(std::move(socket), user, connections));
      }
    }
    accept();
  });
}

void AdminSocket::Parts::read(const std::shared_ptr<Connection>& connection) {
  asio::async_read_until(connection->socket, connection->received, '\n',
                         [this, connection](boost::system::error_code failure, size_t size) {
                           if (!failure) take_line(connection, size);
                         });
}

void AdminSocket::Parts::take_line(const std::shared_ptr<Connection>& connection, size_t size) {
  const auto bytes = connection->received.data();
  const std::string line(asio::buffers_begin(bytes),
                         asio::buffers_begin(bytes) + static_cast<ptrdiff_t>(size) - 1);
  connection->received.consume(size);
  Result<core::Input> input = api::parse_request(line);
  if (!input) {
    write(connection, refuse(input.error()));
    return;
  }
  const uint64_t asker = next_asker++;
  waiting[asker] = connection;
  loop.push(
      engine::Arrival{.report = std::move(*input), .actor = "user:" + connection->user, .asker = asker});
}

void AdminSocket::Parts::write(const std::shared_ptr<Connection>& connection, const engine::Reply& reply) {
  connection->answer = api::reply_line(reply) + "\n";
  asio::async_write(connection->socket, asio::buffer(connection->answer),
                    [this, connection](boost::system::error_code failure, size_t) {
                      if (!failure) read(connection);
                    });
}

// --- the asking side ---------------------------------------------------------------------------------------

namespace {

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
