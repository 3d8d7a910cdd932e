#include "world/kept_attempt.h"

#include <sys/socket.h>

#include <array>
#include <boost/asio.hpp>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "world/keeper_door.h"
#include "world/kept_output.h"
#include "world/steps.h"

namespace pianola::world {

namespace asio = boost::asio;

namespace {

constexpr int kMostStarts = 3;         // of a keeper that dies before it takes over
constexpr int kMostRefusals = 10;      // in a row, before it is more than a moment's
constexpr int64_t kSeekAgainMs = 250;  // while a keeper cannot be spoken to
constexpr int64_t kAfterRefusalMs = 1'000;

bool has_left_traces(const std::string& dir) { return has_begun(dir) || exists(dir + "/exit.json"); }

}  // namespace

struct KeptAttempt::Link {
  explicit Link(asio::io_context& io) : socket(io), timer(io), patience(io) {}
  asio::local::stream_protocol::socket socket;
  asio::steady_timer timer;
  asio::steady_timer patience;
  Spawned keeper;
  std::array<char, kFrameHeaderBytes> header_bytes{};
  FrameHeader header;
  std::string payload;
};

KeptAttempt::KeptAttempt(Loop& loop, asio::thread_pool& pool, Options options)
    : loop_(loop), pool_(pool), options_(std::move(options)), link_(std::make_unique<Link>(loop.io())) {
  seek();
}

KeptAttempt::~KeptAttempt() = default;

void KeptAttempt::end(int64_t grace_ms) {
  end_grace_ms_ = end_grace_ms_ ? std::min(*end_grace_ms_, grace_ms) : grace_ms;
  order_end();
}

// Runs `work` on the pool and gives what it returns to `then` on the loop, unless we are gone by then.
// `work` holds copies only.
template <class Work, class Then>
void KeptAttempt::on_pool(Work work, Then then) {
  asio::post(pool_, [work = std::move(work), then = std::move(then), &io = loop_.io(),
                     life = std::weak_ptr<int>(life_)]() mutable {
    auto outcome = work();
    asio::post(io, [outcome = std::move(outcome), then = std::move(then), life = std::move(life)]() mutable {
      if (!life.expired()) then(std::move(outcome));
    });
  });
}

void KeptAttempt::seek() {
  const bool may_start = options_.make_spec && starts_ < kMostStarts;
  auto work = [place = options_.place, program = options_.program, make_spec = options_.make_spec,
               may_start] {
    if (may_start) return start_or_find(place, program, make_spec);
    return find_or_close(place, make_spec ? "the keeper did not come up" : "it was ended before it began");
  };
  on_pool(std::move(work), [this](Result<Found> found) { on_found(std::move(found)); });
}

void KeptAttempt::seek_in(int64_t delay_ms) {
  link_->timer.expires_after(std::chrono::milliseconds(delay_ms));
  link_->timer.async_wait([this, life = std::weak_ptr<int>(life_)](boost::system::error_code failed) {
    if (!failed && !life.expired()) seek();
  });
}

void KeptAttempt::on_found(Result<Found> found) {
  if (!found) return on_refused(found.error());
  refusals_ = 0;
  if (auto* connected = std::get_if<Connected>(&*found)) return on_connected(std::move(*connected));
  if (const auto* record = std::get_if<ExitRecord>(&*found)) return feed_rest(*record);
  on_unreachable();
}

void KeptAttempt::on_connected(Connected connected) {
  if (connected.keeper.pidfd) ++starts_;
  link_->keeper = std::move(connected.keeper);
  boost::system::error_code failed;
  link_->socket.assign(asio::local::stream_protocol(), connected.socket.get(), failed);
  if (failed) return on_hung_up();
  connected.socket.release();
  const std::string ask = "stream " + std::to_string(out_offset_) + " " + std::to_string(err_offset_) + "\n";
  // A few bytes into an empty buffer; if the keeper is gone, reading will tell.
  ::send(link_->socket.native_handle(), ask.data(), ask.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  order_end();
  read_frame();
}

void KeptAttempt::on_unreachable() {
  if (!end_grace_ms_) return seek_in(kSeekAgainMs);
  on_pool(
      [place = options_.place, grace_ms = *end_grace_ms_] {
        end_unreachable(place, grace_ms);
        return 0;
      },
      [this](int) { seek_in(kSeekAgainMs); });
}

void KeptAttempt::on_refused(const Error& error) {
  count_refusal(error);
  const bool is_the_machines = error.kind == ErrorKind::paused;
  if (!is_refused() || is_the_machines || has_left_traces(options_.place.dir))
    return seek_in(kAfterRefusalMs);
  push_exit({core::ExitKind::not_started, 0, true, error.text()});
}

// A machine that is full or failing is no attempt's fault. Told again and again: the run may have gone on.
void KeptAttempt::count_refusal(const Error& error) {
  ++refusals_;
  if (error.kind == ErrorKind::paused && refusals_ % kMostRefusals == 0)
    push(core::Input(core::RepositoryPaused{error.text()}));
}

bool KeptAttempt::is_refused() const { return refusals_ >= kMostRefusals; }

void KeptAttempt::order_end() {
  if (!end_grace_ms_ || !link_->socket.is_open()) return;
  const std::string order = "end " + std::to_string(*end_grace_ms_) + "\n";
  ::send(link_->socket.native_handle(), order.data(), order.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  watch_end();
}

void KeptAttempt::watch_end() {
  link_->patience.expires_after(std::chrono::milliseconds(*end_grace_ms_ + options_.patience_ms));
  link_->patience.async_wait([this, life = std::weak_ptr<int>(life_)](boost::system::error_code failed) {
    if (failed || life.expired() || !link_->socket.is_open()) return;
    const auto end_hung_keeper = [place = options_.place] {
      end_unresponsive(place);
      return 0;
    };
    on_pool(end_hung_keeper, [](int) {});
  });
}

void KeptAttempt::read_frame() {
  asio::async_read(link_->socket, asio::buffer(link_->header_bytes),
                   [this, life = std::weak_ptr<int>(life_)](boost::system::error_code failed, size_t) {
                     if (life.expired()) return;
                     if (failed) return on_hung_up();
                     const auto header = decode_frame_header(
                         std::string_view(link_->header_bytes.data(), link_->header_bytes.size()));
                     if (!header) return on_hung_up();
                     link_->header = *header;
                     read_payload();
                   });
}

void KeptAttempt::read_payload() {
  link_->payload.resize(link_->header.size);
  asio::async_read(link_->socket, asio::buffer(link_->payload),
                   [this, life = std::weak_ptr<int>(life_)](boost::system::error_code failed, size_t) {
                     if (life.expired()) return;
                     if (failed) return on_hung_up();
                     on_frame();
                   });
}

void KeptAttempt::on_frame() {
  const FrameHeader header = link_->header;
  if (header.kind == FrameKind::spawned) push_spawned(std::strtoll(link_->payload.c_str(), nullptr, 10));
  if (header.kind == FrameKind::out)
    push_output(agents::Stream::out, header.offset, std::move(link_->payload));
  if (header.kind == FrameKind::err)
    push_output(agents::Stream::err, header.offset, std::move(link_->payload));
  if (header.kind == FrameKind::blocked) count_refusal({ErrorKind::paused, "", link_->payload, "", ""});
  // The record of exit is read from the folder, when the keeper has let go of it.
  if (header.kind == FrameKind::exited) return on_hung_up();
  if (!loop_.is_crowded()) return read_frame();
  loop_.when_taken([this, life = std::weak_ptr<int>(life_)] {
    if (!life.expired()) read_frame();
  });
}

void KeptAttempt::on_hung_up() {
  boost::system::error_code ignored;
  link_->socket.close(ignored);
  // shared, since a pool job must be copyable.
  auto keeper = std::make_shared<Spawned>(std::move(link_->keeper));
  on_pool(
      [keeper] {
        reap_keeper(*keeper);
        return 0;
      },
      [this](int) { seek(); });
}

void KeptAttempt::push_spawned(int64_t pid) {
  if (std::exchange(said_spawned_, true)) return;
  push(core::Input(core::AgentHasSpawned{options_.key, pid}));
}

void KeptAttempt::push_output(agents::Stream stream, uint64_t offset, std::string bytes) {
  uint64_t& known = stream == agents::Stream::out ? out_offset_ : err_offset_;
  // Something between was dropped; the line that was cut must not run into the next one.
  if (offset > known) bytes.insert(0, 1, '\n');
  known = offset + bytes.size() - (offset > known ? 1 : 0);
  push(engine::AgentOutput{options_.key, stream, std::move(bytes)});
}

// What the files hold beyond what was heard, then the exit.
void KeptAttempt::feed_rest(const ExitRecord& record) {
  if (record.pid != 0) push_spawned(record.pid);
  struct Rest {
    agents::Stream stream = agents::Stream::out;
    OutputPiece piece;
  };
  auto work = [dir = options_.place.dir, out = out_offset_, err = err_offset_] {
    Rest rest{agents::Stream::out, read_output(dir + "/out", out, kMostFramePayload)};
    if (rest.piece.bytes.empty())
      rest = {agents::Stream::err, read_output(dir + "/err", err, kMostFramePayload)};
    return rest;
  };
  on_pool(std::move(work), [this, record](Rest rest) {
    if (rest.piece.bytes.empty()) {
      PIANOLA_STEP("exit.reported");
      return push_exit(record.exit);
    }
    push_output(rest.stream, rest.piece.offset, std::move(rest.piece.bytes));
    if (!loop_.is_crowded()) return feed_rest(record);
    loop_.when_taken([this, record, life = std::weak_ptr<int>(life_)] {
      if (!life.expired()) feed_rest(record);
    });
  });
}

void KeptAttempt::push_exit(const core::ExitStatus& exit) {
  push(engine::AgentExit{options_.key, exit});
  is_over_ = true;
}

void KeptAttempt::push(engine::Report report) { loop_.push({std::move(report), "pianola", 0}); }

}  // namespace pianola::world
