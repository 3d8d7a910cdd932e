#include "world/admin.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>
#include <cstring>
#include <map>

#include "api/request.h"
#include "world/child.h"
#include "world/files.h"
#include "world/user.h"

namespace pianola::world {
namespace {

namespace asio = boost::asio;

constexpr size_t connections_max = 256;
constexpr uint64_t listener_id = 0;
constexpr int served_max = 64;  // ready doors at a time; the loop's other doors come between

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
  Fd fd;
  std::string user;
  std::string received;
  std::string unsent;
  uint32_t watched = EPOLLIN;  // epoll_ctl(2)
  bool is_asking = false;      // and has no answer yet
  bool has_ended = false;      // nothing more comes in; the answer still goes out
};

}  // namespace

// The doors have an epoll(7) of their own, of which the loop watches one descriptor: a burst of requests
// costs it one wake-up, one reading and one writing call each.
struct AdminSocket::Parts {
  Parts(Loop& owner, std::string where, Fd its_listener, Fd its_doors)
      : loop(owner),
        path(std::move(where)),
        listener(std::move(its_listener)),
        doors(owner.io(), its_doors.release()) {}

  void watch();
  void serve();
  void accept();
  void serve_door(uint64_t id, uint32_t events);
  void advance(uint64_t id, Connection& connection);
  void want(uint64_t id, Connection& connection, uint32_t events);

  Loop& loop;
  std::string path;
  Fd listener;
  Fd spare{::open("/dev/null", O_RDONLY | O_CLOEXEC)};  // given up for a moment to turn somebody away
  asio::posix::stream_descriptor doors;
  std::map<uint64_t, Connection> connections;  // by number, never used twice; an asker is one of these
  uint64_t next_id = listener_id + 1;
};

namespace {

Result<Fd> listen_at(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return refuse(system_error(path, ENAMETOOLONG));
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  const bool listens = fd && ::bind(fd.get(), generic, sizeof address) == 0 &&
                       ::chmod(path.c_str(), 0600) == 0 && ::listen(fd.get(), SOMAXCONN) == 0;
  if (!listens) return refuse(system_error(path, errno));
  return fd;
}

bool watch_door(int doors, int fd, uint64_t id) {
  epoll_event door{.events = EPOLLIN, .data = {.u64 = id}};
  return ::epoll_ctl(doors, EPOLL_CTL_ADD, fd, &door) == 0;
}

}  // namespace

Result<std::unique_ptr<AdminSocket>> AdminSocket::open(Loop& loop, const std::string& path) {
  TRY(make_dirs(path.substr(0, path.rfind('/'))));
  TRY(remove_tree(path));
  Fd listener = TRY(listen_at(path));
  Fd doors(::epoll_create1(EPOLL_CLOEXEC));
  if (!doors || !watch_door(doors.get(), listener.get(), listener_id))
    return refuse(system_error(path, errno));
  try {
    auto parts = std::make_unique<Parts>(loop, path, std::move(listener), std::move(doors));
    parts->watch();
    return std::unique_ptr<AdminSocket>(new AdminSocket(std::move(parts)));
  } catch (const boost::system::system_error& failure) {
    return refuse(system_error(path, failure.code().value()));
  }
}

