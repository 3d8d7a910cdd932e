#include "world/door_names.h"

#include <netdb.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

#include "world/child.h"

namespace pianola::world {
namespace {

constexpr size_t clerks_max = 4;
constexpr size_t questions_max = 256;
constexpr size_t addresses_max = 8;

std::vector<Address> look_up(const HostPort& to) {
  addrinfo wish{};
  wish.ai_family = AF_UNSPEC;
  wish.ai_socktype = SOCK_STREAM;
  wish.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  std::vector<Address> addresses;
  if (::getaddrinfo(to.host.c_str(), std::to_string(to.port).c_str(), &wish, &found) != 0) return addresses;
  for (const addrinfo* one = found; one != nullptr && addresses.size() < addresses_max; one = one->ai_next) {
    Address address;
    if (one->ai_addrlen > sizeof address.bytes) continue;
    std::memcpy(&address.bytes, one->ai_addr, one->ai_addrlen);
    address.size = one->ai_addrlen;
    addresses.push_back(address);
  }
  ::freeaddrinfo(found);
  return addresses;
}

}  // namespace

struct NameDesk::Desk {
  std::mutex mutex;
  std::condition_variable bell;
  std::deque<std::pair<uint64_t, HostPort>> questions;
  std::vector<Answer> answers;
  size_t clerks = 0;
  size_t idle = 0;
  bool is_closed = false;
  Fd wake{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};

  void work() {
    std::unique_lock lock(mutex);
    while (true) {
      ++idle;
      bell.wait(lock, [this] { return is_closed || !questions.empty(); });
      --idle;
      if (is_closed) return;
      const auto [ticket, to] = std::move(questions.front());
      questions.pop_front();
      lock.unlock();
      Answer answer{ticket, look_up(to)};
      lock.lock();
      answers.push_back(std::move(answer));
      constexpr uint64_t one = 1;
      // A counter that is full is readable all the same.
      if (::write(wake.get(), &one, sizeof one) < 0) continue;
    }
  }
};

NameDesk::NameDesk() : desk_(std::make_shared<Desk>()) {}

NameDesk::~NameDesk() {
  const std::lock_guard lock(desk_->mutex);
  desk_->is_closed = true;
  desk_->bell.notify_all();
}

bool NameDesk::ask(uint64_t ticket, const HostPort& to) {
  const std::lock_guard lock(desk_->mutex);
  if (desk_->questions.size() >= questions_max) return false;
  desk_->questions.emplace_back(ticket, to);
  if (desk_->idle < desk_->questions.size() && desk_->clerks < clerks_max) {
    ++desk_->clerks;
    std::thread([desk = desk_] { desk->work(); }).detach();
  }
  desk_->bell.notify_one();
  return true;
}

int NameDesk::wake_fd() const { return desk_->wake.get(); }

std::vector<NameDesk::Answer> NameDesk::take() {
  const std::lock_guard lock(desk_->mutex);
  uint64_t rung = 0;
  if (::read(desk_->wake.get(), &rung, sizeof rung) < 0) return {};
  return std::exchange(desk_->answers, {});
}

}  // namespace pianola::world
