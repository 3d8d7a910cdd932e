// What became of every attack without a seal, and at one level with it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "test/redteam/attacks.h"
#include "test/redteam/scene.h"
#include "world/open_attacks.h"

namespace pianola::redteam {

class Tally {
 public:
  // `level` as --isolation has it; `open` is what it leaves open.
  Tally(std::string level, std::vector<world::OpenAttack> open);
  void unsealed(const Attack& attack, bool succeeded, const std::string& said);
  void sealed(const Attack& attack, bool succeeded, const std::string& said);
  // It could not be tried sealed, so it proves nothing there.
  void skipped(const Attack& attack, const std::string& why);

  int attacks() const;
  std::vector<std::string> powerless() const;   // failed unsealed without an excuse
  std::vector<std::string> through() const;     // succeeded sealed, and is not on the list
  std::vector<std::string> overstated() const;  // on the list as tried, and did not succeed
  std::vector<std::string> skipped() const;
  std::vector<std::string> open_targets() const;  // what those on the list change, as Attack names it
  std::string text() const;                       // for people; the last line is the guarantee's

 private:
  struct Outcome {
    Attack attack;
    bool is_tried_unsealed = false;
    bool unsealed = false;
    bool sealed = false;
    bool is_skipped = false;
    std::string said_unsealed;
    std::string said_sealed;
    bool is_excused() const;
    bool counts() const { return !is_tried_unsealed || unsealed || !is_excused(); }
  };
  bool is_listed(const std::string& name) const;

  std::string level_;
  std::vector<world::OpenAttack> open_;
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
