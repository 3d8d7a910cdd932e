// A plan: the tasks of one piece of work, what each may touch, what must land before it and what proves
// it. This header is the shape of an accepted plan; load.h makes one from text, or says why not.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/id.h"

namespace pianola::plan {

struct TaskTag {};
using TaskId = Id<TaskTag>;

// A command as the plan wrote it: a string runs under `sh -c`, a list is argv.
struct ShellCommand {
  std::string text;
  friend bool operator==(const ShellCommand&, const ShellCommand&) = default;
};
struct ArgvCommand {
  std::vector<std::string> argv;  // never empty
  friend bool operator==(const ArgvCommand&, const ArgvCommand&) = default;
};
using CommandLine = std::variant<ShellCommand, ArgvCommand>;

// The command as one line for people: the shell text, or argv joined with quotes where needed.
std::string command_text(const CommandLine& command);

// One entry of `verification` or `post_merge_checks`.
struct Check {
  CommandLine command;
  std::string type = "check";  // test, lint, typecheck, custom, check: free text, shown and counted
  bool required = true;
  int64_t timeout_ms = 300'000;  // at most 600,000
  bool allow_trivial = false;
  std::string description;
  friend bool operator==(const Check&, const Check&) = default;
};

// Equal exactly when the checks are.
std::string check_key(const Check& check);

// One intended edit of a shared ("hot") file.
struct PatchIntent {
  std::string file;
  std::string action;  // add_router, add_dependency, add_config, add_middleware, or free
  // The argument that names a resource (prefix, function_name, key, middleware_class), if given.
  std::optional<std::string> argument;
  friend bool operator==(const PatchIntent&, const PatchIntent&) = default;
};

enum class Mode { write, read };

struct Task {
  TaskId id;
  std::string description;
  Mode mode = Mode::write;
  // Normalised path entries (path_set.h); what the task may change.
  std::vector<std::string> files_write;
  std::vector<std::string> files_append;  // may be changed too; not exclusive to this task's ordering rules
  std::vector<std::string> files_read;
  std::vector<std::string> resources_write;
  std::vector<std::string> resources_read;
  std::vector<TaskId> depends_on;  // each once, in plan order
  std::vector<Check> verification;
  std::vector<PatchIntent> patch_intents;
  std::vector<std::string> deps_runtime;
  std::vector<std::string> deps_dev;
  std::vector<std::string> context_keys;
  std::vector<std::string> env_from;
  std::vector<std::string> setup;
  std::string agent;  // "" = the run's default
  std::string model;  // "" = the agent's default
  std::string role;   // "" = worker
  int priority = 2;   // 1 first, 3 last
  int variants = 1;
  int attempts = 3;
  int64_t timeout_ms = 1'800'000;
  std::string network;  // of a sealed agent: model, open, none; "" = as the agent has it
  bool allow_large_changes = false;
  friend bool operator==(const Task&, const Task&) = default;
};

struct Parameter {
  std::string name;
  std::string type;  // as written (contract.h says what is translated); "" = anything
  friend bool operator==(const Parameter&, const Parameter&) = default;
};
struct Method {
  std::string name;
  std::vector<Parameter> parameters;
  std::string returns;  // "" = nothing
  std::string doc;
  friend bool operator==(const Method&, const Method&) = default;
};

// An interface that some tasks implement and others build on (contract.h).
struct Contract {
  std::string name;
  std::string version;    // as the plan says it; what counts is the hash of the file's content
  std::string file_path;  // "" = only described
  std::vector<Method> methods;
  std::vector<std::string> imports;  // lines its file begins with
  std::vector<TaskId> producers;
  std::vector<TaskId> consumers;
  friend bool operator==(const Contract&, const Contract&) = default;
};

struct Plan {
  std::string request;
  std::vector<Task> tasks;  // plan order; ids unique ignoring case; dependencies known and without a cycle
  std::vector<Contract> contracts;
  std::vector<Check> post_merge_checks;  // as written, or the union of all tasks' checks, equal ones once
  std::vector<std::string> setup;
  friend bool operator==(const Plan&, const Plan&) = default;
};

}  // namespace pianola::plan
