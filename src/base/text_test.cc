#include "base/text.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "base/text_width.h"

namespace pianola {
namespace {

std::string shown(std::string_view raw) { return display(raw).str(); }

// Written out apart from the code under test.
std::string utf8_of(uint32_t point) {
  std::string out;
  const auto push = [&](uint32_t byte) { out += static_cast<char>(byte); };
  if (point < 0x80) {
    push(point);
  } else if (point < 0x800) {
    push(0xC0U | (point >> 6));
    push(0x80U | (point & 0x3FU));
  } else if (point < 0x10000) {
    push(0xE0U | (point >> 12));
    push(0x80U | ((point >> 6) & 0x3FU));
    push(0x80U | (point & 0x3FU));
  } else {
    push(0xF0U | (point >> 18));
    push(0x80U | ((point >> 12) & 0x3FU));
    push(0x80U | ((point >> 6) & 0x3FU));
    push(0x80U | (point & 0x3FU));
  }
  return out;
}

TEST(Display, escapes_every_byte_that_is_not_a_printable_character) {
  for (uint32_t byte = 0; byte < 256; ++byte) {
    const std::string raw(1, static_cast<char>(byte));
    std::string want = fmt::format("\\x{:02x}", byte);
    if (byte >= 0x20 && byte < 0x7F) want = raw;
    if (byte == '\n') want = "\\n";
    if (byte == '\t') want = "\\t";
    if (byte == '\\') want = "\\\\";
    EXPECT_EQ(shown(raw), want) << "byte " << byte;
    EXPECT_EQ(shown("a" + raw + "b"), "a" + want + "b") << "byte " << byte;
  }
}

TEST(Display, escapes_every_c1_control_character) {
  for (uint32_t point = 0x80; point < 0xA0; ++point) {
    EXPECT_EQ(shown(utf8_of(point)), fmt::format("\\x{:02x}", point));
  }
  EXPECT_EQ(shown(utf8_of(0xA0)), utf8_of(0xA0));
}

TEST(Display, names_bidi_and_invisible_characters) {
  const std::vector<uint32_t> hidden = {0x00AD, 0x034F,  0x061C,  0x180E,  0x200B, 0x200C, 0x200D, 0x200E,
                                        0x200F, 0x2028,  0x2029,  0x202A,  0x202B, 0x202C, 0x202D, 0x202E,
                                        0x2060, 0x2061,  0x2062,  0x2063,  0x2064, 0x2066, 0x2067, 0x2068,
                                        0x2069, 0x206A,  0x206F,  0x3164,  0xFE00, 0xFE0F, 0xFEFF, 0xFFF9,
                                        0xFFFB, 0xE0001, 0xE0041, 0xE007F, 0xE01EF};
  for (const uint32_t point : hidden) {
    EXPECT_EQ(shown("a" + utf8_of(point) + "b"), fmt::format("a\\u{{{:04X}}}b", point));
  }
}

TEST(Display, leaves_writing_of_all_scripts_alone) {
  for (const std::string text : {"naïve café", "Ελληνικά", "日本語", "العربية", "e\u0301", "🙂", "…─│▸"}) {
    EXPECT_EQ(shown(text), text);
  }
}

TEST(Display, makes_terminal_sequences_harmless) {
  EXPECT_EQ(shown("\x1b[2J\x1b]52;c;ZXZpbA==\x07"), "\\x1b[2J\\x1b]52;c;ZXZpbA==\\x07");
  EXPECT_EQ(shown("ok\rNO"), "ok\\x0dNO");
  EXPECT_EQ(shown("\xc2\x9b"
                  "31m"),
            "\\x9b31m");
}

TEST(Display, an_escape_written_by_a_worker_is_told_apart) { EXPECT_EQ(shown("\\x1b"), "\\\\x1b"); }

TEST(Display, of_any_two_bytes_is_valid_and_without_controls) {
  for (uint32_t both = 0; both < 0x10000; ++both) {
    const std::string text =
        shown(std::string{static_cast<char>(both >> 8), static_cast<char>(both & 0xFFU)});
    ASSERT_TRUE(is_utf8(text)) << both;
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      ASSERT_TRUE(byte >= 0x20 && byte != 0x7F) << both;
    }
  }
}

TEST(Display, lines_stay_lines) {
  EXPECT_EQ(display_lines("a\r\nb\tc\n"), "a\nb\\tc\n");
  EXPECT_EQ(display_lines("a\rb\r"), "a\\x0db");
  EXPECT_EQ(display_lines("\n\n"), "\n\n");
  EXPECT_EQ(display_lines(""), "");
  EXPECT_EQ(display_lines("\x1b[1m\n\xff"), "\\x1b[1m\n\\xff");
}

TEST(Utf8, accepts_the_shortest_form_of_every_scalar_value) {
  for (uint32_t point = 0; point <= 0x10FFFF; ++point) {
    const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    ASSERT_EQ(is_utf8(utf8_of(point)), !surrogate) << point;
  }
}

TEST(Utf8, refuses_what_rfc_3629_refuses_and_says_where) {
  const std::array<std::string_view, 16> bad = {"\x80",
                                                "\xBF",
                                                "\xC0\x80",
                                                "\xC1\xBF",
                                                "\xE0\x80\x80",
                                                "\xE0\x9F\xBF",
                                                "\xF0\x8F\xBF\xBF",
                                                "\xED\xA0\x80",
                                                "\xED\xBF\xBF",
                                                "\xF4\x90\x80\x80",
                                                "\xF5\x80\x80\x80",
                                                "\xFE",
                                                "\xFF",
                                                "\xC3",
                                                "\xE2\x82",
                                                "\xF0\x9F\x99"};
  for (const std::string_view bytes : bad) {
    size_t offset = 99;
    EXPECT_FALSE(is_utf8("ab" + std::string(bytes) + "cd", &offset)) << shown(bytes);
    EXPECT_EQ(offset, 2U) << shown(bytes);
    EXPECT_FALSE(is_utf8(bytes)) << shown(bytes);
  }
}

TEST(Utf8, is_looked_at_wherever_it_stands_in_plain_text) {
  for (size_t at = 0; at < 20; ++at) {
    const std::string plain(20, 'a');
    EXPECT_TRUE(is_utf8(plain.substr(0, at) + "ü" + plain.substr(at))) << at;
    std::string broken = plain;
    broken[at] = '\xC3';
    size_t offset = 99;
    EXPECT_FALSE(is_utf8(broken, &offset)) << at;
    EXPECT_EQ(offset, at);
  }
}

TEST(Utf8, leaves_the_offset_alone_when_all_is_well) {
  size_t offset = 99;
  EXPECT_TRUE(is_utf8("grün", &offset));
  EXPECT_TRUE(is_utf8("", &offset));
  EXPECT_EQ(offset, 99U);
}

TEST(Columns, counts_what_a_terminal_shows) {
  EXPECT_EQ(columns(""), 0U);
  EXPECT_EQ(columns("abc"), 3U);
  EXPECT_EQ(columns("é"), 1U);
  EXPECT_EQ(columns("e\u0301"), 1U);
  EXPECT_EQ(columns("日本"), 4U);
  EXPECT_EQ(columns("ｆ"), 2U);
  EXPECT_EQ(columns("한"), 2U);
  EXPECT_EQ(columns("🙂"), 2U);
  EXPECT_EQ(columns("…─│▸◉✓"), 6U);
  EXPECT_EQ(columns("a\u200Bb"), 2U);
  EXPECT_EQ(columns("\xff\xfe"), 2U);
}

TEST(Columns, of_a_point_at_the_edges_of_its_ranges) {
  EXPECT_EQ(point_columns(0x2FF), 1U);
  EXPECT_EQ(point_columns(0x300), 0U);
  EXPECT_EQ(point_columns(0x36F), 0U);
  EXPECT_EQ(point_columns(0x370), 1U);
  EXPECT_EQ(point_columns(0x10FF), 1U);
  EXPECT_EQ(point_columns(0x1100), 2U);
  EXPECT_EQ(point_columns(0xAC00), 2U);
  EXPECT_EQ(point_columns(0xD7A3), 2U);
  EXPECT_EQ(point_columns(0x20000), 2U);
  EXPECT_EQ(point_columns(0x10FFFF), 1U);
}

TEST(Fit, cuts_only_what_is_too_wide) {
  EXPECT_EQ(fit("branch", 6), "branch");
  EXPECT_EQ(fit("branch", 5), "bran…");
  EXPECT_EQ(fit("branch", 1), "…");
  EXPECT_EQ(fit("branch", 0), "");
  EXPECT_EQ(fit("", 3), "");
}

TEST(Fit, never_splits_a_character_or_takes_its_marks_away) {
  EXPECT_EQ(fit("日本語", 6), "日本語");
  EXPECT_EQ(fit("日本語", 5), "日本…");
  EXPECT_EQ(fit("日本語", 4), "日…");
  EXPECT_EQ(fit("日本語", 1), "…");
  EXPECT_EQ(fit("e\u0301e\u0301e\u0301", 3), "e\u0301e\u0301e\u0301");
  EXPECT_EQ(fit("e\u0301e\u0301e\u0301", 2), "e\u0301…");
}

TEST(Fit, never_exceeds_the_width) {
  for (const std::string text : {"plain words", "日本語 text", "a\u0301b🙂c", "\xff\xfe\xfd"}) {
    for (size_t width = 0; width < 14; ++width) EXPECT_LE(columns(fit(text, width)), width);
  }
}

TEST(EditDistance, counts_insertions_removals_changes_and_swaps) {
  EXPECT_EQ(edit_distance("", "", 5), 0U);
  EXPECT_EQ(edit_distance("abc", "abc", 5), 0U);
  EXPECT_EQ(edit_distance("abc", "", 5), 3U);
  EXPECT_EQ(edit_distance("kitten", "sitting", 5), 3U);
  EXPECT_EQ(edit_distance("depends_on", "depend_son", 5), 1U);
  EXPECT_EQ(edit_distance("ca", "abc", 5), 3U);  // optimal string alignment, not the unrestricted distance
  EXPECT_EQ(edit_distance("flies_write", "files_write", 5), 1U);
}

TEST(EditDistance, is_cut_off_above_the_limit) {
  EXPECT_EQ(edit_distance("abcdef", "", 2), 3U);
  EXPECT_EQ(edit_distance("aaaaaa", "bbbbbb", 2), 3U);
  EXPECT_EQ(edit_distance("aaa", "bbb", 3), 3U);
  EXPECT_EQ(edit_distance("ab", "ba", 0), 1U);
}

TEST(EditDistance, the_limit_never_changes_a_distance_within_it) {
  const std::vector<std::string> words = {"", "a", "ab", "ba", "abc", "acb", "cab", "bca", "abcd", "badc"};
  for (const std::string& one : words) {
    for (const std::string& other : words) {
      const size_t whole = edit_distance(one, other, 100);
      EXPECT_EQ(edit_distance(other, one, 100), whole) << one << " " << other;
      for (size_t limit = 0; limit < 6; ++limit) {
        EXPECT_EQ(edit_distance(one, other, limit), std::min(whole, limit + 1)) << one << " " << other;
      }
    }
  }
}

TEST(Utf8Text, is_the_text_itself_or_what_may_be_shown_of_it) {
  EXPECT_EQ(utf8_text("caf\xC3\xA9\n"), "caf\xC3\xA9\n");
  EXPECT_EQ(utf8_text("caf\xE9\n"), "caf\\xe9\\n");
}

TEST(Nearest, offers_what_was_probably_meant) {
  const std::vector<std::string> known = {"files_write", "files_read", "depends_on", "id"};
  EXPECT_EQ(nearest("file_write", known), "files_write");
  EXPECT_EQ(nearest("dependson", known), "depends_on");
  EXPECT_EQ(nearest("di", known), "id");
  EXPECT_EQ(nearest("colour", known), "");
  EXPECT_EQ(nearest("", known), "");
}

TEST(Nearest, prefers_the_closest_and_then_the_first) {
  const std::vector<std::string> known = {"tasks", "tack", "task"};
  EXPECT_EQ(nearest("task", known), "task");
  EXPECT_EQ(nearest("taskk", std::vector<std::string>{"tasks", "taska"}), "tasks");
}

}  // namespace
}  // namespace pianola
