// What check, dag, conflicts and risk say of plans of every shape, against an oracle that shares nothing with
// them: it knows paths as sets of files of a small world, order by trying all chains, and the factors of risk
// as words.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/random.h"
#include "plan/load.h"
#include "plan/report.h"
#include "plan/risk.h"
#include "plan/risk_report.h"

namespace pianola::plan {
namespace {

namespace json = boost::json;
using Names = std::vector<std::string>;

// --- plans, as the oracle sees them and as they are written ----------------------------------------------

struct Entry {
  std::string written;
  std::string pattern;  // its files, as matched by `matches`
};

// Every way of writing that a plan may use; those in one line are the same files to the oracle.
const std::vector<Entry> entries = {
    {"src/a.py", "src/a.py"},           {"./src//a.py", "src/a.py"},
    {"lib/../src/a.py", "src/a.py"},    {"src/", "src/**"},
    {"src/*.py", "src/*.py"},           {"src/**", "src/**"},
    {"src/[ab].py", "src/[ab].py"},     {"src/b.py", "src/b.py"},
    {"src/x/c.py", "src/x/c.py"},       {"**/c.py", "**/c.py"},
    {"lib/d.ts", "lib/d.ts"},           {"lib/*", "lib/*"},
    {"src/auth.py", "src/auth.py"},     {"db/schema.sql", "db/schema.sql"},
    {"conf/.env", "conf/.env"},         {"lib/Payments.ts", "lib/Payments.ts"},
    {"ops/deploy.sh", "ops/deploy.sh"}, {"src/?.py", "src/?.py"}};

const Names world = {"src/a.py",     "src/b.py",      "src/auth.py", "src/x/c.py",      "c.py",
                     "src/c.py",     "src/x/a.py",    "lib/d.ts",    "lib/Payments.ts", "lib/x/d.ts",
                     "lib/c.py",     "db/schema.sql", "conf/.env",   "ops/deploy.sh",   "src/.hidden.py",
                     "src/x/y/z.txt"};

struct RawTask {
  std::string id;
  std::vector<size_t> writes;  // places in `entries`
  std::vector<size_t> reads;
  Names resources;
  std::vector<size_t> needs;                                // places of tasks
  std::vector<std::pair<std::string, std::string>> routes;  // file and prefix of each add_router
  size_t packages = 0;
  bool tested = true;
};

struct RawPlan {
  std::vector<RawTask> tasks;
  size_t contracts = 0;
};

std::string listed(const Names& items) {
  std::string text = "[";
  for (const std::string& item : items) text += (text.size() > 1 ? ", " : "") + ("\"" + item + "\"");
  return text + "]";
}

std::string yaml_of(const RawPlan& plan) {
  std::string text;
  if (plan.contracts > 0) text += "contracts:\n";
  for (size_t i = 0; i < plan.contracts; ++i) text += "  - {name: C" + std::to_string(i) + "}\n";
  text += "tasks:\n";
  for (const RawTask& task : plan.tasks) {
    const auto spelled = [](const std::vector<size_t>& places) {
      Names names;
      for (const size_t place : places) names.push_back(entries[place].written);
      return listed(names);
    };
    Names needs;
    for (const size_t need : task.needs) needs.push_back(plan.tasks[need].id);
    text += "  - id: " + task.id + "\n    files_write: " + spelled(task.writes) +
            "\n    files_read: " + spelled(task.reads) + "\n    resources_write: " + listed(task.resources) +
            "\n    depends_on: " + listed(needs) +
            "\n    verification: [{command: ./t, type: " + (task.tested ? "test" : "lint") + "}]\n";
    if (task.packages > 0)
      text += "    deps_required: {runtime: " + listed(Names(task.packages, "p")) + "}\n";
    if (!task.routes.empty()) text += "    patch_intents:\n";
    for (const auto& [file, prefix] : task.routes) {
      text += "      - {file: " + file + ", action: add_router, intent: {prefix: " + prefix + "}}\n";
    }
  }
  return text;
}

// --- the oracle ------------------------------------------------------------------------------------------

bool matches(std::string_view pattern, std::string_view path) {
  if (pattern.empty()) return path.empty();
  if (pattern.starts_with("**")) {
    std::string_view rest = pattern.substr(2);
    // "**/x" is also "x"; "x/**" is everything below x.
    if (rest.starts_with('/') && matches(rest.substr(1), path)) return true;
    for (size_t i = 0; i <= path.size(); ++i) {
      const bool at_part = !rest.starts_with('/') || i == path.size() || path[i] == '/';
      if (at_part && matches(rest, path.substr(i))) return true;
    }
    return false;
  }
  if (pattern.front() == '*') {
    for (size_t i = 0; i <= path.size(); ++i) {
      if (matches(pattern.substr(1), path.substr(i))) return true;
      if (i < path.size() && path[i] == '/') return false;
    }
    return false;
  }
  if (path.empty()) return false;
  if (pattern.front() == '[') {
    const size_t end = pattern.find(']');
    return pattern.substr(1, end - 1).find(path.front()) != std::string_view::npos &&
           matches(pattern.substr(end + 1), path.substr(1));
  }
  const bool same = pattern.front() == path.front() || (pattern.front() == '?' && path.front() != '/');
  return same && matches(pattern.substr(1), path.substr(1));
}

std::set<std::string> files_of(const std::vector<size_t>& places) {
  std::set<std::string> files;
  for (const size_t place : places) {
    for (const std::string& path : world) {
      if (matches(entries[place].pattern, path)) files.insert(path);
    }
  }
  return files;
}

bool leads_to(const RawPlan& plan, size_t from, size_t to) {
  return std::any_of(plan.tasks[from].needs.begin(), plan.tasks[from].needs.end(),
                     [&](size_t need) { return need == to || leads_to(plan, need, to); });
}

std::vector<std::vector<std::string>> waves_of(const RawPlan& plan) {
  std::vector<size_t> level(plan.tasks.size());
  for (bool changed = true; changed;) {
    changed = false;
    for (size_t i = 0; i < plan.tasks.size(); ++i) {
      for (const size_t need : plan.tasks[i].needs) {
        if (level[i] > level[need]) continue;
        level[i] = level[need] + 1;
        changed = true;
      }
    }
  }
  std::vector<std::vector<std::string>> waves(1 + *std::max_element(level.begin(), level.end()));
  for (size_t i = 0; i < plan.tasks.size(); ++i) waves[level[i]].push_back(plan.tasks[i].id);
  return waves;
}

// type and the two tasks, in order of their ids.
using Pair = std::tuple<std::string, std::string, std::string>;

bool meet(const std::set<std::string>& a, const std::set<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&](const std::string& path) { return b.contains(path); });
}

