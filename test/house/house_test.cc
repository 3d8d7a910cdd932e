// The tree keeps the rules of the house, and every rule sees an offence planted against it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "test/house/source.h"
#include "test/house/tree.h"

namespace pianola::house {
namespace {

namespace fs = std::filesystem;

std::string all_texts(const std::vector<Offence>& offences) {
  std::string text;
  for (const Offence& offence : offences) text += offence.to_text() + "\n";
  return text;
}

TEST(House, the_tree_keeps_its_rules) {
  const std::vector<File> tree = read_tree(PIANOLA_SOURCE_DIR);
  ASSERT_GT(tree.size(), 20U);
  EXPECT_EQ(all_texts(check_tree(tree)), "");
}

// A small tree on disk that keeps every rule; removed at the end.
class PlantedTree {
 public:
  PlantedTree() {
    std::string pattern = (fs::temp_directory_path() / "pianola-house-XXXXXX").string();
    root_ = mkdtemp(pattern.data());
    write("CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n");
    write("src/base/error.h", "#pragma once\n#include <tl/expected.hpp>\n");
    write("src/core/state.cc",
          "#include \"base/error.h\"\n#include \"plan/plan.h\"\n// Pure.\nint f() { return 1; }\n");
    write("src/core/codec.cc", "#include <boost/json.hpp>\n");
    write("src/plan/yaml.cc", "#include <yaml.h>\n");
    write("src/world/clock.cc", "#include <unistd.h>\n#include <thread>\n#include <boost/asio.hpp>\n");
    write(
        "src/cli/main.cc",
        "#include \"world/clock.h\"\n#include <cstdlib>\nint main() { return getenv(\"A\") != nullptr; }\n");
    write("src/plan/plan_test.cc", "#include <gtest/gtest.h>\n#include <fstream>\n");
    write("sim/net.cc", "#include \"sim/net.h\"\n#include \"engine/ports.h\"\n");
    write("build/note.md", "no title\n");
  }
  PlantedTree(const PlantedTree&) = delete;
  PlantedTree& operator=(const PlantedTree&) = delete;
  ~PlantedTree() { fs::remove_all(root_); }

  void write(const std::string& path, const std::string& text) {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path, std::ios::binary) << text;
  }

  std::vector<Offence> check() const { return check_tree(read_tree(root_.string())); }

