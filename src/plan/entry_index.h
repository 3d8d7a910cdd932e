// Every distinct path entry of a plan, who uses it, and which other entries it overlaps.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
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
  std::vector<Use> uses;
  std::vector<uint64_t> tasks;  // the same as bits, once there are many; else empty
};

struct Neighbour {
  EntryIndex entry = 0;
  uint32_t example = 0;  // index into examples()
};

class EntryIndexer {
 public:
  // Adds a use; of several uses of one entry by one task, which must come together, only the first counts.
  // Gives the entry when the use counts.
  std::optional<EntryIndex> add(std::string_view entry, Use use, Claim claim);
  // Fills in the neighbours of every entry. Entries that are only read by both sides are no neighbours.
  // After a million close comparisons those entries whose literal ends agree count as overlapping, so that
  // a plan made to be slow is refused and not accepted.
  void connect();

  const Claimants& claimants(EntryIndex entry, Claim claim) const {
    return entries_[entry].claimants[static_cast<size_t>(claim)];
  }
  const std::vector<Neighbour>& neighbours(EntryIndex entry) const { return entries_[entry].neighbours; }
  const std::string& text(EntryIndex entry) const { return entries_[entry].text; }
  const std::string& example(const Neighbour& neighbour) const { return examples_[neighbour.example]; }

 private:
  struct Entry {
    std::string text;
    std::array<Claimants, claims> claimants;
    std::vector<Neighbour> neighbours;
    TaskIndex last_task = UINT32_MAX;
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

  void connect_exact(const std::vector<Wild>& wild, std::vector<Exact>& exact);
  void connect_wild(const std::vector<Wild>& wild);
  void join(EntryIndex a, EntryIndex b, std::string example);
  bool may_collide(EntryIndex a, EntryIndex b) const;
  bool is_written(EntryIndex entry) const;

  std::vector<Entry> entries_;
  std::unordered_map<std::string, EntryIndex> by_text_;
  std::vector<std::string> examples_;
  size_t close_comparisons_ = 0;
};

}  // namespace pianola::plan
