// For tests of the door: a server on loopback that says back what it hears, and sockets to talk to it with.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "world/child.h"

namespace pianola::world {

// Listens on 127.0.0.1 and, if it has a name, at that abstract Unix socket; each connection gets its first
// bytes back, then all that follow.
class EchoServer {
 public:
  explicit EchoServer(const std::string& abstract_name = "") {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listening_.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const int fd = listening_.back().get();
    EXPECT_EQ(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    socklen_t size = sizeof address;
    EXPECT_EQ(::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
    if (!abstract_name.empty()) listen_abstract(abstract_name);
    for (const Fd& socket : listening_) EXPECT_EQ(::listen(socket.get(), 64), 0);
    thread_ = std::thread([this] { serve(); });
  }
  ~EchoServer() {
    is_over_ = true;
    thread_.join();
  }
  EchoServer(const EchoServer&) = delete;
  EchoServer& operator=(const EchoServer&) = delete;
  uint16_t port() const { return port_; }
  int accepted() const { return accepted_; }

 private:
  void listen_abstract(const std::string& name) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path + 1, name.data(), name.size());
    listening_.emplace_back(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
    EXPECT_EQ(::bind(listening_.back().get(), reinterpret_cast<const sockaddr*>(&address), size), 0);
  }

  void serve() {
    std::vector<Fd> clients;
    while (!is_over_) {
      std::vector<pollfd> fds;
      for (const Fd& socket : listening_) fds.push_back({socket.get(), POLLIN, 0});
      for (const Fd& client : clients) fds.push_back({client.get(), POLLIN, 0});
      if (::poll(fds.data(), fds.size(), 20) <= 0) continue;
      for (size_t i = 0; i < clients.size(); ++i) {
        if (fds[listening_.size() + i].revents == 0) continue;
        std::array<char, 65536> bytes;
        const ssize_t got = ::recv(clients[i].get(), bytes.data(), bytes.size(), 0);
        if (got > 0) ::send(clients[i].get(), bytes.data(), static_cast<size_t>(got), MSG_NOSIGNAL);
        if (got <= 0) clients[i].reset();
      }
      std::erase_if(clients, [](const Fd& client) { return !client; });
      for (const Fd& socket : listening_) {
        Fd client(::accept4(socket.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (!client) continue;
        ++accepted_;
        clients.push_back(std::move(client));
      }
    }
  }

  std::vector<Fd> listening_;
  uint16_t port_ = 0;
  std::atomic<int> accepted_ = 0;
  std::atomic<bool> is_over_ = false;
  std::thread thread_;
};

// A blocking connection to a Unix socket; none when nobody listens.
inline Fd connect_to_path(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    socket.reset();
  return socket;
}

inline void say(const Fd& socket, const std::string& text) {
  EXPECT_EQ(::send(socket.get(), text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
}

// What comes until `until` is in it, or the end, or ten seconds are over.
inline std::string hear(const Fd& socket, const std::string& until) {
  std::string text;
  while (until.empty() || text.find(until) == std::string::npos) {
    pollfd wait{socket.get(), POLLIN, 0};
    if (::poll(&wait, 1, 10'000) <= 0) return text + "<silence>";
    std::array<char, 4096> bytes;
    const ssize_t got = ::recv(socket.get(), bytes.data(), bytes.size(), 0);
    if (got <= 0) return text + "<end>";
    text.append(bytes.data(), static_cast<size_t>(got));
  }
  return text;
}

}  // namespace pianola::world
