// A small repository with a plan and a scripted agent, and what must hold after any number of kills.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/instant.h"
#include "world/child.h"

namespace pianola::campaign {

// What is run, and what becomes of the target at the end.
struct RunChoice {
  std::string plan = "tasks.yaml";
  std::string promote = "checkout";
};

// How one process of the program ended, as seen from outside.
struct Ended {
  bool killed = false;
  int code = 0;
  std::string output;
};

class Playground {
 public:
  // Makes itself a folder in `within`.
  explicit Playground(RunChoice choice = {}, const std::string& within = "/tmp");
  ~Playground();
  Playground(const Playground&) = delete;
  Playground& operator=(const Playground&) = delete;

  // `pianola WORDS...` with `extra` in its environment; killed with SIGKILL after `kill_after_ms` unless 0.
  Ended pianola(const std::vector<std::string>& words, const std::map<std::string, std::string>& extra = {},
                int64_t kill_after_ms = 0) const;
  Ended run(const std::map<std::string, std::string>& extra = {}, int64_t kill_after_ms = 0) const;
  // Resumes without further kills until the run is over, and promotes what was left; the last exit code. A
  // run that never got its first event is started again.
  Ended finish() const;

  // Files that the scripted agent looks for in top(): while `hold` is there it waits for its keeper to be
  // adopted, with `slow` it takes two seconds, and with `hang` the first attempt of "three" never ends by
  // itself.
  void put_up(const std::string& sign) const;
  void take_down(const std::string& sign) const;
  // Ends the journal as a power cut may: in the middle of a record.
  void tear_journal() const;

  // What does not hold; empty when all is well: every task once on main, no agent started twice, nothing of
  // the run still running, a clean checkout, a repository that git finds whole.
  std::vector<std::string> broken_promises() const;

  // From here on every pianola and keeper writes its steps down.
  void log_steps() { env_["PIANOLA_STEP_LOG"] = step_log(); }
  // What the step log holds, and how often.
  std::map<std::string, int> steps_passed() const;
  // The longest that a supervisor took from its start by `resume` to what it first writes down.
  Duration longest_recovery() const;

  // The last events of the run, for the message of a test that failed.
  std::string story() const;

  const std::string& top() const { return top_; }
  const std::string& repo() const { return repo_; }
  const std::map<std::string, std::string>& env() const { return env_; }
  // Where the steps are written that a process passes when its environment asks for it.
  std::string step_log() const { return top_ + "/steps"; }

  // What git prints in the repository, or a text that begins with "git failed".
  std::string git(const std::vector<std::string>& args) const;

 private:
  RunChoice choice_;
  std::string top_;
  std::string repo_;
  std::map<std::string, std::string> env_;
};

// Processes whose environment or command line names `folder`, "PID COMMAND": what a run left behind.
std::vector<std::string> processes_of(const std::string& folder);
// Those of them that are keepers.
std::vector<std::string> keepers_of(const std::string& folder);

}  // namespace pianola::campaign
