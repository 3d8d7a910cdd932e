// Transcripts: what people type and exactly what they see. `test/cli/<name>.t` holds commands ("$ ..."), the
// lines they print (stdout and stderr together), and "[n]" where the exit code is not 0. In a line that ends
// in " (glob)", `*` stands for anything and `?` for one character. "$ cd DIR" holds for what follows.
// What differs from run to run is shown by its kind: <time>, <id> (a commit, a digest), <span> (0:02), <age>
// (3s), <part> (38, of a percentage or a ratio), <number> of ten digits or more.
// PIANOLA_ACCEPT=1 writes what was seen back into the file; the difference is then reviewed.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "world/child.h"
#include "world/files.h"

namespace pianola {
namespace {

constexpr std::string_view glob_mark = " (glob)";
constexpr int64_t command_timeout_ms = 120'000;

struct Exchange {
  std::string command;
  std::vector<std::string> expected;
};

struct Transcript {
  std::vector<std::string> preamble;  // comment lines before the first command
  std::vector<Exchange> exchanges;
};

Transcript read_transcript(const std::string& path) {
  Transcript transcript;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("$ ")) {
      transcript.exchanges.push_back({.command = line.substr(2), .expected = {}});
    } else if (line.starts_with("> ") && !transcript.exchanges.empty() &&
               transcript.exchanges.back().expected.empty()) {
      transcript.exchanges.back().command += "\n" + line.substr(2);
    } else if (transcript.exchanges.empty()) {
      transcript.preamble.push_back(line);
    } else {
      transcript.exchanges.back().expected.push_back(line);
    }
  }
  return transcript;
}

bool all_of_them(std::string_view word, std::string_view allowed) {
  return !word.empty() && word.find_first_not_of(allowed) == std::string_view::npos;
}

// The kind of a word that differs from run to run, or the word.
std::string kind_of(const std::string& word) {
  constexpr std::string_view digits = "0123456789";
  const size_t size = word.size();
  if (size == 20 && word[4] == '-' && word[10] == 'T' && word.back() == 'Z') return "<time>";
  if (size == 8 && word[2] == ':' && word[5] == ':') return "<time>";
  if (size >= 10 && all_of_them(word, digits)) return "<number>";
  // One id in a thousand has no digit, and no word of these pages is of such letters alone.
  const bool hex = all_of_them(word, "0123456789abcdef");
  if (hex && (size == 7 || size == 8 || size == 32 || size == 40 || size == 64)) return "<id>";
  const size_t colon = word.find(':');
  if (colon != std::string::npos && colon + 3 == size && all_of_them(word.substr(0, colon), digits) &&
      all_of_them(word.substr(colon + 1), digits)) {
    return "<span>";
  }
  if (size > 1 && word.back() == 's' && all_of_them(word.substr(0, size - 1), digits)) return "<age>";
  return word;
}

std::string normalised(const std::string& line) {
  std::string out;
  std::string word;
  for (size_t i = 0; i <= line.size(); ++i) {
    const char c = i < line.size() ? line[i] : '\n';
    const bool in_word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                         c == ':' || c == '-' || c == '_';
    if (in_word) {
      word += c;
      continue;
    }
    out += kind_of(word);
    word.clear();
    if (i < line.size()) out += c;
  }
  return out;
}

// "38 %" and "1.35 x" become "<part> %" and "<part> x".
std::string without_parts(std::string line) {
  for (const std::string unit : {" %", " x)"}) {
    const size_t at = line.find(unit);
    if (at == std::string::npos || at == 0) continue;
    const size_t before = line.find_last_not_of("0123456789.", at - 1);
    const size_t from = before == std::string::npos ? 0 : before + 1;
    if (from < at) line.replace(from, at - from, "<part>");
  }
  return line;
}

