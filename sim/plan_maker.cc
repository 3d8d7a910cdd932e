#include "sim/plan_maker.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace pianola::sim {
namespace {

plan::Check check(std::string text, bool required) {
  plan::Check made;
  made.command = plan::ShellCommand{std::move(text)};
  made.required = required;
  return made;
}

std::string task_name(size_t number) { return "t" + std::to_string(number); }

plan::Task bare_task(size_t number) {
  plan::Task task;
  task.id = plan::TaskId(task_name(number));
  task.description = "Do part " + std::to_string(number);
  task.files_write = {"src/" + task_name(number) + "/"};
  task.verification = {check("check " + task_name(number), true)};
  return task;
}

// A small number mostly, a large one rarely.
size_t draw_size(Random& random) {
  if (random.chance(3)) return 20 + random.below(20);
  return random.chance(40) ? 1 + random.below(4) : 3 + random.below(9);
}

plan::Task draw_task(size_t number, Random& random) {
  plan::Task task = bare_task(number);
  if (random.chance(35)) task.files_write.push_back("shared/f" + std::to_string(random.below(3)));
  if (random.chance(10)) task.resources_write.push_back("resource" + std::to_string(random.below(2)));
  if (random.chance(10)) task.verification.push_back(check("lint " + task_name(number), random.chance(50)));
  if (random.chance(8)) {
    task.mode = plan::Mode::read;
    task.files_write.clear();
  }
  task.priority = 1 + static_cast<int>(random.below(3));
  task.attempts = 1 + static_cast<int>(random.below(4));
  task.timeout_ms = 1'000 * static_cast<int64_t>(60 + random.below(1'800));
  return task;
}

core::Policy draw_policy(Random& random) {
  core::Policy policy;
  policy.jobs = 1 + static_cast<int>(random.below(random.chance(20) ? 8 : 4));
  policy.starts = 2 + static_cast<int>(random.below(4));
  policy.partial = random.chance(30);
  if (random.chance(5)) policy.run_timeout_ms = 1'000 * static_cast<int64_t>(60 + random.below(7'200));
  const uint64_t promote = random.below(3);
  policy.promote = promote == 0   ? core::PromoteMode::ask
                   : promote == 1 ? core::PromoteMode::checkout
                                  : core::PromoteMode::leave;
  policy.default_agent = "scripted";
  return policy;
}

core::Repository repository() {
  return {.path = "/repository",
          .target = "refs/heads/main",
          .base = "c0",
          .author_name = "Sim",
          .author_email = "sim@example.org"};
}

void add_final_checks(plan::Plan& plan) {
  for (const plan::Task& task : plan.tasks) {
    for (const plan::Check& one : task.verification) plan.post_merge_checks.push_back(one);
  }
}

// A contract that every third task may change and every third builds on.
void add_contract(core::RunStarted& run) {
  plan::Contract contract{.name = "C", .version = {}, .file_path = contract_file};
  for (size_t place = 0; place < run.plan.tasks.size(); ++place) {
    plan::Task& task = run.plan.tasks[place];
    if (place % 3 == 0 && task.mode == plan::Mode::write) {
      task.files_write.push_back(contract_file);
      contract.producers.push_back(task.id);
    } else if (place % 3 == 1) {
      contract.consumers.push_back(task.id);
    }
  }
  run.plan.contracts.push_back(std::move(contract));
  run.contracts.push_back({"C", "v0"});
}

void add_lockfile(core::RunStarted& run) {
  for (size_t place = 2; place < run.plan.tasks.size(); place += 3) {
    plan::Task& task = run.plan.tasks[place];
    if (task.mode == plan::Mode::write) task.files_write.push_back(lockfile);
  }
}

bool meet(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&](const std::string& entry) {
    return std::find(b.begin(), b.end(), entry) != b.end();
  });
}

}  // namespace

core::RunStarted draw_run(uint64_t seed, Random& random) {
  core::RunStarted run;
  run.run = core::RunId("sim");
  run.seed = seed;
  run.plan_file = "tasks.yaml";
  run.policy = draw_policy(random);
  run.repository = repository();
  const size_t count = draw_size(random);
  const uint64_t linked = random.below(50);
  for (size_t number = 0; number < count; ++number) {
    plan::Task task = draw_task(number, random);
    for (size_t before = 0; before < number && task.depends_on.size() < 4; ++before) {
      if (random.chance(linked)) task.depends_on.push_back(plan::TaskId(task_name(before)));
    }
    if (number > 0 && random.chance(8)) {
      task.files_read.push_back("src/" + task_name(random.below(number)) + "/");
    }
    run.plan.tasks.push_back(std::move(task));
  }
  for (size_t i = count; i > 1 && random.chance(50); --i) {
    std::swap(run.plan.tasks[i - 1], run.plan.tasks[random.below(i)]);
  }
  add_final_checks(run.plan);
  if (seed % 4 == 0) add_contract(run);
  if (seed % 4 == 2) add_lockfile(run);
  if (seed % 8 == 2) run.policy.stale_environment = core::StaleEnvironment::conflicts;
  run.environment = "e0";
  return run;
}

core::RunStarted even_run(size_t count, size_t width, int jobs) {
  core::RunStarted run;
  run.run = core::RunId("even");
  run.environment = "e0";
  run.seed = 7;
  run.plan_file = "tasks.yaml";
  run.policy.jobs = jobs;
  run.policy.promote = core::PromoteMode::checkout;
  run.policy.default_agent = "scripted";
  run.repository = repository();
  for (size_t number = 0; number < count; ++number) {
    plan::Task task = bare_task(number);
    for (size_t i = 1; i <= width && i * width <= number; ++i) {
      task.depends_on.push_back(plan::TaskId(task_name(number - i * width)));
    }
    run.plan.tasks.push_back(std::move(task));
  }
  run.plan.post_merge_checks = {check("check everything", true)};
  return run;
}

bool share_something(const plan::Task& a, const plan::Task& b) {
  return meet(a.files_write, b.files_write) || meet(a.files_write, b.files_read) ||
         meet(a.files_read, b.files_write) || meet(a.resources_write, b.resources_write);
}

}  // namespace pianola::sim
