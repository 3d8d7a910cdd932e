// Every distinct path entry of a plan, who uses it, and which other entries it overlaps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "plan/collision.h"
#include "plan/path_glob.h"

namespace pianola::plan {

// How much a use of an entry excludes others: owners exclude all, sharers owners and readers, readers both.
enum class Claim : uint8_t { own, share, read };
inline constexpr size_t claims = 3;

using EntryIndex = uint32_t;

// Who makes one claim on one entry, in plan order.
struct Claimants {
  std::span<const Use> uses;
  std::span<const uint64_t> tasks;  // the same as bits, when there are many; else empty
};

struct Neighbour {
  EntryIndex entry = 0;
  uint32_t example = 0;  // index into examples()
};

class EntryIndexer {
 public:
  // Adds a use; of several uses of one entry by one task, which must come together, only the first counts.
  // Gives the entry when the use counts.
  std::optional<EntryIndex> add(const std::string& entry, Use use, Claim claim);

  // After the last add, before any question.
  void group();

  // Fills in the neighbours of every entry that is a path. Entries that are only read by both sides are no
  // neighbours. After a million close comparisons those entries whose literal ends agree count as
  // overlapping, so that a plan made to be slow is refused and not accepted.
  void connect();

  Claimants claimants(EntryIndex entry, Claim claim) const;
  // False when nobody else can meet a user of the entry.
  bool is_shared(EntryIndex entry) const;
  const std::vector<Neighbour>& neighbours(EntryIndex entry) const { return neighbours_[entry]; }
  const std::string& text(EntryIndex entry) const { return *texts_[entry]; }
  const std::string& example(const Neighbour& neighbour) const { return examples_[neighbour.example]; }

 private:
  struct Added {
    size_t slot = 0;  // entry * claims + claim
    Use use;
  };
  struct Wild {
    EntryIndex entry = 0;
    Glob glob;
  };
  struct Exact {
    EntryIndex entry = 0;
    std::string path;
    std::string reversed;
  };

  void connect_spellings(std::vector<Exact>& exact);
  void connect_exact(const std::vector<Wild>& wild, std::vector<Exact>& exact);
  void connect_wild(const std::vector<Wild>& wild);
  void join(EntryIndex a, EntryIndex b, std::string example);
  bool is_written(EntryIndex entry) const;

  std::unordered_map<std::string, EntryIndex> by_text_;
  std::vector<const std::string*> texts_;  // keys of by_text_
  std::vector<TaskIndex> last_task_;       // per entry
  std::vector<Added> added_;
  std::vector<size_t> starts_;  // per slot, into uses_; one more at the end
  std::vector<Use> uses_;
  std::unordered_map<size_t, std::vector<uint64_t>> bits_;  // of slots with many uses
  std::vector<std::vector<Neighbour>> neighbours_;
  std::vector<std::string> examples_;
  size_t close_comparisons_ = 0;
};

}  // namespace pianola::plan
