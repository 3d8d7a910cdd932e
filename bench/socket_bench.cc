// socket_bench SOCKET JOURNAL_DIR TASK CLIENTS RECORDS ROUNDS: clients that each send `say`, wait for the
// answer and send the next, on the admin socket of a living supervisor; then the lines this put into the
// journal, in the batches the supervisor made of them, written and synced by a bare loop. Both take turns, on
// the same disk. Prints one line a round: records batches supervisor_ms bare_ms.
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "api/request.h"
#include "base/check.h"
#include "bench/bare_loop.h"
#include "world/files.h"
#include "world/journal_reader.h"

namespace pianola::bench {
namespace {

constexpr size_t journal_bytes_max = size_t{1} << 30;
constexpr int answer_timeout_ms = 30'000;

struct Options {
  std::string socket;
  std::string journal_dir;
  std::string task;
  int clients = 0;
  int records = 0;
};

world::Fd connect_to(const std::string& path) {
  world::Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  CHECK(path.size() < sizeof address.sun_path, "the path of the socket fits");
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  CHECK(::connect(fd.get(), generic, sizeof address) == 0, "a supervisor listens");
  return fd;
}

void ask(int fd, const std::string& line) {
  CHECK(::send(fd, line.data(), line.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(line.size()),
        "the supervisor takes a request");
}

// One line, which says that the request is durable.
void take_answer(int fd) {
  constexpr std::string_view durable = "{\"seq\":";
  char answer[4096];
  const ssize_t got = ::recv(fd, answer, sizeof answer, 0);
  CHECK(got > 0 && answer[got - 1] == '\n', "an answer is one line");
  const std::string_view line(answer, static_cast<size_t>(got));
  CHECK(line.starts_with(durable), line);
}

// Seconds until `records` requests are answered, with as many in flight as there are clients.
double supervisor_seconds(const Options& options) {
  std::vector<world::Fd> clients;
  const world::Fd doors(::epoll_create1(EPOLL_CLOEXEC));
  for (int i = 0; i < options.clients; ++i) {
    clients.push_back(connect_to(options.socket));
    epoll_event door{.events = EPOLLIN, .data = {.fd = clients.back().get()}};
    CHECK(::epoll_ctl(doors.get(), EPOLL_CTL_ADD, door.data.fd, &door) == 0, "an answer can be waited for");
  }
  const core::Input request = core::SayRequested{.task = core::TaskId(options.task),
                                                 .text = "a note of about fifty bytes, as people write"};
  const std::string line = api::request_line(request) + "\n";
  const auto before = std::chrono::steady_clock::now();
  int asked = 0;
  for (const world::Fd& client : clients) {
    ask(client.get(), line);
    ++asked;
  }
  std::array<epoll_event, 64> ready{};
  for (int answered = 0; answered < options.records;) {
    const int count = ::epoll_wait(doors.get(), ready.data(), ready.size(), answer_timeout_ms);
    CHECK(count > 0, "the supervisor answers");
    for (int i = 0; i < count; ++i) {
      const int fd = ready.at(static_cast<size_t>(i)).data.fd;
      take_answer(fd);
      ++answered;
      if (asked == options.records) continue;
      ask(fd, line);
      ++asked;
    }
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count();
}

std::string journal_bytes(const std::string& dir) {
  std::string bytes;
  for (uint64_t segment = 1; world::exists(world::segment_path(dir, segment)); ++segment) {
    const auto read = world::read_file(world::segment_path(dir, segment), journal_bytes_max);
    CHECK(read.has_value(), read ? "" : read.error().text());
    bytes += *read;
  }
  return bytes;
}

// The lines of one turn carry one instant, and are written and synced together.
std::vector<std::string> batches_of(std::string_view lines) {
  std::vector<std::string> batches;
  std::string_view last;
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n') + 1);
    lines.remove_prefix(line.size());
    const size_t at = line.find("\"at\":\"");
    CHECK(at != std::string_view::npos, "a line of the journal says when");
    const std::string_view instant = line.substr(at, line.find(',', at) - at);
    if (instant != last) batches.emplace_back();
    batches.back() += line;
    last = instant;
  }
  return batches;
}

void measure(const Options& options) {
  const size_t before = journal_bytes(options.journal_dir).size();
  const double supervisor = supervisor_seconds(options);
  const std::string all = journal_bytes(options.journal_dir);
  const std::vector<std::string> batches = batches_of(std::string_view(all).substr(before));
  const std::string file = options.journal_dir + "/../bare_loop";
  const double bare = bare_loop_seconds(file, batches);
  ::unlink(file.c_str());
  std::printf("%d %zu %.2f %.2f\n", options.records, batches.size(), supervisor * 1e3, bare * 1e3);
}

}  // namespace
}  // namespace pianola::bench

int main(int argc, char** argv) {
  if (argc != 7) {
    std::fputs("usage: socket_bench SOCKET JOURNAL_DIR TASK CLIENTS RECORDS ROUNDS\n", stderr);
    return 2;
  }
  const pianola::bench::Options options{.socket = argv[1],
                                        .journal_dir = argv[2],
                                        .task = argv[3],
                                        .clients = std::atoi(argv[4]),
                                        .records = std::atoi(argv[5])};
  for (int round = 0; round < std::atoi(argv[6]); ++round) pianola::bench::measure(options);
  return 0;
}
