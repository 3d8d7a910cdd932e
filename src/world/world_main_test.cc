// The test program of this room is also its own pianola: keepers, trampolines and the supervisors that
// tests kill are started from it.
#include <gtest/gtest.h>

#include "world/keeper.h"
#include "world/kept_testing.h"

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (const auto code = pianola::world::run_hidden_command(arguments)) return *code;
  if (!arguments.empty() && arguments[0] == "__supervise") return pianola::world::supervise_main(arguments);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
