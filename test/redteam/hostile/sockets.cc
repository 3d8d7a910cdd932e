// Sockets of the user's programs: whoever may connect to them acts as the user.
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "test/redteam/hostile/ground.h"

namespace pianola::redteam {
namespace {

// `name` beginning with '@' is in the abstract namespace (unix(7)).
std::string contact(const std::string& name, const std::string& message) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (name.empty() || name.size() >= sizeof address.sun_path) return refused(ENAMETOOLONG);
  std::memcpy(address.sun_path, name.data(), name.size());
  if (name.front() == '@') address.sun_path[0] = 0;
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  const int peer = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (peer < 0 || ::connect(peer, reinterpret_cast<sockaddr*>(&address), length) != 0) return refused(errno);
  return ::send(peer, message.data(), message.size(), MSG_NOSIGNAL) > 0 ? reached() : refused(errno);
}

std::string make_socket(int family, int kind) {
  const int made = ::socket(family, kind | SOCK_CLOEXEC, 0);
  if (made < 0) return refused(errno);
  ::close(made);
  return reached();
}

// Any socket of pianola's own, of the kind that begins with `letter`.
std::string contact_pianola(const Ground& g, char letter) {
  std::string last = refused(ENOENT);
  std::error_code failure;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(g["runtime"], failure)) {
    if (!entry.is_socket() || entry.path().filename().string().front() != letter) continue;
    last = contact(entry.path().string(), "{}\n");
    if (last.starts_with("reached")) break;
  }
  return last;
}

}  // namespace

void add_sockets(Attempts& all) {
  all["socket_docker"] = [](const Ground& g) { return contact(g.path("sockets/docker"), "socket_docker\n"); };
  all["socket_tmux"] = [](const Ground& g) { return contact(g.path("sockets/tmux"), "socket_tmux\n"); };
  all["socket_ssh_agent"] = [](const Ground& g) {
    return contact(g.path("sockets/ssh_agent"), "socket_ssh_agent\n");
  };
  all["socket_dbus"] = [](const Ground& g) { return contact(g.path("sockets/dbus"), "socket_dbus\n"); };
  all["socket_x11"] = [](const Ground& g) { return contact(g.path("sockets/x11"), "socket_x11\n"); };
  all["socket_gpg"] = [](const Ground& g) { return contact(g.path("home/.gnupg/agent"), "socket_gpg\n"); };
  all["socket_in_tmp"] = [](const Ground& g) { return contact(g["tmp_shared"] + "/x", "socket_in_tmp\n"); };
  all["socket_by_link"] = [](const Ground& g) {
    if (::symlink(g.path("sockets/docker").c_str(), "link-docker") != 0) return refused(errno);
    return contact("link-docker", "socket_by_link\n");
  };
  all["socket_abstract"] = [](const Ground& g) { return contact(g["abstract"], "socket_abstract\n"); };
  // Families that no namespace keeps apart, or that no worker needs.
  all["socket_vsock"] = [](const Ground&) { return make_socket(AF_VSOCK, SOCK_STREAM); };
  all["socket_packet"] = [](const Ground&) { return make_socket(AF_PACKET, SOCK_DGRAM); };
  all["socket_admin"] = [](const Ground& g) { return contact_pianola(g, 'r'); };
  all["socket_keeper"] = [](const Ground& g) { return contact_pianola(g, 'a'); };
}

}  // namespace pianola::redteam
