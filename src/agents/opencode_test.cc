// What the reader of opencode makes of single lines.
#include <gtest/gtest.h>

#include "agents/recordings_test.h"

namespace pianola::agents {
namespace {

using core::FailureClass;

TEST(Opencode, a_run_with_tools_reads_as_one_line_each) {
  EXPECT_EQ(observed("opencode", recorded("opencode", "tool-use", ".jsonl")),
            (Lines{"session ses_e0360cc83ffeRaA28uRyvU7eDh ", "said I will write the file.",
                   "writes /repo/hello.txt: 1 lines", "usage 1200 60 0 -1 context 1260 of -1",
                   "commits add hello: exit 0", "usage 3600 110 1000 -1 context 2450 of -1",
                   "said Done: hello.txt is committed.", "usage 6200 135 3300 -1 context 2625 of -1",
                   "ended true none Done: hello.txt is committed."}));
  EXPECT_EQ(observed("opencode", recorded("opencode", "tool-error", ".jsonl"))[1],
            "runs echo nope >&2; exit 3: exit 3 (failed)");
  EXPECT_EQ(observed("opencode", recorded("opencode", "denied", ".jsonl"))[2],
            "denied runs touch /repo/no2.txt: The user rejected permission to use this specific tool call. "
            "(failed)");
}

TEST(Opencode, that_it_waits_stands_in_its_log_only) {
  const std::unique_ptr<OutputReader> reader = find_adapter("opencode")->reader();
  const std::vector<Observation> seen =
      reader->feed(Stream::err, recorded("opencode", "rate-limit-long-logs", ".stderr.txt"));
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(told(seen[0]).substr(0, 49), "again AI_APICallError: Rate limit reached for gpt");
  EXPECT_EQ(reader->conclude({core::ExitKind::signal, 15, true, {}}, true).failure, FailureClass::quota);
}

TEST(Opencode, a_step_that_does_not_stop_by_itself_is_no_success) {
  const auto step = [](const std::string& reason) {
    return R"({"type":"text","sessionID":"s","part":{"text":"so far"}})"
           "\n"
           R"({"type":"step_finish","sessionID":"s","part":{"reason":")" +
           reason + "\"}}\n";
  };
  EXPECT_TRUE(claimed("opencode", step("stop"), "", exit_code(0)).success);
  EXPECT_EQ(claimed("opencode", step("length"), "", exit_code(0)).failure, FailureClass::context);
  EXPECT_EQ(claimed("opencode", step("content-filter"), "", exit_code(0)).failure, FailureClass::policy);
  EXPECT_EQ(claimed("opencode", step("tool-calls"), "", exit_code(0)).failure, FailureClass::crash);
}

TEST(Opencode, money_is_summed_and_never_said_to_be_nothing) {
  const auto step = [](const std::string& cost) {
    return R"({"type":"step_finish","part":{"reason":"stop","tokens":{"input":5,"output":1},"cost":)" + cost +
           "}}\n";
  };
  EXPECT_EQ(claimed("opencode", step("0.25") + step("0.5"), "", exit_code(0)).usage.cost_microusd, 750'000);
  EXPECT_EQ(claimed("opencode", step("0"), "", exit_code(0)).usage.cost_microusd, -1);
  EXPECT_EQ(claimed("opencode", step("-3"), "", exit_code(0)).usage.cost_microusd, -1);
}

}  // namespace
}  // namespace pianola::agents
