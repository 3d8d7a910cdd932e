// The plan cases of the list of bad inputs that concern bytes, YAML and JSON.
#include <gtest/gtest.h>

#include <string>

#include "plan/loading.h"
#include "plan/scalar.h"
#include "plan/tree.h"

namespace pianola::plan {
namespace {

const std::string whole_plan = one_task("");

std::string repeated(std::string_view part, size_t times) {
  std::string out;
  for (size_t i = 0; i < times; ++i) out += part;
  return out;
}

TEST(Syntax, P01_an_empty_plan_is_named_at_its_first_place) {
  const std::string none = "the plan has no tasks; expected at least one; write one under tasks:";
  EXPECT_EQ(finding(""), "tasks.yaml:1:1: " + none);
  EXPECT_EQ(finding("# only\n# comments\n"), "tasks.yaml:1:1: " + none);
  EXPECT_EQ(finding("---\n"), "tasks.yaml:2:1: " + none);
  EXPECT_EQ(finding("tasks: []\n"), "tasks.yaml:1:8: " + none);
  EXPECT_EQ(finding("tasks:\n"), "tasks.yaml:1:7: " + none);
  EXPECT_EQ(finding("request: x\n"), "tasks.yaml:1:1: " + none);
  EXPECT_EQ(finding("", Strictness::every_rule, "p.json"), "p.json:1:1: " + none);
}

TEST(Syntax, P02_more_than_16_MB_is_refused) {
  const std::string big = "# " + std::string(text_limit_bytes - 1, 'x');
  EXPECT_EQ(finding(big),
            "tasks.yaml:1:1: the file has 16777217 bytes; expected at most 16777216 (16 MB); split the plan");
  const std::string fits = "# " + std::string(text_limit_bytes - 2, 'x');
  EXPECT_EQ(finding(fits),
            "tasks.yaml:1:1: the plan has no tasks; expected at least one; write one under tasks:");
}

TEST(Syntax, P03_the_first_byte_that_is_not_text_is_named_with_offset_and_line) {
  EXPECT_EQ(
      finding("tasks:\n  - \xff\n"),
      "tasks.yaml:2:5: byte 0xff at offset 11 is not UTF-8; expected UTF-8 text; save the file as UTF-8");
  EXPECT_EQ(
      finding(std::string("\xff\xfet\0a\0", 6)),
      "tasks.yaml:1:1: byte 0xff at offset 0 is not UTF-8; expected UTF-8 text; save the file as UTF-8");
  EXPECT_EQ(finding(std::string("a: b\nc: \0d\n", 11)),
            "tasks.yaml:2:4: NUL byte at offset 8; expected text; remove it, or save the file as UTF-8");
  EXPECT_EQ(finding("a: \x1b[31m\n"),
            "tasks.yaml:1:4: control character 0x1b at offset 3; expected text; remove it, or save the file "
            "as UTF-8");
  EXPECT_EQ(
      finding("\xEF\xBB\xBFx: \xc0\xaf\n"),
      "tasks.yaml:1:4: byte 0xc0 at offset 6 is not UTF-8; expected UTF-8 text; save the file as UTF-8");
  EXPECT_EQ(finding("a: \xEF\xBF\xBF\n"),
            "tasks.yaml:1:4: control characters are not allowed; expected text; remove it");
}

TEST(Syntax, P04_a_byte_order_mark_and_windows_line_ends_are_accepted) {
  std::string windows = "\xEF\xBB\xBF";
  for (const char c : whole_plan) windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
  EXPECT_EQ(finding(windows), "");
  EXPECT_TRUE(load_text(windows).plan == load_text(whole_plan).plan);
  EXPECT_EQ(finding("\xEF\xBB\xBFtasks:\r\n  - id: 1\r\n", Strictness::well_formed),
            "tasks.yaml:2:9: id 1 is a number; expected text; write id: \"1\"");
}

TEST(Syntax, P05_a_tab_in_the_indentation_is_named_where_it_stands) {
  const std::string tab = "tab in indentation; expected spaces; replace it by two";
  EXPECT_EQ(finding("tasks:\n\t- id: a\n"), "tasks.yaml:2:1: " + tab);
  EXPECT_EQ(finding("tasks:\n  - id: a\n  \tdescription: x\n"), "tasks.yaml:3:3: " + tab);
}

TEST(Syntax, P06_a_key_that_stands_twice_is_named_with_both_lines) {
  EXPECT_EQ(finding("tasks:\n  - id: a\n    files_write: [x]\n    id: b\n"),
            "tasks.yaml:4:5: key \"id\" stands twice, first at 2:5; expected each key once; drop one of 2:5 "
            "and 4:5");
  std::string many;
  for (int i = 0; i < 40; ++i) many += "x-" + std::to_string(i) + ": 1\n";
  EXPECT_EQ(finding(many + "x-7: 2\nx-3: 2\n"),
            "tasks.yaml:41:1: key \"x-7\" stands twice, first at 8:1; expected each key once; drop one of "
            "8:1 and 41:1");
}

TEST(Syntax, P08_aliases_that_grow_the_plan_are_refused) {
  std::string laughs = "a0: &a0 [l, l, l, l, l, l, l, l, l]\n";
  for (int level = 1; level < 7; ++level) {
    const std::string alias = "*a" + std::to_string(level - 1);
    laughs += "a" + std::to_string(level) + ": &a" + std::to_string(level) + " [" + alias +
              repeated(", " + alias, 8) + "]\n";
  }
  EXPECT_EQ(finding(laughs),
            "tasks.yaml:1:1: aliases turn 78 values into 6053505; expected at most 10 times as many; write "
            "the values out");
  EXPECT_EQ(finding("a: &a x\nb: [" + repeated("*a, ", 101) + "]\n"),
            "tasks.yaml:2:405: more than 100 aliases; expected at most 100; write the values out");
  EXPECT_EQ(finding("a: *b\n"),
            "tasks.yaml:1:4: alias *b has no anchor before it; expected &b on an earlier value; write the "
            "value out");
}

TEST(Syntax, aliases_in_measure_mean_what_they_name) {
  const std::string shared =
      "x-checks: &checks [{command: pytest, type: test}]\ntasks:\n"
      "  - {id: a, files_write: [a], verification: *checks}\n"
      "  - {id: b, files_write: [b], verification: *checks}\n";
  const Loaded loaded = load_text(shared);
  ASSERT_TRUE(loaded.plan) << finding(shared);
  EXPECT_EQ(loaded.plan->tasks[0].verification, loaded.plan->tasks[1].verification);
  EXPECT_EQ(loaded.plan->post_merge_checks.size(), 1U);
}

TEST(Syntax, P09_an_anchor_that_contains_itself_is_refused) {
  EXPECT_EQ(
      finding("tasks: &x [*x]\n"),
      "tasks.yaml:1:12: alias *x stands inside its own anchor, 1:11; expected a value that does not contain "
      "itself; write the value out");
}

TEST(Syntax, P10_nesting_stops_at_64_levels) {
  const std::string deep = "more than 64 levels of nesting; expected at most 64; write it flatter";
  EXPECT_EQ(finding(repeated("[", 100'000)), "tasks.yaml:1:65: " + deep);
  EXPECT_EQ(finding(repeated("{a: ", 100'000)), "tasks.yaml:1:257: " + deep);
  EXPECT_EQ(finding(repeated("- ", 100'000)), "tasks.yaml:1:129: " + deep);
  EXPECT_EQ(finding("x-a: " + repeated("[", 63) + repeated("]", 63) + "\n" + whole_plan), "");
  EXPECT_NE(finding("x-a: " + repeated("[", 64) + repeated("]", 64) + "\n" + whole_plan), "");
}

TEST(Syntax, P11_tags_and_merge_keys_are_refused_by_name) {
  EXPECT_EQ(finding("tasks: !!python/object:os.system [x]\n"),
            "tasks.yaml:1:8: tag tag:yaml.org,2002:python/object:os.system; expected no tags; drop the tag");
  EXPECT_EQ(finding("a: !mine x\n"), "tasks.yaml:1:4: tag !mine; expected no tags; drop the tag");
  EXPECT_EQ(finding("a: &a {b: 1}\nc:\n  <<: *a\n"),
            "tasks.yaml:3:3: merge key <<; expected plain keys; write the keys out");
  EXPECT_EQ(finding("%TAG ! tag:x,2000:\n---\na: 1\n"),
            "tasks.yaml:1:1: tag directive %TAG; expected no tags; drop the directive");
}

TEST(Syntax, P12_a_second_document_is_refused_where_it_begins) {
  EXPECT_EQ(finding(whole_plan + "---\ntasks: []\n"),
            "tasks.yaml:5:1: a second document begins; expected one document; move it to a file of its own");
  EXPECT_EQ(finding("---\n" + whole_plan + "...\n"), "");
}

TEST(Syntax, a_fault_of_the_syntax_stands_alone_and_names_where_its_context_begins) {
  EXPECT_EQ(finding("tasks:\n  - id: 1\n    depends_on: [b, c\n"),
            "tasks.yaml:4:1: did not find expected ',' or ']'; expected well-formed YAML; while parsing a "
            "flow sequence "
            "that begins at 3:17");
  EXPECT_EQ(finding("é: [é, 'x\n"),
            "tasks.yaml:2:1: found unexpected end of stream; expected well-formed YAML; while scanning a "
            "quoted scalar "
            "that begins at 1:10");
  EXPECT_EQ(finding("? [a]\n: b\n"),
            "tasks.yaml:1:3: a key is a list or a mapping; expected text; write the key as one word");
}

TEST(Syntax, columns_count_bytes) {
  EXPECT_EQ(finding(one_task("    x-é: {é: ok}\n")), "");
  EXPECT_EQ(finding(one_task("    description: {é: é, é: 1}\n")),
            "tasks.yaml:5:27: key \"é\" stands twice, first at 5:19; expected each key once; drop one of "
            "5:19 and 5:27");
}

TEST(Syntax, P36_strict_json_faults_have_line_and_column) {
  const auto json = [](std::string_view text) { return finding(text, Strictness::every_rule, "p.json"); };
  EXPECT_EQ(json("{\n  // note\n  \"tasks\": []\n}\n"),
            "p.json:2:3: a comment where a key begins; expected a key in double quotes");
  EXPECT_EQ(json("{\"tasks\": [1,\n]}"),
            "p.json:2:1: a comma before ]; expected a value after the comma; drop the comma");
  EXPECT_EQ(json("{\"tasks\": [],\n}"),
            "p.json:2:1: a comma before }; expected a key after the comma; drop the comma");
  EXPECT_EQ(
      json("{\"a\": 1,\n \"a\": 2}"),
      "p.json:2:2: key \"a\" stands twice, first at 1:2; expected each key once; drop one of 1:2 and 2:2");
  EXPECT_EQ(json(repeated("[", 100'000)),
            "p.json:1:65: more than 64 levels of nesting; expected at most 64; write it flatter");
  EXPECT_EQ(
      json("{\"a\": 1e400}"),
      "p.json:1:7: number 1e400 is out of range; expected a number of at most 1.8e308; write a smaller one");
  EXPECT_EQ(json("{\"a\": 'x'}"),
            "p.json:1:7: ''' where a value begins; expected a JSON value; put text in double quotes");
  EXPECT_EQ(json("{\"a\": nan}"),
            "p.json:1:7: 'n' where a value begins; expected a JSON value; put text in double quotes");
  EXPECT_EQ(json("{\"a\": 01}"),
            "p.json:1:7: '0' where a value begins; expected a JSON value; put text in double quotes");
  EXPECT_EQ(json("{\"a\" 1}"), "p.json:1:6: '1' after a key; expected \":\"");
  EXPECT_EQ(json("{\"a\": 1 \"b\": 2}"),
            "p.json:1:9: '\"' after a value of a mapping; expected \",\" or \"}\"");
  EXPECT_EQ(json("[1 2]"), "p.json:1:4: '2' after an item of a list; expected \",\" or \"]\"");
  EXPECT_EQ(json("{\"a\": \"x"), "p.json:1:7: a text without its closing quote; expected \"");
  EXPECT_EQ(json("{\"a\": \"x\ny\"}"),
            "p.json:1:9: a line end inside a text; expected \\n; close the text with \"");
  EXPECT_EQ(json("{\"a\": \"x\ty\"}"),
            "p.json:1:9: a tab inside a text; expected \\t; close the text with \"");
  EXPECT_EQ(json("{\"a\": \"\\q\"}"),
            "p.json:1:8: an unknown escape; expected one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX");
  EXPECT_EQ(
      json("{\"a\": \"\\ud800\"}"),
      "p.json:1:8: an escape that is no character; expected \\u and four hex digits, surrogates in pairs");
  EXPECT_EQ(json("{} x"), "p.json:1:4: 'x' after the end of the value; expected the end of the file");
  EXPECT_EQ(json("{\"a\":"),
            "p.json:1:6: the end of the file where a value begins; expected a JSON value; put text in double "
            "quotes");
}

TEST(Syntax, a_plan_in_json_is_the_plan_it_is_in_yaml) {
  const std::string json =
      "{\"tasks\":[{\"id\":\"a\",\"files_write\":[\"src/a\"],\n\t\"verification\":[{\"command\":\"pytest "
      "-q\","
      "\"type\":\"test\"}],\"description\":\"\\ud83d\\ude00 \\u00e9\\/\"}]}";
  const Loaded as_json = load_text(json, Strictness::every_rule, "plan.json");
  ASSERT_TRUE(as_json.plan) << finding(json, Strictness::every_rule, "plan.json");
  EXPECT_EQ(as_json.plan->tasks[0].description, "\xF0\x9F\x98\x80 \xC3\xA9/");
  EXPECT_TRUE(load_text(json).plan == as_json.plan);
  EXPECT_EQ(load_text(one_task("    description: \"\\U0001F600 é/\"\n")).plan, as_json.plan);
}

TEST(Syntax, flow_style_outside_json_files_may_have_comments) {
  EXPECT_EQ(finding("{tasks: [  # note\n  {id: a, files_write: [x], verification: [pytest]},\n]}\n"), "");
}

TEST(Scalars, follow_the_core_schema) {
  for (const char* text : {"", "~", "null", "Null", "NULL"})
    EXPECT_EQ(scalar_type(text), ScalarType::null) << text;
  for (const char* text : {"true", "False", "TRUE"})
    EXPECT_EQ(scalar_type(text), ScalarType::boolean) << text;
  for (const char* text : {"0", "-7", "+12", "0o17", "0x1F", "007"})
    EXPECT_EQ(scalar_type(text), ScalarType::integer) << text;
  for (const char* text : {"1.", ".5", "1e3", "-1.5E-2", ".inf", "-.Inf", ".nan", "+.5e1"}) {
    EXPECT_EQ(scalar_type(text), ScalarType::number) << text;
  }
  for (const char* text : {"yes", "no", "on", "y", "nUll", "0o8", "0x", "1_000", "1e", ".", "-", "+", "e3",
                           "1:30", "0b1", "--1", "1.2.3", ".infx"}) {
    EXPECT_EQ(scalar_type(text), ScalarType::text) << text;
  }
}

TEST(Scalars, have_values_where_a_double_can_hold_them) {
  EXPECT_EQ(scalar_number("0x1F"), 31.0);
  EXPECT_EQ(scalar_number("0o17"), 15.0);
  EXPECT_EQ(scalar_number("+1.5e1"), 15.0);
  EXPECT_EQ(scalar_number("-7"), -7.0);
  EXPECT_FALSE(scalar_number("1e400"));
  EXPECT_FALSE(scalar_number(".inf"));
  EXPECT_FALSE(scalar_number(".nan"));
  EXPECT_FALSE(scalar_number("x"));
}

TEST(Lines, are_found_for_every_kind_of_line_end) {
  const std::string text = "a\nbc\r\nd\re";
  const LineIndex lines(text);
  EXPECT_EQ(lines.mark(0), (Mark{1, 1}));
  EXPECT_EQ(lines.mark(3), (Mark{2, 2}));
  EXPECT_EQ(lines.mark(6), (Mark{3, 1}));
  EXPECT_EQ(lines.mark(8), (Mark{4, 1}));
  EXPECT_EQ(lines.mark(9), (Mark{4, 2}));
  EXPECT_EQ(lines.line(text, 2), "bc");
  EXPECT_EQ(lines.line(text, 4), "e");
  EXPECT_EQ(lines.line(text, 5), "");
}

}  // namespace
}  // namespace pianola::plan
