#include "agents/lines.h"

#include <gtest/gtest.h>

namespace pianola::agents {
namespace {

std::vector<std::string> texts(const std::vector<Line>& lines) {
  std::vector<std::string> out;
  for (const Line& line : lines) out.push_back(line.text + (line.cut ? "|cut" : ""));
  return out;
}

using Texts = std::vector<std::string>;

TEST(Lines, a_newline_ends_a_line_and_the_rest_waits) {
  LineSplitter splitter;
  EXPECT_EQ(texts(splitter.feed("a\n\nb")), (Texts{"a", ""}));
  EXPECT_EQ(texts(splitter.feed("c\n")), (Texts{"bc"}));
  EXPECT_EQ(splitter.finish(), std::nullopt);
  EXPECT_EQ(texts(splitter.feed("torn")), Texts{});
  EXPECT_EQ(splitter.finish(), (Line{"torn", false}));
  EXPECT_EQ(splitter.finish(), std::nullopt);
}

TEST(Lines, a_line_is_cut_at_the_limit_whatever_the_split) {
  const std::string bytes = "12345\n123456\n1234567890123\nend\n";
  const Texts expected{"12345", "12345|cut", "12345|cut", "end"};
  for (size_t step = 1; step <= bytes.size(); ++step) {
    LineSplitter splitter(5);
    Texts seen;
    for (size_t at = 0; at < bytes.size(); at += step) {
      for (const std::string& text : texts(splitter.feed(bytes.substr(at, step)))) seen.push_back(text);
    }
    EXPECT_EQ(seen, expected) << step;
  }
}

TEST(Lines, a_tail_is_the_last_bytes_and_begins_at_a_character) {
  Tail tail(5);
  tail.add("abc");
  EXPECT_EQ(tail.text(), "abc");
  tail.add("defg");
  EXPECT_EQ(tail.text(), "cdefg");
  tail.add("aé€");  // 1, 2 and 3 bytes
  EXPECT_EQ(tail.text(), "é€");
  tail.add("x");
  EXPECT_EQ(tail.text(), "€x");
  tail.add(" \n\n");
  EXPECT_EQ(tail.text(), "x");
}

TEST(Lines, text_is_cut_at_a_character) {
  EXPECT_EQ(cut_at_character("abc", 3), "abc");
  EXPECT_EQ(cut_at_character("abé", 3), "ab");
  EXPECT_EQ(cut_at_character("a€", 2), "a");
  EXPECT_EQ(cut_at_character("€", 0), "");
  EXPECT_EQ(cut_at_character(std::string(9, '\x80'), 5).size(), 2U);
}

}  // namespace
}  // namespace pianola::agents
