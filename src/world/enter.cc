#include "world/enter.h"

#include <fmt/format.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>

#include "world/call_filter.h"
#include "world/landlock.h"
#include "world/relay.h"

namespace pianola::world {
namespace {

constexpr int cannot_execute = 126;
constexpr int not_found = 127;

bool become(const std::string& who) {
  if (who == "same") return true;
  uid_t uid = 0;
  gid_t gid = 0;
  const char* end = who.data() + who.size();
  const auto first = std::from_chars(who.data(), end, uid);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != ':') return false;
  const auto second = std::from_chars(first.ptr + 1, end, gid);
  if (second.ec != std::errc() || second.ptr != end || uid == 0 || gid == 0) return false;
  return ::setgroups(0, nullptr) == 0 && ::setresgid(gid, gid, gid) == 0 && ::setresuid(uid, uid, uid) == 0;
}

// What stands before WHO.
struct Orders {
  RelayOrders relays;
  std::optional<LandlockRules> landlock;  // nothing inside bubblewrap
  CallFilter filter = CallFilter::in_namespaces;
  rlim_t processes = 0;  // 0 = no limit
};

bool take_network(const std::string& value, Orders& orders) {
  orders.landlock.emplace();
  orders.landlock->tcp = value == "open" ? LandlockRules::Tcp::any : LandlockRules::Tcp::ports;
  if (value == "none") orders.filter = CallFilter::no_network;
  if (value == "model") orders.filter = CallFilter::tcp_only;
  if (value == "open") orders.filter = CallFilter::open_network;
  return orders.filter != CallFilter::in_namespaces;
}

bool take_order(const std::string& name, const std::string& value, Orders& orders) {
  if (name == "landlock") return take_network(value, orders);
  if (orders.landlock && name == "read") {
    orders.landlock->read.push_back(value);
    return true;
  }
  if (orders.landlock && name == "write") {
    orders.landlock->write.push_back(value);
    return true;
  }
  if (name == "processes") {
    const char* end = value.data() + value.size();
    const auto read = std::from_chars(value.data(), end, orders.processes);
    return read.ec == std::errc() && read.ptr == end;
  }
  const bool is_port = name == "proxy" || name == "tcp";
  const auto to = parse_host_port((is_port ? "127.0.0.1:" : "") + value);
  if (!to) return false;
  if (orders.landlock && name == "tcp") {
    orders.landlock->ports.push_back(to->port);
  } else if (name == "proxy") {
    orders.relays.proxy_port = to->port;
  } else if (name == "relay") {
    orders.relays.endpoints.push_back(*to);
  } else {
    return false;
  }
  return true;
}

// Taken from the front of `arguments`. False: not ours.
bool take_orders(std::vector<std::string>& arguments, Orders& orders) {
  size_t taken = 0;
  for (; taken < arguments.size() && arguments[taken].find('=') != std::string::npos; ++taken) {
    const std::string& word = arguments[taken];
    const size_t equals = word.find('=');
    if (!take_order(word.substr(0, equals), word.substr(equals + 1), orders)) return false;
  }
  arguments.erase(arguments.begin(), arguments.begin() + static_cast<std::ptrdiff_t>(taken));
  return true;
}

bool limit_processes(rlim_t number) {
  const rlimit limit{number, number};
  return number == 0 || ::setrlimit(RLIMIT_NPROC, &limit) == 0;
}

// What could not be done, or null.
const char* close_seal(const Orders& orders, const std::string& who, const std::string& folder) {
  // Nobody's eyes see less than ours, so the rules are made first.
  const int rules = orders.landlock ? make_landlock(*orders.landlock) : -1;
  if (orders.landlock && rules < 0) return "the rules of Landlock";
  if (!become(who)) return "the worker's user";
  if (::chdir(folder.c_str()) != 0) return folder.c_str();
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return "no new privileges";
  if (orders.landlock) {
    // No namespace ends what is inside when the process outside it ends.
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return "an end with its keeper's";
    if (!enter_landlock(rules)) return "Landlock";
  } else if (!scope_signals_and_sockets()) {
    return "the scope of sockets";
  }
  if (!limit_processes(orders.processes)) return "the limit of processes";
  return filter_calls(orders.filter) ? nullptr : "the filter of system calls";
}

// Programs believe PWD where it names their folder, some of them whatever it names.
void say_where_we_are() {
  const std::unique_ptr<char, void (*)(void*)> folder(::getcwd(nullptr, 0), std::free);
  if (folder) ::setenv("PWD", folder.get(), 1);
  if (!folder) ::unsetenv("PWD");
  ::unsetenv("OLDPWD");
}

}  // namespace

int enter_main(std::vector<std::string> arguments) {
  Orders orders;
  if (!take_orders(arguments, orders)) return cannot_execute;
  if (arguments.size() < 4 || arguments[2] != "--") return cannot_execute;
  if (const char* undone = close_seal(orders, arguments[0], arguments[1]); undone != nullptr) {
    fmt::print(stderr, "pianola: the seal cannot be closed: {}: {}\n", undone, std::strerror(errno));
    return cannot_execute;
  }
  if (orders.relays.proxy_port != 0) {
    if (const Result<void> started = start_relay(orders.relays); !started) {
      fmt::print(stderr, "pianola: the network cannot be had: {}\n", started.error().text());
      return cannot_execute;
    }
  }
  say_where_we_are();
  std::vector<std::string> words(arguments.begin() + 3, arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  ::execvp(argv.front(), argv.data());
  const int failure = errno;
  fmt::print(stderr, "pianola: {}: {}\n", words.front(), std::strerror(failure));
  return failure == ENOENT ? not_found : cannot_execute;
}

}  // namespace pianola::world
