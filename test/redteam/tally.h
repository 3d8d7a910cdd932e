// What became of every attack at both levels.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "test/redteam/attacks.h"
#include "test/redteam/scene.h"

namespace pianola::redteam {

class Tally {
 public:
  void unsealed(const Attack& attack, bool succeeded, const std::string& said);
  void sealed(const Attack& attack, bool succeeded, const std::string& said);

  int attacks() const;
  std::vector<std::string> powerless() const;  // failed unsealed without an excuse
  std::vector<std::string> through() const;    // succeeded sealed
  std::string text() const;                    // for people; the last line is the guarantee's

 private:
  struct Outcome {
    Attack attack;
    bool unsealed = false;
    bool sealed = false;
    std::string said_unsealed;
    std::string said_sealed;
    bool is_excused() const;
    bool counts() const { return unsealed || !is_excused(); }
  };
  std::map<std::string, Outcome> all_;
};

// Attacks that are tried together: in a scene of their own unsealed, in the common one sealed.
struct Group {
  std::string name;
  void (*open)(Scene& scene, Tally& tally) = nullptr;
  void (*sealed)(Scene& scene, Tally& tally) = nullptr;
};

std::vector<Group> groups();

}  // namespace pianola::redteam
