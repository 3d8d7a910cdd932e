// Every recorded stream of the agent CLIs (test/fixtures/agent-streams) is read as what it was.
#include "agents/recordings_test.h"

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <set>

namespace pianola::agents {
namespace {

using core::Claim;
using core::FailureClass;
using enum FailureClass;

const core::ExitStatus term{core::ExitKind::signal, SIGTERM, true, {}};

enum class End { own, ours };

struct Recording {
  const char* name;
  core::ExitStatus exit;
  End end;
  bool success;
  FailureClass failure;
  core::Usage usage;  // in (cached input counts), out, cached, micro-dollars
};

constexpr core::Usage unsaid{};
constexpr core::Usage nothing{0, 0, 0, 0};
constexpr core::Usage claude_answer{1800, 12, 300, 4'770};
constexpr core::Usage claude_one{1200, 40, 0, 4'200};
constexpr core::Usage claude_two{2400, 80, 0, 8'400};
constexpr core::Usage codex_answer{1800, 12, 300, -1};
constexpr core::Usage free_nothing{0, 0, 0, -1};
constexpr core::Usage free_one{1200, 40, 0, -1};
constexpr core::Usage free_two{2400, 80, 0, -1};
// Its answer and a small request beside it.
constexpr core::Usage qwen_answer{3000, 52, 300, -1};

// Exit and end as the README of the recordings lists them; "ours" where the recorder signalled it.
const std::vector<Recording> claude_recordings = {
    {"success", exit_code(0), End::own, true, none, claude_answer},
    {"tool-use", exit_code(0), End::own, true, none, {6200, 135, 3300, 11'715}},
    {"tool-error", exit_code(0), End::own, true, none, claude_two},
    {"rate-limit-short", exit_code(0), End::own, true, none, claude_answer},
    {"rate-limit-long", exit_code(1), End::own, false, quota, nothing},
    {"usage-limit", exit_code(1), End::own, false, quota, nothing},
    {"auth-failure", exit_code(143), End::ours, false, auth, unsaid},
    {"billing", exit_code(1), End::own, false, billing, nothing},
    {"context-overflow", exit_code(1), End::own, false, context, nothing},
    {"bad-model", exit_code(1), End::own, false, invalid, nothing},
    {"overloaded-once", exit_code(0), End::own, true, none, claude_answer},
    {"overloaded", exit_code(143), End::ours, false, transient, unsaid},
    {"server-error", exit_code(143), End::ours, false, transient, unsaid},
    {"drop-once", exit_code(0), End::own, true, none, claude_answer},
    {"drop-always", exit_code(1), End::own, false, transient, nothing},
    {"stream-error", exit_code(143), End::ours, false, transient, unsaid},
    {"hang", exit_code(143), End::ours, false, none, unsaid},
    {"stall", exit_code(143), End::ours, false, none, unsaid},
    {"sigterm", exit_code(0), End::ours, false, none, claude_two},
    {"denied", exit_code(0), End::own, true, none, claude_two},
    {"resume-1", exit_code(0), End::own, true, none, claude_one},
    {"resume-2", exit_code(0), End::own, true, none, claude_one},
    {"warning", exit_code(0), End::own, true, none, claude_answer},
    {"forbidden", exit_code(1), End::own, false, auth, nothing},
    {"max-turns", exit_code(1), End::own, false, timeout, claude_two},
    {"appended", exit_code(0), End::own, true, none, claude_one},
    {"refuse-root", exit_code(1), End::own, false, invalid, unsaid},
    {"rate-limit-retries1", exit_code(1), End::own, false, quota, nothing},
    {"overloaded-retries1", exit_code(1), End::own, false, transient, nothing},
    {"usage-limit-apikey", exit_code(1), End::own, false, quota, nothing},
    {"rate-limit-oauth", exit_code(1), End::own, false, transient, nothing},
    {"stream-timeout", exit_code(143), End::ours, false, none, unsaid},
    {"partial", exit_code(0), End::own, true, none, claude_answer},
    {"drop-nofallback", exit_code(1), End::own, false, transient, nothing},
    {"api-timeout", exit_code(1), End::own, false, transient, nothing},
    {"auth-failure-retries1", exit_code(1), End::own, false, auth, nothing},
    {"auth-failure-oauth", exit_code(1), End::own, false, auth, nothing},
    {"fallback-model", exit_code(1), End::own, false, transient, nothing},
    {"session-id", exit_code(0), End::own, true, none, claude_answer},
    {"sigterm-leader", exit_code(0), End::ours, false, none, claude_two},
    {"sigint-leader", exit_code(0), End::ours, false, crash, claude_one},
};

const std::vector<Recording> codex_recordings = {
    {"success", exit_code(0), End::own, true, none, codex_answer},
    {"tool-use", exit_code(0), End::own, true, none, {6200, 135, 3300, -1}},
    {"tool-error", exit_code(0), End::own, true, none, {2400, 80, 0, -1}},
    {"rate-limit-short", exit_code(0), End::own, true, none, codex_answer},
    {"rate-limit-long", term, End::ours, false, quota, unsaid},
    {"usage-limit", exit_code(1), End::own, false, quota, unsaid},
    {"auth-failure", exit_code(1), End::own, false, auth, unsaid},
    {"billing", exit_code(1), End::own, false, billing, unsaid},
    {"context-overflow", exit_code(1), End::own, false, context, unsaid},
    {"bad-model", exit_code(1), End::own, false, invalid, unsaid},
    {"overloaded-once", exit_code(0), End::own, true, none, codex_answer},
    {"overloaded", exit_code(1), End::own, false, transient, unsaid},
    {"server-error", exit_code(1), End::own, false, transient, unsaid},
    {"drop-once", exit_code(0), End::own, true, none, codex_answer},
    {"drop-always", exit_code(1), End::own, false, transient, unsaid},
    {"stream-error", exit_code(1), End::own, false, transient, unsaid},
    {"hang", term, End::ours, false, none, unsaid},
    {"stall", term, End::ours, false, none, unsaid},
    {"sigterm", term, End::ours, false, none, unsaid},
    {"denied", exit_code(0), End::own, true, none, {2400, 80, 0, -1}},
    {"resume-1", exit_code(0), End::own, true, none, {1200, 40, 0, -1}},
    {"resume-2", exit_code(0), End::own, true, none, {2400, 80, 0, -1}},
    {"warning", exit_code(0), End::own, true, none, codex_answer},
    {"quota", exit_code(1), End::own, false, quota, unsaid},
    {"rate-limit-retries0", exit_code(1), End::own, false, quota, unsaid},
    {"usage-limit-apikey", exit_code(1), End::own, false, quota, unsaid},
    {"stall-idle-timeout", exit_code(1), End::own, false, transient, unsaid},
    {"overloaded-retries0", exit_code(1), End::own, false, transient, unsaid},
    {"warning-quiet", exit_code(0), End::own, true, none, codex_answer},
    {"sigterm-leader", term, End::ours, false, none, unsaid},
    {"sigint-leader", exit_code(1), End::ours, false, none, unsaid},
};

const std::vector<Recording> gemini_recordings = {
    {"success", exit_code(0), End::own, true, none, codex_answer},
    {"tool-use", exit_code(0), End::own, true, none, {6200, 135, 3300, -1}},
    {"tool-error", exit_code(0), End::own, true, none, free_two},
    {"rate-limit-short", exit_code(0), End::own, true, none, codex_answer},
    {"rate-limit-long", exit_code(173), End::own, false, quota, free_nothing},
    {"usage-limit", exit_code(173), End::own, false, quota, free_nothing},
    {"auth-failure", exit_code(144), End::own, false, auth, free_nothing},
    {"billing", exit_code(144), End::own, false, billing, free_nothing},
    {"context-overflow", exit_code(144), End::own, false, context, free_nothing},
    {"bad-model", exit_code(1), End::own, false, invalid, free_nothing},
    {"overloaded-once", exit_code(0), End::own, true, none, codex_answer},
    {"overloaded", exit_code(0), End::ours, false, transient, unsaid},
    {"server-error", exit_code(0), End::ours, false, transient, unsaid},
    {"drop-once", exit_code(1), End::own, false, transient, free_nothing},
    {"drop-always", exit_code(1), End::own, false, transient, free_nothing},
    {"stream-error", exit_code(0), End::own, false, transient, {4800, 160, 0, -1}},
    {"hang", exit_code(0), End::ours, false, none, unsaid},
    {"stall", exit_code(0), End::ours, false, none, unsaid},
    {"sigterm", exit_code(0), End::ours, false, none, unsaid},
    {"denied", exit_code(0), End::own, true, none, free_two},
    {"resume-1", exit_code(0), End::own, true, none, free_one},
    {"resume-2", exit_code(0), End::own, true, none, free_one},
    {"max-turns", exit_code(53), End::own, false, timeout, free_two},
    {"rate-limit-bare", exit_code(0), End::ours, false, quota, unsaid},
};

const std::vector<Recording> qwen_recordings = {
    {"success", exit_code(0), End::own, true, none, qwen_answer},
    {"tool-use", exit_code(0), End::own, true, none, {6200, 135, 3300, -1}},
    {"tool-error", exit_code(0), End::own, true, none, free_two},
    {"rate-limit-short", exit_code(0), End::own, true, none, qwen_answer},
    {"rate-limit-long", term, End::ours, false, none, unsaid},
    {"usage-limit", term, End::ours, false, none, unsaid},
    {"auth-failure", exit_code(0), End::own, false, auth, free_nothing},
    {"billing", exit_code(0), End::own, false, billing, free_nothing},
    {"context-overflow", exit_code(0), End::own, false, context, free_one},
    {"bad-model", exit_code(0), End::own, false, invalid, free_nothing},
    {"overloaded-once", exit_code(0), End::own, true, none, qwen_answer},
    {"overloaded", term, End::ours, false, none, unsaid},
    {"server-error", term, End::ours, false, none, unsaid},
    {"drop-once", exit_code(0), End::own, false, transient, free_nothing},
    {"drop-always", exit_code(0), End::own, false, transient, free_nothing},
    {"stream-error", exit_code(0), End::own, false, transient, free_nothing},
    {"hang", term, End::ours, false, none, unsaid},
    {"stall", term, End::ours, false, none, unsaid},
    {"sigterm", term, End::ours, false, none, free_one},
    {"denied", exit_code(0), End::own, true, none, free_two},
    {"resume-1", exit_code(0), End::own, true, none, free_two},
    {"resume-2", exit_code(0), End::own, true, none, {4800, 160, 0, -1}},
    {"quota", term, End::ours, false, none, unsaid},
    {"max-turns", exit_code(53), End::own, false, timeout, free_two},
    {"appended", exit_code(0), End::own, true, none, free_two},
};

const std::vector<Recording> opencode_recordings = {
    {"success", exit_code(0), End::own, true, none, codex_answer},
    {"tool-use", exit_code(0), End::own, true, none, {6200, 135, 3300, -1}},
    {"tool-error", exit_code(0), End::own, true, none, free_two},
    {"rate-limit-short", exit_code(0), End::own, true, none, codex_answer},
    {"rate-limit-long", term, End::ours, false, none, unsaid},
    {"usage-limit", term, End::ours, false, none, unsaid},
    {"auth-failure", exit_code(1), End::own, false, auth, unsaid},
    {"billing", exit_code(1), End::own, false, billing, unsaid},
    {"context-overflow", exit_code(1), End::own, false, context, free_two},
    {"bad-model", exit_code(1), End::own, false, invalid, unsaid},
    {"overloaded-once", exit_code(0), End::own, true, none, codex_answer},
    {"overloaded", term, End::ours, false, none, unsaid},
    {"server-error", term, End::ours, false, none, unsaid},
    {"drop-once", exit_code(0), End::own, true, none, codex_answer},
    {"drop-always", term, End::ours, false, none, unsaid},
    {"stream-error", term, End::ours, false, none, unsaid},
    {"hang", term, End::ours, false, none, unsaid},
    {"stall", term, End::ours, false, none, unsaid},
    {"sigterm", term, End::ours, false, none, unsaid},
    {"denied", exit_code(0), End::own, false, crash, free_one},
    {"resume-1", exit_code(0), End::own, true, none, free_one},
    {"resume-2", exit_code(0), End::own, true, none, free_one},
    {"quota", term, End::ours, false, none, unsaid},
    {"rate-limit-long-logs", term, End::ours, false, quota, unsaid},
};

struct Family {
  const char* kind;
  const std::vector<Recording>& recordings;
  const char* session_field;
  std::set<std::string> not_streams;  // files of the folder that are no stdout of a run
};
const Family families[] = {
    {"claude", claude_recordings, "session_id", {"session-log", "stream-json-input"}},
    {"codex", codex_recordings, "thread_id", {"session-log.rollout"}},
    {"gemini", gemini_recordings, "session_id", {"session-log"}},
    {"qwen", qwen_recordings, "session_id", {"session-log"}},
    {"opencode", opencode_recordings, "sessionID", {}},
};

struct Reading {
  std::vector<std::string> out;  // what each piece of stdout came to, as text
  Claim claim;
};

Reading read_in_pieces(const std::string& kind, const Recording& recording,
                       const std::vector<std::string>& pieces, const std::string& errors) {
  const std::unique_ptr<OutputReader> reader = find_adapter(kind)->reader();
  Reading reading;
  for (const std::string& piece : pieces) {
    for (const Observation& seen : reader->feed(Stream::out, piece)) reading.out.push_back(told(seen));
  }
  for (const Observation& seen : reader->feed(Stream::err, errors)) reading.out.push_back(told(seen));
  reading.claim = reader->conclude(recording.exit, recording.end == End::ours);
  return reading;
}

std::string first_value(const std::string& stream, const std::string& field) {
  const std::string mark = "\"" + field + "\":\"";
  const size_t at = stream.find(mark);
  if (at == std::string::npos) return {};
  return stream.substr(at + mark.size(), stream.find('"', at + mark.size()) - at - mark.size());
}

TEST(Recordings, each_is_classified_as_what_it_was) {
  for (const Family& family : families) {
    for (const Recording& one : family.recordings) {
      SCOPED_TRACE(std::string(family.kind) + "/" + one.name);
      const std::string stream = recorded(family.kind, one.name, ".jsonl");
      const Reading reading =
          read_in_pieces(family.kind, one, {stream}, recorded(family.kind, one.name, ".stderr.txt"));
      EXPECT_EQ(reading.claim.success, one.success);
      EXPECT_EQ(core::failure_text(reading.claim.failure), core::failure_text(one.failure));
      EXPECT_EQ(reading.claim.session, first_value(stream, family.session_field));
      EXPECT_EQ(reading.claim.session.empty(), stream.empty());
      EXPECT_EQ(reading.claim.usage.tokens_in, one.usage.tokens_in);
      EXPECT_EQ(reading.claim.usage.tokens_out, one.usage.tokens_out);
      EXPECT_EQ(reading.claim.usage.tokens_cached, one.usage.tokens_cached);
      EXPECT_EQ(reading.claim.usage.cost_microusd, one.usage.cost_microusd);
      for (const std::string& line : reading.out) EXPECT_NE(line.substr(0, 7), "skipped") << line;
    }
  }
}

TEST(Recordings, none_is_left_out_of_the_table) {
  for (const Family& family : families) {
    std::set<std::string> listed;
    for (const Recording& one : family.recordings) listed.insert(one.name);
    for (const auto& entry : std::filesystem::directory_iterator(recordings_folder(family.kind))) {
      if (entry.path().extension() != ".jsonl") continue;
      const std::string name = entry.path().stem();
      EXPECT_TRUE(listed.contains(name) || family.not_streams.contains(name)) << family.kind << "/" << name;
    }
  }
}

TEST(Recordings, a_signal_of_ours_is_never_a_success) {
  for (const Family& family : families) {
    for (Recording one : family.recordings) {
      one.end = End::ours;
      const Reading reading =
          read_in_pieces(family.kind, one, {recorded(family.kind, one.name, ".jsonl")}, "");
      EXPECT_FALSE(reading.claim.success) << family.kind << "/" << one.name;
    }
  }
}

TEST(Recordings, exit_0_alone_and_a_success_event_alone_are_not_success) {
  for (const Family& family : families) {
    for (Recording one : family.recordings) {
      SCOPED_TRACE(std::string(family.kind) + "/" + one.name);
      one.end = End::own;
      const std::string stream = recorded(family.kind, one.name, ".jsonl");
      // sigterm of claude: a success event and exit 0 of a run that was ended is what end `ours` is for.
      const bool ends_well = one.success || std::string_view(one.name).starts_with("sigterm");
      one.exit = exit_code(1);
      const Claim nonzero = read_in_pieces(family.kind, one, {stream}, "").claim;
      EXPECT_FALSE(nonzero.success);
      EXPECT_NE(nonzero.failure, none);
      one.exit = exit_code(0);
      const Claim zero = read_in_pieces(family.kind, one, {stream}, "").claim;
      EXPECT_TRUE(!zero.success || ends_well);
      EXPECT_EQ(zero.success, zero.failure == none);
    }
  }
}

TEST(Recordings, every_split_of_the_bytes_gives_the_same_observations) {
  std::mt19937 random(11);  // NOLINT: the same splits in every run
  for (const Family& family : families) {
    for (const Recording& one : family.recordings) {
      SCOPED_TRACE(std::string(family.kind) + "/" + one.name);
      const std::string stream = recorded(family.kind, one.name, ".jsonl");
      const Reading whole = read_in_pieces(family.kind, one, {stream}, "");
      std::vector<std::string> bytes;
      for (const char byte : stream) bytes.emplace_back(1, byte);
      const Reading by_byte = read_in_pieces(family.kind, one, bytes, "");
      EXPECT_EQ(by_byte.out, whole.out);
      EXPECT_EQ(by_byte.claim, whole.claim);
      for (int round = 0; round < 10; ++round) {
        std::vector<std::string> pieces;
        for (size_t at = 0; at < stream.size();) {
          const size_t size = 1 + random() % 700;
          pieces.push_back(stream.substr(at, size));
          at += size;
        }
        const Reading split = read_in_pieces(family.kind, one, pieces, "");
        EXPECT_EQ(split.out, whole.out);
        EXPECT_EQ(split.claim, whole.claim);
      }
    }
  }
}

TEST(Recordings, a_stream_cut_anywhere_is_not_a_success) {
  for (const Family& family : families) {
    for (const char* name : {"success", "tool-use"}) {
      const Recording one{name, exit_code(0), End::own, false, none, unsaid};
      const std::string stream = recorded(family.kind, name, ".jsonl");
      // Without its last line's closing brace there is no final event.
      const size_t last = stream.rfind('}');
      for (size_t end = 0; end <= last; end += end + 97 < last ? 97 : 1) {
        const Claim claim = read_in_pieces(family.kind, one, {stream.substr(0, end)}, "").claim;
        ASSERT_FALSE(claim.success) << family.kind << "/" << name << " cut at " << end;
        ASSERT_NE(claim.failure, none);
      }
      const Claim torn = read_in_pieces(family.kind, one, {stream.substr(0, last + 1)}, "").claim;
      EXPECT_TRUE(torn.success) << "a last line without newline counts";
    }
  }
}

}  // namespace
}  // namespace pianola::agents
