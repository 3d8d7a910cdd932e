// Promotion of the target: decided here, carried out by compare-and-swap or by Checkout.
#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>

#include <cerrno>

#include "world/files.h"
#include "world/git_checkout.h"
#include "world/git_repository.h"
#include "world/git_text.h"
#include "world/steps.h"

namespace pianola::world {
namespace {

constexpr int promotion_look_ms = 25;

std::string target_name(const GitRepositoryOptions& options) { return shown(short_branch(options.target)); }

// Runs of one repository promote one after the other.
Result<Fd> take_promotion_lock(const Layout& layout, int64_t wait_ms) {
  const std::string path = layout.state_dir + "/promotion.lock";
  Fd lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!lock) return refuse(system_error(path, errno));
  for (int64_t waited_ms = 0; ::flock(lock.get(), LOCK_EX | LOCK_NB) != 0; waited_ms += promotion_look_ms) {
    if (errno != EWOULDBLOCK && errno != EINTR) return refuse(system_error(path, errno));
    if (waited_ms >= wait_ms)
      return refuse({.kind = ErrorKind::paused,
                     .where = shown(path),
                     .what = "another run of this repository promotes",
                     .expected = "it done within " + std::to_string((wait_ms + 999) / 1000) + " s",
                     .next = "then: pianola resume"});
    ::poll(nullptr, 0, promotion_look_ms);
  }
  return lock;
}

}  // namespace

// Where the target stands and how it would be moved.
struct GitRepository::Way {
  std::string at;                      // the target, "" when it is gone
  std::string reason_to_leave;         // "" when it may be moved
  std::optional<CheckoutPlace> place;  // the one checkout that has to move with it
};

Result<GitRepository::Way> GitRepository::way_of(const core::PromoteTarget& command) const {
  Way way{.at = TRY(refs().read(options_.target)), .reason_to_leave = {}, .place = {}};
  if (way.at == command.to || way.at != command.from) return way;
  const CheckoutsOfRef seen =
      TRY(checkouts_of(git_, hub({"worktree", "list", "--porcelain", "-z"}), options_.target));
  way.reason_to_leave = seen.busy;
  if (!seen.busy.empty() || seen.places.empty()) return way;
  const std::string first = shown(seen.places.front().folder);
  if (seen.places.size() > 1)
    way.reason_to_leave = target_name(options_) + " is checked out more than once: " + first + " and " +
                          shown(seen.places[1].folder);
  else if (command.mode != core::PromoteMode::checkout)
    way.reason_to_leave = target_name(options_) + " is checked out in " + first;
  else
    way.place = seen.places.front();
  return way;
}

Result<GitRepository::Promotion> GitRepository::promote(const core::PromoteTarget& command) const {
  TRY(ensure_own_dir());
  const Fd lock = TRY(take_promotion_lock(options_.layout, options_.lock_wait_ms));
  PIANOLA_STEP("promote.before");
  const Way way = TRY(way_of(command));
  if (way.at == command.to) {
    TRY(refs().sync(options_.target));
    return core::TargetWasPromoted{command.to};
  }
  if (way.at != command.from) return say_moved(command, way.at);
  if (!way.reason_to_leave.empty()) return leave(command, way.reason_to_leave);
  if (!way.place) return move_unattended(command);

  Checkout checkout(*this, command, *way.place, reflog_of("promote"));
  const auto reason = TRY(checkout.move());
  if (!reason) return core::TargetWasPromoted{command.to};
  const std::string now = TRY(refs().read(options_.target));
  if (now != command.from) return say_moved(command, now);
  return leave(command, *reason);
}

Result<GitRepository::Promotion> GitRepository::foresee_promotion(const core::PromoteTarget& command) const {
  const Way way = TRY(way_of(command));
  if (way.at != command.to && way.at != command.from) return TRY(moved_to(command, way.at));
  if (!way.reason_to_leave.empty()) return core::PromotionWasLeft{way.reason_to_leave};
  if (!way.place) return core::TargetWasPromoted{command.to};
  const auto reason = TRY(Checkout(*this, command, *way.place, "").foreseen_reason());
  if (reason) return core::PromotionWasLeft{*reason};
  return core::TargetWasPromoted{command.to};
}

Result<GitRepository::Promotion> GitRepository::move_unattended(const core::PromoteTarget& command) const {
  const Moved moved = TRY(
      refs().move({{.ref = options_.target, .to = command.to, .from = command.from}}, reflog_of("promote")));
  PIANOLA_STEP("promote.ref_moved");
  if (moved == Moved::yes) return core::TargetWasPromoted{command.to};
  return say_moved(command, TRY(refs().read(options_.target)));
}

