#include "world/door.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <map>
#include <utility>

#include "world/clock.h"
#include "world/files.h"
#include "world/tunnel.h"

namespace pianola::world {
namespace {

constexpr int door_failed = 126;  // what shells say of a program that cannot be run
constexpr int door_backlog = 256;
constexpr uint64_t lines_max = 2'500;  // of net.jsonl, for each verdict; what comes after is only counted
constexpr size_t policy_max_bytes = 4096;

// --- the socket and the child ----------------------------------------------------------------------------

// A path longer than sun_path holds is reached through its folder's descriptor.
Result<Fd> listen_in(const DoorOptions& options) {
  const std::string path = options.dir + "/net";
  const Fd folder(::open(options.dir.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!folder || !socket) return refuse(system_error(path, errno));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = fmt::format("/proc/self/fd/{}/net", folder.get());
  std::memcpy(address.sun_path, name.c_str(), name.size() + 1);
  ::unlinkat(folder.get(), "net", 0);
  ::fchmod(socket.get(), 0600);
  const bool is_bound =
      ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
      ::fchmodat(folder.get(), "net", 0600, 0) == 0 && ::listen(socket.get(), door_backlog) == 0;
  if (!is_bound) return refuse(system_error(path, errno));
  if (options.owner &&
      ::fchownat(folder.get(), "net", *options.owner, static_cast<gid_t>(-1), AT_SYMLINK_NOFOLLOW) != 0) {
    return refuse(system_error(path, errno));
  }
  return socket;
}

Result<Fd> listen_on_loopback(uint16_t& port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const bool listens = socket &&
                       ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), size) == 0 &&
                       ::listen(socket.get(), door_backlog) == 0 &&
                       ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0;
  if (!listens) return refuse(system_error("a port of 127.0.0.1", errno));
  port = ntohs(address.sin_port);
  return socket;
}

std::map<std::string, std::string> own_environment() {
  std::map<std::string, std::string> env;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const size_t equals = text.find('=');
    if (equals != std::string_view::npos) env.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return env;
}

// The descriptors 0 to 2 are the worker's. It dies with us by its own word (bwrap --die-with-parent,
// enter.cc). `port` of the entrance on loopback, 0 = there is none.
Result<Spawned> start_child(const std::vector<std::string>& argv, uint16_t port) {
  SpawnOptions how;
  how.argv = argv;
  how.env = own_environment();
  if (port != 0) {
    std::replace(how.argv.begin(), how.argv.end(), std::string(door_port_word), fmt::format("tcp={}", port));
    for (auto& [name, value] : how.env) {
      if (value == door_port_url) value = fmt::format("http://127.0.0.1:{}", port);
    }
  }
  how.stdin_fd = 0;
  how.stdout_fd = 1;
  how.stderr_fd = 2;
  how.group = SpawnOptions::Group::same;
  return spawn(how);
}

// As a child ended, we end: by its code, or by its signal.
int end_as(const siginfo_t& status) {
  if (status.si_code == CLD_EXITED) return status.si_status;
  const rlimit none{};
  ::setrlimit(RLIMIT_CORE, &none);
  sigset_t all;
  ::sigfillset(&all);
  ::signal(status.si_status, SIG_DFL);
  ::sigprocmask(SIG_UNBLOCK, &all, nullptr);
  ::raise(status.si_status);
  return 128 + status.si_status;
}

void settle_door() {
  // What is told to end is inside; the door is there for as long as that cleans up.
  for (const int signal : {SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGUSR1, SIGUSR2})
    ::signal(signal, SIG_IGN);
  sigset_t child_signals;
  ::sigemptyset(&child_signals);
  ::sigaddset(&child_signals, SIGCHLD);
  ::sigprocmask(SIG_BLOCK, &child_signals, nullptr);
}

// --- what is served --------------------------------------------------------------------------------------

class Door {
 public:
  Door(DoorOptions options, Fd listening, Fd journal, Spawned child)
      : options_(std::move(options)),
        listening_(std::move(listening)),
        journal_(std::move(journal)),
        child_(std::move(child)) {}

