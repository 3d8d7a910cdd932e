// Conflicts and order against naive oracles: pairs by brute force, reachability by Floyd and Warshall.
#include "plan/conflict.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "base/random.h"
#include "plan/collision.h"
#include "plan/graph.h"
#include "plan/path_set.h"

namespace pianola::plan {
namespace {

using Row = std::tuple<std::string, std::string, std::string, std::string>;  // first, second, type, target

const std::vector<std::string> overlapping = {"a",  "b",    "d/",  "d/a",  "d/*",   "*",
                                              "**", "**/a", "d/b", "e/**", "e/x/a", "[ab]"};

Plan random_plan(Random& random, size_t count, const std::vector<std::string>& entries = overlapping) {
  static const std::vector<std::string> resources = {"r", "s", "route:/x"};
  Plan plan;
  // Ids are not in plan order, so that sorting by them is seen.
  for (size_t i = 0; i < count; ++i) {
    Task task;
    task.id = TaskId("t" + std::to_string((i * 37 + 11) % 211) + (i % 2 == 0 ? "" : "x"));
    const auto pick = [&](const std::vector<std::string>& from, uint64_t most) {
      std::vector<std::string> out;
      for (uint64_t n = random.below(most + 1); n > 0; --n) out.push_back(from[random.below(from.size())]);
      return out;
    };
    task.files_write = pick(entries, 2);
    task.files_read = pick(entries, 2);
    task.files_append = pick(entries, 1);
    task.resources_write = pick(resources, 1);
    task.resources_read = pick(resources, 1);
    if (random.chance(30))
      task.patch_intents = {
          {"d/a", "add_router", random.chance(50) ? std::optional<std::string>("/x") : std::nullopt}};
    std::set<size_t> needs;
    while (i > 0 && random.chance(40)) needs.insert(random.below(i));
    for (const size_t need : needs) task.depends_on.push_back(plan.tasks[need].id);
    plan.tasks.push_back(std::move(task));
  }
  return plan;
}

std::vector<std::vector<bool>> naive_reach(const Plan& plan) {
  const size_t n = plan.tasks.size();
  std::vector<std::vector<bool>> reach(n, std::vector<bool>(n));
  for (size_t i = 0; i < n; ++i) {
    for (const TaskId& need : plan.tasks[i].depends_on) {
      for (size_t j = 0; j < n; ++j) {
        if (plan.tasks[j].id == need) reach[i][j] = true;
      }
    }
  }
  for (size_t k = 0; k < n; ++k) {
    for (size_t i = 0; i < n; ++i) {
      for (size_t j = 0; j < n; ++j) {
        if (reach[i][k] && reach[k][j]) reach[i][j] = true;
      }
    }
  }
  return reach;
}

// What a task says of paths, strongest first: 2 owns, 1 shares, 0 reads.
std::vector<std::pair<std::string, int>> naive_claims(const Task& task) {
  std::vector<std::pair<std::string, int>> out;
  const auto add = [&](const std::string& entry, int strength) {
    for (const auto& [known, other] : out) {
      if (known == entry) return;
    }
    out.emplace_back(entry, strength);
  };
  for (const auto& entry : task.files_write) add(entry, 2);
  for (const auto& entry : task.files_append) add(entry, 1);
  for (const auto& intent : task.patch_intents) add(intent.file, 1);
  for (const auto& entry : task.files_read) add(entry, 0);
  return out;
}

std::set<Row> naive_conflicts(const Plan& plan) {
  const auto reach = naive_reach(plan);
  std::set<Row> rows;
  for (size_t i = 0; i < plan.tasks.size(); ++i) {
    for (size_t j = 0; j < plan.tasks.size(); ++j) {
      const Task& a = plan.tasks[i];
      const Task& b = plan.tasks[j];
      if (!(a.id < b.id) || reach[i][j] || reach[j][i]) continue;
      for (const auto& [x, how_x] : naive_claims(a)) {
        for (const auto& [y, how_y] : naive_claims(b)) {
          if (how_x + how_y < 1 || (how_x == 1 && how_y == 1)) continue;
          std::string target = x;
          if (x != y && !overlap(x, y, &target)) continue;
          if (how_x == 0 || how_y == 0) {
            bool also_written = false;
            for (const auto& [z, how_z] : naive_claims(how_x == 0 ? a : b)) {
              also_written = also_written || (how_z > 0 && owns(z, target));
            }
            if (!also_written) rows.emplace(a.id.str(), b.id.str(), "file_read_write", target);
          } else {
            rows.emplace(a.id.str(), b.id.str(), "file_write_write", target);
          }
        }
      }
      const auto resources = [](const Task& task, bool written) {
        std::set<std::string> out(task.resources_write.begin(), task.resources_write.end());
        for (const auto& intent : task.patch_intents) {
          if (intent.argument) out.insert("route:" + *intent.argument);
        }
        if (written) return out;
        return std::set<std::string>(task.resources_read.begin(), task.resources_read.end());
      };
      for (const bool first_writes : {true, false}) {
        for (const std::string& name : resources(a, first_writes)) {
          for (const bool second_writes : {true, false}) {
            if (!first_writes && !second_writes) continue;
            if (resources(b, second_writes).count(name) > 0)
              rows.emplace(a.id.str(), b.id.str(), "resource", name);
          }
        }
      }
    }
  }
  return rows;
}

// Gives how many there are.
size_t expect_oracle_agrees(const Plan& plan, uint64_t seed) {
  std::vector<Row> found;
  for (const Collision& collision : find_collisions(plan.tasks, SIZE_MAX).found) {
    found.emplace_back(plan.tasks[collision.first.task].id.str(), plan.tasks[collision.second.task].id.str(),
                       conflict_type_text(collision.type), collision.target);
  }
  const std::set<Row> unique(found.begin(), found.end());
  EXPECT_EQ(unique.size(), found.size()) << "seed " << seed;
  EXPECT_EQ(unique, naive_conflicts(plan)) << "seed " << seed;
  EXPECT_TRUE(std::is_sorted(found.begin(), found.end(),
                             [](const Row& a, const Row& b) {
                               return std::tie(std::get<0>(a), std::get<1>(a)) <
                                      std::tie(std::get<0>(b), std::get<1>(b));
                             }))
      << "seed " << seed;
  return found.size();
}

TEST(Conflicts, agree_with_brute_force_over_all_pairs) {
  size_t total = 0;
  for (uint64_t seed = 1; seed <= 150 && !HasFailure(); ++seed) {
    Random random(seed);
    total += expect_oracle_agrees(random_plan(random, 1 + random.below(14)), seed);
  }
  EXPECT_GT(total, 1'000U);
}

TEST(Conflicts, agree_with_brute_force_where_many_tasks_use_one_file) {
  size_t total = 0;
  for (uint64_t seed = 1; seed <= 1; ++seed) {
    Random random(seed);
    total += expect_oracle_agrees(random_plan(random, 200, {"a", "b", "c"}), seed);
  }
  EXPECT_GT(total, 1'000U);
}

TEST(Conflicts, are_the_same_every_time_and_stop_at_the_limit) {
  Plan plan;
  for (int i = 0; i < 300; ++i) {
    Task task;
    task.id = TaskId("t" + std::to_string(i));
    task.files_write = {"x"};
    plan.tasks.push_back(task);
  }
  const Collisions all = find_collisions(plan.tasks, 100'000);
  EXPECT_EQ(all.found.size(), 300U * 299 / 2);
  EXPECT_TRUE(all.is_complete);
  EXPECT_EQ(conflicts(plan).size(), conflict_limit);
  EXPECT_FALSE(find_collisions(plan.tasks, conflict_limit).is_complete);
  EXPECT_EQ(conflicts(plan), conflicts(plan));
}

TEST(Conflicts, an_intent_without_its_argument_implies_no_resource) {
  EXPECT_EQ(implied_resource({"m", "add_router", "/a"}), "route:/a");
  EXPECT_EQ(implied_resource({"m", "add_dependency", "get_db"}), "di:get_db");
  EXPECT_EQ(implied_resource({"m", "add_config", "K"}), "config:K");
  EXPECT_EQ(implied_resource({"m", "add_middleware", "M"}), "middleware:M");
  EXPECT_EQ(implied_resource({"m", "add_config", std::nullopt}), "");
  EXPECT_EQ(implied_resource({"m", "rename", "x"}), "");
}

// Waves by relaxing every edge until nothing changes.
std::vector<std::vector<TaskId>> naive_waves(const Plan& plan) {
  std::vector<size_t> level(plan.tasks.size());
  for (bool changed = true; changed;) {
    changed = false;
    for (size_t i = 0; i < plan.tasks.size(); ++i) {
      for (const TaskId& need : plan.tasks[i].depends_on) {
        for (size_t j = 0; j < plan.tasks.size(); ++j) {
          if (plan.tasks[j].id != need || level[i] > level[j]) continue;
          level[i] = level[j] + 1;
          changed = true;
        }
      }
    }
  }
  std::vector<std::vector<TaskId>> out;
  for (size_t wave = 0;; ++wave) {
    std::vector<TaskId> ids;
    for (size_t i = 0; i < plan.tasks.size(); ++i) {
      if (level[i] == wave) ids.push_back(plan.tasks[i].id);
    }
    if (ids.empty()) return out;
    out.push_back(ids);
  }
}

TEST(Waves, agree_with_repeated_relaxation) {
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    Random random(seed);
    const Plan plan = random_plan(random, random.below(20));
    EXPECT_EQ(waves(plan), naive_waves(plan)) << "seed " << seed;
  }
}

TEST(CriticalPath, is_as_long_as_there_are_waves_and_follows_dependencies) {
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    Random random(seed);
    const Plan plan = random_plan(random, 1 + random.below(20));
    const std::vector<TaskId> path = critical_path(plan);
    ASSERT_EQ(path.size(), waves(plan).size()) << "seed " << seed;
    const std::vector<int> tails = tail_lengths(plan);
    EXPECT_EQ(*std::max_element(tails.begin(), tails.end()), static_cast<int>(path.size()));
    for (size_t i = 1; i < path.size(); ++i) {
      const auto task =
          std::find_if(plan.tasks.begin(), plan.tasks.end(), [&](const Task& t) { return t.id == path[i]; });
      EXPECT_NE(std::find(task->depends_on.begin(), task->depends_on.end(), path[i - 1]),
                task->depends_on.end());
    }
  }
}

}  // namespace
}  // namespace pianola::plan
