#include "plan/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "base/text.h"
#include "plan/fold.h"
#include "plan/links.h"

namespace pianola::plan {
namespace {

// Looking for the nearest of 10,000 ids takes time; who has more unknown ids than this has another problem.
constexpr size_t suggestion_limit = 50;
constexpr size_t cycle_places_limit = 5;
constexpr size_t listed_ids_limit = 5;
constexpr size_t few_dependencies = 8;

using TaskByName = std::unordered_map<std::string_view, TaskIndex>;

class References {
 public:
  References(Sheet& sheet, const Draft& draft);
  bool has(std::string_view id) const { return by_id_.count(id) > 0; }
  void note_unknown(NodeIndex at, const std::string& id);

 private:
  Sheet& sheet_;
  std::vector<std::string_view> ids_;
  TaskByName by_id_;
  size_t suggestions_ = 0;
};

void keep_each_once(Task& task, TaskNodes& nodes);
NodeIndex dependency_node(const Draft& draft, TaskIndex task, const TaskId& need);

}  // namespace

bool check_ids(Sheet& sheet, const Draft& draft) {
  bool are_unique = true;
  std::unordered_map<std::string, TaskIndex> first;
  first.reserve(draft.nodes.size());
  for (TaskIndex task = 0; task < draft.nodes.size(); ++task) {
    const std::string& id = draft.plan.tasks[task].id.str();
    if (id.empty()) continue;
    const auto [entry, is_new] = first.emplace(ascii_lower(id), task);
    if (is_new) continue;
    are_unique = false;
    const std::string& other = draft.plan.tasks[entry->second].id.str();
    const std::string place = sheet.position(draft.nodes[entry->second].id);
    sheet.error(draft.nodes[task].id,
                {id == other ? fmt::format("id \"{}\" stands twice, first at {}", shown(id), place)
                             : fmt::format("id \"{}\" differs from \"{}\" ({}) in case only", shown(id),
                                           shown(other), place),
                 "ids that differ when case is ignored",
                 fmt::format("rename one of {} and {}", place, sheet.position(draft.nodes[task].id))});
  }
  return are_unique;
}

void check_references(Sheet& sheet, Draft& draft) {
  References references(sheet, draft);
  for (TaskIndex task = 0; task < draft.nodes.size(); ++task) {
    keep_each_once(draft.plan.tasks[task], draft.nodes[task]);
    const auto& needs = draft.plan.tasks[task].depends_on;
    for (size_t i = 0; i < needs.size(); ++i) {
      if (!references.has(needs[i].str()))
        references.note_unknown(draft.nodes[task].depends_on[i], needs[i].str());
    }
  }
  for (const TaskReference& reference : draft.contract_tasks) {
    if (!references.has(reference.id)) references.note_unknown(reference.node, reference.id);
  }
}

std::vector<std::string> check_order(Sheet& sheet, const Draft& draft) {
  const std::vector<TaskIndex> cycle = find_cycle(links_of(draft.plan.tasks));
  if (cycle.empty()) return {};
  std::vector<std::string> ids;
  std::vector<NodeIndex> places;
  for (size_t i = 0; i < cycle.size(); ++i) {
    const TaskId& id = draft.plan.tasks[cycle[i]].id;
    ids.push_back(id.str());
    places.push_back(dependency_node(draft, cycle[(i + 1) % cycle.size()], id));
  }
  ids.push_back(ids.front());
  std::string path;
  const bool is_long = ids.size() > 20;
  for (size_t i = 0; i < ids.size(); ++i) {
    if (is_long && i == 10) path += fmt::format(" > ... {} more", ids.size() - 20);
    if (is_long && i >= 10 && i < ids.size() - 10) continue;
    path += (path.empty() ? "" : " > ") + shown(ids[i]);
  }
  std::sort(places.begin(), places.end());
  std::string choice;
  for (size_t i = 0; i < std::min(places.size(), cycle_places_limit); ++i) {
    const bool is_last = i + 1 == places.size();
    choice += (choice.empty() ? "" : is_last ? " and " : ", ") + sheet.position(places[i]);
  }
  sheet.error(places.front(),
              {"cycle " + path, "no way back",
               places.size() == 1 ? "drop it"
                                  : fmt::format("drop one of {}{}", choice,
                                                places.size() > cycle_places_limit ? ", ..." : "")});
  return ids;
}

namespace {

References::References(Sheet& sheet, const Draft& draft) : sheet_(sheet) {
  by_id_.reserve(draft.nodes.size());
  for (TaskIndex task = 0; task < draft.nodes.size(); ++task) {
    const std::string& id = draft.plan.tasks[task].id.str();
    if (id.empty()) continue;
    ids_.push_back(id);
    by_id_.emplace(id, task);
  }
}

void References::note_unknown(NodeIndex at, const std::string& id) {
  std::string next;
  if (suggestions_ < suggestion_limit) {
    ++suggestions_;
    const std::string near = nearest(std::string_view(id).substr(0, 64), ids_);
    if (!near.empty()) {
      next = "nearest is " + shown(near);
    } else if (ids_.size() <= listed_ids_limit) {
      for (const std::string_view known : ids_) next += (next.empty() ? "ids are " : ", ") + shown(known);
    }
  }
  sheet_.error(at, {fmt::format("no task \"{}\"", shown(id)), "an id of this plan", std::move(next)});
}

void keep_each_once(Task& task, TaskNodes& nodes) {
  std::unordered_set<std::string_view> seen;
  std::vector<bool> is_again(task.depends_on.size());
  bool has_again = false;
  for (size_t i = 0; i < task.depends_on.size(); ++i) {
    const TaskId& id = task.depends_on[i];
    if (task.depends_on.size() <= few_dependencies) {
      const auto end = task.depends_on.begin() + static_cast<std::ptrdiff_t>(i);
      is_again[i] = std::find(task.depends_on.begin(), end, id) != end;
    } else {
      is_again[i] = !seen.insert(id.str()).second;
    }
    has_again = has_again || is_again[i];
  }
  if (!has_again) return;
  size_t kept = 0;
  std::vector<TaskId> ids;
  for (size_t i = 0; i < is_again.size(); ++i) {
    if (is_again[i]) continue;
    ids.push_back(task.depends_on[i]);
    nodes.depends_on[kept++] = nodes.depends_on[i];
  }
  task.depends_on = std::move(ids);
  nodes.depends_on.resize(kept);
}

NodeIndex dependency_node(const Draft& draft, TaskIndex task, const TaskId& need) {
  const auto& needs = draft.plan.tasks[task].depends_on;
  const auto found = std::find(needs.begin(), needs.end(), need);
  return draft.nodes[task].depends_on[static_cast<size_t>(found - needs.begin())];
}

}  // namespace
}  // namespace pianola::plan
