#include "world/connect_head.h"

#include <gtest/gtest.h>

namespace pianola::world {
namespace {

std::string said(std::string_view bytes) {
  const Asked asked = read_head(bytes);
  if (asked.state == Asked::State::unfinished) return "unfinished";
  if (asked.state == Asked::State::broken) return "broken";
  return std::string(asked.is_connect ? "connect " : "other ") + (asked.to ? asked.to->text() : "nowhere");
}

TEST(ConnectHead, is_read_however_its_bytes_come) {
  const std::string head = connect_head({"api.example.com", 443});
  for (size_t size = 0; size < head.size(); ++size) EXPECT_EQ(said(head.substr(0, size)), "unfinished");
  EXPECT_EQ(said(head), "connect api.example.com:443");
  EXPECT_EQ(read_head(head + "\x16\x03").bytes, head.size());
  EXPECT_EQ(said("CONNECT [::1]:8080 HTTP/1.0\r\nUser-Agent: x\r\n\r\n"), "connect [::1]:8080");
}

TEST(ConnectHead, tells_other_methods_by_where_they_lead) {
  EXPECT_EQ(said("GET http://pkg.test/simple HTTP/1.1\r\n\r\n"), "other pkg.test:80");
  EXPECT_EQ(said("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), "other nowhere");
  EXPECT_EQ(said("CONNECT nonsense HTTP/1.1\r\n\r\n"), "connect nowhere");
}

TEST(ConnectHead, that_is_none_is_broken_at_once) {
  EXPECT_EQ(said("\x16\x03\x01"), "broken");
  EXPECT_EQ(said("hello\r\n\r\n"), "broken");
  EXPECT_EQ(said("CONNECT a:1\r\n\r\n"), "broken");
  EXPECT_EQ(said("CONNECT a:1 HTTP/2\r\n\r\n"), "broken");
  EXPECT_EQ(said(std::string(head_max_bytes, 'a')), "broken");
  EXPECT_EQ(said("CONNECT a:1 HTTP/1.1\r\nX: " + std::string(head_max_bytes, 'x') + "\r\n\r\n"), "broken");
}

TEST(ConnectAnswer, lets_bytes_through_only_after_a_200) {
  EXPECT_EQ(read_answer(connected_answer).state, Answered::State::connected);
  EXPECT_EQ(read_answer(std::string(connected_answer) + "more").bytes, connected_answer.size());
  EXPECT_EQ(read_answer("HTTP/1.1 200 Conn").state, Answered::State::unfinished);
  EXPECT_EQ(read_answer(refusal_answer(Status::forbidden, "no")).state, Answered::State::refused);
  EXPECT_EQ(refusal_answer(Status::forbidden, "no"),
            "HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nContent-Length: 3\r\nConnection: "
            "close\r\n\r\nno\n");
}

}  // namespace
}  // namespace pianola::world
