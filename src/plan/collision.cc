#include "plan/collision.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <tuple>
#include <utility>

#include "plan/entry_index.h"
#include "plan/path_set.h"
#include "plan/reach.h"

namespace pianola::plan {
namespace {

struct OwnEntry {
  EntryIndex entry = 0;
  Use use;
  Claim claim = Claim::own;
};

// Walks the tasks in the order of their ids, so that what is found first is what sorts first.
class CollisionFinder {
 public:
  CollisionFinder(const std::vector<Task>& tasks, size_t limit);
  Collisions find();

 private:
  void add_task(TaskIndex task);
  void add_path(const std::string& entry, Use use, Claim claim);
  void add_resource(const std::string& name, Use use, Claim claim);
  void collect(TaskIndex task);
  void meet(const OwnEntry& own, const EntryIndexer& index, EntryIndex other, const std::string& target);
  void pair(const OwnEntry& own, const Use& use, Claim claim, const std::string& target);
  bool writes(TaskIndex task, std::string_view path) const;
  void sort_found();

  const std::vector<Task>& tasks_;
  size_t limit_;
  Reach reach_;
  std::vector<TaskIndex> by_id_;
  std::vector<uint32_t> rank_;  // of a task among the ids
  EntryIndexer paths_;
  EntryIndexer resources_;
  std::vector<std::vector<OwnEntry>> own_paths_;
  std::vector<std::vector<OwnEntry>> own_resources_;
  TaskBits unordered_;            // the tasks without an order to the one that is looked at
  std::vector<Collision> found_;  // of that one
};

}  // namespace

Collisions find_collisions(const std::vector<Task>& tasks, size_t limit) {
  return CollisionFinder(tasks, limit).find();
}

std::string implied_resource(const PatchIntent& intent) {
  if (!intent.argument || intent.argument->empty()) return "";
  if (intent.action == "add_router") return "route:" + *intent.argument;
  if (intent.action == "add_dependency") return "di:" + *intent.argument;
  if (intent.action == "add_config") return "config:" + *intent.argument;
  if (intent.action == "add_middleware") return "middleware:" + *intent.argument;
  return "";
}

std::string use_text(const Task& task, const Use& use) {
  switch (use.kind) {
    case UseKind::files_write:
      return task.files_write[use.index];
    case UseKind::files_append:
      return task.files_append[use.index];
    case UseKind::patch_file:
      return task.patch_intents[use.index].file;
    case UseKind::files_read:
      return task.files_read[use.index];
    case UseKind::resources_write:
      return task.resources_write[use.index];
    case UseKind::patch_resource:
      return implied_resource(task.patch_intents[use.index]);
    case UseKind::resources_read:
      return task.resources_read[use.index];
  }
  return "";
}

namespace {

CollisionFinder::CollisionFinder(const std::vector<Task>& tasks, size_t limit)
    : tasks_(tasks),
      limit_(limit),
      reach_(links_of(tasks)),
      by_id_(tasks.size()),
      rank_(tasks.size()),
      own_paths_(tasks.size()),
      own_resources_(tasks.size()) {
  std::iota(by_id_.begin(), by_id_.end(), TaskIndex{0});
  std::stable_sort(by_id_.begin(), by_id_.end(),
                   [&](TaskIndex a, TaskIndex b) { return tasks[a].id < tasks[b].id; });
  for (uint32_t rank = 0; rank < by_id_.size(); ++rank) rank_[by_id_[rank]] = rank;
}

Collisions CollisionFinder::find() {
  for (TaskIndex task = 0; task < tasks_.size(); ++task) add_task(task);
  paths_.group();
  resources_.group();
  paths_.connect();
  Collisions out;
  for (const TaskIndex task : by_id_) {
    found_.clear();
    collect(task);
    sort_found();
    for (Collision& collision : found_) {
      if (out.found.size() == limit_) {
        out.is_complete = false;
        return out;
      }
      out.found.push_back(std::move(collision));
    }
  }
  return out;
}

// The strongest use of an entry comes first; EntryIndexer drops the others.
void CollisionFinder::add_task(TaskIndex index) {
  const Task& task = tasks_[index];
  const auto each = [&](const std::vector<std::string>& entries, UseKind kind, auto add, Claim claim) {
    for (uint32_t i = 0; i < entries.size(); ++i) (this->*add)(entries[i], {index, kind, i}, claim);
  };
  each(task.files_write, UseKind::files_write, &CollisionFinder::add_path, Claim::own);
  each(task.files_append, UseKind::files_append, &CollisionFinder::add_path, Claim::share);
  for (uint32_t i = 0; i < task.patch_intents.size(); ++i) {
    add_path(task.patch_intents[i].file, {index, UseKind::patch_file, i}, Claim::share);
  }
  each(task.files_read, UseKind::files_read, &CollisionFinder::add_path, Claim::read);
  each(task.resources_write, UseKind::resources_write, &CollisionFinder::add_resource, Claim::own);
  for (uint32_t i = 0; i < task.patch_intents.size(); ++i) {
    add_resource(implied_resource(task.patch_intents[i]), {index, UseKind::patch_resource, i}, Claim::own);
  }
  each(task.resources_read, UseKind::resources_read, &CollisionFinder::add_resource, Claim::read);
}

void CollisionFinder::add_path(const std::string& entry, Use use, Claim claim) {
  if (entry.empty()) return;
  if (const auto known = paths_.add(entry, use, claim)) own_paths_[use.task].push_back({*known, use, claim});
}

void CollisionFinder::add_resource(const std::string& name, Use use, Claim claim) {
  if (name.empty()) return;
  if (const auto known = resources_.add(name, use, claim))
    own_resources_[use.task].push_back({*known, use, claim});
}

void CollisionFinder::collect(TaskIndex task) {
  const bool is_alone = std::none_of(own_paths_[task].begin(), own_paths_[task].end(),
                                     [&](const OwnEntry& own) { return paths_.is_shared(own.entry); }) &&
                        std::none_of(own_resources_[task].begin(), own_resources_[task].end(),
                                     [&](const OwnEntry& own) { return resources_.is_shared(own.entry); });
  if (is_alone) return;
  reach_.find_unordered(task, unordered_);
  for (const OwnEntry& own : own_paths_[task]) {
    meet(own, paths_, own.entry, paths_.text(own.entry));
    for (const Neighbour& neighbour : paths_.neighbours(own.entry)) {
      meet(own, paths_, neighbour.entry, paths_.example(neighbour));
    }
  }
  for (const OwnEntry& own : own_resources_[task]) {
    meet(own, resources_, own.entry, resources_.text(own.entry));
  }
}

// Pairs the task of `own` with every user of `other` that comes later, has no order to it, and may not be
// beside it: owners exclude all, sharers owners and readers, readers owners and sharers.
void CollisionFinder::meet(const OwnEntry& own, const EntryIndexer& index, EntryIndex other,
                           const std::string& target) {
  for (const Claim claim : {Claim::own, Claim::share, Claim::read}) {
    if (claim == own.claim && claim != Claim::own) continue;
    const Claimants claimants = index.claimants(other, claim);
    if (claimants.tasks.empty()) {
      for (const Use& use : claimants.uses) {
        if (has_task(unordered_, use.task)) pair(own, use, claim, target);
      }
      continue;
    }
    for (size_t word = 0; word < claimants.tasks.size(); ++word) {
      for (uint64_t left = claimants.tasks[word] & unordered_[word]; left != 0; left &= left - 1) {
        const auto task = static_cast<TaskIndex>(word * 64 + static_cast<size_t>(std::countr_zero(left)));
        const auto use = std::lower_bound(claimants.uses.begin(), claimants.uses.end(), task,
                                          [](const Use& u, TaskIndex t) { return u.task < t; });
        pair(own, *use, claim, target);
      }
    }
  }
}

void CollisionFinder::pair(const OwnEntry& own, const Use& use, Claim claim, const std::string& target) {
  if (rank_[use.task] <= rank_[own.use.task]) return;
  const bool is_resource = own.use.kind >= UseKind::resources_write;
  const bool is_read = claim == Claim::read || own.claim == Claim::read;
  // What its reader writes through another entry counts as written, and that entry is compared too.
  if (is_read && !is_resource && writes(claim == Claim::read ? use.task : own.use.task, target)) return;
  const ConflictType type = is_resource ? ConflictType::resource
                            : is_read   ? ConflictType::file_read_write
                                        : ConflictType::file_write_write;
  found_.push_back({type, own.use, use, target});
}

bool CollisionFinder::writes(TaskIndex task, std::string_view path) const {
  return std::any_of(own_paths_[task].begin(), own_paths_[task].end(), [&](const OwnEntry& own) {
    return own.claim != Claim::read && owns(paths_.text(own.entry), path);
  });
}

// Sorted and each once, whichever entries led to it.
void CollisionFinder::sort_found() {
  const auto key = [&](const Collision& c) { return std::tie(rank_[c.second.task], c.type, c.target); };
  std::stable_sort(found_.begin(), found_.end(),
                   [&](const Collision& a, const Collision& b) { return key(a) < key(b); });
  const auto last = std::unique(found_.begin(), found_.end(),
                                [&](const Collision& a, const Collision& b) { return key(a) == key(b); });
  found_.erase(last, found_.end());
}

}  // namespace
}  // namespace pianola::plan
