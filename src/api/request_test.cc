#include "api/request.h"

#include <gtest/gtest.h>

namespace pianola::api {
namespace {

TEST(Request, what_is_written_is_read_back) {
  const std::vector<core::Input> inputs = {core::StopRequested{core::Stopping::finish_running},
                                           core::StopRequested{core::Stopping::end_all},
                                           core::TaskStopRequested{core::TaskId("a")},
                                           core::SayRequested{core::TaskId("a"), "say \"it\"\n"},
                                           core::PauseRequested{"lunch"},
                                           core::ResumeRequested{},
                                           core::PromoteRequested{core::PromoteMode::checkout},
                                           core::PromoteRequested{core::PromoteMode::leave}};
  for (const core::Input& input : inputs) {
    const std::string line = request_line(input);
    EXPECT_EQ(line.find('\n'), std::string::npos);
    const Result<core::Input> back = parse_request(line);
    ASSERT_TRUE(back) << line;
    EXPECT_EQ(request_line(*back), line);
  }
}

TEST(Request, a_line_that_asks_nothing_known_is_refused_by_name) {
  EXPECT_EQ(parse_request("[1]").error().text(),
            "request: not a JSON object; expected one object on one line");
  EXPECT_EQ(parse_request("{\"do\":\"dance\"}").error().text(),
            "request: no request \"dance\"; expected stop, stop_task, say, pause, resume or promote");
  EXPECT_EQ(parse_request("{\"do\":\"stop\"}").error().text(),
            "request: \"how\" is \"\"; expected finish or end_all");
}

TEST(Request, a_refusal_crosses_the_socket_whole) {
  const Error error{
      .kind = ErrorKind::held, .where = "r1", .what = "is held", .expected = "none", .next = "wait"};
  const Result<uint64_t> back = parse_reply(reply_line(refuse(error)));
  ASSERT_FALSE(back);
  EXPECT_EQ(back.error(), error);
  EXPECT_EQ(parse_reply(reply_line(uint64_t{42})).value(), 42U);
}

TEST(Request, an_error_names_its_place_and_its_exit_code) {
  const Error error{.kind = ErrorKind::bad_plan,
                    .where = "tasks.yaml:3:5",
                    .what = "unknown key",
                    .expected = "a task key",
                    .next = "nearest is id"};
  EXPECT_EQ(error_json(error, 3),
            R"({"error":{"code":"bad_plan","exit":3,"message":"tasks.yaml:3:5: unknown key",)"
            R"("at":{"file":"tasks.yaml","line":3,"col":5},"hint":"expected a task key; nearest is id"}})");
  const Error plain{.kind = ErrorKind::repository, .where = "/srv/x\xff", .what = "not a repository"};
  EXPECT_EQ(
      error_json(plain, 4),
      R"({"error":{"code":"repository","exit":4,"message":"/srv/x\\xff: not a repository","at":null,"hint":""}})");
}

}  // namespace
}  // namespace pianola::api
