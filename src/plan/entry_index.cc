#include "plan/entry_index.h"

#include <algorithm>
#include <utility>

namespace pianola::plan {
namespace {

constexpr size_t close_comparison_limit = 1'000'000;
constexpr size_t many_claimants = 64;

bool starts_with(const std::string& text, const std::string& start) {
  return std::string_view(text).starts_with(start);
}

}  // namespace

std::optional<EntryIndex> EntryIndexer::add(const std::string& text, Use use, Claim claim) {
  const auto [found, is_new] = by_text_.try_emplace(text, static_cast<EntryIndex>(texts_.size()));
  const EntryIndex entry = found->second;
  if (is_new) {
    texts_.push_back(&found->first);
    last_task_.push_back(UINT32_MAX);
  }
  if (last_task_[entry] == use.task) return std::nullopt;
  last_task_[entry] = use.task;
  added_.push_back({entry * claims + static_cast<size_t>(claim), use});
  return entry;
}

// A counting sort keeps the uses of one slot together and in plan order.
void EntryIndexer::group() {
  neighbours_.resize(texts_.size());
  starts_.assign(texts_.size() * claims + 1, 0);
  for (const Added& added : added_) ++starts_[added.slot + 1];
  for (size_t slot = 1; slot < starts_.size(); ++slot) starts_[slot] += starts_[slot - 1];
  std::vector<size_t> next(starts_.begin(), starts_.end() - 1);
  uses_.resize(added_.size());
  for (const Added& added : added_) uses_[next[added.slot]++] = added.use;
  for (size_t slot = 0; slot + 1 < starts_.size(); ++slot) {
    if (starts_[slot + 1] - starts_[slot] < many_claimants) continue;
    std::vector<uint64_t>& bits = bits_[slot];
    bits.resize(uses_[starts_[slot + 1] - 1].task / 64 + 1);
    for (size_t i = starts_[slot]; i < starts_[slot + 1]; ++i) {
      bits[uses_[i].task / 64] |= uint64_t{1} << (uses_[i].task % 64);
    }
  }
}

Claimants EntryIndexer::claimants(EntryIndex entry, Claim claim) const {
  const size_t slot = entry * claims + static_cast<size_t>(claim);
  Claimants out;
  out.uses = std::span<const Use>(uses_).subspan(starts_[slot], starts_[slot + 1] - starts_[slot]);
  if (out.uses.size() >= many_claimants) out.tasks = bits_.at(slot);
  return out;
}

void EntryIndexer::connect() {
  std::vector<Wild> wild;
  std::vector<Exact> exact;
  bool has_escapes = false;
  for (EntryIndex entry = 0; entry < texts_.size(); ++entry) {
    const std::string& path = text(entry);
    if (path.find_first_of("*?[\\") == std::string::npos && !path.ends_with('/')) continue;
    Glob glob(path);
    if (glob.is_exact()) {
      has_escapes = true;
    } else {
      wild.push_back({entry, std::move(glob)});
    }
  }
  if (wild.empty() && !has_escapes) return;
  for (EntryIndex entry = 0; entry < texts_.size(); ++entry) {
    const bool is_plain = text(entry).find_first_of("*?[\\") == std::string::npos;
    if (is_plain && text(entry).ends_with('/')) continue;
    if (is_plain) {
      exact.push_back({entry, text(entry), {}});
    } else if (Glob glob(text(entry)); glob.is_exact()) {
      exact.push_back({entry, glob.prefix(), {}});
    }
  }
  std::sort(exact.begin(), exact.end(), [](const Exact& a, const Exact& b) { return a.path < b.path; });
  std::sort(wild.begin(), wild.end(),
            [](const Wild& a, const Wild& b) { return a.glob.prefix() < b.glob.prefix(); });
  connect_spellings(exact);
  connect_wild(wild);
  connect_exact(wild, exact);
}

// One exact path may be written in several ways, "a\\*b" and "a[*]b".
void EntryIndexer::connect_spellings(std::vector<Exact>& exact) {
  for (size_t i = 1; i < exact.size(); ++i) {
    for (size_t j = i; j > 0 && exact[j - 1].path == exact[i].path; --j) {
      join(exact[j - 1].entry, exact[i].entry, exact[i].path);
    }
  }
}

// Sorted by prefix, the entries whose prefix extends another's follow it without a gap.
void EntryIndexer::connect_wild(const std::vector<Wild>& wild) {
  for (size_t i = 0; i < wild.size(); ++i) {
    for (size_t j = i + 1; j < wild.size() && starts_with(wild[j].glob.prefix(), wild[i].glob.prefix());
         ++j) {
      if (!ends_agree(wild[i].glob, wild[j].glob) ||
          !(is_written(wild[i].entry) || is_written(wild[j].entry)))
        continue;
      std::string example = text(wild[j].entry);
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
    if (!(is_written(glob.entry) || is_written(path.entry)) ||
        !std::string_view(path.path).ends_with(glob.glob.suffix()))
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
  neighbours_[a].push_back({b, index});
  neighbours_[b].push_back({a, index});
}

bool EntryIndexer::is_shared(EntryIndex entry) const {
  if (!neighbours_[entry].empty()) return true;
  return is_written(entry) && starts_[(entry + 1) * claims] - starts_[entry * claims] > 1;
}

bool EntryIndexer::is_written(EntryIndex entry) const {
  const size_t slot = entry * claims;
  static_assert(static_cast<size_t>(Claim::read) == claims - 1);
  return starts_[slot] != starts_[slot + claims - 1];
}

}  // namespace pianola::plan
