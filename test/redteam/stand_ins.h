// What stands for the user's other programs: listeners on Unix sockets (docker, tmux, ssh-agent, D-Bus, X11),
// processes to be signalled, read and written, shared memory, a message queue, a terminal.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace pianola::redteam {

class StandIns {
 public:
  // Below `top`; `secret` is what must not be read.
  StandIns(const std::string& top, const std::string& secret);
  ~StandIns();
  StandIns(const StandIns&) = delete;
  StandIns& operator=(const StandIns&) = delete;

  // Lines for scene.txt.
  std::string facts() const;

  // What was reached by now: the names that were sent to a socket, the queue or the terminal.
  std::set<std::string> contacts();
  bool has_ended(const std::string& victim) const;
  bool is_anywhere(const std::string& word) const;  // on the command line of a living process
  bool has_mark_in_memory(const std::string& attack) const;

 private:
  struct Victim {
    pid_t pid = 0;
    unsigned long memory = 0;
  };
  void start_victim(const std::string& name);
  void listen_at(const std::string& name);
  void listen_on_loopback();
  void listen();
  void note(const std::string& said);

  std::string top_;
  std::string secret_;
  std::string name_;  // of what lies outside `top`: unique on this machine
  std::map<std::string, Victim> victims_;
  std::vector<int> listeners_;
  int port_ = 0;
  int terminal_ = -1;
  int queue_ = -1;
  int memory_ = -1;
  std::string terminal_name_;
  std::mutex mutex_;
  std::set<std::string> contacts_;
  std::atomic<bool> is_over_{false};
  std::thread listening_;
};

}  // namespace pianola::redteam
