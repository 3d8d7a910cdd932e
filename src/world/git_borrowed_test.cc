#include "world/git_borrowed.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "world/files.h"
#include "world/kept_testing.h"
#include "world/sealer.h"

namespace pianola::world {
namespace {

using Paths = std::vector<std::string>;

// Object stores below one folder, each with what it says of others.
class Stores {
 public:
  std::string make(const std::string& name, const std::string& alternates) const {
    const std::string path = at(name);
    EXPECT_TRUE(make_dirs(path + "/info"));
    EXPECT_TRUE(write_file(path + "/info/alternates", alternates, Sync::none));
    return path;
  }
  std::string at(const std::string& name) const { return folder_.path() + "/" + name; }

 private:
  Folder folder_;
};

TEST(BorrowedObjects, are_found_through_relative_and_quoted_names_and_comments) {
  const Stores stores;
  const std::string own =
      stores.make("own", "# a comment\n\n../plain/\n\"../with \\\"quotes\\\"\\n\\303\\251\"\n" +
                             stores.at("absolute") + "\n\"no end\n");
  EXPECT_EQ(borrowed_objects(own), (Paths{stores.at("plain"), stores.at("with \"quotes\"\n\303\251"),
                                          stores.at("absolute"), own + "/\"no end"}));
  EXPECT_EQ(missing_alternate(own), stores.at("plain"));
}

TEST(BorrowedObjects, are_followed_as_deep_as_git_does_and_in_circles_once) {
  const Stores stores;
  for (int i = 0; i < 9; ++i)
    stores.make("s" + std::to_string(i), "../s" + std::to_string(i + 1) + "\n../s0\n../s1\n");
  Paths expected;
  for (int i = 1; i <= 6; ++i) expected.push_back(stores.at("s" + std::to_string(i)));
  EXPECT_EQ(borrowed_objects(stores.at("s0")), expected);
}

TEST(BorrowedObjects, are_those_of_every_name_that_pianola_writes) {
  const Stores stores;
  for (const char* name : {"plain", "two\nlines", "a\"b", "back\\slash", "#hash", "caf\303\251\n\t"}) {
    const std::string own = stores.make("own", alternate_line(stores.at(name)));
    EXPECT_EQ(borrowed_objects(own), Paths{stores.at(name)}) << name;
  }
}

TEST(BorrowedObjects, that_are_there_are_seen_in_the_seal) {
  const Stores stores;
  const std::string hub = stores.make("hub/objects", "../../near/objects\n");
  const std::string near = stores.make("near/objects", "../../far/objects\n../../gone/objects\n");
  const std::string far = stores.make("far/objects", "");
  EXPECT_EQ(object_binds(stores.at("hub")), (std::vector<Bind>{{hub, hub}, {near, near}, {far, far}}));
}

}  // namespace
}  // namespace pianola::world
