#include "plan/entry_index.h"

#include <algorithm>
#include <utility>

namespace pianola::plan {
namespace {

constexpr size_t close_comparison_limit = 1'000'000;
constexpr size_t many_claimants = 64;

void add_claimant(Claimants& claimants, Use use) {
  const auto set = [&](TaskIndex task) {
    if (task / 64 >= claimants.tasks.size()) claimants.tasks.resize(task / 64 + 1);
    claimants.tasks[task / 64] |= uint64_t{1} << (task % 64);
  };
  claimants.uses.push_back(use);
  if (claimants.uses.size() < many_claimants) return;
  if (claimants.uses.size() == many_claimants) {
    for (const Use& earlier : claimants.uses) set(earlier.task);
  }
  set(use.task);
}

bool starts_with(const std::string& text, const std::string& start) {
  return std::string_view(text).starts_with(start);
}

}  // namespace

std::optional<EntryIndex> EntryIndexer::add(std::string_view entry, Use use, Claim claim) {
  const auto [found, is_new] = by_text_.emplace(std::string(entry), static_cast<EntryIndex>(entries_.size()));
  if (is_new) {
    entries_.emplace_back();
    entries_.back().text = std::string(entry);
  }
  Entry& known = entries_[found->second];
  if (known.last_task == use.task) return std::nullopt;
  known.last_task = use.task;
  add_claimant(known.claimants[static_cast<size_t>(claim)], use);
  return found->second;
}

void EntryIndexer::connect() {
  std::vector<Wild> wild;
  std::vector<Exact> exact;
  for (EntryIndex entry = 0; entry < entries_.size(); ++entry) {
    const std::string& text = entries_[entry].text;
    if (text.find_first_of("*?[\\") == std::string::npos && !text.ends_with('/')) {
      exact.push_back({entry, text, {}});
      continue;
    }
    Glob glob(text);
    if (glob.is_exact()) {
      exact.push_back({entry, glob.prefix(), {}});
    } else {
      wild.push_back({entry, std::move(glob)});
    }
  }
  // Two spellings of one exact path, "a\\*b" and "a[*]b".
  std::sort(exact.begin(), exact.end(), [](const Exact& a, const Exact& b) { return a.path < b.path; });
  for (size_t i = 1; i < exact.size(); ++i) {
    for (size_t j = i; j > 0 && exact[j - 1].path == exact[i].path; --j) {
      join(exact[j - 1].entry, exact[i].entry, exact[i].path);
    }
  }
  if (wild.empty()) return;
  std::sort(wild.begin(), wild.end(),
            [](const Wild& a, const Wild& b) { return a.glob.prefix() < b.glob.prefix(); });
  connect_wild(wild);
  connect_exact(wild, exact);
}

// Sorted by prefix, the entries whose prefix extends another's follow it without a gap.
void EntryIndexer::connect_wild(const std::vector<Wild>& wild) {
  for (size_t i = 0; i < wild.size(); ++i) {
    for (size_t j = i + 1; j < wild.size() && starts_with(wild[j].glob.prefix(), wild[i].glob.prefix());
         ++j) {
      if (!ends_agree(wild[i].glob, wild[j].glob) || !may_collide(wild[i].entry, wild[j].entry)) continue;
      std::string example = entries_[wild[j].entry].text;
      if (++close_comparisons_ <= close_comparison_limit &&
          !globs_overlap(wild[i].glob, wild[j].glob, &example)) {
        continue;
      }
      join(wild[i].entry, wild[j].entry, std::move(example));
    }
  }
}

// For each glob the shorter of two ranges is looked through: paths with its prefix, paths with its suffix.
void EntryIndexer::connect_exact(const std::vector<Wild>& wild, std::vector<Exact>& exact) {
  const bool has_suffixes =
      std::any_of(wild.begin(), wild.end(), [](const Wild& w) { return !w.glob.suffix().empty(); });
  std::vector<const Exact*> by_suffix;
  if (has_suffixes) {
    for (Exact& entry : exact) {
      entry.reversed.assign(entry.path.rbegin(), entry.path.rend());
      by_suffix.push_back(&entry);
    }
    std::sort(by_suffix.begin(), by_suffix.end(),
              [](const Exact* a, const Exact* b) { return a->reversed < b->reversed; });
  }
  const auto consider = [&](const Wild& glob, const Exact& path) {
    if (!may_collide(glob.entry, path.entry) || !std::string_view(path.path).ends_with(glob.glob.suffix()))
      return;
    if (++close_comparisons_ <= close_comparison_limit && !glob.glob.owns(path.path)) return;
    join(glob.entry, path.entry, path.path);
  };
  for (const Wild& glob : wild) {
    const auto first = std::lower_bound(exact.begin(), exact.end(), glob.glob.prefix(),
                                        [](const Exact& e, const std::string& p) { return e.path < p; });
    const auto last = std::partition_point(
        first, exact.end(), [&](const Exact& e) { return starts_with(e.path, glob.glob.prefix()); });
    const std::string tail(glob.glob.suffix().rbegin(), glob.glob.suffix().rend());
    const auto first_tail =
        std::lower_bound(by_suffix.begin(), by_suffix.end(), tail,
                         [](const Exact* e, const std::string& t) { return e->reversed < t; });
    const auto last_tail = std::partition_point(
        first_tail, by_suffix.end(), [&](const Exact* e) { return starts_with(e->reversed, tail); });
    if (tail.empty() || last - first <= last_tail - first_tail) {
      for (auto path = first; path != last; ++path) consider(glob, *path);
    } else {
      for (auto path = first_tail; path != last_tail; ++path) consider(glob, **path);
    }
  }
}

void EntryIndexer::join(EntryIndex a, EntryIndex b, std::string example) {
  const auto index = static_cast<uint32_t>(examples_.size());
  examples_.push_back(std::move(example));
  entries_[a].neighbours.push_back({b, index});
  entries_[b].neighbours.push_back({a, index});
}

bool EntryIndexer::may_collide(EntryIndex a, EntryIndex b) const { return is_written(a) || is_written(b); }

bool EntryIndexer::is_written(EntryIndex entry) const {
  return !claimants(entry, Claim::own).uses.empty() || !claimants(entry, Claim::share).uses.empty();
}

}  // namespace pianola::plan
