// A folder for the targets that read files: in memory, of this process alone, gone when it ends.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/check.h"

namespace pianola::fuzz {

class Scratch {
 public:
  Scratch() {
    path_ = std::string(::access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp") + "/pianola.fuzz.XXXXXX";
    CHECK(::mkdtemp(path_.data()) != nullptr, "there is room for a folder");
  }
  ~Scratch() { std::filesystem::remove_all(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

// One for all inputs: making a folder costs more than most of them.
inline const Scratch& scratch() {
  static const Scratch folder;
  return folder;
}

}  // namespace pianola::fuzz