std::set<Pair> conflicts_of(const RawPlan& plan) {
  std::set<Pair> found;
  for (size_t i = 0; i < plan.tasks.size(); ++i) {
    for (size_t j = 0; j < plan.tasks.size(); ++j) {
      const RawTask& a = plan.tasks[i];
      const RawTask& b = plan.tasks[j];
      if (a.id >= b.id || leads_to(plan, i, j) || leads_to(plan, j, i)) continue;
      const auto hot = [](const RawTask& task) {
        std::set<std::string> files;
        for (const auto& [file, prefix] : task.routes) files.insert(file);
        return files;
      };
      const auto both = [](std::set<std::string> all, const std::set<std::string>& more) {
        all.insert(more.begin(), more.end());
        return all;
      };
      // Two intents of one hot file go together; an intent and an owner do not.
      const bool write = meet(files_of(a.writes), files_of(b.writes)) || meet(files_of(a.writes), hot(b)) ||
                         meet(hot(a), files_of(b.writes));
      if (write) found.emplace("file_write_write", a.id, b.id);
      const auto reads = [&](const RawTask& one, const RawTask& other) {
        std::set<std::string> only = files_of(one.reads);
        for (const std::string& path : both(files_of(one.writes), hot(one))) only.erase(path);
        return meet(only, both(files_of(other.writes), hot(other)));
      };
      if (reads(a, b) || reads(b, a)) found.emplace("file_read_write", a.id, b.id);
      const auto resources = [](const RawTask& task) {
        std::set<std::string> names(task.resources.begin(), task.resources.end());
        for (const auto& [file, prefix] : task.routes) names.insert("route:" + prefix);
        return names;
      };
      if (meet(resources(a), resources(b))) found.emplace("resource", a.id, b.id);
    }
  }
  return found;
}

