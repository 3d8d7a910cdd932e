// What readers of streams of JSON lines have in common: lines from bytes, and a claim from what was told.
#pragma once

#include <boost/json/object.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "agents/adapter.h"
#include "agents/claim.h"
#include "agents/clis.h"
#include "agents/lines.h"

namespace pianola::agents {

// One JSON object per line on stdout; of stderr the end is kept, and some CLIs say there that they wait.
class JsonReader : public OutputReader {
 public:
  std::vector<Observation> feed(Stream stream, std::string_view bytes) final;
  core::Claim conclude(const core::ExitStatus& exit, bool ended_by_us) final;

 protected:
  // One event of the type its field "type" names; false when no event of that type is known.
  virtual bool read(std::string_view type, const boost::json::object& event,
                    std::vector<Observation>& seen) = 0;

  // A line of stderr. Nothing that was said there makes a success, nor undoes one.
  virtual void read_remark(std::string_view line, std::vector<Observation>& seen);

  // Says once for each type that nothing is known of it.
  void skip_unknown(std::string_view type, std::vector<Observation>& seen);

  Told told_;

 private:
  void read_line(const Line& line, std::vector<Observation>& seen);

  LineSplitter lines_;
  LineSplitter remarks_;
  Tail error_tail_{error_tail_bytes};
  std::set<std::string, std::less<>> unknown_;  // types that were told
};

}  // namespace pianola::agents
