#include "world/keeper_door.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>

#include "world/files.h"
#include "world/kept_output.h"

namespace pianola::world {

namespace {

constexpr size_t kMostClients = 16;
constexpr size_t kMostLine = 256;

Result<sockaddr_un> address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return refuse({ErrorKind::failed, path, "is too long for a socket",
                   fmt::format("at most {} bytes", sizeof address.sun_path - 1), "set XDG_RUNTIME_DIR"});
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

bool is_our_user(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
  return peer.uid == ::geteuid() || peer.uid == 0;
}

template <class Number>
void put(std::string& bytes, size_t at, Number number) {
  std::memcpy(bytes.data() + at, &number, sizeof number);
}

std::optional<uint64_t> take_number(std::string_view& line) {
  while (line.starts_with(' ')) line.remove_prefix(1);
  uint64_t number = 0;
  const auto [end, failure] = std::from_chars(line.data(), line.data() + line.size(), number);
  if (failure != std::errc()) return std::nullopt;
  line.remove_prefix(static_cast<size_t>(end - line.data()));
  return number;
}

}  // namespace

struct KeeperDoor::Client {
  Fd socket;
  bool is_first = false;
  std::string asked;    // an unfinished line
  std::string pending;  // of the frames being sent
  bool streams = false;
  uint64_t out_offset = 0;
  uint64_t err_offset = 0;

  bool lacks(const Served& served) const {
    return streams && (out_offset < served.out_bytes || err_offset < served.err_bytes);
  }

  void hear(const Served& served, const std::function<void(int64_t)>& end) {
    char bytes[kMostLine];
    const ssize_t got = ::recv(socket.get(), bytes, sizeof bytes, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) {
      socket.reset();
      return;
    }
    asked.append(bytes, static_cast<size_t>(got));
    for (size_t newline = asked.find('\n'); newline != std::string::npos; newline = asked.find('\n')) {
      obey(asked.substr(0, newline), served, end);
      asked.erase(0, newline + 1);
    }
    if (asked.size() > kMostLine) socket.reset();
  }

  void obey(std::string_view line, const Served& served, const std::function<void(int64_t)>& end) {
    const std::string_view word = line.substr(0, line.find(' '));
    line.remove_prefix(word.size());
    if (word == "stream") {
      const auto out = take_number(line);
      const auto err = take_number(line);
      if (!out || !err) return;
      streams = true;
      out_offset = *out;
      err_offset = *err;
      pending += encode_frame(FrameKind::spawned, 0, std::to_string(served.agent_pid));
    } else if (word == "end") {
      // Longer graces than a day are a day.
      if (const auto grace_ms = take_number(line)) {
        end(static_cast<int64_t>(std::min<uint64_t>(*grace_ms, 86'400'000)));
      }
    }
  }

  void load_next(const Served& served) {
    if (!pending.empty() || !lacks(served)) return;
    const bool from_out = out_offset < served.out_bytes;
    uint64_t& offset = from_out ? out_offset : err_offset;
    const std::string& path = from_out ? served.out_path : served.err_path;
    const OutputPiece piece = read_output(path, offset, kMostFramePayload);
    if (piece.bytes.empty()) {
      // Written, but kept nowhere: the disk refused it.
      offset = from_out ? served.out_bytes : served.err_bytes;
      return;
    }
    pending = encode_frame(from_out ? FrameKind::out : FrameKind::err, piece.offset, piece.bytes);
    offset = piece.offset + piece.bytes.size();
  }