// Of a pair that writes one file nothing hangs on what it reads beside that.
std::set<Pair> without_reads_of_writers(const std::set<Pair>& pairs) {
  std::set<Pair> kept;
  for (const auto& [type, a, b] : pairs) {
    if (type != "file_read_write" || !pairs.contains({"file_write_write", a, b})) kept.emplace(type, a, b);
  }
  return kept;
}

// Beside what conflicts: every task owns something.
bool may_run(const RawPlan& plan) {
  return conflicts_of(plan).empty() && std::none_of(plan.tasks.begin(), plan.tasks.end(),
                                                    [](const RawTask& task) { return task.writes.empty(); });
}

int64_t points_of(std::string path) {
  std::transform(path.begin(), path.end(), path.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  const std::vector<std::pair<Names, int64_t>> table = {
      {{"auth", "security", "crypto"}, 20},     {{"payment", "billing", "stripe"}, 25},
      {{"prod", "production", "deploy"}, 30},   {{"admin", "sudo", "root"}, 15},
      {{".env", "secret", "key", "token"}, 25}, {{"migration", "schema", "database"}, 15}};
  for (const auto& [words, points] : table) {
    for (const std::string& word : words) {
      if (path.find(word) != std::string::npos) return points;
    }
  }
  return 0;
}

int64_t score_of(const RawPlan& plan) {
  int64_t score = 0;
  int64_t files = 0;
  int64_t intents = 0;
  int64_t packages = 0;
  int64_t untested = 0;
  for (const RawTask& task : plan.tasks) {
    for (const size_t place : task.writes) score += points_of(entries[place].written);
    files += int64_t(task.writes.size());
    intents += int64_t(task.routes.size());
    packages += int64_t(task.packages);
    untested += task.tested ? 0 : 1;
  }
  const auto tasks = int64_t(plan.tasks.size());
  score += std::max<int64_t>(0, tasks - 5) * 5 + std::max<int64_t>(0, files - 10) * 3;
  score += std::max<int64_t>(0, intents - 3) * 5 + packages * 3;
  score += std::max<int64_t>(0, int64_t(plan.contracts) - 3) * 5 + untested * 20 / tasks;
  return score;
}

std::string status_of(int64_t score) {
  return score <= 25 ? "AUTO-APPROVE" : score <= 50 ? "REQUIRES REVIEW" : "HIGH RISK";
}

// --- shapes ----------------------------------------------------------------------------------------------

enum class Order { none, chain, layers, star, random };

RawPlan make_plan(uint64_t seed) {
  Random random(seed);
  const Order order = static_cast<Order>(seed % 5);
  const bool quiet = seed % 3 == 0;  // each task writes a file of its own
  const size_t count = 1 + random.below(quiet ? 7 : 12);
  RawPlan plan;
  plan.contracts = random.below(6);
  const auto some = [&](size_t most) {
    std::set<size_t> places;
    for (uint64_t n = random.below(most + 1); n > 0; --n) places.insert(random.below(entries.size()));
    return std::vector<size_t>(places.begin(), places.end());
  };
  const std::vector<size_t> own = {0, 7, 10, 12, 13, 14, 16};
  for (size_t i = 0; i < count; ++i) {
    // Ids are not in plan order.
    RawTask task{.id = "t" + std::to_string((i * 5 + 3) % 13) + "-" + std::to_string(seed)};
    if (quiet) {
      task.writes = {own[i]};
    } else {
      task.writes = some(2);
      task.reads = some(2);
      if (random.chance(30)) task.resources = {random.chance(50) ? "route:/a" : "config:K"};
      if (random.chance(20)) task.routes = {{"main.py", random.chance(50) ? "/a" : "/b"}};
    }
    task.packages = random.chance(20) ? random.below(4) : 0;
    task.tested = random.chance(70);
    const auto maybe_all = [&](size_t from, size_t to) {
      for (size_t j = from; j < to; ++j) {
        if (order != Order::random || random.chance(30)) task.needs.push_back(j);
      }
    };
    if (order == Order::chain && i > 0) maybe_all(i - 1, i);
    if (order == Order::layers && i >= 3) maybe_all(i / 3 * 3 - 3, i / 3 * 3);
    if (order == Order::star && i > 0) maybe_all(0, 1);
    if (order == Order::random) maybe_all(0, i);
    plan.tasks.push_back(std::move(task));
  }
  return plan;
}

Names names_in(const json::value& list) {
  Names names;
  for (const json::value& name : list.as_array()) names.emplace_back(name.as_string());
  return names;
}

class Parity : public ::testing::TestWithParam<uint64_t> {};

TEST_P(Parity, waves_conflicts_risk_and_verdicts_are_those_of_the_oracle) {
  const RawPlan raw = make_plan(GetParam());
  const std::string text = yaml_of(raw);
  const Loaded loaded = load(text, {.file = "tasks.yaml", .strictness = Strictness::well_formed});
  ASSERT_TRUE(loaded.plan.has_value()) << check_text(loaded, "tasks.yaml") << text;

  const json::value dag = json::parse(dag_json(loaded));
  std::vector<Names> waves;
  for (const json::value& wave : dag.at("waves").as_array()) waves.push_back(names_in(wave));
  EXPECT_EQ(waves, waves_of(raw)) << text;

  std::set<Pair> found;
  const json::value conflicts = json::parse(conflicts_json(loaded));
  for (const json::value& one : conflicts.at("conflicts").as_array()) {
    const Names tasks = names_in(one.at("tasks"));
    found.emplace(std::string(one.at("type").as_string()), tasks.at(0), tasks.at(1));
  }
  const std::set<Pair> expected = conflicts_of(raw);
  EXPECT_EQ(without_reads_of_writers(found), without_reads_of_writers(expected)) << text;

  const json::value risk = json::parse(risk_json(assess_risk(*loaded.plan, {})));
  const int64_t score = score_of(raw);
  EXPECT_EQ(risk.at("score").to_number<int64_t>(), score) << text;
  EXPECT_EQ(risk.at("status").as_string(), status_of(score)) << text;
  EXPECT_EQ(risk.at("auto_approve").as_bool(), score <= 25) << text;

  const Loaded strict = load(text, {.file = "tasks.yaml", .strictness = Strictness::every_rule});
  EXPECT_EQ(strict.plan.has_value(), may_run(raw)) << check_text(strict, "tasks.yaml") << text;
}

INSTANTIATE_TEST_SUITE_P(Plans, Parity, ::testing::Range<uint64_t>(1, 91));

// The suite looks at every kind of answer, not at one of them sixty times.
TEST(ParitySuite, has_plans_of_every_kind) {
  std::map<std::string, int> statuses;
  std::map<std::string, int> types;
  int accepted = 0;
  size_t most_waves = 0;
  for (uint64_t seed = 1; seed < 91; ++seed) {
    const RawPlan plan = make_plan(seed);
    ++statuses[status_of(score_of(plan))];
    for (const auto& [type, a, b] : conflicts_of(plan)) ++types[type];
    accepted += may_run(plan) ? 1 : 0;
    most_waves = std::max(most_waves, waves_of(plan).size());
  }
  EXPECT_GE(statuses["AUTO-APPROVE"], 10);
  EXPECT_GE(statuses["REQUIRES REVIEW"], 10);
  EXPECT_GE(statuses["HIGH RISK"], 10);
  EXPECT_GE(types["file_write_write"], 10);
  EXPECT_GE(types["file_read_write"], 10);
  EXPECT_GE(types["resource"], 5);
  EXPECT_GE(accepted, 20);
  EXPECT_LE(accepted, 70);
  EXPECT_GE(most_waves, 8U);
}

}  // namespace
}  // namespace pianola::plan
