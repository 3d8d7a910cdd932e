#include "plan/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "base/text.h"
#include "plan/collision.h"
#include "plan/graph.h"
#include "plan/plan_text.h"

namespace pianola::plan {
namespace {

namespace json = boost::json;

struct Counts {
  size_t errors = 0;
  size_t warnings = 0;
};

Counts count(const Loaded& loaded);
std::string counted(size_t number, std::string_view one, std::string_view many);
std::string refused_text(const Loaded& loaded, std::string_view file);
std::string diagnostic_lines(const std::vector<Diagnostic>& diagnostics, Severity severity);
json::object diagnostic_object(const Diagnostic& diagnostic);
json::object errors_object(const Loaded& loaded);
json::array id_array(const std::vector<TaskId>& ids);
size_t tested_tasks(const Plan& plan);
std::string assumed_lines(const Loaded& loaded);

}  // namespace

std::string warnings_text(const std::vector<Diagnostic>& diagnostics) {
  return diagnostic_lines(diagnostics, Severity::warning);
}

std::string check_text(const Loaded& loaded, std::string_view file) {
  if (!loaded.plan) return refused_text(loaded, file);
  const Plan& plan = *loaded.plan;
  size_t dependencies = 0;
  for (const Task& task : plan.tasks) dependencies += task.depends_on.size();
  std::string out = warnings_text(loaded.diagnostics);
  out += fmt::format(
      "{}  ok: {}, {}, {}, {}, {} of {} tested\n", display(file).str(),
      counted(plan.tasks.size(), "task", "tasks"), counted(dependencies, "dependency", "dependencies"),
      counted(waves(plan).size(), "wave", "waves"),
      loaded.conflicts == 0 ? "no conflicts" : counted(loaded.conflicts, "conflict", "conflicts"),
      tested_tasks(plan), plan.tasks.size());
  std::string path;
  for (const TaskId& id : critical_path(plan)) path += (path.empty() ? "" : " > ") + display(id.str()).str();
  return out + fmt::format("critical    {}\n", path) + assumed_lines(loaded);
}

std::string check_json(const Loaded& loaded) {
  if (!loaded.plan) {
    json::object out = errors_object(loaded);
    out["valid"] = false;
    return json::serialize(out);
  }
  const Plan& plan = *loaded.plan;
  size_t dependencies = 0;
  for (const Task& task : plan.tasks) dependencies += task.depends_on.size();
  json::object out;
  out["valid"] = true;
  out["tasks"] = plan.tasks.size();
  out["dependencies"] = dependencies;
  out["waves"] = waves(plan).size();
  out["conflicts"] = loaded.conflicts;
  out["tested"] = tested_tasks(plan);
  out["critical_path"] = id_array(critical_path(plan));
  json::array warnings;
  for (const Diagnostic& diagnostic : loaded.diagnostics) warnings.push_back(diagnostic_object(diagnostic));
  out["warnings"] = std::move(warnings);
  json::array assumed;
  for (const AssumedCheck& check : loaded.assumed) {
    assumed.push_back(json::object{{"command", utf8_text(check.command)}, {"tasks", id_array(check.tasks)}});
  }
  out["assumed"] = std::move(assumed);
  return json::serialize(out);
}

std::string dag_text(const Loaded& loaded, std::string_view file) {
  if (!loaded.plan) return refused_text(loaded, file);
  const auto levels = waves(*loaded.plan);
  std::string out =
      fmt::format("{}  {}, {}\n", display(file).str(), counted(loaded.plan->tasks.size(), "task", "tasks"),
                  counted(levels.size(), "wave", "waves"));
  for (size_t level = 0; level < levels.size(); ++level) {
    std::string ids;
    for (const TaskId& id : levels[level]) ids += (ids.empty() ? "" : ", ") + display(id.str()).str();
    out += fmt::format("wave {:<5} {}\n", level + 1, ids);
  }
  return out;
}

std::string dag_json(const Loaded& loaded) {
  json::object out;
  out["valid"] = loaded.plan.has_value();
  if (!loaded.plan) {
    json::array errors;
    for (const Diagnostic& diagnostic : loaded.diagnostics) {
      if (diagnostic.severity == Severity::error) errors.emplace_back(diagnostic.text());
    }
    out["errors"] = std::move(errors);
    json::array cycle;
    for (const std::string& id : loaded.cycle) cycle.emplace_back(id);
    out["cycle"] = std::move(cycle);
    return json::serialize(out);
  }
  json::array levels;
  for (const auto& level : waves(*loaded.plan)) levels.emplace_back(id_array(level));
  out["total_waves"] = levels.size();
  out["waves"] = std::move(levels);
  out["total_tasks"] = loaded.plan->tasks.size();
  return json::serialize(out);
}

std::string conflicts_text(const Loaded& loaded, std::string_view file) {
  if (!loaded.plan) return refused_text(loaded, file);
  const Collisions collisions = find_collisions(loaded.plan->tasks, conflict_limit);
  const std::string shown_file = display(file).str();
  if (collisions.found.empty()) {
    return fmt::format("{}  no conflicts: {}\n", shown_file,
                       counted(loaded.plan->tasks.size(), "task", "tasks"));
  }
  std::string out;
  for (const Collision& collision : collisions.found) {
    // The task that stands later in the plan waits for the other.
    const TaskIndex later = std::max(collision.first.task, collision.second.task);
    const TaskIndex earlier = std::min(collision.first.task, collision.second.task);
    out += fmt::format(
        "{:<16}  {}  {}, {}; add to {}: {}\n", conflict_type_text(collision.type),
        display(collision.target).str(), display(loaded.plan->tasks[collision.first.task].id.str()).str(),
        display(loaded.plan->tasks[collision.second.task].id.str()).str(),
        display(loaded.plan->tasks[later].id.str()).str(),
        dependency_words(notation_of(file), display(loaded.plan->tasks[earlier].id.str()).str()));
  }
  return out + fmt::format("{}{} in {}\n", collisions.is_complete ? "" : "more than ",
                           counted(collisions.found.size(), "conflict", "conflicts"), shown_file);
}

std::string conflicts_json(const Loaded& loaded) {
  if (!loaded.plan) return errors_json(loaded);
  const Collisions collisions = find_collisions(loaded.plan->tasks, conflict_limit);
  json::array found;
  for (const Collision& collision : collisions.found) {
    json::object one;
    one["type"] = conflict_type_text(collision.type);
    one["tasks"] = {loaded.plan->tasks[collision.first.task].id.str(),
                    loaded.plan->tasks[collision.second.task].id.str()};
    one["target"] = utf8_text(collision.target);
    found.emplace_back(std::move(one));
  }
  json::object out;
  out["count"] = found.size();
  out["complete"] = collisions.is_complete;
  out["conflicts"] = std::move(found);
  return json::serialize(out);
}

std::string errors_json(const Loaded& loaded) { return json::serialize(errors_object(loaded)); }

namespace {

Counts count(const Loaded& loaded) {
  Counts counts;
  for (const Diagnostic& diagnostic : loaded.diagnostics) {
    ++(diagnostic.severity == Severity::error ? counts.errors : counts.warnings);
  }
  return counts;
}

std::string counted(size_t number, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", number, number == 1 ? one : many);
}

std::string refused_text(const Loaded& loaded, std::string_view file) {
  const Counts counts = count(loaded);
  std::string out = diagnostic_lines(loaded.diagnostics, Severity::error);
  out += fmt::format("{} in {}", counted(counts.errors, "error", "errors"), display(file).str());
  if (counts.errors > shown_diagnostics) out += fmt::format(", the first {} shown", shown_diagnostics);
  return out + ", nothing changed\n";
}

std::string diagnostic_lines(const std::vector<Diagnostic>& diagnostics, Severity severity) {
  std::string out;
  size_t lines = 0;
  size_t hidden = 0;
  for (const Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.severity != severity) continue;
    if (lines == shown_diagnostics) {
      ++hidden;
      continue;
    }
    ++lines;
    out += diagnostic.text() + "\n";
  }
  if (severity == Severity::warning && hidden > 0)
    out += fmt::format("{}\n", counted(hidden, "more warning", "more warnings"));
  return out;
}

json::object diagnostic_object(const Diagnostic& diagnostic) {
  json::object at;
  at["file"] = utf8_text(diagnostic.at.file);
  at["line"] = diagnostic.at.line;
  at["col"] = diagnostic.at.col;
  json::object out;
  out["code"] = diagnostic.severity == Severity::error ? "bad_plan" : "warning";
  out["exit"] = diagnostic.severity == Severity::error ? bad_plan_exit : 0;
  out["message"] =
      diagnostic.expected.empty() ? diagnostic.what : diagnostic.what + "; expected " + diagnostic.expected;
  out["at"] = std::move(at);
  out["hint"] = diagnostic.next;
  return out;
}

json::object errors_object(const Loaded& loaded) {
  json::array errors;
  json::array warnings;
  for (const Diagnostic& diagnostic : loaded.diagnostics) {
    (diagnostic.severity == Severity::error ? errors : warnings).emplace_back(diagnostic_object(diagnostic));
  }
  json::object out;
  if (!errors.empty()) out["error"] = errors.front();
  out["errors"] = std::move(errors);
  out["warnings"] = std::move(warnings);
  return out;
}

json::array id_array(const std::vector<TaskId>& ids) {
  json::array out;
  for (const TaskId& id : ids) out.emplace_back(id.str());
  return out;
}

std::string assumed_lines(const Loaded& loaded) {
  std::string out;
  for (const AssumedCheck& check : loaded.assumed) {
    out +=
        fmt::format("assumed     {}   for {} without a check of {} own\n", display(check.command).str(),
                    counted(check.tasks.size(), "task", "tasks"), check.tasks.size() == 1 ? "its" : "their");
  }
  return out;
}

size_t tested_tasks(const Plan& plan) {
  return static_cast<size_t>(std::count_if(plan.tasks.begin(), plan.tasks.end(), [](const Task& task) {
    return std::any_of(task.verification.begin(), task.verification.end(),
                       [](const Check& check) { return check.type == "test"; });
  }));
}

}  // namespace
}  // namespace pianola::plan
