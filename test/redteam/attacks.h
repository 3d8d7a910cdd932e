// The attacks, and how the test sees from outside that one succeeded.
#pragma once

#include <string>
#include <vector>

namespace pianola::redteam {

enum class Proof {
  told,        // the worker says so; for what shows nowhere but in the call's answer
  secret,      // the worker tells the scene's secret
  changed,     // `target` below the scene is not what it was
  marked,      // `target` holds the worker's mark
  opened_up,   // `target` may be used by everybody
  contacted,   // a stand-in of the user's programs was spoken to
  ended,       // the victim process `target` is gone
  written_to,  // a victim's memory holds the mark
  lives,       // a process of that name runs after the run
  executed,    // a program of the worker's ran outside: canaries/<name> is there
};

enum class Needs {
  nothing,
  root,     // of the user: without it the kernel refuses even outside
  machine,  // something that not every machine has; where it is missing the attack counts nowhere
};

struct Attack {
  std::string name;
  Proof proof = Proof::told;
  std::string target = {};
  Needs needs = Needs::nothing;
};

// Those that one worker tries in one attempt.
std::vector<Attack> batch_attacks();
// Those of them that a check can try, named "check/NAME".
std::vector<Attack> check_attacks();

}  // namespace pianola::redteam
