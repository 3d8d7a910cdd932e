#include "world/door_crossing.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/instant.h"
#include "world/clock.h"

namespace pianola::world {

std::string to_json(const CrossingRecord& record) {
  const boost::json::object line{
      {"time", iso_utc(Instant{record.at_ns})},  {"host", record.to.host}, {"port", record.to.port},
      {"verdict", verdict_text(record.verdict)}, {"why", record.why},      {"up_bytes", record.up_bytes},
      {"down_bytes", record.down_bytes}};
  return boost::json::serialize(line) + "\n";
}

Crossing::Crossing(uint64_t ticket, Fd worker, const NetRules& rules, const CrossingTimes& times)
    : ticket_(ticket), worker_(std::move(worker)), rules_(rules), times_(times) {
  record_.at_ns = wall_now().ns;
  due_ms_ = since_boot().ms() + times_.head_ms;
}

void Crossing::add_to(std::vector<pollfd>& fds) const {
  pollfd worker{-1, 0, 0};
  pollfd far{-1, 0, 0};
  if (stage_ == Stage::asking) worker = {worker_.get(), POLLIN, 0};
  if (stage_ == Stage::refusing) worker = {worker_.get(), POLLOUT, 0};
  if (stage_ == Stage::connecting) far = {far_.get(), POLLOUT, 0};
  if (stage_ == Stage::open) {
    worker = tunnel_->near_wait();
    far = tunnel_->far_wait();
  }
  fds.push_back(worker);
  fds.push_back(far);
}

void Crossing::serve(const pollfd& worker, const pollfd& far, NameDesk& names) {
  if (stage_ == Stage::asking && worker.revents != 0) read_more(names);
  if (stage_ == Stage::connecting && far.revents != 0) finish_connect();
  if (stage_ == Stage::refusing && worker.revents != 0) say_farewell();
  if (stage_ == Stage::open && (worker.revents != 0 || far.revents != 0)) {
    tunnel_->serve(worker, far);
    due_ms_ = since_boot().ms() + times_.idle_ms;
    if (tunnel_->is_over()) stage_ = Stage::over;
  }
  if (stage_ != Stage::over && since_boot().ms() >= due_ms_) expire();
}

void Crossing::expire() {
  if (stage_ == Stage::connecting) return connect_next();
  if (stage_ == Stage::asking) record_.why = "no request came";
  if (stage_ == Stage::naming) {
    return refuse_with(Status::unreachable, Verdict::failed, "its name is not known in time");
  }
  stage_ = Stage::over;
}

void Crossing::read_more(NameDesk& names) {
  std::array<char, head_max_bytes> chunk;
  const ssize_t got = ::recv(worker_.get(), chunk.data(), head_max_bytes - heard_.size(), MSG_DONTWAIT);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) {
    record_.why = "no request came";
    stage_ = Stage::over;
    return;
  }
  heard_.append(chunk.data(), static_cast<size_t>(got));
  const Asked asked = read_head(heard_);
  if (asked.state == Asked::State::unfinished) return;
  if (asked.state == Asked::State::broken) {
    return refuse_with(Status::bad, Verdict::refused, "this is not HTTP");
  }
  decide(asked, names);
}

void Crossing::decide(const Asked& asked, NameDesk& names) {
  heard_.erase(0, asked.bytes);
  if (!asked.to) return refuse_with(Status::bad, Verdict::refused, "no endpoint is named");
  record_.to = *asked.to;
  const Verdict verdict = judge(rules_, *asked.to);
  if (verdict != Verdict::allowed) {
    return refuse_with(Status::forbidden, verdict, asked.to->text() + " is not allowed by network: model");
  }
  if (!asked.is_connect)
    return refuse_with(Status::not_allowed, Verdict::refused, "only CONNECT is spoken here");
  stage_ = Stage::naming;
  record_.verdict = Verdict::failed;  // until it is there
  due_ms_ = since_boot().ms() + 4 * times_.connect_ms;
  if (const auto literal = literal_address(asked.to->host, asked.to->port)) return hear({*literal});
  if (!names.ask(ticket_, *asked.to)) refuse_with(Status::busy, Verdict::failed, "too many names at once");
}

void Crossing::hear(const std::vector<Address>& addresses) {
  if (stage_ != Stage::naming) return;
  if (addresses.empty()) return refuse_with(Status::unreachable, Verdict::failed, "its name is not known");
  for (const Address& address : addresses) {
    if (may_lead_to(record_.to, address)) addresses_.push_back(address);
  }
  if (addresses_.empty()) {
    return refuse_with(Status::forbidden, Verdict::refused, "its name leads to an address inside");
  }
  std::reverse(addresses_.begin(), addresses_.end());  // taken from the end
  connect_next();
}

void Crossing::connect_next() {
  while (!addresses_.empty()) {
    const Address address = addresses_.back();
    addresses_.pop_back();
    far_.reset(::socket(address.bytes.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!far_) continue;
    const int result = ::connect(far_.get(), reinterpret_cast<const sockaddr*>(&address.bytes), address.size);
    if (result != 0 && errno != EINPROGRESS) continue;
    stage_ = Stage::connecting;
    due_ms_ = since_boot().ms() + times_.connect_ms;
    return;
  }
  refuse_with(Status::unreachable, Verdict::failed, "it does not answer");
}

void Crossing::finish_connect() {
  int failure = 0;
  socklen_t size = sizeof failure;
  if (::getsockopt(far_.get(), SOL_SOCKET, SO_ERROR, &failure, &size) != 0 || failure != 0)
    return connect_next();
  const int on = 1;
  ::setsockopt(far_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(far_.get(), SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  record_.verdict = Verdict::allowed;
  stage_ = Stage::open;
  due_ms_ = since_boot().ms() + times_.idle_ms;
  tunnel_.emplace(std::move(worker_), std::move(far_), std::string(connected_answer), std::move(heard_));
}

void Crossing::refuse_with(Status status, Verdict verdict, std::string why) {
  farewell_ = refusal_answer(status, why);
  record_.verdict = verdict;
  record_.why = std::move(why);
  stage_ = Stage::refusing;
  due_ms_ = since_boot().ms() + times_.head_ms;
}

void Crossing::say_farewell() {
  const ssize_t sent = ::send(worker_.get(), farewell_.data(), farewell_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (sent > 0) farewell_.erase(0, static_cast<size_t>(sent));
  if (sent < 0 || farewell_.empty()) stage_ = Stage::over;
}

CrossingRecord Crossing::record() const {
  CrossingRecord record = record_;
  if (tunnel_) {
    record.up_bytes = tunnel_->up_bytes();
    record.down_bytes = tunnel_->down_bytes();
  }
  return record;
}

}  // namespace pianola::world
