// The files of an attempt's folder: what a supervisor, its keeper and a later supervisor tell each other.
//
//   attempt.lock  held (flock) by the supervisor that starts the attempt, then by its keeper for life
//   spec.json     what is to run, without the values of its environment
//   keeper.json   a keeper took over; from here on the attempt counts as begun
//   agent.json    the agent exists; written before it is let go
//   exit.json     how it ended: the folder is closed, no keeper starts in it any more
//   out, err      the agent's output (kept_output.h)
//   net, net.jsonl, policy.json   of the door, where there is one (door.h)
//
// Beside the folder lies <folder>.begun, made before the agent is let go. After a power cut it alone is sure
// to be there, and says enough: whatever ran is gone with the machine, and must not be started a second time.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/outcome.h"
#include "world/cgroup.h"
#include "world/files.h"
#include "world/tree.h"

namespace pianola::world {

// Raised with the shape of a record. An older keeper that lives is taken over as any other: what is said over
// its socket has not changed, and what its records lack is read as what it meant then. One that is started
// with orders of another number refuses them: pianola was replaced by another version while it ran.
//   1  as it began
//   2  spec.json: enclosure, together, disk_folders; keeper.json: group_folders; agent.json: cgroup
inline constexpr int kKeepProtocol = 2;

// What a keeper is asked to run.
struct KeptSpec {
  int protocol = kKeepProtocol;
  std::string keep;               // the attempt's id; see kKeepVariable
  std::vector<std::string> argv;  // argv[0] absolute, or a name to find on the PATH of `env`
  std::map<std::string, std::string> env;
  std::string cwd = "/";
  std::string stdin_file;                                           // "" = nothing to read
  std::string socket;                                               // where the keeper listens, "" = nowhere
  enum class Streams { apart, together } streams = Streams::apart;  // together: stderr goes into `out`
  enum class Records { durable, plain } records = Records::durable;
  // What the keeper does when the connection it was born with closes before the agent ends.
  enum class Alone { goes_on, ends } alone = Alone::goes_on;
  // sealed: the first process is the wall around the others. An end is told to those; KILL is for all.
  // behind_door: the first is the door of one, and its children are the wall.
  enum class Enclosure { bare, sealed, behind_door } enclosure = Enclosure::bare;
  uint64_t cap_bytes = 64ull << 20;       // of each stream, kept from its beginning
  int64_t drain_grace_ms = 2'000;         // for pipes that others hold open when the agent is over
  int64_t sweep_grace_ms = 500;           // between TERM and KILL for what the agent left behind
  std::map<std::string, int64_t> limits;  // rlimits: core, cpu, as, data, fsize, nofile, nproc
  Limits together;                        // where no cgroup can be made, memory is limited for each process
  std::vector<std::string> disk_folders;  // absolute; what together.disk_bytes is for
  friend bool operator==(const KeptSpec&, const KeptSpec&) = default;
};

struct KeeperRecord {
  int protocol = kKeepProtocol;
  ProcessId keeper;
  Machine machine;
  std::vector<std::string> group_folders = {};  // of the agent's cgroup, to be removed; none: it has no own
  friend bool operator==(const KeeperRecord&, const KeeperRecord&) = default;
};

struct AgentRecord {
  ProcessId agent;
  std::string cgroup = {};  // cgroup_of() it, before it is let go
  friend bool operator==(const AgentRecord&, const AgentRecord&) = default;
};

// How much one stream came to.
struct StreamTotals {
  uint64_t bytes = 0;    // written by the agent
  uint64_t dropped = 0;  // of these, neither in the beginning nor in the end that is kept
  friend bool operator==(const StreamTotals&, const StreamTotals&) = default;
};

struct ExitRecord {
  core::ExitStatus exit;
  int64_t pid = 0;  // of the agent, 0 when there never was one
  StreamTotals out;
  StreamTotals err;
  int64_t started_ns = 0;  // wall clock
  int64_t ended_ns = 0;
  friend bool operator==(const ExitRecord&, const ExitRecord&) = default;
};

// One JSON object and a newline. Strings that are not UTF-8 become {"hex": ".."}.
enum class Secrets { shown, hidden };  // hidden: names of the environment without their values
std::string to_json(const KeptSpec& spec, Secrets secrets);
std::string to_json(const KeeperRecord& record);
std::string to_json(const AgentRecord& record);
std::string to_json(const ExitRecord& record);

// The inverse of the above; `where` names the file in errors (integrity: not what we write).
Result<KeptSpec> parse_spec(const std::string& text, const std::string& where);
Result<ExitRecord> parse_exit(const std::string& text, const std::string& where);

// Makes <dir>.begun, durably. Errors: paused, failed.
Result<void> mark_begun(const std::string& dir);
// True when an agent may have run for this folder.
bool has_begun(const std::string& dir);

// From the folder of an attempt; nothing when the file is not there.
Result<std::optional<KeeperRecord>> read_keeper(const std::string& dir);
Result<std::optional<AgentRecord>> read_agent(const std::string& dir);
Result<std::optional<ExitRecord>> read_exit(const std::string& dir);

}  // namespace pianola::world
