#include "world/disk_watch.h"

#include <fmt/format.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <utility>

namespace pianola::world {
namespace {

constexpr int64_t look_every_ms = 1'000;
constexpr int64_t walk_share = 16;  // of the limit: less than this does not pay for a walk

}  // namespace

DiskWatch::DiskWatch(std::vector<std::string> folders, int64_t limit_bytes)
    : folders_(std::move(folders)), limit_bytes_(limit_bytes) {
  if (limit_bytes_ == 0 || folders_.empty()) return;
  free_at_walk_bytes_ = free_bytes();
  next_look_ms_ = 0;
}

bool DiskWatch::look(int64_t now_ms) {
  if (next_look_ms_ < 0 || is_passed() || now_ms < next_look_ms_) return is_passed();
  next_look_ms_ = now_ms + look_every_ms;
  if (!walk_ && !is_worth_a_walk()) return false;
  if (!walk_) walk_.emplace(folders_);
  const bool is_whole = walk_->go_on(steps_a_look);
  taken_bytes_ = is_whole ? walk_->bytes() : std::max(taken_bytes_, walk_->bytes());
  if (is_whole) walk_.reset();
  if (walk_) next_look_ms_ = now_ms;  // as soon as all else is served
  if (is_passed()) next_look_ms_ = -1;
  return is_passed();
}

bool DiskWatch::is_worth_a_walk() {
  const int64_t free = free_bytes();
  // What others free is no reason to look later.
  free_at_walk_bytes_ = std::max(free_at_walk_bytes_, free);
  if (free_at_walk_bytes_ - free < limit_bytes_ / walk_share) return false;
  free_at_walk_bytes_ = free;
  return true;
}

std::string DiskWatch::text() const {
  return fmt::format("its folders took {} MiB on disk, of which there may be {}", taken_bytes_ >> 20,
                     limit_bytes_ >> 20);
}

int64_t DiskWatch::free_bytes() const {
  struct statvfs space {};
  if (::statvfs(folders_.front().c_str(), &space) != 0) return 0;
  return static_cast<int64_t>(space.f_bavail) * static_cast<int64_t>(space.f_frsize);
}

}  // namespace pianola::world
