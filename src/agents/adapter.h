// What pianola knows of an agent CLI: how to start it on a prompt, and what its output means. One file
// per CLI and one line in registry.cc; nothing else in the program names a CLI.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "core/outcome.h"

namespace pianola::agents {

// An entry of `agents:` in the configuration, resolved.
struct Definition {
  std::string name;
  std::string kind;               // command, or the name of a CLI such as claude
  std::vector<std::string> argv;  // of kind command: absolute; of others: overrides the program, may be empty
  std::string model;
  std::map<std::string, std::string> env;
  std::string config_dir;
  std::string network = {};             // of a sealed agent: model, open, none; "" = model
  std::vector<std::string> allow = {};  // host:port, beside what its kind needs
  friend bool operator==(const Definition&, const Definition&) = default;
};

// Where and for what an agent is started.
struct Assignment {
  std::string workspace;    // absolute; its current directory
  std::string prompt_file;  // absolute; exists before the start
  std::string home;         // absolute; a private HOME
  std::string session;      // conversation to go on with, "" for a new one
  bool as_root = false;     // claude needs a word about it
};

// What to execute. `env` is added to the common variables of design.md section 6.
struct Invocation {
  std::vector<std::string> argv;  // argv[0] is an absolute path or a name to find on PATH
  std::map<std::string, std::string> env;
  enum class Stdin { prompt, nothing } stdin_from = Stdin::prompt;
  friend bool operator==(const Invocation&, const Invocation&) = default;
};

// --- what a chunk of output meant ----------------------------------------------------------------------
struct SessionStarted {
  std::string session;
  std::string model;
};
struct Said {
  std::string text;
};
// One tool use that is over, or began: verb as in ui.md 3.2 (reads, edits, writes, runs, ...).
struct ToolUsed {
  std::string verb;
  std::string object;
  std::string result;
  bool failed = false;
};
struct UsageReported {
  core::Usage usage;
  int64_t context_used = -1;
  int64_t context_size = -1;
};
// `resets_at_s` is epoch seconds, 0 when the CLI does not say.
struct LimitReported {
  core::FailureClass kind = core::FailureClass::quota;
  int64_t resets_at_s = 0;
  std::string text;
};
struct Retrying {
  std::string text;
};
struct TurnEnded {
  bool success = false;
  core::FailureClass failure = core::FailureClass::none;
  std::string text;
};
struct LineSkipped {
  std::string why;
};  // unreadable, too long, of an unknown type
using Observation = std::variant<SessionStarted, Said, ToolUsed, UsageReported, LimitReported, Retrying,
                                 TurnEnded, LineSkipped>;

enum class Stream { out, err };

// Reads one attempt's output as it comes. Incremental: any split of the bytes gives the same observations.
// Memory is bounded: a line over 1 MB is cut and flagged. Never fails.
class OutputReader {
 public:
  virtual ~OutputReader() = default;
  virtual std::vector<Observation> feed(Stream stream, std::string_view bytes) = 0;
  // What it all adds up to, once the process is over. `ended_by_us` is set when pianola signalled it.
  virtual core::Claim conclude(const core::ExitStatus& exit, bool ended_by_us) = 0;
};

// One agent CLI.
class Adapter {
 public:
  virtual ~Adapter() = default;
  virtual Result<Invocation> invoke(const Definition& definition, const Assignment& assignment) const = 0;
  virtual std::unique_ptr<OutputReader> reader() const = 0;
  // Programs to look for on PATH, e.g. {"claude"}; empty for command.
  virtual std::vector<std::string> programs() const = 0;
};

// The adapter of `kind`, or null.
const Adapter* find_adapter(std::string_view kind);

// Kinds in the order they are offered when no agent is configured: claude, codex, .., command.
std::vector<std::string> adapter_kinds();

}  // namespace pianola::agents
