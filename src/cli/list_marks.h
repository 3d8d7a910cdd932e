// Marks of a check list that a run was started from: [~] when a task begins, [x] when it has landed.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/result.h"
#include "engine/engine.h"
#include "plan/checklist_lines.h"
#include "plan/plan.h"
#include "world/discover.h"

namespace pianola::cli {

// A list that git tracks is marked when the run is over: a changed file in the checkout would keep the
// target from moving there.
enum class MarkTime { at_once, when_over };

struct MarkedFile {
  std::string path;  // absolute
  MarkTime time = MarkTime::when_over;
};

// How the list at `path` is to be marked in a run that starts from `base`.
MarkedFile marked_file(const world::Hub& hub, const std::string& base, const std::string& path);

// Kept in the run's folder, so that whoever resumes the run finds it. Errors: as world::write_file().
Result<void> keep_marked_file(const std::string& run_dir, const MarkedFile& file);
// Nothing for a run of another plan, or one from before there were marks.
std::optional<MarkedFile> kept_marked_file(const std::string& run_dir);

// Shows a run to `next`, and marks its list by what is durable.
class ListMarks : public engine::Viewer {
 public:
  // `next` outlives this.
  ListMarks(engine::Viewer& next, std::optional<MarkedFile> file) : next_(next), file_(std::move(file)) {}

  void hold() override { next_.hold(); }
  void turned(const core::State& state, const std::vector<core::Recorded>& events,
              const engine::Activities& activities) override;

  // Why the list could not be marked at last, if so; its people go on without.
  const std::optional<Error>& failure() const { return failure_; }

 private:
  Result<void> write(const std::map<std::string, plan::ItemState>& states) const;

  engine::Viewer& next_;
  std::optional<MarkedFile> file_;
  std::map<std::string, plan::ItemState> written_;
  std::optional<Error> failure_;
};

}  // namespace pianola::cli
