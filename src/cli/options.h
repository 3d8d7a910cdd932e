// Every command with its options, as the command line was understood. One struct a command; one function a
// command carries it out and gives the exit code.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "cli/program.h"

namespace pianola::cli {

struct CheckOptions {
  std::string file = "tasks.yaml";
  bool fix = false;
};
struct DagOptions {
  std::string file = "tasks.yaml";
};
struct ConflictsOptions {
  std::string file = "tasks.yaml";
};
struct RiskOptions {
  std::string file = "tasks.yaml";
  std::string config;  // "" = those that a run would read
};
struct PlanNewOptions {
  std::string name;                   // of the template
  std::string output = "tasks.yaml";  // "-" = stdout
  std::optional<std::string> test;
};

// How much of a run is shown while it goes.
enum class Show { by_terminal, live, plain, silent };

// A plan asked of an agent.
struct PlanRequestOptions {
  std::string request;                // "" = nothing was asked
  std::string output = "tasks.yaml";  // a new file
  std::string agent;
  std::string model;
  std::string isolation;
  bool allow_unsandboxed = false;
  bool approve = false;
  int64_t timeout_s = 1'800;  // of each try
  int repairs = 3;            // tries after the first
  Show show = Show::by_terminal;
};

struct ContractNewOptions {
  std::string name;  // "" = every contract of the plan whose file is missing
  std::vector<std::string> methods;
  std::vector<std::string> imports;
  std::string language;  // "" = by the ending of `output`, else python
  std::string output;    // "" = stdout
  std::string file;      // the plan
};
struct ContractCheckOptions {
  std::string file = "tasks.yaml";
};
struct ContractRenegotiateOptions {
  std::string name;
  std::vector<std::string> methods;
  std::vector<std::string> imports;
  std::string reason;
  std::string output;  // its file, "" = where the plan says
  std::string file;    // the plan, "" = tasks.yaml
};

struct RunOptions {
  std::string file = "tasks.yaml";
  std::optional<int> jobs;
  std::string agent;
  std::string target;
  std::string promote;
  std::string isolation;
  bool allow_unsandboxed = false;
  int64_t timeout_s = 0;
  bool approve = false;
  bool detach = false;
  bool partial = false;
  Show show = Show::by_terminal;
};
struct ResumeOptions {
  std::string run;
  std::string promote;
  bool dry_run = false;
  bool approve = false;
  bool detach = false;
  Show show = Show::by_terminal;
};
struct StatusOptions {
  std::string run;
  bool all = false;
  bool report = false;
};
struct WaitOptions {
  std::string run;
  std::vector<std::string> tasks;
  std::optional<int64_t> timeout_s;
};
struct LogsOptions {
  std::string run;
  std::string task;
  std::optional<int> attempt;
  bool follow = false;
  bool gate = false;
};
struct StopOptions {
  std::string run;
  std::string task;
  bool all = false;
  bool now = false;
};
struct SayOptions {
  std::string run;
  std::string task;
  std::string text;
};
struct PromoteOptions {
  std::string run;
};
struct UndoOptions {
  std::string run;
  uint64_t event = 0;
};
struct GcOptions {
  bool dry_run = false;
  bool logs = false;
  int keep = 0;
};
struct RepairOptions {
  bool diagnose = false;
};
// What of a run decides what it would execute.
struct TrustOf {
  std::string file = "tasks.yaml";
  std::string agent;
  std::string isolation;
  bool allow_unsandboxed = false;
};
struct TrustOptions {
  TrustOf of;
  bool yes = false;
  bool show = false;
};
struct ApproveOptions {
  TrustOf of;
  bool yes = false;
  bool show = false;
};
// What an environment hash is made of.
struct EnvironmentOf {
  std::string path;  // "" = where pianola works
  bool tools = false;
};
struct EnvHashOptions {
  EnvironmentOf of;
};
struct EnvVerifyOptions {
  EnvironmentOf of;
  std::string hash;
};
struct LogTailOptions {
  std::string run;
  bool follow = false;
  int lines = 20;
};
struct LogShowOptions {
  std::string run;
  uint64_t seq = 0;
};
struct LogVerifyOptions {
  std::string run;
};
struct LogImportOptions {
  std::string file;
};
struct WorkspaceListOptions {
  std::string run;
};
struct WorkspacePathOptions {
  std::string run;
  std::string task;
};
struct DoctorOptions {
  bool attacks = false;
};
struct AgentsListOptions {};
struct CompletionOptions {
  std::string shell;
};
struct VersionOptions {};

using Command =
    std::variant<CheckOptions, DagOptions, ConflictsOptions, RiskOptions, PlanNewOptions, PlanRequestOptions,
                 ContractNewOptions, ContractCheckOptions, ContractRenegotiateOptions, RunOptions,
                 ResumeOptions, StatusOptions, WaitOptions, LogsOptions, StopOptions, SayOptions,
                 PromoteOptions, UndoOptions, GcOptions, RepairOptions, TrustOptions, ApproveOptions,
                 EnvHashOptions, EnvVerifyOptions, LogTailOptions, LogShowOptions, LogVerifyOptions,
                 LogImportOptions, WorkspaceListOptions, WorkspacePathOptions, DoctorOptions,
                 AgentsListOptions, CompletionOptions, VersionOptions>;

Result<int> run_command(const Program& program, const CheckOptions& options);
Result<int> run_command(const Program& program, const DagOptions& options);
Result<int> run_command(const Program& program, const ConflictsOptions& options);
Result<int> run_command(const Program& program, const RiskOptions& options);
Result<int> run_command(const Program& program, const PlanNewOptions& options);
Result<int> run_command(const Program& program, const PlanRequestOptions& options);
Result<int> run_command(const Program& program, const ContractNewOptions& options);
Result<int> run_command(const Program& program, const ContractCheckOptions& options);
Result<int> run_command(const Program& program, const ContractRenegotiateOptions& options);
Result<int> run_command(const Program& program, const RunOptions& options);
Result<int> run_command(const Program& program, const ResumeOptions& options);
Result<int> run_command(const Program& program, const StatusOptions& options);
Result<int> run_command(const Program& program, const WaitOptions& options);
Result<int> run_command(const Program& program, const LogsOptions& options);
Result<int> run_command(const Program& program, const StopOptions& options);
Result<int> run_command(const Program& program, const SayOptions& options);
Result<int> run_command(const Program& program, const PromoteOptions& options);
Result<int> run_command(const Program& program, const UndoOptions& options);
Result<int> run_command(const Program& program, const GcOptions& options);
Result<int> run_command(const Program& program, const RepairOptions& options);
Result<int> run_command(const Program& program, const TrustOptions& options);
Result<int> run_command(const Program& program, const ApproveOptions& options);
Result<int> run_command(const Program& program, const EnvHashOptions& options);
Result<int> run_command(const Program& program, const EnvVerifyOptions& options);
Result<int> run_command(const Program& program, const LogTailOptions& options);
Result<int> run_command(const Program& program, const LogShowOptions& options);
Result<int> run_command(const Program& program, const LogVerifyOptions& options);
Result<int> run_command(const Program& program, const LogImportOptions& options);
Result<int> run_command(const Program& program, const WorkspaceListOptions& options);
Result<int> run_command(const Program& program, const WorkspacePathOptions& options);
Result<int> run_command(const Program& program, const DoctorOptions& options);
Result<int> run_command(const Program& program, const AgentsListOptions& options);
Result<int> run_command(const Program& program, const CompletionOptions& options);
Result<int> run_command(const Program& program, const VersionOptions& options);

}  // namespace pianola::cli
