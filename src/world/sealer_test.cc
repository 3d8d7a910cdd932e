// What a program needs inside a seal, and by which PATH it finds its interpreter there.
#include "world/sealer.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "world/files.h"
#include "world/kept_testing.h"

namespace pianola::world {
namespace {

// A script that wants "lamp", found on PATH by a link to opt/lamp-2/bin/NAME.
class LinkedInterpreter : public ::testing::Test {
 protected:
  void make(const std::string& name) {
    for (const char* folder : {"/bin", "/opt/lamp-2/bin"}) ASSERT_TRUE(make_dirs(at(folder)));
    for (const std::string& file : {at("/script"), at("/opt/lamp-2/bin/" + name)}) {
      ASSERT_TRUE(write_file(file, "#!/usr/bin/env lamp\n", Sync::none));
      ASSERT_TRUE(make_executable(file));
    }
    ASSERT_EQ(::symlink(("../opt/lamp-2/bin/" + name).c_str(), at("/bin/lamp").c_str()), 0);
  }
  std::string at(const std::string& name) const { return folder_.path() + name; }
  std::string path() const { return path_to_interpreter(at("/script"), at("/bin") + ":/usr/bin", Sealer{}); }

 private:
  Folder folder_;
};

TEST_F(LinkedInterpreter, is_found_where_the_link_leads) {
  make("lamp");
  EXPECT_EQ(path(), at("/opt/lamp-2/bin") + ":" + at("/bin") + ":/usr/bin");
}

TEST_F(LinkedInterpreter, of_another_name_would_not_be_found_there) {
  make("lamp-2");
  EXPECT_EQ(path(), at("/bin") + ":/usr/bin");
}

TEST_F(LinkedInterpreter, that_is_no_link_needs_nothing) {
  make("lamp");
  ASSERT_EQ(::unlink(at("/bin/lamp").c_str()), 0);
  ASSERT_EQ(::rename(at("/opt/lamp-2/bin/lamp").c_str(), at("/bin/lamp").c_str()), 0);
  EXPECT_EQ(path(), at("/bin") + ":/usr/bin");
}

TEST(Interpreter, of_a_program_that_is_no_script_is_none) {
  EXPECT_EQ(path_to_interpreter("/usr/bin/env", "/usr/bin", Sealer{}), "/usr/bin");
}

}  // namespace
}  // namespace pianola::world
