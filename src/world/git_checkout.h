// The user's checkouts: which of them show the target, and moving one of them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "world/git_repository.h"

namespace pianola::world {

// One checkout of the hub's: its folder and its own git directory ("" when that cannot be found).
struct CheckoutPlace {
  std::string folder;
  std::string git_dir;
};

// The checkouts whose HEAD is `ref`, or where `ref` is being rebased or bisected (`busy` then says how).
struct CheckoutsOfRef {
  std::vector<CheckoutPlace> places;
  std::string busy;  // "a rebase of main is in progress in /srv/shop"
};
Result<CheckoutsOfRef> checkouts_of(const Git& git, const GitCall& list, const std::string& ref);

// One checkout, for a promotion or its undoing.
class Checkout {
 public:
  // `reflog` is what the branch's log says of the move.
  Checkout(const GitRepository& repository, const core::PromoteTarget& command, CheckoutPlace place,
           std::string reflog);

  // Moves files and index from `from` to `to`, then the target by compare-and-swap. Nothing when it did;
  // else why the checkout was left as it was, or put back. Errors (paused): a lock stays. Where the files
  // could not be put back, reason or error say so and name the command that does.
  Result<std::optional<std::string>> move();

  // Why move() would leave it, as far as that is seen without writing anything.
  Result<std::optional<std::string>> foreseen_reason();

 private:
  Result<std::optional<std::string>> move_target();
  std::string put_back() const;  // "" when it did
  Result<std::optional<std::string>> reason_to_leave();
  Result<std::optional<std::string>> reason_in_files();
  Result<std::optional<std::string>> reason_in_paths(const std::vector<TreeChange>& changes);
  Result<std::optional<std::string>> reason_in_filters(const std::vector<TreeChange>& changes);
  Result<bool> stands_at_target() const;
  Result<bool> seems_at_target() const;
  Result<std::string> tracked_status() const;
  Result<void> refresh_index() const;
  GitCall here(std::vector<std::string> args) const;

  const GitRepository& repository_;
  const core::PromoteTarget& command_;
  CheckoutPlace place_;
  std::string reflog_;
};

}  // namespace pianola::world
