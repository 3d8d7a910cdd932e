// A repository, its user's HOME and all the rest a worker must not reach, in a folder that is thrown away.
// One run was made on it before: of two tasks one landed and one failed and left its clone.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "test/redteam/attacks.h"
#include "test/redteam/digest.h"
#include "test/redteam/stand_ins.h"
#include "world/sealer.h"

namespace pianola::redteam {

struct Ended {
  int code = 0;
  std::string output;
};

class Scene {
 public:
  explicit Scene(std::string level);  // what --isolation is given
  ~Scene();
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;

  // Puts `plan` and the attacks of each of its tasks ("attacks.TASK names..." or other facts) into the
  // repository, takes the digest, runs it as the next run.
  Ended run(const std::string& plan, const std::string& facts);

  // Whether the attack succeeded in the last run, seen from outside; `out` is the worker's output, below the
  // folder of the run.
  bool succeeded(const Attack& attack, const std::string& out);
  // What the worker said about it.
  std::string said(const std::string& attack, const std::string& out) const;

  // What differs outside the workspaces, without what the run itself must write.
  std::vector<std::string> unexpected_differences() const;
  // `target` of an attack as a path below the scene.
  std::string resolved(const std::string& target) const;
  // All that was done outside a worker's own folders under any name.
  std::vector<std::string> canaries() const;

  // What git finds wrong in the user's repository.
  std::vector<std::string> broken_repository() const;

  const std::string& top() const { return top_; }
  std::string repo() const { return top_ + "/repo"; }
  std::string run_dir() const;     // of the last run
  std::string workspaces() const;  // of the last run
  const std::string& secret() const { return secret_; }
  Ended pianola(const std::vector<std::string>& words) const;
  Ended git(const std::string& folder, const std::vector<std::string>& words) const;
  Ended shell(const std::string& folder, const std::string& script) const;

 private:
  void lay_out() const;
  void commit_repository() const;
  std::string facts() const;

  std::string level_;
  std::string top_;
  std::string secret_;
  std::map<std::string, std::string> env_;
  std::map<std::string, std::string> objects_;  // name of a fact -> object id
  std::unique_ptr<StandIns> stand_ins_;
  int runs_ = 0;
  Digest before_;
  Digest after_;
};

// A folder above the scene that the worker of root cannot pass through, which Landlock shows where it is; or
// "".
std::string in_nobodys_way();
// Who makes the seal of `level` here, once it was tried out; else why there is none.
Result<world::Sealer> find_level(const std::string& level);

}  // namespace pianola::redteam
