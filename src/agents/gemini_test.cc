// What the readers of gemini and qwen make of single lines.
#include <gtest/gtest.h>

#include "agents/recordings_test.h"

namespace pianola::agents {
namespace {

using core::Claim;
using core::FailureClass;

TEST(Gemini, a_run_with_tools_reads_as_one_line_each) {
  EXPECT_EQ(
      observed("gemini", recorded("gemini", "tool-use", ".jsonl")),
      (Lines{"session 2292f61a-e273-471c-9fe1-28ef9b7f61f0 gemini-2.5-pro", "said I will write the file.",
             "writes /repo/hello.txt: ", "writes /repo/hello.txt: 1 lines",
             "commits add hello: ", "commits add hello: ended", "said Done: hello.txt is committed.",
             "usage 6200 135 3300 -1 context -1 of -1", "ended true none Done: hello.txt is committed."}));
}

TEST(Gemini, a_text_in_pieces_is_said_once) {
  const Lines seen = observed("gemini", recorded("gemini", "drop-once", ".jsonl"));
  ASSERT_EQ(seen.size(), 4U);
  EXPECT_TRUE(seen[1].starts_with("said This is a long answer that is streamed in many small pieces so"));
  EXPECT_TRUE(seen[1].ends_with("in the middle of it can be seen")) << seen[1];
  EXPECT_EQ(seen[3], "ended false transient [API Error: terminated]");
}

TEST(Gemini, that_it_waits_stands_on_stderr_only) {
  const std::unique_ptr<OutputReader> reader = find_adapter("gemini")->reader();
  Lines seen;
  for (const char byte : recorded("gemini", "rate-limit-bare", ".stderr.txt")) {
    for (const Observation& one : reader->feed(Stream::err, {&byte, 1})) seen.push_back(told(one));
  }
  EXPECT_EQ(seen,
            (Lines{"again Attempt 1 failed: You exceeded your current quota, please check your plan and "
                   "billing details."}));
  EXPECT_EQ(reader->conclude(exit_code(0), true).failure, FailureClass::quota);
  EXPECT_EQ(claimed("gemini", "", "Invalid auth method selected.\n", exit_code(41)).failure,
            FailureClass::auth);
}

TEST(Gemini, its_shell_that_refuses_is_told_as_denied) {
  const std::string stream =
      R"({"type":"tool_use","tool_name":"run_shell_command","tool_id":"t","parameters":{"command":"ls `pwd`"}})"
      "\n"
      R"({"type":"tool_result","tool_id":"t","status":"success",)"
      R"("output":"Blocked: command substitution detected in shell command."})"
      "\n";
  EXPECT_EQ(observed("gemini", stream)[1],
            "denied runs ls `pwd`: Blocked: command substitution detected in shell command. (failed)");
}

TEST(Gemini, counts_that_are_no_counts_are_flagged_and_left_out) {
  const std::string end = R"({"type":"result","status":"success","stats":{"input_tokens":-5}})"
                          "\n";
  EXPECT_EQ(observed("gemini", end)[0], "skipped token counts that are no counts");
  EXPECT_EQ(claimed("gemini", end, "", exit_code(0)).usage, core::Usage{});
}

TEST(Qwen, a_run_with_tools_reads_as_one_line_each) {
  EXPECT_EQ(
      observed("qwen", recorded("qwen", "tool-use", ".jsonl")),
      (Lines{"session ad7c377e-0172-4a0d-b817-ab384a91dbb5 fake-model", "said I will write the file.",
             "writes hello.txt: ", "usage 1200 60 0 -1 context 1260 of -1", "writes hello.txt: 1 lines",
             "commits add hello: ", "usage 3600 110 1000 -1 context 2450 of -1", "commits add hello: ended",
             "said Done: hello.txt is committed.", "usage 6200 135 3300 -1 context 2625 of -1",
             "usage 6200 135 3300 -1 context -1 of -1", "ended true none Done: hello.txt is committed."}));
  EXPECT_EQ(observed("qwen", recorded("qwen", "denied", ".jsonl"))[4].substr(0, 42),
            "denied calls Bash: Qwen Code requires perm");
}

TEST(Qwen, an_error_is_one_only_where_no_token_was_counted) {
  const auto saying = [](const std::string& tokens) {
    return R"({"type":"assistant","message":{"content":[{"type":"text","text":"[API Error: 401 no]"}],"usage":)"
           R"({"input_tokens":)" +
           tokens + R"(,"output_tokens":)" + tokens +
           "}}}\n"
           R"({"type":"result","subtype":"success","is_error":false,"result":"[API Error: 401 no]"})"
           "\n";
  };
  EXPECT_EQ(claimed("qwen", saying("0"), "", exit_code(0)).failure, FailureClass::auth);
  EXPECT_TRUE(claimed("qwen", saying("9"), "", exit_code(0)).success);
}

}  // namespace
}  // namespace pianola::agents
