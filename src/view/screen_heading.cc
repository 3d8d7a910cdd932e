// The first lines of `run`.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "view/line.h"
#include "view/numbers.h"
#include "view/screen.h"

namespace pianola::view {
namespace {

constexpr size_t heading_heading_label_width = 5;

void put(std::vector<std::string>& out, const Terminal& terminal, std::string_view label,
         const std::string& raw) {
  Paragraph paragraph{.head = Line(terminal).cell(label, heading_heading_label_width),
                      .indent = heading_heading_label_width + 1};
  put_paragraph(out, std::move(paragraph), display(raw).str());
}

// "sonnet for 5 tasks, gpt for 3", the busiest first.
std::string agents_text(const core::State& state) {
  std::map<std::string, size_t> tasks_of;
  for (const plan::Task& task : state.plan.tasks) {
    ++tasks_of[task.agent.empty() ? state.policy.default_agent : task.agent];
  }
  std::vector<std::pair<std::string, size_t>> agents(tasks_of.begin(), tasks_of.end());
  std::stable_sort(agents.begin(), agents.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string text;
  for (const auto& [agent, tasks] : agents) {
    text += text.empty() ? fmt::format("{} for {}", agent, counted(tasks, "task"))
                         : fmt::format(", {} for {}", agent, tasks);
  }
  return text;
}

// ", risk 35, approved by you".
std::string approval_text(const std::optional<core::Approval>& approval) {
  if (!approval) return {};
  return fmt::format(", risk {}{}", approval->score, approval->sha256.empty() ? "" : ", approved by you");
}

}  // namespace

std::vector<std::string> run_heading(const core::State& state, const Terminal& terminal) {
  const int waves = state.tails.empty() ? 0 : *std::max_element(state.tails.begin(), state.tails.end());
  std::vector<std::string> out;
  put(out, terminal, "plan",
      fmt::format("{} {}: {}, {}{}", state.plan_file, short_hash(state.plan_sha256),
                  counted(state.plan.tasks.size(), "task"), counted(static_cast<size_t>(waves), "wave"),
                  approval_text(state.approval)));
  put(out, terminal, "run",
      fmt::format("{} on {} {}, {}, {}", state.run.str(), short_ref(state.repository.target),
                  short_hash(state.repository.base), isolation_phrase(isolation_text(state.policy.isolation)),
                  counted(static_cast<size_t>(std::max(state.policy.jobs, 0)), "job")));
  put(out, terminal, "with", agents_text(state));
  return out;
}

}  // namespace pianola::view
