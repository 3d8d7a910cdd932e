// socket_bench PID SOCKET JOURNAL_DIR TASK CLIENTS RECORDS ROUNDS: clients that each send `say`, wait for the
// answer and send the next, on the admin socket of a living supervisor; then the lines this put into the
// journal, in the batches the supervisor made of them, written and synced by a bare loop. Both take turns, on
// the same disk. Prints one line a round: records batches supervisor_ms bare_ms.
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
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
  int supervisor = 0;  // its process
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

// As many batches as the supervisor made of `lines`, of equal numbers of them.
std::vector<std::string> batches_of(std::string_view lines, uint64_t count) {
  CHECK(count > 0, "the supervisor wrote");
  const auto total = static_cast<uint64_t>(std::count(lines.begin(), lines.end(), '\n'));
  std::vector<std::string> batches(count);
  for (uint64_t i = 0; i < total; ++i) {
    const std::string_view line = lines.substr(0, lines.find('\n') + 1);
    lines.remove_prefix(line.size());
    batches.at(i * count / total) += line;
  }
  return batches;
}

// The calls of write(2) that the supervisor made so far: one for each batch, before its one sync (proc(5),
// io).
uint64_t writes_of(int supervisor) {
  std::ifstream counters("/proc/" + std::to_string(supervisor) + "/io");
  std::string name;
  uint64_t count = 0;
  while (counters >> name >> count) {
    if (name == "syscw:") return count;
  }
  CHECK(false, "the system counts calls");
}

void measure(const Options& options) {
  const size_t before = journal_bytes(options.journal_dir).size();
  const uint64_t writes = writes_of(options.supervisor);
  const double supervisor = supervisor_seconds(options);
  const uint64_t batches_made = writes_of(options.supervisor) - writes;
  const std::string all = journal_bytes(options.journal_dir);
  const std::vector<std::string> batches = batches_of(std::string_view(all).substr(before), batches_made);
  const std::string file = options.journal_dir + "/../bare_loop";
  const double bare = bare_loop_seconds(file, batches);
  ::unlink(file.c_str());
  std::printf("%d %zu %.2f %.2f\n", options.records, batches.size(), supervisor * 1e3, bare * 1e3);
}

}  // namespace
}  // namespace pianola::bench

int main(int argc, char** argv) {
  if (argc != 8) {
    std::fputs("usage: socket_bench PID SOCKET JOURNAL_DIR TASK CLIENTS RECORDS ROUNDS\n", stderr);
    return 2;
  }
  const pianola::bench::Options options{.supervisor = std::atoi(argv[1]),
                                        .socket = argv[2],
                                        .journal_dir = argv[3],
                                        .task = argv[4],
                                        .clients = std::atoi(argv[5]),
                                        .records = std::atoi(argv[6])};
  for (int round = 0; round < std::atoi(argv[7]); ++round) pianola::bench::measure(options);
  return 0;
}
