// An agent of the user's own: any program that reads the prompt from stdin and changes its current
// directory. Exit 0 is its word that it is done; what it prints is text, line by line.
#include <algorithm>

#include "agents/activity.h"
#include "agents/claim.h"
#include "agents/clis.h"
#include "agents/lines.h"

namespace pianola::agents {
namespace {

constexpr size_t message_bytes = 400;

class CommandReader final : public OutputReader {
 public:
  std::vector<Observation> feed(Stream stream, std::string_view bytes) override {
    const bool is_out = stream == Stream::out;
    if (!trimmed(bytes).empty()) spoke_last_ = stream;
    (is_out ? out_tail_ : error_tail_).add(bytes);
    std::vector<Observation> seen;
    for (const Line& line : (is_out ? out_ : error_).feed(bytes)) {
      if (line.cut) seen.emplace_back(LineSkipped{"line over 1 MB; its beginning follows"});
      const std::string_view text = trimmed(line.text);
      if (!text.empty()) seen.emplace_back(Said{std::string(cut_at_character(text, said_limit_bytes))});
    }
    return seen;
  }

  core::Claim conclude(const core::ExitStatus& exit, bool ended_by_us) override {
    Told told;
    told.anything = told.acted = told.ended = told.success = true;
    const std::string errors = error_tail_.text();
    const std::string said = out_tail_.text();
    const bool well = exit.kind == core::ExitKind::code && exit.value == 0;
    const bool is_out = ended_by_us ? spoke_last_ == Stream::out : well && !said.empty();
    told.text = is_out || errors.empty() ? said : errors;
    return conclude_from(told, exit, ended_by_us);
  }

 private:
  LineSplitter out_;
  LineSplitter error_;
  Tail out_tail_{message_bytes};
  Tail error_tail_{message_bytes};
  Stream spoke_last_ = Stream::out;
};

class CommandAdapter final : public Adapter {
 public:
  Result<Invocation> invoke(const Definition& definition, const Assignment&) const override {
    if (definition.argv.empty() || definition.argv.front().empty()) {
      return refuse({.kind = ErrorKind::bad_plan,
                     .where = "agents." + definition.name + ".argv",
                     .what = "is empty",
                     .expected = "the program and its arguments, such as [./agent.sh]",
                     .next = {}});
    }
    return Invocation{definition.argv, definition.env, Invocation::Stdin::prompt};
  }
  std::unique_ptr<OutputReader> reader() const override { return std::make_unique<CommandReader>(); }
  std::vector<std::string> programs() const override { return {}; }
};

}  // namespace

const Adapter* command_adapter() {
  static const CommandAdapter adapter;
  return &adapter;
}

}  // namespace pianola::agents
