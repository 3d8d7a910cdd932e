#include "sim/git_model.h"

#include <algorithm>
#include <cstdlib>

#include "base/check.h"
#include "base/random.h"

namespace pianola::sim {

GitModel::GitModel(uint64_t seed, const Odds& odds) : seed_(seed), odds_(odds) { target = add({}); }

std::string GitModel::name(CommitNumber commit) {
  return commit == no_commit ? "" : "c" + std::to_string(commit);
}

CommitNumber GitModel::number(const std::string& name) {
  return name.empty() ? no_commit : static_cast<CommitNumber>(std::strtol(name.c_str() + 1, nullptr, 10));
}

CommitNumber GitModel::add(const Commit& commit) {
  commits_.push_back(commit);
  return static_cast<CommitNumber>(commits_.size()) - 1;
}

CommitNumber GitModel::commit_patch(CommitNumber parent, const Patch& patch) {
  patches_.push_back(patch);
  return add({.first = parent, .patch = static_cast<int>(patches_.size()) - 1});
}

CommitNumber GitModel::commit_replacing(const Patch& patch) { return commit_patch(no_commit, patch); }

std::optional<CommitNumber> GitModel::merge(const Merge& merge) {
  const auto key = std::tuple(merge.onto, merge.other, merge.at.ns, merge.task);
  const auto known = merges_.find(key);
  if (known != merges_.end()) return known->second;
  if (conflicts(merge.onto, merge.other)) return std::nullopt;
  const CommitNumber made = add({.first = merge.onto,
                                 .second = merge.other,
                                 .merged_task = merge.task,
                                 .merged_attempt = merge.attempt});
  merges_.emplace(key, made);
  return made;
}

std::vector<bool> GitModel::ancestors(CommitNumber commit) const {
  std::vector<bool> seen(commits_.size());
  if (commit != no_commit) seen[static_cast<size_t>(commit)] = true;
  // Parents are older than their children, so one pass downwards reaches all.
  for (CommitNumber at = commit; at >= 0; --at) {
    if (!seen[static_cast<size_t>(at)]) continue;
    const Commit& one = this->commit(at);
    if (one.first != no_commit) seen[static_cast<size_t>(one.first)] = true;
    if (one.second != no_commit) seen[static_cast<size_t>(one.second)] = true;
  }
  return seen;
}

bool GitModel::is_ancestor(CommitNumber older, CommitNumber younger) const {
  // The common case of a line of merges, without looking at all of it.
  if (older == younger || (younger != no_commit && commit(younger).first == older)) return true;
  return older <= younger && ancestors(younger)[static_cast<size_t>(older)];
}

std::vector<int> GitModel::content(CommitNumber commit) const { return content_since(no_commit, commit); }

std::vector<int> GitModel::content_since(CommitNumber without, CommitNumber commit) const {
  const std::vector<bool> seen = ancestors(commit);
  const std::vector<bool> known = ancestors(without);
  std::vector<int> patches;
  for (size_t at = 0; at < seen.size(); ++at) {
    if (seen[at] && !known[at] && commits_[at].patch >= 0) patches.push_back(commits_[at].patch);
  }
  return patches;
}

bool GitModel::clash(int a, int b, uint64_t kind, int percent) const {
  if (percent == 0 || patch(a).task == patch(b).task) return false;
  const auto low = static_cast<uint64_t>(std::min(a, b));
  const auto high = static_cast<uint64_t>(std::max(a, b));
  Random random(seed_ ^ (low << 40) ^ (high << 20) ^ kind);
  return random.chance(static_cast<uint64_t>(percent)) && unaware(a, b);
}

bool GitModel::unaware(int a, int b) const {
  const Patch& younger = patch(std::max(a, b));
  const std::vector<int> seen = content(younger.base);
  return !std::binary_search(seen.begin(), seen.end(), std::min(a, b));
}

bool GitModel::conflicts(CommitNumber onto, CommitNumber other) const {
  if (odds_.conflict == 0) return false;
  for (const int ours : content_since(other, onto)) {
    for (const int theirs : content_since(onto, other)) {
      if (clash(ours, theirs, 1, odds_.conflict)) return true;
    }
  }
  return false;
}

bool GitModel::is_green(CommitNumber commit, Suite suite) const {
  const int last_pair = suite == Suite::whole ? odds_.final_red : 0;
  const bool pairs = odds_.red_paired > 0 || last_pair > 0;
  const std::vector<int> patches = content(commit);
  const auto is_red = [&](int number) { return patch(number).red; };
  if (!pairs && std::none_of(patches.begin(), patches.end(), is_red)) return true;
  std::map<int, int> latest;  // what a task left last is what counts
  std::vector<int> standing;
  for (const int number : patches) {
    if (patch(number).task == the_user) {
      standing.push_back(number);
    } else {
      latest[patch(number).task] = number;
    }
  }
  for (const auto& [task, number] : latest) {
    if (is_red(number)) return false;
    standing.push_back(number);
  }
  if (!pairs) return true;
  for (size_t i = 0; i < standing.size(); ++i) {
    for (size_t j = i + 1; j < standing.size(); ++j) {
      if (clash(standing[i], standing[j], 2, odds_.red_paired)) return false;
      if (clash(standing[i], standing[j], 3, last_pair)) return false;
    }
  }
  return true;
}

std::string GitModel::contract_version(CommitNumber commit) const {
  return version_of(commit, &Patch::renegotiates, "v0");
}

std::string GitModel::environment(CommitNumber commit) const {
  return version_of(commit, &Patch::locks, "e0");
}

std::string GitModel::version_of(CommitNumber commit, bool Patch::*changes, const char* first) const {
  std::string version = first;
  for (const int number : content(commit)) {
    if (patch(number).*changes) version += "." + std::to_string(number);
  }
  return version;
}

bool GitModel::is_renamed(CommitNumber onto, CommitNumber head) const {
  if (odds_.renamed == 0 || is_ancestor(onto, head)) return false;
  Random random(seed_ ^ (static_cast<uint64_t>(onto) << 40) ^ (static_cast<uint64_t>(head) << 20) ^ 4);
  return random.chance(static_cast<uint64_t>(odds_.renamed));
}

}  // namespace pianola::sim
