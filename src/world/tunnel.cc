#include "world/tunnel.h"

#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace pianola::world {
namespace {

constexpr size_t waiting_max_bytes = 64 << 10;

}  // namespace

size_t tunnels_max() {
  constexpr rlim_t most = 256;
  constexpr rlim_t others = 32;  // descriptors for everything else
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur <= others) return 1;
  return std::clamp<rlim_t>((limit.rlim_cur - others) / 2, 1, most);
}

Tunnel::Tunnel(Fd near, Fd far, std::string to_near, std::string to_far) {
  up_.from = std::move(near);
  up_.waiting = std::move(to_far);
  down_.from = std::move(far);
  down_.waiting = std::move(to_near);
}

pollfd Tunnel::wait_of(const Flow& out, const Flow& in) {
  short events = 0;
  if (!out.is_read && out.waiting.size() < waiting_max_bytes) events |= POLLIN;
  if (!in.waiting.empty()) events |= POLLOUT;
  // A descriptor that is merely named reports that it was hung up, over and over.
  return {events == 0 ? -1 : out.from.get(), events, 0};
}

void Tunnel::serve(const pollfd& near, const pollfd& far) {
  if ((near.revents & (POLLIN | POLLHUP | POLLERR)) != 0) take(up_);
  if ((far.revents & (POLLIN | POLLHUP | POLLERR)) != 0) take(down_);
  give(up_, down_.from);
  give(down_, up_.from);
}

void Tunnel::take(Flow& flow) {
  if (flow.is_read || is_broken_ || flow.waiting.size() >= waiting_max_bytes) return;
  std::array<char, waiting_max_bytes> chunk;
  const ssize_t got =
      ::recv(flow.from.get(), chunk.data(), waiting_max_bytes - flow.waiting.size(), MSG_DONTWAIT);
  if (got < 0) {
    is_broken_ = errno != EAGAIN && errno != EINTR;
    return;
  }
  if (got == 0) flow.is_read = true;
  flow.waiting.append(chunk.data(), static_cast<size_t>(got));
  flow.bytes += static_cast<uint64_t>(got);
}

void Tunnel::give(Flow& flow, const Fd& to) {
  while (!flow.waiting.empty() && !is_broken_) {
    const ssize_t sent =
        ::send(to.get(), flow.waiting.data(), flow.waiting.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (sent < 0) is_broken_ = true;
    if (sent > 0) flow.waiting.erase(0, static_cast<size_t>(sent));
  }
  if (!flow.is_read || flow.is_shut || is_broken_) return;
  flow.is_shut = true;
  ::shutdown(to.get(), SHUT_WR);
}

}  // namespace pianola::world
