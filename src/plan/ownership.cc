#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include "plan/collision.h"
#include "plan/fold.h"
#include "plan/reach.h"
#include "plan/rules.h"

namespace pianola::plan {
namespace {

constexpr size_t clash_limit = 1'000;

struct Named {
  std::string_view entry;
  Use use;
};

NodeIndex use_node(const Draft& draft, const Use& use);
void note_collision(Sheet& sheet, const Draft& draft, const Collision& collision);
void check_spellings(Sheet& sheet, const Draft& draft);
void note_clash(Sheet& sheet, const Draft& draft, Reach& reach, const std::vector<Named>& same);

std::string task_name(const Draft& draft, TaskIndex task) { return shown(draft.plan.tasks[task].id.str()); }

}  // namespace

size_t check_ownership(Sheet& sheet, const Draft& draft) {
  const Collisions collisions = find_collisions(draft.plan.tasks, conflict_limit);
  for (const Collision& collision : collisions.found) note_collision(sheet, draft, collision);
  check_spellings(sheet, draft);
  return collisions.found.size();
}

namespace {

NodeIndex use_node(const Draft& draft, const Use& use) {
  const TaskNodes& nodes = draft.nodes[use.task];
  switch (use.kind) {
    case UseKind::files_write:
      return nodes.files_write[use.index];
    case UseKind::files_append:
      return nodes.files_append[use.index];
    case UseKind::patch_file:
    case UseKind::patch_resource:
      return nodes.patch_intents[use.index];
    case UseKind::files_read:
      return nodes.files_read[use.index];
    case UseKind::resources_write:
      return nodes.resources_write[use.index];
    case UseKind::resources_read:
      return nodes.resources_read[use.index];
  }
  return nodes.task;
}

// The entry that stands later is named first; its task is the one to depend on the other.
void note_collision(Sheet& sheet, const Draft& draft, const Collision& collision) {
  const bool second_is_later = use_node(draft, collision.first) < use_node(draft, collision.second);
  const Use& later = second_is_later ? collision.second : collision.first;
  const Use& earlier = second_is_later ? collision.first : collision.second;
  const NodeIndex at = use_node(draft, later);
  const std::string later_text = use_text(draft.plan.tasks[later.task], later);
  const std::string earlier_text = use_text(draft.plan.tasks[earlier.task], earlier);
  const std::string place = sheet.position(use_node(draft, earlier));
  const auto is_read = [](const Use& use) {
    return use.kind == UseKind::files_read || use.kind == UseKind::resources_read;
  };
  std::string what;
  if (is_read(later) || is_read(earlier)) {
    what = fmt::format("\"{}\" is {} here and {} by {} ({})", shown(collision.target),
                       is_read(later) ? "read" : "written", is_read(earlier) ? "read" : "written",
                       task_name(draft, earlier.task), place);
  } else if (later_text == earlier_text) {
    what = fmt::format("\"{}\" is owned by {} too ({})", shown(later_text), task_name(draft, earlier.task),
                       place);
  } else {
    what = fmt::format("\"{}\" overlaps \"{}\" ({})", shown(later_text), shown(earlier_text), place);
    if (collision.target != later_text && collision.target != earlier_text) {
      what += fmt::format(", both own {}", shown(collision.target));
    }
  }
  Finding finding{
      fmt::format("{}, and {} and {} have no order", what, task_name(draft, later.task),
                  task_name(draft, earlier.task)),
      is_read(later) || is_read(earlier) ? "readers before or after the writer" : "one owner at a time",
      "add to " + task_name(draft, later.task) + ": " +
          dependency_words(sheet.notation(), task_name(draft, earlier.task))};
  if (is_read(later) || is_read(earlier)) {
    sheet.warning(at, std::move(finding));
  } else {
    sheet.error(at, std::move(finding));
  }
}

// Paths that are two here and one on a file system that ignores case or composes accents. Only entries whose
// folded forms have one hash are folded again and compared.
void check_spellings(Sheet& sheet, const Draft& draft) {
  std::vector<std::pair<size_t, Named>> hashed;
  for (TaskIndex index = 0; index < draft.plan.tasks.size(); ++index) {
    const Task& task = draft.plan.tasks[index];
    const auto add = [&](const std::vector<std::string>& entries, UseKind kind) {
      for (uint32_t i = 0; i < entries.size(); ++i) {
        if (entries[i].empty()) continue;
        hashed.push_back({std::hash<std::string>{}(fold_path(entries[i])), {entries[i], {index, kind, i}}});
      }
    };
    add(task.files_write, UseKind::files_write);
    add(task.files_append, UseKind::files_append);
  }
  std::stable_sort(hashed.begin(), hashed.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::vector<Named>> clashes;
  for (auto first = hashed.begin(); first != hashed.end();) {
    const auto last =
        std::find_if(first, hashed.end(), [&](const auto& other) { return other.first != first->first; });
    const bool differ = std::any_of(
        first, last, [&](const auto& other) { return other.second.entry != first->second.entry; });
    std::map<std::string, std::vector<Named>> by_fold;
    for (auto named = first; differ && named != last; ++named) {
      by_fold[fold_path(named->second.entry)].push_back(named->second);
    }
    for (auto& [fold, same] : by_fold) clashes.push_back(std::move(same));
    first = last;
  }
  if (clashes.empty()) return;
  std::sort(clashes.begin(), clashes.end(), [&](const auto& a, const auto& b) {
    return use_node(draft, a.front().use) < use_node(draft, b.front().use);
  });
  Reach reach(links_of(draft.plan.tasks));
  for (size_t i = 0; i < std::min(clashes.size(), clash_limit); ++i)
    note_clash(sheet, draft, reach, clashes[i]);
}

// One finding per further spelling: an error when its task and one of the first spelling have no order.
void note_clash(Sheet& sheet, const Draft& draft, Reach& reach, const std::vector<Named>& same) {
  std::vector<std::string_view> noted = {same.front().entry};
  TaskBits unordered;
  for (const Named& other : same) {
    if (std::find(noted.begin(), noted.end(), other.entry) != noted.end()) continue;
    noted.push_back(other.entry);
    const Named* partner = &same.front();
    const Named* culprit = &other;
    bool is_ordered = true;
    for (const Named& first : same) {
      if (first.entry != same.front().entry || !is_ordered) continue;
      reach.find_unordered(first.use.task, unordered);
      for (const Named& second : same) {
        if (second.entry != other.entry || !has_task(unordered, second.use.task)) continue;
        partner = &first;
        culprit = &second;
        is_ordered = false;
        break;
      }
    }
    const std::string place = sheet.position(use_node(draft, partner->use));
    std::string what =
        fmt::format("\"{}\" and \"{}\" ({}) are one path where case or the form of accents does not count",
                    shown(culprit->entry), shown(partner->entry), place);
    const std::string next = fmt::format("write both as \"{}\", or rename one", shown(partner->entry));
    if (is_ordered) {
      sheet.warning(use_node(draft, culprit->use), {std::move(what), "one spelling", next});
    } else {
      what += fmt::format(", and {} and {} have no order", task_name(draft, culprit->use.task),
                          task_name(draft, partner->use.task));
      sheet.error(use_node(draft, culprit->use), {std::move(what), "one spelling", next});
    }
    if (noted.size() > 20) return;
  }
}

}  // namespace
}  // namespace pianola::plan