AdminSocket::AdminSocket(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

AdminSocket::~AdminSocket() { ::unlink(parts_->path.c_str()); }

void AdminSocket::answer(uint64_t asker, const engine::Reply& reply) {
  const auto at = parts_->connections.find(asker);
  if (at == parts_->connections.end() || !at->second.is_asking) return;
  at->second.is_asking = false;
  at->second.unsent = api::reply_line(reply) + "\n";
  parts_->advance(asker, at->second);
}

void AdminSocket::Parts::watch() {
  doors.async_wait(asio::posix::descriptor_base::wait_read, [this](boost::system::error_code failure) {
    if (failure) return;
    serve();
    watch();
  });
}

void AdminSocket::Parts::serve() {
  std::array<epoll_event, served_max> ready{};
  const int count = ::epoll_wait(doors.native_handle(), ready.data(), served_max, 0);
  for (int i = 0; i < count; ++i) {
    const epoll_event& door = ready.at(static_cast<size_t>(i));
    if (door.data.u64 == listener_id) {
      accept();
    } else {
      serve_door(door.data.u64, door.events);
    }
  }
}

void AdminSocket::Parts::accept() {
  while (true) {
    Fd fd(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    const bool lacks_one = !fd && (errno == EMFILE || errno == ENFILE) && spare;
    if (!fd && !lacks_one) return;
    if (lacks_one) {
      spare.reset();
      Fd(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC)).reset();
      spare.reset(::open("/dev/null", O_RDONLY | O_CLOEXEC));
      continue;
    }
    std::string user = peer_name(fd.get());
    if (user.empty() || connections.size() >= connections_max) continue;
    if (!watch_door(doors.native_handle(), fd.get(), next_id)) continue;
    connections[next_id++] =
        Connection{.fd = std::move(fd), .user = std::move(user), .received = {}, .unsent = {}};
  }
}

void AdminSocket::Parts::serve_door(uint64_t id, uint32_t events) {
  const auto at = connections.find(id);
  if (at == connections.end()) return;
  Connection& connection = at->second;
  if ((events & EPOLLIN) != 0) {
    std::array<char, 4096> buffer;
    const ssize_t got = ::recv(connection.fd.get(), buffer.data(), buffer.size(), 0);
    if (got > 0) connection.received.append(buffer.data(), static_cast<size_t>(got));
    connection.has_ended = got == 0;
  }
  const bool nobody_hears = (events & (EPOLLHUP | EPOLLERR)) != 0 && (events & EPOLLIN) == 0;
  if (nobody_hears) {
    connections.erase(id);
  } else {
    advance(id, connection);
  }
}

// Sends what is to be sent and takes the next line, as far as both go now.
void AdminSocket::Parts::advance(uint64_t id, Connection& connection) {
  while (true) {
    if (!connection.unsent.empty()) {
      const std::string& bytes = connection.unsent;
      const ssize_t sent = ::send(connection.fd.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      const bool is_lost = sent < 0 && errno != EAGAIN && errno != EINTR;
      if (is_lost) return static_cast<void>(connections.erase(id));
      if (sent > 0) connection.unsent.erase(0, static_cast<size_t>(sent));
      if (!connection.unsent.empty()) return want(id, connection, EPOLLOUT);
    }
    // What comes before the answer waits, and more than that is not read.
    if (connection.is_asking) {
      const bool is_full = connection.has_ended || !connection.received.empty();
      return want(id, connection, is_full ? 0U : uint32_t{EPOLLIN});
    }
    const size_t end = connection.received.find('\n');
    if (end == std::string::npos) {
      const bool is_over = connection.has_ended || connection.received.size() > api::line_bytes_max;
      if (is_over) return static_cast<void>(connections.erase(id));
      return want(id, connection, EPOLLIN);
    }
    Result<core::Input> input = api::parse_request(connection.received.substr(0, end));
    connection.received.erase(0, end + 1);
    connection.is_asking = input.has_value();
    if (input) {
      loop.push(
          engine::Arrival{.report = std::move(*input), .actor = "user:" + connection.user, .asker = id});
    } else {
      connection.unsent = api::reply_line(refuse(input.error())) + "\n";
    }
  }
}

void AdminSocket::Parts::want(uint64_t id, Connection& connection, uint32_t events) {
  if (connection.watched == events) return;
  connection.watched = events;
  epoll_event door{.events = events, .data = {.u64 = id}};
  ::epoll_ctl(doors.native_handle(), EPOLL_CTL_MOD, connection.fd.get(), &door);
}

}  // namespace pianola::world