bool glob_matches(std::string_view pattern, std::string_view text) {
  size_t p = 0;
  size_t t = 0;
  size_t star = std::string_view::npos;
  size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool line_matches(const std::string& expected, const std::string& seen) {
  if (!expected.ends_with(glob_mark)) return expected == seen;
  return glob_matches(std::string_view(expected).substr(0, expected.size() - glob_mark.size()), seen);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// A folder with the program in bin/ and an environment that is the same everywhere.
class Stage {
 public:
  Stage() {
    char name[] = "/tmp/pianola-cli.XXXXXX";
    top_ = ::mkdtemp(name);
    cwd_ = top_ + "/work";
    const std::string bin = top_ + "/bin";
    EXPECT_TRUE(world::make_dirs(bin));
    EXPECT_TRUE(world::make_dirs(cwd_));
    EXPECT_TRUE(world::make_dirs(top_ + "/home"));
    const std::string program = std::string("#!/bin/sh\nexec '") + PIANOLA_BINARY + "' \"$@\"\n";
    EXPECT_TRUE(world::write_file(bin + "/pianola", program, world::Sync::none));
    EXPECT_TRUE(world::make_executable(bin + "/pianola"));
    env_ = {{"PATH", bin + ":/usr/local/bin:/usr/bin:/bin"},
            {"HOME", top_ + "/home"},
            {"TZ", "UTC"},
            {"LC_ALL", "C.UTF-8"},
            {"COLUMNS", "80"},
            {"USER", "ada"},
            {"SOURCE", PIANOLA_SOURCE_DIR},
            {"ODD_MACHINE", PIANOLA_ODD_MACHINE},
            {"XDG_RUNTIME_DIR", top_ + "/runtime"},
            {"GIT_CONFIG_GLOBAL", "/dev/null"},
            {"GIT_CONFIG_NOSYSTEM", "1"},
            {"GIT_AUTHOR_DATE", "2026-11-21T12:00:00Z"},
            {"GIT_COMMITTER_DATE", "2026-11-21T12:00:00Z"}};
    EXPECT_TRUE(world::make_dirs(top_ + "/runtime"));
    // Agents of transcripts meet in files outside their workspaces; network.t and setup.t ask for a seal.
    const char* isolation = ::getenv("PIANOLA_TRANSCRIPT_ISOLATION");
    EXPECT_TRUE(world::make_dirs(top_ + "/home/.config/pianola"));
    EXPECT_TRUE(world::write_file(top_ + "/home/.config/pianola/config.yaml",
                                  fmt::format("isolation: {}\n", isolation == nullptr ? "none" : isolation),
                                  world::Sync::none));
  }
  ~Stage() { EXPECT_TRUE(world::remove_tree(top_)); }
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  // What the command prints, its exit code as "[n]" when it is not 0.
  std::vector<std::string> run(const std::string& command) {
    if (command.starts_with("cd ")) {
      cwd_ = command[3] == '/' ? command.substr(3) : cwd_ + "/" + command.substr(3);
      return {};
    }
    world::ChildOptions options;
    options.argv = {"/bin/sh", "-c", "exec 2>&1\n" + command};
    options.env = env_;
    options.cwd = cwd_;
    options.timeout_ms = command_timeout_ms;
    const Result<world::Finished> done = world::run_child(options);
    if (!done) return {done.error().text()};
    std::string text = done->out;
    for (size_t at = text.find(top_); at != std::string::npos; at = text.find(top_)) {
      text.replace(at, top_.size(), "$TOP");
    }
    std::vector<std::string> lines = lines_of(text);
    for (std::string& line : lines) line = normalised(without_parts(line));
    if (done->timed_out) lines.push_back("[timed out]");
    if (done->value != 0) lines.push_back("[" + std::to_string(done->value) + "]");
    return lines;
  }

 private:
  std::string top_;
  std::string cwd_;
  std::map<std::string, std::string> env_;
};

void accept(const std::string& path, const Transcript& transcript,
            const std::vector<std::vector<std::string>>& seen) {
  std::ofstream file(path);
  for (const std::string& line : transcript.preamble) file << line << "\n";
  for (size_t i = 0; i < seen.size(); ++i) {
    const Exchange& exchange = transcript.exchanges[i];
    std::string command = exchange.command;
    for (size_t at = command.find('\n'); at != std::string::npos; at = command.find('\n', at + 3)) {
      command.replace(at, 1, "\n> ");
    }
    file << "$ " << command << "\n";
    for (size_t line = 0; line < seen[i].size(); ++line) {
      const bool kept =
          line < exchange.expected.size() && line_matches(exchange.expected[line], seen[i][line]);
      file << (kept ? exchange.expected[line] : seen[i][line]) << "\n";
    }
  }
}

// A command that begins so is left out where containers and kernels refuse namespaces, and seals with them.
constexpr std::string_view needs_namespaces = ": needs namespaces; ";

bool has_namespaces() {
  world::ChildOptions options;
  options.argv = {"/bin/sh", "-c", "unshare -m true || unshare -Um --map-current-user true"};
  options.env = {{"PATH", "/usr/local/bin:/usr/bin:/bin"}};
  const Result<world::Finished> done = world::run_child(options);
  return done && done->ok();
}

class CliTranscript : public testing::TestWithParam<std::string> {};

TEST_P(CliTranscript, prints_what_is_written) {
  const std::string path = std::string(PIANOLA_SOURCE_DIR) + "/test/cli/" + GetParam() + ".t";
  const Transcript transcript = read_transcript(path);
  ASSERT_FALSE(transcript.exchanges.empty());
  Stage stage;
  std::vector<std::vector<std::string>> all_seen;
  bool differs = false;
  for (const Exchange& exchange : transcript.exchanges) {
    if (exchange.command.starts_with(needs_namespaces) && !has_namespaces()) {
      std::printf("left out, since namespaces are refused here: %s\n", exchange.command.c_str());
      all_seen.push_back(exchange.expected);
      continue;
    }
    const std::vector<std::string> seen = stage.run(exchange.command);
    const bool same =
        seen.size() == exchange.expected.size() &&
        std::equal(seen.begin(), seen.end(), exchange.expected.begin(),
                   [](const auto& got, const auto& wanted) { return line_matches(wanted, got); });
    if (!same) {
      differs = true;
      std::string text;
      for (const std::string& line : exchange.expected) text += "- " + line + "\n";
      for (const std::string& line : seen) text += "+ " + line + "\n";
      ADD_FAILURE() << path << "\n$ " << exchange.command << "\n" << text;
    }
    all_seen.push_back(seen);
  }
  if (differs && ::getenv("PIANOLA_ACCEPT") != nullptr) accept(path, transcript, all_seen);
}

std::vector<std::string> transcripts() {
  std::vector<std::string> names;
  const auto files = world::list_dir(std::string(PIANOLA_SOURCE_DIR) + "/test/cli");
  for (const std::string& name : files ? *files : std::vector<std::string>()) {
    if (name.ends_with(".t")) names.push_back(name.substr(0, name.size() - 2));
  }
  return names;
}

INSTANTIATE_TEST_SUITE_P(All, CliTranscript, testing::ValuesIn(transcripts()),
                         [](const auto& name) { return name.param; });

TEST(CliTranscriptReader, a_glob_stands_only_for_what_it_says) {
  EXPECT_TRUE(line_matches("a*c (glob)", "abbc"));
  EXPECT_FALSE(line_matches("a*c (glob)", "abbd"));
  EXPECT_FALSE(line_matches("a*c", "abbc"));
  EXPECT_TRUE(line_matches("r? done (glob)", "r1 done"));
}

}  // namespace
}  // namespace pianola
