// What a person sees while `run` goes: lines that scroll up, and on a terminal a block redrawn in place.
#pragma once

#include <memory>
#include <string>

#include "cli/options.h"
#include "cli/program.h"
#include "engine/engine.h"
#include "world/loop.h"

namespace pianola::cli {

class RunView : public engine::Viewer {
 public:
  // `loop` drives the block's clocks once a second; it is not served any more when the view is gone.
  RunView(const Program& program, Show show, world::Loop& loop);
  ~RunView() override;

  void hold() override;
  void turned(const core::State& state, const std::vector<core::Recorded>& events,
              const engine::Activities& activities) override;

  // Takes the block off the screen; what was printed stays.
  void clear();

 private:
  struct Parts;
  void draw();

  std::unique_ptr<Parts> parts_;
};

// How a run that goes is shown here: Show::live on a terminal of at least 40x10, else Show::plain.
Show shown_as(const Program& program, Show wished);

// The engine's activities in the read model's form.
view::Activities to_view(const engine::Activities& activities);

}  // namespace pianola::cli