 private:
  fs::path root_;
};

TEST(House, a_tree_without_offences_gives_none) { EXPECT_EQ(all_texts(PlantedTree().check()), ""); }

struct Plant {
  std::string path;
  std::string text;
  std::string report;  // all of it: exactly this offence, and no other
};

void expect_reports(const std::vector<Plant>& plants) {
  for (const Plant& plant : plants) {
    PlantedTree tree;
    tree.write(plant.path, plant.text);
    EXPECT_EQ(all_texts(tree.check()), plant.report + "\n") << plant.path << ":\n"
                                                            << plant.text.substr(0, 200);
  }
}

TEST(House, sees_an_include_against_the_arrows) {
  const std::string hint = "; move the declaration down, or hand the value in [layer]";
  expect_reports({
      {"src/base/a.cc", "\n#include \"plan/plan.h\"\n",
       "src/base/a.cc:2: base may not use plan; base may use nothing" + hint},
      {"src/core/a.cc", "#include \"world/clock.h\"\n",
       "src/core/a.cc:1: core may not use world; core may use base plan" + hint},
      {"src/core/a_test.cc", "#include \"engine/turn.h\"\n",
       "src/core/a_test.cc:1: core may not use engine; core may use base plan" + hint},
      {"src/tui/a.h", "#include \"plan/plan.h\"\n",
       "src/tui/a.h:1: tui may not use plan; tui may use base core view" + hint},
      {"src/api/a.cc", "#include \"engine/ports.h\"\n",
       "src/api/a.cc:1: api may not use engine; api may use base core view" + hint},
      {"sim/a.cc", "#include \"world/clock.h\"\n",
       "sim/a.cc:1: sim may not use world; sim may use agents api base core engine knowledge plan tui verify "
       "view" +
           hint},
      {"src/cli/a.cc", "#include \"sim/net.h\"\n",
       "src/cli/a.cc:1: cli may not use sim; cli may use agents api base core engine knowledge plan tui "
       "verify view "
       "world" +
           hint},
      {"src/core/a.cc", "#include \"state.h\"\n",
       "src/core/a.cc:1: \"state.h\" names no room; write \"room/file.h\" [include-form]"},
      {"src/attic/a.cc", "int a = 1;\n",
       "src/attic/a.cc: attic is not a room; add it to the table of the design first [layer]"},
  });
}

TEST(House, sees_a_library_outside_its_room) {
  expect_reports({
      {"src/core/state.cc", "#include <boost/json.hpp>\n",
       "src/core/state.cc:1: <boost/json.hpp> does not belong here; core may include boost/json:codec.cc "
       "fmt/ [library]"},
      {"src/base/text.cc", "#include <openssl/evp.h>\n",
       "src/base/text.cc:1: <openssl/evp.h> does not belong here; base may include fmt/ openssl/:hash.cc tl/ "
       "[library]"},
      {"src/engine/a.cc", "#include <boost/asio.hpp>\n",
       "src/engine/a.cc:1: <boost/asio.hpp> does not belong here; engine may include fmt/ [library]"},
      {"src/agents/a.cc", "#include <nlohmann/json.hpp>\n",
       "src/agents/a.cc:1: <nlohmann/json.hpp> does not belong here; agents may include boost/json fmt/ "
       "[library]"},
      {"src/plan/load.cc", "#include <yaml.h>\n",
       "src/plan/yaml.cc: a second user of <yaml.h>; src/plan/load.cc wraps it alone [library]"},
      {"src/view/a.h", "#include <fmt/format.h>\n",
       "src/view/a.h:1: <fmt/format.h> in a header; include it in the .cc and hand over our own types "
       "[heavy-header]"},
  });
}

TEST(House, sees_an_effect_outside_the_world) {
  const std::string ports = "; ask one of the engine's ports; world/ carries it out [ban]";
  const std::string thread = "; one thread owns the state; world/ hands results to the inbox [ban]";
  const std::string clock = "; take an Instant as a parameter [ban]";
  const std::string once = "; cli/main.cc reads the environment once and hands the value in [ban]";
  expect_reports({
      {"src/core/a.cc", "#include <unistd.h>\n", "src/core/a.cc:1: <unistd.h>" + ports},
      {"src/cli/a.cc", "#include <sys/stat.h>\n", "src/cli/a.cc:1: <sys/stat.h>" + ports},
      {"src/view/a.h", "#include <fcntl.h>\n", "src/view/a.h:1: <fcntl.h>" + ports},
      {"src/plan/a.cc", "#include <filesystem>\n", "src/plan/a.cc:1: <filesystem>" + ports},
      {"src/core/a.cc", "int f() { return ::fork(); }\n", "src/core/a.cc:1: fork(" + ports},
      {"src/core/a.cc", "\nint f() { return system(\"ls\"); }\n", "src/core/a.cc:2: system(" + ports},
      {"src/core/a.cc", "auto f() { return popen(\"ls\", \"r\"); }\n", "src/core/a.cc:1: popen(" + ports},
      {"src/core/a.cc", "auto f() { return std::getenv(\"A\"); }\n", "src/core/a.cc:1: getenv(" + once},
      {"src/core/a.cc", "auto f() { return std::chrono::system_clock::now(); }\n",
       "src/core/a.cc:1: ::now(" + clock},
      {"src/core/a.cc", "auto f() { return Clock::now(); }\n", "src/core/a.cc:1: ::now(" + clock},
      {"src/core/a.cc", "auto at = Clock::now();\n", "src/core/a.cc:1: ::now(" + clock},
      {"src/engine/a.cc", "std::thread worker;\n", "src/engine/a.cc:1: std::thread" + thread},
      {"src/engine/a.cc", "#include <mutex>\n", "src/engine/a.cc:1: <mutex>" + thread},
      {"src/core/a.cc", "void f() { exit(1); }\n",
       "src/core/a.cc:1: exit(; return the exit code to cli/main.cc [ban]"},
      {"src/world/a.cc", "void f() { std::this_thread::sleep_for(second); }\n",
       "src/world/a.cc:1: sleep_for; wait for the fact itself, with a limit [ban]"},
      {"sim/a.cc", "std::shared_ptr<int> number;\n",
       "sim/a.cc:1: shared_ptr; a value or a unique_ptr with one owner [ban]"},
  });
}

TEST(House, sees_what_differs_between_machines) {
  const std::string seed = "; take a base/random.h Random, so that a seed repeats the run [ban]";
  expect_reports({
      {"src/world/a.cc", "#include <random>\n", "src/world/a.cc:1: <random>" + seed},
      {"src/core/a.cc", "int f() { return std::rand(); }\n", "src/core/a.cc:1: rand(" + seed},
      {"src/core/a.h", "std::unordered_map<int, int> m;\n",
       "src/core/a.h:1: unordered_map; std::map: its order is the same on every machine [ban]"},
      {"src/core/a.h", "#include <unordered_set>\n",
       "src/core/a.h:1: <unordered_set>; std::set: its order is the same on every machine [ban]"},
  });
}

TEST(House, sees_banned_parts_of_the_language) {
  expect_reports({
      {"src/world/a.cc", "#include <regex>\n",
       "src/world/a.cc:1: <regex>; RE2 for patterns of users, plain search for our own [ban]"},
      {"test/cli/a_test.cc", "#include <ranges>\n",
       "test/cli/a_test.cc:1: <ranges>; algorithms with iterators: clang 14 does not compile views [ban]"},
      {"src/cli/a.cc", "#include <iostream>\n",
       "src/cli/a.cc:1: <iostream>; fmt in a .cc; return text and let cli/ print it [ban]"},
      {"src/cli/a.cc", "void f() { throw 1; }\n",
       "src/cli/a.cc:1: throw; return a Result, or CHECK when the fault is ours [ban]"},
      {"src/cli/a.cc", "void f() { assert(true); }\n",
       "src/cli/a.cc:1: assert(; CHECK (base/check.h), which stays on in a release [ban]"},
      {"src/cli/a.cc", "int* f() { return new int(1); }\n",
       "src/cli/a.cc:1: new; a value, a container or std::make_unique [ban]"},
      {"src/cli/a.cc", "void f(int* p) { delete p; }\n",
       "src/cli/a.cc:1: delete; a value, a container or std::make_unique [ban]"},
      {"src/cli/a.cc", "\n\n// TODO: rest\n",
       "src/cli/a.cc:3: TODO; do it now or open an issue [unfinished]"},
      {"src/cli/a.cc", "/* FIXME */\n", "src/cli/a.cc:1: FIXME; do it now or open an issue [unfinished]"},
  });
}

TEST(House, sees_hollow_names) {
  const std::string hint = "; say what it is: Train, Keeper, Journal [name]";
  expect_reports({
      {"src/core/a.h", "class RunManager;\n", "src/core/a.h:1: RunManager" + hint},
      {"src/core/a.h", "struct TaskData {};\n", "src/core/a.h:1: TaskData" + hint},
      {"src/core/a.h", "struct PortBase {};\n", "src/core/a.h:1: PortBase" + hint},
      {"src/core/a.h", "int exit_handler = 0;\n", "src/core/a.h:1: exit_handler" + hint},
      {"src/core/a.h", "int task_info = 0;\n", "src/core/a.h:1: task_info" + hint},
      {"src/core/a.h", "struct RunContext;\n", "src/core/a.h:1: RunContext" + hint},
      {"src/core/a.h", "void do_merge();\n", "src/core/a.h:1: do_merge" + hint},
      {"src/core/a.h", "void process_exit();\n", "src/core/a.h:1: process_exit" + hint},
      {"src/core/string_utils.h", "int a = 1;\n", "src/core/string_utils.h: file name string_utils" + hint},
  });
}

TEST(House, sees_what_has_grown_too_long) {
  std::string function = "int f(int a,\n      int b) {\n";
  for (int i = 0; i < 68; ++i) function += "  a += b;\n";
  std::string method = "class A {\n public:\n  A() : a_{1} {}\n  void g() const {\n";
  for (int i = 0; i < 69; ++i) method += "    if (a_) {}\n";
  std::string file;
  for (int i = 0; i < 501; ++i) file += "int a" + std::to_string(i) + " = 1;\n";
  expect_reports({
      {"src/core/a.cc", function + "}\n",
       "src/core/a.cc:1: f has 71 lines; at most 70; name its parts [function-length]"},
      {"src/core/a.h", method + "  }\n  int a_;\n};\n",
       "src/core/a.h:4: g has 71 lines; at most 70; name its parts [function-length]"},
      {"src/core/a.cc", file, "src/core/a.cc: 501 lines; at most 500; split by concept [file-length]"},
  });
}

TEST(House, leaves_alone_what_is_just_short_enough) {
  std::string function = "int f() {\n";
  for (int i = 0; i < 68; ++i) function += "  a += b;\n";
  std::string file;
  for (int i = 0; i < 430; ++i) file += "int a" + std::to_string(i) + " = 1;\n";
  PlantedTree tree;
  tree.write("src/core/a.cc", function + "}\n" + file);
  EXPECT_EQ(all_texts(tree.check()), "");
}

TEST(House, sees_papers_out_of_order) {
  expect_reports({
      {"docs/a.md", "## No title\n",
       "docs/a.md: 0 first-level headings; a paper has exactly one title [one-title]"},
      {"docs/a.md", "# One\n```\n# not one\n```\n# Two\n",
       "docs/a.md:5: 2 first-level headings; a paper has exactly one title [one-title]"},
      {"CHANGELOG.md", "# Changelog\n",
       "CHANGELOG.md: has no section [Unreleased]; every change that a user notices is named there "
       "[changelog]"},
      {"docs/a.png", std::string(blob_limit_bytes + 1, 'x'),
       "docs/a.png: 200001 bytes; at most 200000; generate it, or move it to test/fixtures [blob]"},
      {"web/package-lock.json", "{\n \"resolved\": \"https://registry.example/a.tgz\"\n}\n",
       "web/package-lock.json:2: an address of a registry; set omit-lockfile-registry-resolved=true in "
       ".npmrc and lock "
       "again [lock-file]"},
  });
}

TEST(House, sees_a_sixteenth_header_in_base) {
  PlantedTree tree;
  for (int i = 0; i < 15; ++i) tree.write("src/base/a" + std::to_string(i) + ".h", "#pragma once\n");
  EXPECT_EQ(all_texts(tree.check()),
            "src/base: 16 headers; at most 15; keep it beside its only caller [base-size]\n");
}

TEST(House, leaves_alone_what_only_looks_like_an_offence) {
  PlantedTree tree;
  tree.write("bench/a_bench.cc", "#include \"bench/loop.h\"\n");
  tree.write("src/world/a_testing.h", "#include <gtest/gtest.h>\n");
  tree.write("src/world/disk.cc", "void pause() { ::nanosleep(&second, nullptr); }\n");
  tree.write("test/fixtures/big.jsonl", std::string(blob_limit_bytes + 1, 'x'));
  tree.write("src/core/a.cc", R"code(
// std::thread, fork() and throw in a comment are words.
const char* text = "std::thread fork() TODO <regex>";
const char* raw = R"(throw "it" )";
int million = 1'000'000;
char quote = '"';
struct A {
  A(const A&) = delete;
  void* bytes(const std::string& b) { return b.data(); }
  int sleep(int s);
};
int context_used = 0;
Instant World::now() { return at_; }
std::unique_ptr<A> make() { return std::unique_ptr<A>(new A()); }
int g(A& a) { return a.sleep(1); }
)code");
  EXPECT_EQ(all_texts(tree.check()), "");
}

TEST(Source, functions_are_found_at_every_scope) {
  const Source source = read_source(R"code(
namespace a {
constexpr int table[] = {1, 2};
auto size() -> int {
  return [] { return 1; }();
}
struct B : C {
  explicit B(int x)
      : x_{x}, y_(x) {
    if (x) { y_ = 1; }
  }
  bool operator==(const B&) const = default;
  bool empty() const { return x_ == 0; }
  int x_{};
};
TEST(Suite, law_it_holds) {
}
}  // namespace a
)code");
  std::string found;
  for (const Function& f : functions_of(source)) {
    found += f.name + " " + std::to_string(f.first_line) + "-" + std::to_string(f.last_line) + "\n";
  }
  EXPECT_EQ(found, "size 4-6\nB 8-11\nempty 13-13\nlaw_it_holds 16-17\n");
}

}  // namespace
}  // namespace pianola::house
