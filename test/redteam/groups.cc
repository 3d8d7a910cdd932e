#include <fmt/format.h>

#include "test/redteam/naive.h"
#include "test/redteam/planted.h"
#include "test/redteam/shapes.h"
#include "test/redteam/tally.h"

namespace pianola::redteam {
namespace {

constexpr const char* batch_out = "attempts/batch.1/out";
constexpr const char* plant_out = "attempts/plant.1/out";
constexpr const char* check_out = "gates/check.1.candidate/1/out";
constexpr const char* end_out = "attempts/end.1/out";

std::string names_of(const std::vector<Attack>& attacks) {
  std::string names;
  for (const Attack& attack : attacks) names += " " + attack.name;
  return names;
}

// What the worker said nothing about was not tried: its run ended before, or it does not know it.
void tell(Scene& scene, Tally& tally, const Attack& attack, const char* out) {
  const std::string said = scene.said(attack.name, out);
  const bool is_tried = said != "nothing" && said != "unknown";
  if (is_tried) tally.sealed(attack, scene.succeeded(attack, out), said);
  if (!is_tried) tally.skipped(attack, "the worker said " + said);
}

// Everything that one worker can try in a row.

void batch_open(Scene& scene, Tally& tally) {
  static_cast<void>(scene.run(plan_of({"batch"}), "attacks.batch" + names_of(batch_attacks()) + "\n"));
  for (const Attack& attack : batch_attacks())
    tally.unsealed(attack, scene.succeeded(attack, batch_out), scene.said(attack.name, batch_out));
}

void batch_sealed(Scene& scene, Tally& tally) {
  static_cast<void>(scene.run(plan_of({"batch"}), "attacks.batch" + names_of(batch_attacks()) + "\n"));
  for (const Attack& attack : batch_attacks()) tell(scene, tally, attack, batch_out);
}

// Programs in the configuration of the worker's clone.

std::vector<Attack> planted_attacks() {
  std::vector<Attack> all;
  for (const std::string& name : planted_names()) all.push_back({name, Proof::executed});
  return all;
}

void planted_open(Scene& scene, Tally& tally) {
  static_cast<void>(scene.run(plan_of({"plant"}), "attacks.plant plant carry_out\nexit.plant 0\n"));
  const std::string second = scene.top() + "/second";
  static_cast<void>(scene.shell(scene.top() + "/outside/plant", "SECOND=" + second + "\n" + naive_script));
  for (const Attack& attack : planted_attacks())
    tally.unsealed(attack, scene.succeeded(attack, plant_out), scene.said("carry_out", plant_out));
}

void planted_sealed(Scene& scene, Tally& tally) {
  const Ended ended = scene.run(plan_of({"plant"}), "attacks.plant plant\nexit.plant 0\n");
  const bool is_planted = scene.said("plant", plant_out) != "nothing";
  for (const Attack& attack : planted_attacks()) {
    if (is_planted) tally.sealed(attack, scene.succeeded(attack, plant_out), ended.output);
    if (!is_planted) tally.skipped(attack, ended.output);
  }
}

// The same from a check, which runs a program that the work brought.

const std::string& check_facts() {
  static const std::string text =
      "attacks.check carry_tool\nexit.check 0\nattacks.gate" + names_of(check_attacks()) + "\n";
  return text;
}

void check_open(Scene& scene, Tally& tally) {
  static_cast<void>(scene.run(plan_of({"check"}, "./tool gate"), check_facts()));
  for (const Attack& attack : check_attacks())
    tally.unsealed(attack, scene.succeeded(attack, check_out), scene.said(attack.name, check_out));
}

void check_sealed(Scene& scene, Tally& tally) {
  static_cast<void>(scene.run(plan_of({"check"}, "./tool gate"), check_facts()));
  for (const Attack& attack : check_attacks()) tell(scene, tally, attack, check_out);
}

// What takes a run of its own: all processes killed, one left behind; with the machine's network, the sockets
// that belong to that network and have no path (unix(7)).

std::vector<Attack> end_attacks() {
  return {{"kill_everything", Proof::ended, "all_victim"},
          {"survivor", Proof::lives},
          {"check/survivor", Proof::lives},
          {"open/socket_abstract", Proof::contacted}};
}

Ended run_end(Scene& scene, const Attack& attack) {
  if (attack.name.starts_with("check/")) {
    return scene.run(plan_of({"end"}, "./tool leave"),
                     "attacks.end carry_tool\nexit.end 0\nattacks.leave " + attack.name + "\n");
  }
  const bool is_open = attack.name.starts_with("open/");
  return scene.run(plan_of({"end"}) + (is_open ? "    network: open\n" : ""),
                   "attacks.end " + attack.name + "\n");
}

void end_open(Scene& scene, Tally& tally) {
  for (const Attack& attack : end_attacks()) {
    static_cast<void>(scene.shell(scene.top(), "rm -f outside/keeper-was-killed"));
    static_cast<void>(run_end(scene, attack));
    tally.unsealed(attack, scene.succeeded(attack, end_out), scene.said(attack.name, end_out));
  }
}

void end_sealed(Scene& scene, Tally& tally) {
  for (const Attack& attack : end_attacks()) {
    const Ended ended = run_end(scene, attack);
    // Whoever kills everything says nothing any more; that it began shows in how it ended.
    const bool is_over = ended.output.find(" end ") != std::string::npos;
    if (is_over) tally.sealed(attack, scene.succeeded(attack, end_out), ended.output);
    if (!is_over) tally.skipped(attack, ended.output);
  }
}

}  // namespace

std::string plan_of(const std::vector<std::string>& tasks, const std::string& check) {
  std::string plan = "version: 1\ntasks:\n";
  for (const std::string& task : tasks) {
    const std::string owned = tasks.size() == 1 ? "**" : task + "/**";
    plan += fmt::format(
        "  - id: {0}\n    description: tries {0}\n    agent: hostile\n    attempts: 1\n"
        "    files_write: [\"{1}\"]\n"
        "    verification: [{{command: \"{2}\", allow_trivial: true, timeout: 20}}]\n",
        task, owned, check);
  }
  return plan;
}

std::vector<Group> groups() {
  return {{"batch", batch_open, batch_sealed},    {"planted", planted_open, planted_sealed},
          {"check", check_open, check_sealed},    {"end", end_open, end_sealed},
          {"shapes", shapes_open, shapes_sealed}, {"escapes", escapes_open, escapes_sealed}};
}

}  // namespace pianola::redteam
