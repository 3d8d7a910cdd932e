// A model of git: commits as what they contain, two refs, and a judgement of every content. The judgement
// is a function of the content alone, so that checks give the same answer whenever they are run.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "base/instant.h"

namespace pianola::sim {

using CommitNumber = int;  // -1 = none
constexpr CommitNumber no_commit = -1;
constexpr int the_user = -1;  // whose patch it is when no task's

// One change. Two changes that were made without seeing each other may clash.
struct Patch {
  int task = the_user;
  int attempt = 0;
  CommitNumber base = no_commit;  // what its author saw
  bool red = false;               // fails its checks by itself
  bool outside = false;           // changes a file its task does not own
  bool renegotiates = false;      // changes the contract of the plan
  bool locks = false;             // changes the lockfile
};

struct Commit {
  CommitNumber first = no_commit;
  CommitNumber second = no_commit;  // of a merge
  int patch = -1;
  int merged_task = -1;  // of a merge: whose work came in
  int merged_attempt = 0;
};

// In percent of the pairs of changes.
struct Odds {
  int conflict = 0;
  int red_paired = 0;
  int final_red = 0;
  int renamed = 0;
};

class GitModel {
 public:
  GitModel(uint64_t seed, const Odds& odds);

  static std::string name(CommitNumber commit);
  static CommitNumber number(const std::string& name);

  CommitNumber commit_patch(CommitNumber parent, const Patch& patch);
  CommitNumber commit_replacing(const Patch& patch);  // without a parent: history rewritten

  // The merge of `other` into `onto`, or none when they conflict. Equal arguments give the equal commit.
  struct Merge {
    CommitNumber onto = no_commit;
    CommitNumber other = no_commit;
    Instant at;
    int task = -1;
    int attempt = 0;
  };
  std::optional<CommitNumber> merge(const Merge& merge);

  const Commit& commit(CommitNumber number) const { return commits_[static_cast<size_t>(number)]; }
  const Patch& patch(int number) const { return patches_[static_cast<size_t>(number)]; }
  bool is_ancestor(CommitNumber older, CommitNumber younger) const;
  // Patches in `commit`, oldest first.
  std::vector<int> content(CommitNumber commit) const;
  // Patches in `commit` and not in `without`.
  std::vector<int> content_since(CommitNumber without, CommitNumber commit) const;

  enum class Suite { task, whole };
  bool is_green(CommitNumber commit, Suite suite) const;
  // Of the plan's contract; "v0" before anybody changed it.
  std::string contract_version(CommitNumber commit) const;
  // Of its lockfile; "e0" before anybody changed it.
  std::string environment(CommitNumber commit) const;
  // True when merging `head` into `staging` changes files elsewhere: something was renamed meanwhile.
  bool is_renamed(CommitNumber onto, CommitNumber head) const;

  CommitNumber staging = no_commit;
  CommitNumber target = no_commit;
  std::set<CommitNumber> undone;  // kept on refs of their own

 private:
  std::string version_of(CommitNumber commit, bool Patch::*changes, const char* first) const;
  CommitNumber add(const Commit& commit);
  std::vector<bool> ancestors(CommitNumber commit) const;
  bool clash(int a, int b, uint64_t kind, int percent) const;
  bool unaware(int a, int b) const;
  bool conflicts(CommitNumber onto, CommitNumber other) const;

  uint64_t seed_;
  Odds odds_;
  std::vector<Commit> commits_;
  std::vector<Patch> patches_;
  std::map<std::tuple<CommitNumber, CommitNumber, int64_t, int>, CommitNumber> merges_;
};

}  // namespace pianola::sim
