#include "test/redteam/shapes.h"

#include <fmt/format.h>

#include <filesystem>

namespace pianola::redteam {
namespace {

// Scripts of sh that succeed when the attack did. $W is the clone, $TOP the scene, $HUB the user's
// repository.
struct Shape {
  std::string name;
  std::string naive;  // what an orchestrator does that trusts the clone, and how it is seen to suffer
  std::string sign;   // the same seen after a sealed run
};

constexpr const char* hub_moved = "test \"$(git -C $HUB rev-parse main)\" != \"$(cat $TOP/main-was)\"";
constexpr const char* hangs = "timeout 1 git -C $W status; test $? = 124";

const std::vector<Shape>& shapes() {
  const auto canary = [](const std::string& name) { return "test -e $TOP/canaries/" + name; };
  const std::string second = "git -C $HUB cat-file -e $(git -C $TOP/second rev-parse HEAD)";
  const std::string commit = "git -C $W -c user.name=N -c user.email=n@l commit -q --allow-empty -m naive; ";
  static const std::vector<Shape> all = {
      {"shape_git_file", "git -C $W status; " + canary("shape_git_file"), canary("shape_git_file")},
      {"shape_commondir", "git -C $W status; " + canary("shape_commondir"), canary("shape_commondir")},
      {"shape_nested", "git -C $W add -A; git -C $W status; " + canary("shape_nested"),
       canary("shape_nested")},
      {"shape_git_link", commit + hub_moved, hub_moved},
      {"shape_refs_link", commit + hub_moved, hub_moved},
      {"shape_objects_link", commit + "git -C $HUB cat-file -e $(git -C $W rev-parse HEAD)",
       "test -e $TOP/nothing"},
      {"shape_head_fifo", hangs, "test -n \"$HUNG\""},
      {"shape_config_fifo", hangs, "test -n \"$HUNG\""},
      {"shape_index_fifo", hangs, "test -n \"$HUNG\""},
      {"shape_alternates", "git -C $HUB fetch -q $W HEAD; " + second, second},
      {"shape_worktree_key",
       "mkdir -p $TOP/outside/worktree; git -C $W checkout -f HEAD; test -e $TOP/outside/worktree/kept.txt",
       "test -e $TOP/outside/worktree"},
      {"shape_links_in_work", "grep -q bytes-of-the-linked $W/linked.txt",
       "git -C $HUB cat-file --batch-all-objects --batch | grep -aq bytes-of-the-linked"},
  };
  return all;
}

std::vector<std::string> names() {
  std::vector<std::string> all;
  for (const Shape& shape : shapes()) all.push_back(shape.name);
  return all;
}

Ended run_shapes(Scene& scene, const std::string& last) {
  std::string facts;
  for (const Shape& shape : shapes())
    facts += fmt::format("attacks.{0} {0}{1}\nexit.{0} 0\n", shape.name, last);
  static_cast<void>(scene.shell(scene.top(), "git -C repo rev-parse main > main-was"));
  const Ended ended = scene.run(plan_of(names()), facts);
  // The run's own base is one commit further.
  return ended;
}

bool tells(const Scene& scene, const std::string& name, const std::string& script, bool has_hung) {
  const std::string words =
      fmt::format("W={0}/outside/{1}; TOP={0}; HUB={0}/repo; HUNG={2}; set +e; exec >/dev/null 2>&1\n",
                  scene.top(), name, has_hung ? "yes" : "");
  return scene.shell(scene.top(), words + script).code == 0;
}

// Bytes that a terminal acts on, beside line ends: C0, ESC, DEL, C1 raw or in UTF-8, changes of direction.
bool drives_a_terminal(const std::string& shown) {
  for (size_t i = 0; i < shown.size(); ++i) {
    const auto byte = static_cast<unsigned char>(shown[i]);
    const auto next = static_cast<unsigned char>(i + 1 < shown.size() ? shown[i + 1] : 0);
    const bool is_line_end = byte == '\n' || byte == '\t' || (byte == '\r' && next == '\n');
    if ((byte < 0x20 && !is_line_end) || byte == 0x7f) return true;
    if (byte == 0xc2 && next >= 0x80 && next < 0xa0) return true;
  }
  return shown.find(
             "\x9b"
             "2J") != std::string::npos ||
         shown.find("\xe2\x80\xae") != std::string::npos;
}

const std::vector<std::string>& shown_by() {
  static const std::vector<std::string> all = {"logs escape",     "logs escape --json", "status",
                                               "status --report", "log tail",           "workspace list"};
  return all;
}

}  // namespace

void shapes_open(Scene& scene, Tally& tally) {
  const Ended ended = run_shapes(scene, " carry_out");
  static_cast<void>(scene.shell(scene.top(), "git -C repo rev-parse main > main-was"));
  for (const Shape& shape : shapes())
    tally.unsealed({shape.name}, tells(scene, shape.name, shape.naive, false),
                   scene.said("carry_out", "attempts/" + shape.name + ".1/out") + "\n" + ended.output);
}

void shapes_sealed(Scene& scene, Tally& tally) {
  const Ended ended = run_shapes(scene, "");
  static_cast<void>(scene.shell(scene.top(), "git -C repo rev-parse HEAD > main-was"));
  for (const Shape& shape : shapes()) {
    const bool is_over = ended.output.find(" " + shape.name + " ") != std::string::npos;
    tally.sealed({shape.name}, tells(scene, shape.name, shape.sign, !is_over) || !is_over, ended.output);
  }
}

// Unsealed, somebody looks at the worker's bytes as they are.
void escapes_open(Scene& scene, Tally& tally) {
  static_cast<void>(scene.run(plan_of({"escape"}), "attacks.escape escape_bytes carry_out\n"));
  for (const std::string& command : shown_by()) {
    const Ended shown =
        scene.shell(scene.run_dir(), "cat attempts/escape.1/out; ls -N " + scene.top() + "/outside/escape");
    tally.unsealed({"shown by " + command}, drives_a_terminal(shown.output), shown.output);
  }
}

void escapes_sealed(Scene& scene, Tally& tally) {
  static_cast<void>(scene.run(plan_of({"escape"}), "attacks.escape escape_bytes\n"));
  for (const std::string& command : shown_by()) {
    const Ended shown = scene.shell(
        scene.repo(),
        fmt::format("NO_COLOR=1 script -qec '{} {}' /dev/null < /dev/null", PIANOLA_BINARY, command));
    tally.sealed({"shown by " + command}, drives_a_terminal(shown.output) || shown.output.empty(),
                 shown.output);
  }
}

std::string harm_of_a_flood(Scene& scene) {
  constexpr std::string_view good =
      "  - id: good\n    description: does its work\n    files_write: [good.txt]\n"
      "    verification: [{command: \"test -f good.txt\"}]\n";
  constexpr std::uintmax_t kept_max = (64 << 20) + (1 << 20);
  std::string plan = plan_of({"flood"});
  plan.replace(plan.find("**"), 2, "flood/**");
  const Ended ended = scene.run(plan + std::string(good), "attacks.flood log_flood\n");
  if (ended.output.find("good landed") == std::string::npos) return ended.output;
  const auto size = std::filesystem::file_size(scene.run_dir() + "/attempts/flood.1/out");
  return size <= kept_max ? "" : fmt::format("{} bytes of output are kept", size);
}

}  // namespace pianola::redteam