std::string GitRepository::reflog_of(const std::string& act) const {
  return "pianola: " + act + " " + options_.run.str();
}

Result<GitRepository::PutBack> GitRepository::put_target_back(const core::PutTargetBack& command) const {
  TRY(ensure_own_dir());
  const Fd lock = TRY(take_promotion_lock(options_.layout, options_.lock_wait_ms));
  PIANOLA_STEP("undo.before");
  const core::PromoteTarget back{.from = command.from, .to = command.to, .mode = core::PromoteMode::checkout};
  const auto left = [&](const std::string& reason) { return core::UndoWasLeft{command.of, reason}; };
  const Way way = TRY(way_of(back));
  if (way.at == command.to) {
    TRY(refs().sync(options_.target));
    return core::TargetWasPutBack{command.of, command.to};
  }
  if (way.at != command.from)
    return left(target_name(options_) + (way.at.empty() ? " is gone" : " is at " + short_id(way.at)));
  if (!way.reason_to_leave.empty()) return left(way.reason_to_leave);
  const std::string kept = undone_ref(options_.run, command.of);
  if (TRY(refs().move({{.ref = kept, .to = command.from, .from = RefMove::absent}}, reflog_of("undo"))) ==
      Moved::no)
    return left(kept + " is taken");
  PIANOLA_STEP("undo.saved");
  if (way.place) {
    const auto reason = TRY(Checkout(*this, back, *way.place, reflog_of("undo")).move());
    if (reason) return left(*reason);
  } else if (TRY(refs().move({{.ref = options_.target, .to = command.to, .from = command.from}},
                             reflog_of("undo"))) == Moved::no) {
    return left(target_name(options_) + " was moved meanwhile");
  }
  return core::TargetWasPutBack{command.of, command.to};
}

Result<std::optional<GitRepository::Following>> GitRepository::commits_after(const std::string& base,
                                                                             const std::string& tip,
                                                                             size_t most) const {
  TRY(ensure_own_dir());
  if (!TRY(is_ancestor(base, tip))) return std::optional<Following>();
  const std::string range = base + ".." + tip;
  Following following;
  const std::string count =
      line_of(TRY(git_.output(own({"rev-list", "--count", "--end-of-options", range}))));
  following.count = std::stoul(count);
  const std::string log =
      TRY(git_.output(own({"log", "-z", "--no-show-signature", "--format=%h %s",
                           "--max-count=" + std::to_string(most), "--end-of-options", range})));
  for (const std::string& line : pieces_of(log, '\0')) following.lines.push_back(shown(line));
  return following;
}

Result<GitRepository::Promotion> GitRepository::leave(const core::PromoteTarget& command,
                                                      const std::string& reason) const {
  TRY(keep_ready(command.to));
  PIANOLA_STEP("promote.left");
  return core::PromotionWasLeft{reason};
}

Result<void> GitRepository::keep_ready(const std::string& verified) const {
  TRY(refs().move({{.ref = ready_ref(options_.run), .to = verified, .from = ""}}, "pianola: ready"));
  return {};
}

// The run may be left over this, so what it verified is kept where people find it.
Result<GitRepository::Promotion> GitRepository::say_moved(const core::PromoteTarget& command,
                                                          const std::string& at) const {
  TRY(keep_ready(command.to));
  return TRY(moved_to(command, at));
}

Result<core::TargetHadMoved> GitRepository::moved_to(const core::PromoteTarget& command,
                                                     const std::string& at) const {
  if (at.empty()) return core::TargetHadMoved{"", false, command.from};
  const bool descends = TRY(is_ancestor(command.from, at));
  if (!descends) TRY(check_merge_base(command.from, at));
  return core::TargetHadMoved{at, descends, command.from};
}

// Where a shallow clone ends, a target that only went on looks like one that was rewritten.
Result<void> GitRepository::check_merge_base(const std::string& from, const std::string& at) const {
  const GitCall call = own({"merge-base", "--end-of-options", from, at});
  if (call.shallow_file.empty()) return {};
  const Finished finished = TRY(git_.run(call));
  if (finished.ok()) return {};
  if (finished.signalled || finished.value != 1) return refuse(git_error(call, finished));
  return refuse({.kind = ErrorKind::repository,
                 .where = target_name(options_),
                 .what = "moved to " + short_id(at) +
                         ", and this shallow clone does not hold what that and " + short_id(from) +
                         " come from",
                 .expected = "their merge base",
                 .next = "fetch it: git fetch --unshallow, then: pianola resume"});
}

}  // namespace pianola::world