  // Until the child is over.
  siginfo_t serve() {
    while (true) {
      std::vector<pollfd> fds{{child_.pidfd.get(), POLLIN, 0},
                              {names_.wake_fd(), POLLIN, 0},
                              {crossings_.size() < crossings_max_ ? listening_.get() : -1, POLLIN, 0}};
      for (const auto& crossing : crossings_) crossing->add_to(fds);
      ::poll(fds.data(), fds.size(), wait_ms());
      if (fds[0].revents != 0) break;
      hand_out_names();
      serve_crossings(fds);
      if (fds[2].revents != 0) accept_all();
      if (is_silent_for_good()) end_by_policy();
    }
    for (const auto& crossing : crossings_) conclude(crossing->record());
    count_what_was_left_out();
    siginfo_t status{};
    ::waitid(P_PIDFD, static_cast<id_t>(child_.pidfd.get()), &status, WEXITED);
    // One that gave up by itself, with nothing but a refusal since it last got on, gave up for that.
    const bool is_well = status.si_code == CLD_EXITED && status.si_status == 0;
    if (refused_at_ms_ >= 0 && !is_well) write_policy();
    return status;
  }

 private:
  static constexpr size_t first_crossing = 3;  // in the descriptors that are polled

  int wait_ms() const {
    int64_t until = refused_at_ms_ < 0 ? INT64_MAX : refused_at_ms_ + options_.silence_ms;
    for (const auto& crossing : crossings_) until = std::min(until, crossing->due_ms());
    if (until == INT64_MAX) return -1;
    return static_cast<int>(std::clamp<int64_t>(until - since_boot().ms(), 0, 3'600'000));
  }

  void hand_out_names() {
    for (const NameDesk::Answer& answer : names_.take()) {
      for (const auto& crossing : crossings_) {
        if (crossing->ticket() == answer.ticket) crossing->hear(answer.addresses);
      }
    }
  }

  void serve_crossings(const std::vector<pollfd>& fds) {
    for (size_t i = 0; i < crossings_.size(); ++i) {
      Crossing& crossing = *crossings_[i];
      const uint64_t before = crossing.moved();
      const size_t at = first_crossing + 2 * i;
      crossing.serve(fds[at], fds[at + 1], names_);
      // Whoever gets on with its work was not stopped by what it was refused.
      if (crossing.moved() != before) refused_at_ms_ = -1;
    }
    for (const auto& crossing : crossings_) {
      if (crossing->is_over()) conclude(crossing->record());
    }
    std::erase_if(crossings_, [](const auto& crossing) { return crossing->is_over(); });
  }

  void conclude(const CrossingRecord& record) {
    write_down(record);
    if (record.verdict != Verdict::refused || record.to.host.empty() || refused_at_ms_ >= 0) return;
    refused_at_ms_ = since_boot().ms();
    refused_ = record.to;
  }

