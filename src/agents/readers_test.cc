// What the readers make of single lines, odd ones above all (W9 to W20 of the hostile-input list).
#include <gtest/gtest.h>

#include <csignal>

#include "agents/lines.h"
#include "agents/recordings_test.h"

namespace pianola::agents {
namespace {

using core::Claim;
using core::FailureClass;

constexpr const char* claude_end =
    R"({"type":"result","subtype":"success","is_error":false,"result":"done","usage":{}})"
    "\n";
constexpr const char* codex_end =
    R"({"type":"item.completed","item":{"type":"agent_message","text":"done"}})"
    "\n"
    R"({"type":"turn.completed","usage":{"input_tokens":5,"cached_input_tokens":1,"output_tokens":2}})"
    "\n";

TEST(Claude, a_run_with_tools_reads_as_one_line_each) {
  EXPECT_EQ(
      observed("claude", recorded("claude", "tool-use", ".jsonl")),
      (Lines{"session 555e0833-86fd-4d2e-863f-111d5602fc75 claude-sonnet-4-5", "said I will write the file.",
             "usage 1200 -1 0 -1 context 1200 of -1", "writes hello.txt: ", "writes hello.txt: 1 lines",
             "commits add hello: ", "usage 3600 -1 1000 -1 context 2400 of -1", "commits add hello: exit 0",
             "said Done: hello.txt is committed.", "usage 6200 -1 3300 -1 context 2600 of -1",
             "usage 6200 135 3300 11715 context -1 of 200000",
             "ended true none Done: hello.txt is committed."}));
}

TEST(Claude, a_limit_says_when_it_resets) {
  const Lines seen = observed("claude", recorded("claude", "usage-limit", ".jsonl"));
  ASSERT_EQ(seen.size(), 4U);
  EXPECT_EQ(seen[1], "limit quota 1795246627 five_hour");
  EXPECT_EQ(seen[3], "ended false quota You've hit your session limit · resets 7:37am (UTC)");
  const Lines plain = observed("claude", recorded("claude", "usage-limit-apikey", ".jsonl"));
  EXPECT_EQ(plain[1], "limit quota 0 API Error: Request rejected (429) · You have reached your usage limit.");
  const Lines load = observed("claude", recorded("claude", "rate-limit-oauth", ".jsonl"));
  EXPECT_EQ(load[1], "limit transient 0 requests are limited");
  const Lines warning = observed("claude", recorded("claude", "warning", ".jsonl"));
  EXPECT_EQ(warning[3], "limit none 1795244960 five_hour 92 % used");
}

TEST(Claude, retries_and_refusals_are_told) {
  EXPECT_EQ(observed("claude", recorded("claude", "auth-failure", ".jsonl"))[2], "again 401, 2 of 10 in 2 s");
  EXPECT_EQ(observed("claude", recorded("claude", "api-timeout", ".jsonl"))[1],
            "again unknown, 1 of 1 in 1 s");
  const Lines denied = observed("claude", recorded("claude", "denied", ".jsonl"));
  EXPECT_EQ(
      denied[4],
      "denied writes no.txt: Claude requested permissions to write to /repo/no.txt, but you haven't granted "
      "it yet. (failed)");
  EXPECT_EQ(denied[5].substr(0, 29), "denied runs touch /repo/no2.t");
  const Lines failed = observed("claude", recorded("claude", "tool-error", ".jsonl"));
  EXPECT_EQ(failed[3], "runs echo nope >&2; exit 3: exit 3 (failed)");
}

TEST(Claude, many_turns_of_one_process_are_one_session) {
  // Recorded as {"dir":"in"|"out","ms":N,"msg":{...}}; what it printed is the msg of "out".
  const std::string recording = recorded("claude", "stream-json-input", ".jsonl");
  std::string stream;
  for (size_t at = 0; at < recording.size();) {
    const size_t end = recording.find('\n', at);
    const std::string line = recording.substr(at, end - at);
    const size_t msg = line.find("\"msg\":");
    if (line.find("\"dir\":\"out\"") != std::string::npos ||
        line.find("\"dir\": \"out\"") != std::string::npos) {
      stream += line.substr(msg + 6, line.size() - msg - 7) + "\n";
    }
    at = end + 1;
  }
  const Lines seen = observed("claude", stream);
  Lines ends;
  int sessions = 0;
  for (const std::string& line : seen) {
    if (line.starts_with("ended")) ends.push_back(line);
    if (line.starts_with("session")) ++sessions;
    EXPECT_FALSE(line.starts_with("skipped")) << line;
  }
  EXPECT_EQ(sessions, 1);
  EXPECT_EQ(ends,
            (Lines{"ended true none Done: hello.txt is committed.",
                   "ended false crash Done: hello.txt is committed.", "ended true none The answer is 42."}));
  const Claim claim = claimed("claude", stream, "", exit_code(0));
  EXPECT_TRUE(claim.success);
  EXPECT_EQ(claim.usage, (core::Usage{8000, 147, 3600, 13'305}));
}

TEST(Codex, a_run_with_tools_reads_as_one_line_each) {
  EXPECT_EQ(
      observed("codex", recorded("codex", "tool-use", ".jsonl")),
      (Lines{"session 01a1fcae-527d-79c0-babb-d0f40a7e1a8e ", "said I will write the file.",
             "runs mkdir -p \"$(dirname '/repo/hello.txt')\" && printf %s 'hello: ",
             "runs mkdir -p \"$(dirname '/repo/hello.txt')\" && printf %s 'hello: exit 0",
             "commits add hello: ", "commits add hello: exit 0", "said Done: hello.txt is committed.",
             "usage 6200 135 3300 -1 context -1 of -1", "ended true none Done: hello.txt is committed."}));
}

TEST(Codex, a_limit_and_a_retry_are_told) {
  const Lines limit = observed("codex", recorded("codex", "usage-limit", ".jsonl"));
  ASSERT_EQ(limit.size(), 3U);
  EXPECT_TRUE(limit[1].starts_with("limit quota 0 You’ve hit your usage limit.")) << limit[1];
  EXPECT_TRUE(limit[1].ends_with("try again at 7:47 AM.")) << limit[1];
  EXPECT_EQ(observed("codex", recorded("codex", "rate-limit-short", ".jsonl"))[2],
            "again 2/5 (exceeded retry limit, last status: 429 Too Many Requests)");
}

TEST(Codex, plans_changes_and_refusals_are_told) {
  EXPECT_EQ(observed("codex", R"({"type":"item.completed","item":{"type":"file_change","status":"completed",)"
                              R"("changes":[{"path":"a.py","kind":"add"},{"path":"b.py","kind":"update"}]}})"
                              "\n"),
            (Lines{"writes a.py: done", "edits b.py: done"}));
  EXPECT_EQ(observed("codex", R"({"type":"item.updated","item":{"type":"todo_list","items":[)"
                              R"({"text":"read","completed":true},{"text":"write","completed":false}]}})"
                              "\n"),
            (Lines{"plans 1 of 2: \"write\": "}));
  EXPECT_EQ(observed("codex",
                     R"({"type":"item.completed","item":{"type":"command_execution",)"
                     R"("command":"/bin/bash -lc 'cd /w && pytest -q'","aggregated_output":"x\n12 passed\n",)"
                     R"("exit_code":0,"status":"completed"}})"
                     "\n"),
            (Lines{"tests pytest -q: 12 passed"}));
  EXPECT_EQ(
      observed("codex", R"({"type":"item.completed","item":{"type":"command_execution",)"
                        R"("command":"rm x","aggregated_output":"","exit_code":null,"status":"declined"}})"
                        "\n"),
      (Lines{"denied runs rm x: declined (failed)"}));
}

TEST(Command, exit_0_is_its_word_and_each_line_is_said) {
  EXPECT_EQ(observed("command", "one\n\n  two \nthree"), (Lines{"said one", "said two"}));
  const Claim good = claimed("command", "reading\nall done\n", "a warning\n", exit_code(0));
  EXPECT_TRUE(good.success);
  EXPECT_EQ(good.message, "reading\nall done");
  const Claim bad = claimed("command", "reading\n", "no such file\n", exit_code(3));
  EXPECT_FALSE(bad.success);
  EXPECT_EQ(bad.failure, FailureClass::crash);
  EXPECT_EQ(bad.message, "no such file");
  const std::unique_ptr<OutputReader> reader = find_adapter("command")->reader();
  EXPECT_FALSE(reader->conclude(exit_code(0), true).success);
  EXPECT_TRUE(claimed("command", "", "", exit_code(0)).success);
  EXPECT_EQ(claimed("command", std::string(1000, 'x') + "é", "", exit_code(0)).message.size(), 400U);
}

TEST(Command, of_one_that_was_ended_what_it_said_last_is_its_message) {
  const std::unique_ptr<OutputReader> reader = find_adapter("command")->reader();
  reader->feed(Stream::err, "warning: old configuration\n");
  reader->feed(Stream::out, std::string(3'000, 'x') + "\nProceed? [y/N] ");
  reader->feed(Stream::err, "\n");
  const std::string message = reader->conclude({.kind = core::ExitKind::signal, .value = 15}, true).message;
  EXPECT_TRUE(message.ends_with("xx\nProceed? [y/N]")) << message;
}

TEST(Readers, of_one_that_was_ended_the_end_of_a_long_message_is_kept) {
  const std::unique_ptr<OutputReader> reader = find_adapter("claude")->reader();
  const std::string text = std::string(3'000, 'x') + " May I?";
  reader->feed(Stream::out, R"({"type":"assistant","message":{"content":[{"type":"text","text":")" + text +
                                R"("}]}})" + "\n");
  const std::string message = reader->conclude({.kind = core::ExitKind::signal, .value = 15}, true).message;
  EXPECT_EQ(message.size(), 2'000U);
  EXPECT_TRUE(message.ends_with("x May I?")) << message.substr(0, 100);
}

TEST(Readers, a_torn_line_is_skipped_and_reading_goes_on) {
  EXPECT_EQ(observed("claude", std::string(R"({"type":"assistant","mess)") + "\n" + claude_end)[0],
            "skipped not a JSON object");
  EXPECT_TRUE(claimed("claude", std::string("{\"type\n") + claude_end, "", exit_code(0)).success);
  EXPECT_TRUE(claimed("codex", std::string("}{\n[1]\n\"x\"\n") + codex_end, "", exit_code(0)).success);
}

TEST(Readers, a_line_over_the_limit_is_cut_and_flagged) {
  const std::string huge(3 * line_limit_bytes, 'x');
  for (const char* kind : {"claude", "codex"}) {
    EXPECT_EQ(observed(kind, huge + "\n"), (Lines{"skipped line over 1 MB"}));
  }
  const Lines said = observed("command", huge + "\nend\n");
  ASSERT_EQ(said.size(), 3U);
  EXPECT_EQ(said[0], "skipped line over 1 MB; its beginning follows");
  EXPECT_EQ(said[1].size(), 5U + 4'000U);
}

TEST(Readers, odd_bytes_are_replaced_not_fatal) {
  const std::string bad_utf8 =
      "{\"type\":\"item.completed\",\"item\":{\"type\":\"agent_message\",\"text\":\"a\xFF\xC3z\"}}\n";
  EXPECT_EQ(observed("codex", bad_utf8), (Lines{"said a\xEF\xBF\xBD\xEF\xBF\xBDz"}));
  const std::string surrogate =
      R"({"type":"item.completed","item":{"type":"agent_message","text":"a\ud800b\ud83d\ude00"}})";
  EXPECT_EQ(observed("codex", surrogate + "\n"), (Lines{"said a\xEF\xBF\xBD"
                                                        "b\xF0\x9F\x98\x80"}));
  const std::string nul =
      std::string("{\"type\":\"item.completed\",\"item\":{\"type\":\"agent_message\",\"text\":\"a") + '\0' +
      "b\"}}\n";
  EXPECT_EQ(observed("codex", nul), (Lines{"said a b"}));
  EXPECT_EQ(
      observed("codex",
               R"({"type":"item.completed","item":{"type":"agent_message","text":"\ud800\u0041\udfff"}})"
               "\n"),
      (Lines{"said \xEF\xBF\xBD"
             "A\xEF\xBF\xBD"}));
}

TEST(Readers, an_unknown_event_is_told_once_for_each_type) {
  std::string stream;
  for (int i = 0; i < 3; ++i) stream += "{\"type\":\"dance\",\"x\":1}\n";
  for (const char* kind : {"claude", "codex", "gemini", "qwen", "opencode"}) {
    EXPECT_EQ(observed(kind, stream), (Lines{"skipped unknown event type \"dance\""}));
    std::string many;
    for (int i = 0; i < 1000; ++i) many += fmt::format("{{\"type\":\"t{}\"}}\n", i);
    EXPECT_EQ(observed(kind, many).size(), 32U);
  }
}

TEST(Readers, counts_that_are_no_counts_are_flagged_and_left_out) {
  for (const char* count : {"-5", "1e308", "\"12\"", "0.5", "99999999999999999999", "[]", "true"}) {
    const std::string codex = fmt::format(
        "{{\"type\":\"turn.completed\",\"usage\":{{\"input_tokens\":{},\"output_tokens\":1}}}}\n", count);
    EXPECT_EQ(observed("codex", codex)[0], "skipped token counts that are no counts") << count;
    EXPECT_EQ(claimed("codex", codex, "", exit_code(0)).usage, core::Usage{}) << count;
    const std::string claude = fmt::format(
        "{{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":false,\"result\":\"x\","
        "\"usage\":{{\"input_tokens\":{}}}}}\n",
        count);
    EXPECT_EQ(observed("claude", claude)[0], "skipped token counts that are no counts") << count;
  }
}

TEST(Readers, text_that_imitates_an_event_is_text) {
  // The agent prints a file whose content looks like a limit and like a result.
  const std::string printed =
      R"({"type":"user","message":{"content":[{"type":"tool_result","tool_use_id":"t","content":)"
      R"("{\"type\":\"result\",\"is_error\":true}\nYou've hit your usage limit"}]}})"
      "\n";
  EXPECT_TRUE(claimed("claude", printed + claude_end, "", exit_code(0)).success);
  const std::string said =
      R"({"type":"item.completed","item":{"type":"agent_message","text":"You've hit your usage limit. 429 401"}})"
      "\n";
  const Claim claim = claimed("codex", said + codex_end, "", exit_code(0));
  EXPECT_TRUE(claim.success);
  EXPECT_EQ(observed("codex", said).size(), 1U);
  EXPECT_TRUE(claimed("codex", codex_end, "ERROR usage limit 429\n", exit_code(0)).success);
}

TEST(Readers, an_exit_that_disagrees_with_the_stream_is_a_failure) {
  EXPECT_EQ(claimed("claude", claude_end, "", exit_code(1)).failure, FailureClass::crash);
  EXPECT_EQ(claimed("codex", codex_end, "", exit_code(2)).failure, FailureClass::crash);
  for (const int signal : {SIGKILL, SIGSEGV, SIGTERM}) {
    const core::ExitStatus exit{core::ExitKind::signal, signal, true, {}};
    EXPECT_EQ(claimed("codex", codex_end, "", exit).failure, FailureClass::crash) << signal;
  }
  const core::ExitStatus sandbox{core::ExitKind::signal, SIGSYS, true, {}};
  EXPECT_EQ(claimed("claude", claude_end, "", sandbox).failure, FailureClass::sandbox);
  const core::ExitStatus lost{core::ExitKind::lost, 0, true, "the keeper died"};
  EXPECT_EQ(claimed("claude", claude_end, "", lost).failure, FailureClass::crash);
  EXPECT_EQ(claimed("claude", claude_end, "", lost).message, "the keeper died");
  const core::ExitStatus not_started{core::ExitKind::not_started, 0, true, "claude is not on PATH"};
  EXPECT_EQ(claimed("claude", "", "", not_started).failure, FailureClass::invalid);
  const core::ExitStatus refused{core::ExitKind::policy, SIGKILL, true, "pkg.test:443"};
  EXPECT_EQ(claimed("claude", claude_end, "", refused).failure, FailureClass::policy);
  EXPECT_FALSE(claimed("claude", claude_end, "", refused).success);
}

TEST(Readers, silence_with_exit_0_is_empty_and_without_it_a_crash) {
  for (const char* kind : {"claude", "codex", "gemini", "qwen", "opencode"}) {
    EXPECT_EQ(claimed(kind, "", "", exit_code(0)).failure, FailureClass::empty);
    EXPECT_EQ(claimed(kind, "", "", exit_code(9)).failure, FailureClass::crash);
    EXPECT_EQ(claimed(kind, "", "unknown option\n", exit_code(1)).failure, FailureClass::invalid);
    EXPECT_EQ(claimed(kind, "", "unknown option\n", exit_code(1)).message, "unknown option");
  }
  EXPECT_EQ(claimed("codex", "{\"type\":\"turn.completed\",\"usage\":{}}\n", "", exit_code(0)).failure,
            FailureClass::empty);
}

TEST(Readers, a_session_that_could_be_an_option_is_not_taken) {
  EXPECT_EQ(
      claimed("codex", "{\"type\":\"thread.started\",\"thread_id\":\"--help\"}\n", "", exit_code(0)).session,
      "");
  EXPECT_EQ(claimed("claude", "{\"type\":\"system\",\"subtype\":\"init\",\"session_id\":\"a b\"}\n", "",
                    exit_code(0))
                .session,
            "");
}

TEST(Readers, the_message_is_at_most_2000_bytes) {
  const std::string text(9'000, 'm');
  const std::string end =
      "{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":false,\"result\":\"" + text + "\"}\n";
  EXPECT_EQ(claimed("claude", end, "", exit_code(0)).message.size(), 2'000U);
}

}  // namespace
}  // namespace pianola::agents
