#include "cli/exit_code.h"

#include <gtest/gtest.h>

#include <sstream>

#include "cli/command_line.h"

namespace pianola::cli {
namespace {

TEST(ExitCode, is_one_for_each_kind_of_refusal) {
  const std::vector<std::pair<ErrorKind, int>> table = {
      {ErrorKind::usage, 2},     {ErrorKind::bad_plan, 3}, {ErrorKind::repository, 4},
      {ErrorKind::missing, 5},   {ErrorKind::paused, 6},   {ErrorKind::held, 7},
      {ErrorKind::integrity, 8}, {ErrorKind::failed, 1},   {ErrorKind::interrupted, 130},
      {ErrorKind::internal, 70}};
  for (const auto& [kind, code] : table) {
    EXPECT_EQ(exit_code(kind), code);
    EXPECT_EQ(error_kind(code), kind);
  }
  EXPECT_EQ(error_kind(137), ErrorKind::internal);
}

// The error of these words, or one that cannot be when they are understood.
Error refusal_of(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  const Result<Parsed> parsed = parse_command_line(words);
  return parsed ? Error{.kind = ErrorKind::internal, .where = "understood"} : parsed.error();
}

TEST(ExitCode, of_every_command_is_usage_for_an_option_it_does_not_have) {
  const std::vector<CommandShape> shapes = command_shapes();
  EXPECT_GT(shapes.size(), 20U);
  for (const CommandShape& shape : shapes) {
    const Error error = refusal_of(shape.name + " --no-such-option");
    EXPECT_EQ(error.kind, ErrorKind::usage) << shape.name;
    EXPECT_EQ(error.where.substr(0, 7), "pianola") << shape.name;
  }
}

}  // namespace
}  // namespace pianola::cli
