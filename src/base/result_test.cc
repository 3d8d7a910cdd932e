#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "base/check.h"
#include "base/id.h"

namespace pianola {
namespace {

Error no_such(const std::string& what) {
  return {.kind = ErrorKind::missing, .where = what, .what = "not found"};
}

Result<int> half(int number) {
  if (number % 2 != 0) return refuse({.kind = ErrorKind::usage, .what = "odd"});
  return number / 2;
}

Result<int> quarter(int number) { return half(TRY(half(number))); }
Result<int> eighth(int number) { return TRY(half(TRY(half(TRY(half(number)))))); }

Result<void> must_be_even(int number, int* passed) {
  TRY(half(number));
  ++*passed;
  return {};
}

Result<std::string> two_steps(int first, int second, int* passed) {
  TRY(must_be_even(first, passed));
  TRY(must_be_even(second, passed));
  return "both";
}

Result<std::unique_ptr<int>> boxed(int number) { return std::make_unique<int>(TRY(half(number))); }

Result<int> unboxed(int number) {
  const std::unique_ptr<int> box = TRY(boxed(number));
  return *box;
}

TEST(Result, try_gives_the_value_or_returns_the_error) {
  EXPECT_EQ(quarter(8), 2);
  ASSERT_FALSE(quarter(6));
  EXPECT_EQ(quarter(6).error().what, "odd");
  EXPECT_EQ(quarter(6).error().kind, ErrorKind::usage);
}

TEST(Result, try_stands_inside_another_try) {
  EXPECT_EQ(eighth(24), 3);
  EXPECT_FALSE(eighth(12));
}

TEST(Result, try_on_void_stops_at_the_first_refusal) {
  int passed = 0;
  EXPECT_EQ(two_steps(2, 4, &passed), "both");
  EXPECT_EQ(passed, 2);

  passed = 0;
  EXPECT_FALSE(two_steps(2, 3, &passed));
  EXPECT_EQ(passed, 1);

  passed = 0;
  EXPECT_FALSE(two_steps(3, 2, &passed));
  EXPECT_EQ(passed, 0);
}

TEST(Result, try_moves_values_that_cannot_be_copied) {
  EXPECT_EQ(unboxed(10), 5);
  EXPECT_FALSE(unboxed(11));
}

TEST(Error, text_joins_the_parts_that_are_there) {
  Error error = no_such("tasks.yaml");
  EXPECT_EQ(error.text(), "tasks.yaml: not found");
  error.expected = "a plan file";
  EXPECT_EQ(error.text(), "tasks.yaml: not found; expected a plan file");
  error.next = "run pianola check FILE";
  EXPECT_EQ(error.text(), "tasks.yaml: not found; expected a plan file; run pianola check FILE");
  error.where.clear();
  error.expected.clear();
  EXPECT_EQ(error.text(), "not found; run pianola check FILE");
}

TEST(Error, equality_covers_every_field) {
  const Error one = no_such("a");
  Error other = one;
  EXPECT_EQ(one, other);
  other.next = "look";
  EXPECT_FALSE(one == other);
  other = one;
  other.kind = ErrorKind::failed;
  EXPECT_FALSE(one == other);
}

TEST(Check, passes_over_what_holds) {
  int evaluated = 0;
  CHECK(++evaluated == 1, "evaluated exactly once");
  EXPECT_EQ(evaluated, 1);
}

TEST(CheckDeathTest, names_the_place_the_condition_and_the_reason) {
  EXPECT_DEATH(CHECK(1 + 1 == 3, "sums are sound"),
               "result_test\\.cc:[0-9]+: CHECK failed: 1 \\+ 1 == 3; sums are sound\n");
}

TEST(Id, kinds_of_names_do_not_mix) {
  using TaskId = Id<struct TaskTag>;
  using RunId = Id<struct RunTag>;
  static_assert(!std::is_convertible_v<RunId, TaskId>);
  static_assert(!std::is_convertible_v<std::string, TaskId>);
  static_assert(!std::is_constructible_v<TaskId, RunId>);
  EXPECT_TRUE(TaskId().empty());
  EXPECT_EQ(TaskId("a").str(), "a");
  EXPECT_LT(TaskId("a"), TaskId("b"));
  EXPECT_EQ(TaskId("a"), TaskId("a"));
}

}  // namespace
}  // namespace pianola
