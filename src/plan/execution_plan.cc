#include "plan/execution_plan.h"

#include <fmt/format.h>

#include "base/text.h"
#include "plan/graph.h"

namespace pianola::plan {
namespace {

// One line, with what would end a cell of a table, or begin something else, taken out of its meaning.
std::string cell(const std::string& raw) {
  const Shown line = display(raw.substr(0, raw.find('\n')));
  std::string out;
  for (const char each : line.str()) {
    if (each == '|' || each == '`' || each == '<' || each == '*' || each == '[') out += '\\';
    out += each;
  }
  return out;
}

std::string code(const std::string& raw) { return "`" + display(raw).str() + "`"; }

template <class List, class Words>
std::string joined(const List& list, const Words& words) {
  std::string out;
  for (const auto& one : list) out += (out.empty() ? "" : ", ") + words(one);
  return out.empty() ? "-" : out;
}

std::string ids(const std::vector<TaskId>& list) {
  return joined(list, [](const TaskId& id) { return cell(id.str()); });
}

void add_waves(std::string& out, const Plan& plan) {
  out += "\n## Waves\n\n";
  size_t number = 0;
  for (const std::vector<TaskId>& wave : waves(plan)) out += fmt::format("{}. {}\n", ++number, ids(wave));
  out += fmt::format("\nLongest chain: {}\n",
                     joined(critical_path(plan), [](const TaskId& id) { return cell(id.str()); }));
}

void add_owners(std::string& out, const Plan& plan) {
  out +=
      "\n## Tasks and what they own\n\n| Task | What | Owns | After | Proved by |\n|---|---|---|---|---|\n";
  for (const Task& task : plan.tasks) {
    std::vector<std::string> owned = task.files_write;
    owned.insert(owned.end(), task.files_append.begin(), task.files_append.end());
    out += fmt::format(
        "| {} | {} | {} | {} | {} |\n", cell(task.id.str()), cell(task.description), joined(owned, cell),
        ids(task.depends_on),
        joined(task.verification, [](const Check& check) { return cell(command_text(check.command)); }));
  }
}

void add_contracts(std::string& out, const Plan& plan) {
  if (plan.contracts.empty()) return;
  out += "\n## Contracts\n\n| Contract | File | Implemented by | Built on by |\n|---|---|---|---|\n";
  for (const Contract& contract : plan.contracts) {
    out += fmt::format("| {} | {} | {} | {} |\n", cell(contract.name), cell(contract.file_path),
                       ids(contract.producers), ids(contract.consumers));
  }
}

void add_risk(std::string& out, const Risk& risk) {
  out += fmt::format("\n## Risk\n\n{} points, {} (asks nobody up to {})\n", risk.score,
                     risk_status_text(risk.status), risk.threshold);
  if (!risk.factors.empty()) out += '\n';
  for (const RiskFactor& factor : risk.factors)
    out += fmt::format("- {:+} {}\n", factor.points, cell(factor.name));
  for (const std::string& entry : risk.for_a_person)
    out += "- a person is asked always: " + cell(entry) + "\n";
}

void add_cost(std::string& out, const Plan& plan) {
  int64_t most = 0;
  int64_t longest_ms = 0;
  for (const Task& task : plan.tasks) {
    most += task.attempts;
    longest_ms += task.timeout_ms * task.attempts;
  }
  out += fmt::format(
      "\n## Cost\n\n{} runs of agents at least, {} at most; {} h of agents at most, by the time limits. What "
      "a "
      "run costs, agents\ntell when they are done: `pianola status`.\n",
      plan.tasks.size(), most, (longest_ms + 3'599'999) / 3'600'000);
}

}  // namespace

std::string execution_plan(const Plan& plan, const Risk& risk, const std::string& file) {
  std::string out = fmt::format("# {}\n\n{}\n", plan.request.empty() ? "Plan" : cell(plan.request),
                                code(file) + " says it; this page only shows it.");
  add_waves(out, plan);
  add_owners(out, plan);
  add_contracts(out, plan);
  add_risk(out, risk);
  add_cost(out, plan);
  return out;
}

}  // namespace pianola::plan
