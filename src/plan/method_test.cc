#include "plan/method.h"

#include <gtest/gtest.h>

namespace pianola::plan {
namespace {

std::string read_back(std::string_view text) {
  const auto method = parse_method(text);
  return method ? signature(*method) : method.error().what;
}

TEST(Method, is_read_as_people_write_it_and_has_one_form) {
  EXPECT_EQ(read_back("login"), "login()");
  EXPECT_EQ(read_back(" login ( user:str ,  password : str? )->Token "),
            "login(user: str, password: str?) -> Token");
  EXPECT_EQ(read_back("all(filter) -> list[map[str, User]]"), "all(filter) -> list[map[str, User]]");
  EXPECT_EQ(read_back("find(id: string) -> (Token, error)"), "find(id: string) -> (Token, error)");
  EXPECT_EQ(read_back("Find(id string) "), "parameter \"id string\" of method Find");
  EXPECT_EQ(read_back("next -> std::optional<std::map<int, A>>"),
            "next() -> std::optional<std::map<int, A>>");
}

TEST(Method, has_one_form_that_is_read_back) {
  for (const char* text : {"a", "a(b)", "a(b: int) -> c", "a() -> Map<string, (A, B)>"}) {
    const auto method = parse_method(text);
    ASSERT_TRUE(method) << text;
    EXPECT_EQ(parse_method(signature(*method)).value(), *method) << text;
  }
}

TEST(Method, D17_what_is_no_name_or_type_never_reaches_a_file) {
  const char* bad[] = {"",
                       "a b",
                       "1a",
                       "a\nimport os",
                       "a(",
                       "a)",
                       "a(b",
                       "a(b,)",
                       "a(b: int, b: str)",
                       "a(b:)",
                       "a(b: int = 1)",
                       "a(b: \"x\")",
                       "a(b: x#y)",
                       "a(b: x//y)",
                       "a(b: x\ny)",
                       "a(b: list[int)",
                       "a(b: list]int[)",
                       "a() ->",
                       "a() -> b; c",
                       "a() -> b, c",
                       "a() -> b -- c",
                       "a() => b",
                       "a() -> int: pass\n",
                       "a() -> x\xff",
                       "a() -> None: exec(1)",
                       "a(f: () -> int)",
                       "a() -> A:::",
                       "a() -> A:B",
                       "a() -> exec(bytes([1]))",
                       "a() -> x[0](1)",
                       "a() -> int a() { } virtual void",
                       "a(b: {x: int})",
                       "_()"};
  for (const char* text : bad) EXPECT_FALSE(parse_method(text)) << text;
  EXPECT_FALSE(is_type("int, b: str"));
  EXPECT_FALSE(is_type(std::string(type_bytes_max + 1, 'a')));
  EXPECT_FALSE(is_identifier(std::string(65, 'a')));
  EXPECT_FALSE(is_type("123"));
  EXPECT_TRUE(is_type("()"));
}

TEST(Method, of_more_parameters_than_anyone_has_is_refused) {
  std::string text = "a(p0";
  for (size_t i = 1; i <= parameters_max; ++i) text += ", p" + std::to_string(i);
  EXPECT_EQ(parse_method(text + ")").error().what, "too many parameters of method a");
}

TEST(Method, D17_a_doc_is_comment_in_every_language) {
  EXPECT_TRUE(is_comment("Logs in.\nTwice: \"é\" * / # x"));
  for (const char* bad : {"a\\", "a */ b", "/* a", "a ?\?/", "a\x1b[0m", "a\rb",
                          "a\xe2\x80\xa8"
                          "b",
                          "\xff", "a\tb"})
    EXPECT_FALSE(is_comment(bad)) << bad;
}

}  // namespace
}  // namespace pianola::plan
