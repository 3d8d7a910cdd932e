#include "view/line.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "view/numbers.h"

namespace pianola::view {
namespace {

TEST(Look, every_state_has_a_word_two_glyphs_of_one_column_and_no_twin) {
  ASSERT_EQ(state_looks().size(), 17U);
  for (const StateLook& look : state_looks()) {
    EXPECT_EQ(columns(look.glyph), 1U) << look.word;
    ASSERT_EQ(look.ascii.size(), 1U) << look.word;
    EXPECT_TRUE(look.ascii[0] > ' ' && look.ascii[0] < 0x7F) << look.word;
    for (const StateLook& other : state_looks()) {
      if (&other == &look) continue;
      EXPECT_NE(look.word, other.word);
      EXPECT_NE(look.glyph, other.glyph);
      EXPECT_NE(look.ascii, other.ascii);
    }
  }
}

TEST(Line, is_cut_with_an_ellipsis_at_the_last_column) {
  const Terminal ten{.width = 10};
  EXPECT_EQ(Line(ten).put("0123456789").text(), "0123456789");
  EXPECT_EQ(Line(ten).put("01234").put("567890").text(), "012345678…");
  EXPECT_EQ(Line(ten).put("日本語日本語").text(), "日本語日…");
  EXPECT_EQ(Line({.width = 10, .glyphs = Glyphs::ascii}).put("0123456789x").text(), "012345678~");
  EXPECT_EQ(Line({.width = 1}).put("ab").text(), "…");
}

TEST(Line, colours_only_what_has_a_role_and_drops_spaces_at_its_end) {
  const Terminal coloured{.width = 80, .colour = Colour::ansi16};
  EXPECT_EQ(Line(coloured).cell("bad", 6, Role::bad).cell("", 4).text(), "\x1b[1;31mbad\x1b[0m");
  EXPECT_EQ(Line(coloured).put("n", Role::need).put("p", Role::park).put("w", Role::warn).text(),
            "\x1b[30;43mn\x1b[0m\x1b[35mp\x1b[0m\x1b[33mw\x1b[0m");
  EXPECT_EQ(Line({.width = 0, .colour = Colour::ansi16}).put("bad", Role::bad).text(), "bad");
}

TEST(Line, the_ascii_set_holds_nothing_else) {
  EXPECT_EQ(in_set("h\xC3\xA9, 日 …", Glyphs::ascii), "h\\u{00E9}, \\u{65E5} ~");
  EXPECT_EQ(in_set("\xF0\x9F\x98\x80", Glyphs::ascii), "\\u{1F600}");
}

TEST(Paragraph, wraps_at_words_and_breaks_only_words_that_are_too_long) {
  std::vector<std::string> out;
  put_paragraph(out, {.head = Line({.width = 30}).cell("why", 4), .indent = 5, .lines_max = 9},
                "one two three four five six averyveryveryverylongwordindeed end");
  EXPECT_EQ(out, (std::vector<std::string>{"why  one two three four five", "     six",
                                           "     averyveryveryverylongword", "     indeed end"}));
}

TEST(Paragraph, the_last_line_it_may_have_is_cut) {
  std::vector<std::string> out;
  put_paragraph(out, {.head = Line({.width = 12}), .indent = 2, .lines_max = 2},
                "one two three four five six");
  EXPECT_EQ(out, (std::vector<std::string>{"one two", "   three fo…"}));
}

TEST(Paragraph, a_command_moves_left_rather_than_being_cut) {
  std::vector<std::string> out;
  put_whole(out, {.width = 40}, 26, "pianola logs session-store --gate");
  EXPECT_EQ(out, (std::vector<std::string>{"    pianola logs session-store --gate"}));
  out.clear();
  put_whole(out, {.width = 24}, 26, "pianola logs session-store --gate");
  EXPECT_EQ(out, (std::vector<std::string>{"    pianola logs", "    session-store --gate"}));
}

TEST(Numbers, money_and_tokens_are_dashes_when_unknown_and_never_round_to_nothing) {
  EXPECT_EQ(money_text(-1), "-");
  EXPECT_EQ(money_text(0), "$0.00");
  EXPECT_EQ(money_text(4'999), "<$0.01");
  EXPECT_EQ(money_text(5'000), "$0.01");
  EXPECT_EQ(money_text(520'000), "$0.52");
  EXPECT_EQ(money_text(14'199'999), "$14.20");
  EXPECT_EQ(tokens_text(-1), "-");
  EXPECT_EQ(tokens_text(999), "999");
  EXPECT_EQ(tokens_text(4'149), "4.1k");
  EXPECT_EQ(tokens_text(9'949), "9.9k");
  EXPECT_EQ(tokens_text(9'950), "10k");
  EXPECT_EQ(tokens_text(410'000), "410k");
  EXPECT_EQ(tokens_text(999'499), "999k");
  EXPECT_EQ(tokens_text(999'500), "1.0M");
  EXPECT_EQ(tokens_text(1'290'000), "1.3M");
}

TEST(Numbers, ages_and_countdowns) {
  EXPECT_EQ(age_text(Duration::from_s(-5)), "0s");
  EXPECT_EQ(age_text(Duration::from_s(59)), "59s");
  EXPECT_EQ(age_text(Duration::from_s(19 * 60 + 59)), "19m");
  EXPECT_EQ(age_text(Duration::from_s(7'200)), "2h");
  EXPECT_EQ(age_text(Duration::from_s(86'400 * 3)), "3d");
  EXPECT_EQ(countdown_text(Duration::from_ms(1)), "1 s");
  EXPECT_EQ(countdown_text(Duration::from_s(30)), "30 s");
  EXPECT_EQ(countdown_text(Duration::from_ms(59'001)), "1:00");
  EXPECT_EQ(countdown_text(Duration::from_s(958)), "15:58");
  EXPECT_EQ(countdown_text(Duration::from_s(-1)), "0 s");
}

TEST(Numbers, names_are_short) {
  EXPECT_EQ(short_hash("9f3ac21d0000"), "9f3ac21");
  EXPECT_EQ(short_hash(""), "-");
  EXPECT_EQ(short_ref("refs/heads/release/1"), "release/1");
  EXPECT_EQ(leaf_of("/srv/shop/"), "shop");
  EXPECT_EQ(leaf_of("/"), "/");
  EXPECT_EQ(counted(1, "try", "tries"), "1 try");
  EXPECT_EQ(counted(0, "task"), "0 tasks");
}

}  // namespace
}  // namespace pianola::view