  void accept_all() {
    while (crossings_.size() < crossings_max_) {
      Fd worker(::accept4(listening_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
      if (!worker) return;
      crossings_.push_back(
          std::make_unique<Crossing>(++tickets_, std::move(worker), options_.rules, options_.times));
    }
  }

  void write_down(const CrossingRecord& record) {
    // Each verdict has its share, so that no flood of one hides another.
    if (++lines_[record.verdict] > lines_max) return;
    append(to_json(record));
  }

  void count_what_was_left_out() {
    uint64_t left_out = 0;
    for (const auto& [verdict, lines] : lines_) left_out += lines - std::min(lines, lines_max);
    if (left_out > 0) append(boost::json::serialize(boost::json::object{{"left_out", left_out}}) + "\n");
  }

  void append(const std::string& line) const {
    // A disk that is full loses a line, not the connection.
    if (::write(journal_.get(), line.data(), line.size()) < 0) return;
  }

  bool is_silent_for_good() const {
    return refused_at_ms_ >= 0 && since_boot().ms() >= refused_at_ms_ + options_.silence_ms;
  }

  void end_by_policy() {
    write_policy();
    refused_at_ms_ = -1;
    ::kill(child_.pid, SIGKILL);  // ours and not reaped yet, so the number is still its own
  }

  void write_policy() const {
    const boost::json::object policy{{"endpoint", refused_.text()}, {"time", iso_utc(wall_now())}};
    const auto written =
        write_file(options_.dir + "/policy.json", boost::json::serialize(policy) + "\n", Sync::none);
    if (!written) fmt::print(stderr, "door: {}\n", written.error().text());
  }

  DoorOptions options_;
  const size_t crossings_max_ = tunnels_max();
  Fd listening_;
  Fd journal_;
  Spawned child_;
  NameDesk names_;
  std::vector<std::unique_ptr<Crossing>> crossings_;
  uint64_t tickets_ = 0;
  std::map<Verdict, uint64_t> lines_;
  int64_t refused_at_ms_ = -1;  // the first refusal since bytes last went through; -1: none
  HostPort refused_;
};

}  // namespace

std::vector<std::string> door_argv(const std::string& self, const DoorOptions& options,
                                   const std::vector<std::string>& argv) {
  std::vector<std::string> words{self, "__door"};
  if (!options.dir.empty()) words.push_back("dir=" + options.dir);
  words.push_back(fmt::format("silence_ms={}", options.silence_ms));
  if (options.entrance == DoorOptions::Entrance::loopback) words.emplace_back("entrance=loopback");
  if (options.owner) words.push_back(fmt::format("owner={}", *options.owner));
  for (const HostPort& to : options.rules.allowed) words.push_back("allow=" + to.text());
  for (const std::string& host : options.rules.optional) words.push_back("optional=" + host);
  words.emplace_back("--");
  words.insert(words.end(), argv.begin(), argv.end());
  return words;
}

Result<DoorOrders> parse_door_orders(const std::vector<std::string>& arguments) {
  DoorOrders orders;
  const auto wrong = [](const std::string& word) {
    return refuse(Error{ErrorKind::usage, "__door", "does not know " + word, "orders of pianola's own", ""});
  };
  const auto number = [](std::string_view text, auto& out) {
    const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
    return read.ec == std::errc() && read.ptr == text.data() + text.size();
  };
  size_t at = 0;
  for (; at < arguments.size() && arguments[at] != "--"; ++at) {
    const std::string& word = arguments[at];
    const std::string name = word.substr(0, word.find('='));
    const std::string value = word.substr(std::min(name.size() + 1, word.size()));
    if (name == "dir" && value.starts_with('/')) {
      orders.options.dir = value;
    } else if (word == "entrance=loopback") {
      orders.options.entrance = DoorOptions::Entrance::loopback;
    } else if (name == "allow" && parse_host_port(value)) {
      orders.options.rules.allowed.push_back(*parse_host_port(value));
    } else if (name == "optional") {
      orders.options.rules.optional.push_back(value);
    } else if (name == "owner") {
      if (!number(value, orders.options.owner.emplace())) return wrong(word);
    } else if (name != "silence_ms" || !number(value, orders.options.silence_ms)) {
      return wrong(word);
    }
  }
  // Only one that has no socket of its own may do without a folder.
  const bool needs_folder = orders.options.entrance == DoorOptions::Entrance::socket;
  if ((needs_folder && orders.options.dir.empty()) || at + 1 >= arguments.size())
    return wrong("what to run, or where");
  orders.argv.assign(arguments.begin() + static_cast<std::ptrdiff_t>(at) + 1, arguments.end());
  return orders;
}

namespace {

// What it listens at and writes to.
struct Entrance {
  Fd listening;
  Fd journal;
  uint16_t port = 0;  // on loopback
};

Result<Entrance> open_entrance(const DoorOptions& options) {
  Entrance entrance;
  if (options.dir.empty()) return entrance;
  entrance.listening = options.entrance == DoorOptions::Entrance::loopback
                           ? TRY(listen_on_loopback(entrance.port))
                           : TRY(listen_in(options));
  const std::string path = options.dir + "/net.jsonl";
  entrance.journal = Fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!entrance.journal) return refuse(system_error(path, errno));
  return entrance;
}

Result<siginfo_t> keep_door(DoorOrders orders) {
  Entrance entrance = TRY(open_entrance(orders.options));
  Spawned child = TRY(start_child(orders.argv, entrance.port));
  const std::string dir = orders.options.dir;
  const siginfo_t status = Door(std::move(orders.options), std::move(entrance.listening),
                                std::move(entrance.journal), std::move(child))
                               .serve();
  if (!dir.empty()) TRY(remove_tree(dir + "/net"));
  return status;
}

}  // namespace

int door_main(const std::vector<std::string>& arguments) {
  settle_door();
  Result<DoorOrders> orders = parse_door_orders(arguments);
  const Result<siginfo_t> status =
      orders ? keep_door(std::move(*orders)) : Result<siginfo_t>(refuse(std::move(orders).error()));
  if (status) return end_as(*status);
  fmt::print(stderr, "pianola: the door cannot be kept: {}\n", status.error().text());
  return door_failed;
}

std::string read_policy(const std::string& dir) {
  const auto text = read_file_if_present(dir + "/policy.json", policy_max_bytes);
  if (!text || !*text) return "";
  boost::json::error_code failure;
  const boost::json::value value = boost::json::parse(**text, failure);
  const boost::json::object* policy = failure ? nullptr : value.if_object();
  const boost::json::value* endpoint = policy == nullptr ? nullptr : policy->if_contains("endpoint");
  return endpoint != nullptr && endpoint->is_string() ? std::string(endpoint->get_string()) : "";
}

}  // namespace pianola::world
