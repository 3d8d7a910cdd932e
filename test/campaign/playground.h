// A small repository with a plan and a scripted agent, and what must hold after any number of kills.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "world/child.h"

namespace pianola::campaign {

// How one process of the program ended, as seen from outside.
struct Ended {
  bool killed = false;
  int code = 0;
  std::string output;
};

class Playground {
 public:
  Playground();
  ~Playground();
  Playground(const Playground&) = delete;
  Playground& operator=(const Playground&) = delete;

  // `pianola WORDS...` with `extra` in its environment; killed with SIGKILL after `kill_after_ms` unless 0.
  Ended pianola(const std::vector<std::string>& words, const std::map<std::string, std::string>& extra = {},
                int64_t kill_after_ms = 0) const;
  Ended run(const std::map<std::string, std::string>& extra = {}, int64_t kill_after_ms = 0) const;
  // Resumes without further kills until the run is over; the last exit code. A run that never got its first
  // event is started again.
  Ended finish() const;

  // What does not hold; empty when all is well: every task once on main, no agent started twice, nothing of
  // the run still running, a clean checkout, a repository that git finds whole.
  std::vector<std::string> broken_promises() const;

  const std::string& top() const { return top_; }

 private:
  std::string git(const std::vector<std::string>& args) const;

  std::string top_;
  std::string repo_;
  std::map<std::string, std::string> env_;
};

// Processes whose environment names `folder`: what a run left behind.
std::vector<std::string> processes_of(const std::string& folder);

}  // namespace pianola::campaign