  void send_pending(const Served& served) {
    // A few frames at a time, so that one reader cannot keep the keeper from draining the agent.
    for (int frames = 0; frames < 4 && socket; ++frames) {
      load_next(served);
      if (pending.empty()) return;
      const ssize_t sent = ::send(socket.get(), pending.data(), pending.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
      if (sent < 0 && errno != EAGAIN && errno != EINTR) socket.reset();
      if (sent < 0) return;
      pending.erase(0, static_cast<size_t>(sent));
    }
  }
};

std::string encode_frame(FrameKind kind, uint64_t offset, std::string_view payload) {
  std::string frame(kFrameHeaderBytes, '\0');
  frame[0] = static_cast<char>(kind);
  put(frame, 4, static_cast<uint32_t>(payload.size()));
  put(frame, 8, offset);
  frame += payload;
  return frame;
}

Result<FrameHeader> decode_frame_header(std::string_view bytes) {
  FrameHeader header;
  const Error broken{ErrorKind::integrity, "keeper", "sent something that is not a frame", "", ""};
  if (bytes.size() != kFrameHeaderBytes) return refuse(broken);
  header.kind = static_cast<FrameKind>(bytes[0]);
  std::memcpy(&header.size, bytes.data() + 4, sizeof header.size);
  std::memcpy(&header.offset, bytes.data() + 8, sizeof header.offset);
  if (std::string_view("soexb").find(bytes[0]) == std::string_view::npos) return refuse(broken);
  if (header.size > kMostFramePayload) return refuse(broken);
  return header;
}

KeeperDoor::KeeperDoor() = default;

KeeperDoor::~KeeperDoor() {
  if (listening_) ::unlink(path_.c_str());
}

Result<void> KeeperDoor::listen(const std::string& path) {
  const sockaddr_un address = TRY(address_of(path));
  Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) return refuse(system_error(path, errno));
  ::unlink(path.c_str());
  // The name appears with the socket's own permissions; fchmod before bind(2) sets them (unix(7)).
  ::fchmod(socket.get(), 0600);
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      ::chmod(path.c_str(), 0600) != 0 || ::listen(socket.get(), kMostClients) != 0) {
    return refuse(system_error(path, errno));
  }
  path_ = path;
  listening_ = std::move(socket);
  return {};
}

void KeeperDoor::admit_first(Fd client) {
  auto first = std::make_unique<Client>();
  first->socket = std::move(client);
  first->is_first = true;
  had_first_ = true;
  clients_.push_back(std::move(first));
}

void KeeperDoor::add_to(std::vector<pollfd>& fds, const Served& served) const {
  if (listening_ && clients_.size() < kMostClients) fds.push_back({listening_.get(), POLLIN, 0});
  for (const auto& client : clients_) {
    const bool sends = !client->pending.empty() || client->lacks(served);
    fds.push_back({client->socket.get(), static_cast<short>(sends ? POLLIN | POLLOUT : POLLIN), 0});
  }
}

void KeeperDoor::serve(const Served& served, const std::function<void(int64_t)>& end) {
  accept_all();
  for (const auto& client : clients_) {
    client->hear(served, end);
    client->send_pending(served);
  }
  clients_.erase(
      std::remove_if(clients_.begin(), clients_.end(), [](const auto& client) { return !client->socket; }),
      clients_.end());
}

bool KeeperDoor::first_has_left() const {
  return had_first_ && std::none_of(clients_.begin(), clients_.end(),
                                    [](const auto& client) { return client->is_first && client->socket; });
}

bool KeeperDoor::is_heard() const {
  return std::any_of(clients_.begin(), clients_.end(),
                     [](const auto& client) { return client->streams && client->socket; });
}

bool KeeperDoor::is_caught_up(const Served& served) const {
  return std::none_of(clients_.begin(), clients_.end(), [&](const auto& client) {
    return client->streams && (!client->pending.empty() || client->lacks(served));
  });
}

void KeeperDoor::say(FrameKind kind, const std::string& payload) {
  const std::string frame = encode_frame(kind, 0, payload);
  for (const auto& client : clients_) {
    if (!client->streams || !client->pending.empty()) continue;
    const ssize_t sent =
        ::send(client->socket.get(), frame.data(), frame.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent > 0) client->pending = frame.substr(static_cast<size_t>(sent));
  }
}

void KeeperDoor::accept_all() {
  while (listening_ && clients_.size() < kMostClients) {
    Fd socket(::accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!socket) return;
    if (!is_our_user(socket.get())) continue;
    auto client = std::make_unique<Client>();
    client->socket = std::move(socket);
    clients_.push_back(std::move(client));
  }
}

Result<Fd> connect_to_keeper(const std::string& path) {
  const sockaddr_un address = TRY(address_of(path));
  Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) return refuse(system_error(path, errno));
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return refuse(system_error(path, errno));
  }
  if (!is_our_user(socket.get())) {
    return refuse({ErrorKind::failed, path, "belongs to another user", "a keeper of our own", ""});
  }
  return socket;
}

}  // namespace pianola::world
