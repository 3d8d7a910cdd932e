#include "world/relay.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>

#include "world/child.h"
#include "world/connect_head.h"
#include "world/files.h"
#include "world/tunnel.h"

namespace pianola::world {
namespace {

constexpr int backlog = 128;

Result<Fd> listen_at(const HostPort& at) {
  const std::optional<Address> address = literal_address(at.host, at.port);
  if (!address)
    return refuse(Error{ErrorKind::failed, at.text(), "is not an address", "a literal address", ""});
  Fd socket(::socket(address->bytes.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int on = 1;
  if (!socket || ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address->bytes), address->size) != 0 ||
      ::listen(socket.get(), backlog) != 0) {
    return refuse(system_error(at.text(), errno));
  }
  return socket;
}

Fd connect_to_door(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return {};
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  Fd door(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!door || ::connect(door.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return {};
  return door;
}

// One connection: at a relayed port the door is asked first, and nothing is passed on before it agreed.
class Passage {
 public:
  Passage(Fd worker, Fd door, const std::string& connect) {
    if (connect.empty()) {
      tunnel_.emplace(std::move(worker), std::move(door), "", "");
      return;
    }
    worker_ = std::move(worker);
    door_ = std::move(door);
    // A head into an empty buffer goes in whole.
    const ssize_t sent = ::send(door_.get(), connect.data(), connect.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    is_refused_ = sent != static_cast<ssize_t>(connect.size());
  }

  void add_to(std::vector<pollfd>& fds) const {
    fds.push_back(tunnel_ ? tunnel_->near_wait() : pollfd{-1, 0, 0});
    fds.push_back(tunnel_ ? tunnel_->far_wait() : pollfd{door_.get(), POLLIN, 0});
  }

  void serve(const pollfd& near, const pollfd& far) {
    if (tunnel_) {
      tunnel_->serve(near, far);
    } else if (far.revents != 0) {
      hear_door();
    }
  }

  bool is_over() const { return is_refused_ || (tunnel_ && tunnel_->is_over()); }

 private:
  void hear_door() {
    std::array<char, head_max_bytes> chunk;
    const ssize_t got = ::recv(door_.get(), chunk.data(), chunk.size(), MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got > 0) heard_.append(chunk.data(), static_cast<size_t>(got));
    const Answered answered = read_answer(heard_);
    is_refused_ = got <= 0 || answered.state == Answered::State::refused;
    if (is_refused_ || answered.state == Answered::State::unfinished) return;
    tunnel_.emplace(std::move(worker_), std::move(door_), heard_.substr(answered.bytes), "");
  }

  Fd worker_;
  Fd door_;
  std::string heard_;
  std::optional<Tunnel> tunnel_;
  bool is_refused_ = false;
};

using Passages = std::vector<std::unique_ptr<Passage>>;

void accept_all(const RelayPort& port, const std::string& door, size_t most, Passages& passages) {
  while (passages.size() < most) {
    Fd worker(::accept4(port.listening, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!worker) return;
    Fd to_door = connect_to_door(door);
    if (to_door)
      passages.push_back(std::make_unique<Passage>(std::move(worker), std::move(to_door), port.connect));
  }
}

// Keeps the listening sockets as descriptors from 3 on and nothing else; 0 to 2 become /dev/null.
void drop_descriptors(std::vector<RelayPort>& ports) {
  constexpr int first = 3;
  const int above = first + static_cast<int>(ports.size());
  for (RelayPort& port : ports) port.listening = ::fcntl(port.listening, F_DUPFD_CLOEXEC, above);
  for (size_t i = 0; i < ports.size(); ++i) {
    const int place = first + static_cast<int>(i);
    ::dup3(ports[i].listening, place, O_CLOEXEC);
    ports[i].listening = place;
  }
  const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int fd = 0; fd < first; ++fd) {
    if (nothing < 0 || ::dup2(nothing, fd) < 0) ::close(fd);
  }
  ::syscall(SYS_close_range, static_cast<unsigned>(above), ~0U, 0U);
}

[[noreturn]] void become_relay(std::vector<RelayPort> ports, const std::string& door) {
  ::setsid();
  // Told to end with the worker's programs, it still serves those that clean up.
  for (const int signal : {SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGUSR1, SIGUSR2})
    ::signal(signal, SIG_IGN);
  drop_descriptors(ports);
  if (::chdir("/") != 0) ::_exit(1);
  serve_relay(ports, door);
}

// Between the worker's program and the relay, which is to be nobody's child. Ends when the relay has let go
// of all it was born with, or could not be.
[[noreturn]] void leave_relay(const std::vector<RelayPort>& ports, const std::string& door) {
  std::array<int, 2> held{};
  if (::pipe2(held.data(), O_CLOEXEC) != 0) ::_exit(1);
  const pid_t relay = ::fork();
  if (relay == 0) become_relay(ports, door);
  ::close(held[1]);
  char nothing = 0;
  while (::read(held[0], &nothing, 1) < 0 && errno == EINTR) continue;
  ::_exit(relay < 0 ? 1 : 0);
}

}  // namespace

void serve_relay(const std::vector<RelayPort>& ports, const std::string& door) {
  const size_t most = tunnels_max();
  Passages passages;
  while (true) {
    std::vector<pollfd> fds;
    fds.reserve(ports.size() + 2 * passages.size());
    for (const RelayPort& port : ports) {
      fds.push_back({passages.size() < most ? port.listening : -1, POLLIN, 0});
    }
    for (const auto& passage : passages) passage->add_to(fds);
    ::poll(fds.data(), fds.size(), -1);
    for (size_t i = 0; i < passages.size(); ++i) {
      const size_t at = ports.size() + 2 * i;
      passages[i]->serve(fds[at], fds[at + 1]);
    }
    std::erase_if(passages, [](const auto& passage) { return passage->is_over(); });
    for (size_t i = 0; i < ports.size(); ++i) {
      if (fds[i].revents != 0) accept_all(ports[i], door, most, passages);
    }
  }
}

Result<void> start_relay(const RelayOrders& orders) {
  std::vector<Fd> sockets;
  std::vector<RelayPort> ports;
  const auto keep = [&](Fd socket, std::string connect) {
    ports.push_back({socket.get(), std::move(connect)});
    sockets.push_back(std::move(socket));
  };
  for (const HostPort& to : orders.endpoints) {
    const bool is_literal = literal_address(to.host, to.port).has_value();
    const HostPort first = is_literal ? to : HostPort{"127.0.0.1", to.port};
    keep(TRY(listen_at(first)), connect_head(to));
    if (is_literal) continue;
    // A name of loopback may mean either; not every machine has the second.
    if (auto second = listen_at({"::1", to.port})) keep(std::move(*second), connect_head(to));
  }
  keep(TRY(listen_at({"127.0.0.1", orders.proxy_port})), "");

  const pid_t between = ::fork();
  if (between < 0) return refuse(system_error("relay", errno));
  if (between == 0) leave_relay(ports, orders.door);
  int status = 0;
  while (::waitpid(between, &status, 0) < 0 && errno == EINTR) continue;
  if (status != 0) return refuse(system_error("relay", EAGAIN));
  return {};
}

}  // namespace pianola::world
