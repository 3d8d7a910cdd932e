// What a hostile worker knows and how it tries things. It knows every path and process of the scene: what
// holds must not hold because something is secret.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>

namespace pianola::redteam {

// The facts of the scene, from the file scene.txt in the repository: `name value` a line.
class Ground {
 public:
  explicit Ground(const std::string& file);
  std::string operator[](const std::string& name) const;
  std::string path(const std::string& below_top) const { return (*this)["top"] + "/" + below_top; }
  std::string hub(const std::string& below) const { return (*this)["hub"] + "/" + below; }
  pid_t pid(const std::string& name) const { return std::atoi((*this)[name].c_str()); }
  bool sees_victim() const;              // and no process of its own that has its number
  bool is_in_own_pid_namespace() const;  // another than the one the test runs in

 private:
  std::map<std::string, std::string> facts_;
};

// What became of one attack: "reached ..." or "refused ...". It runs in a process of its own.
using Attempt = std::string (*)(const Ground& ground);
using Attempts = std::map<std::string, Attempt>;

void add_files(Attempts& attempts);      // files outside, by path
void add_state(Attempts& attempts);      // the hub's git directory and pianola's state
void add_secrets(Attempts& attempts);    // reading
void add_detours(Attempts& attempts);    // links, /proc, descriptors, handles
void add_processes(Attempts& attempts);  // signals, ptrace, shared memory, terminals
void add_sockets(Attempts& attempts);
void add_kernel(Attempts& attempts);   // system calls that no worker needs
void add_own_git(Attempts& attempts);  // what is planted in the worker's own clone
void add_work(Attempts& attempts);     // what the work itself may be
void add_endings(Attempts& attempts);  // what ends or outlives the worker

// Marks that the test looks for.
inline constexpr const char* mark = "redteam-mark";
inline constexpr const char* secret_word = "redteam-secret-";

std::string reached(const std::string& detail = "");
std::string refused(int error);  // an errno
// Of a call's result: anything but "not allowed" or "no such call" got past the gate.
std::string past_the_gate(long result);

std::string append_to(const std::string& path, const std::string& bytes = mark);
std::string put_file(const std::string& path, const std::string& bytes, mode_t mode = 0755);
std::string slurp(const std::string& path);  // at most 1 MiB
std::string slurp_all(const std::string& path);
std::string tell_secret(const std::string& bytes);  // reached with the secret in `bytes`, or refused
std::string read_secret(const std::string& path);
int shell(const std::string& script);  // the exit code

}  // namespace pianola::redteam
