#include "world/sealed_etc.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "world/files.h"
#include "world/kept_testing.h"

namespace pianola::world {
namespace {

class SealedEtc : public testing::Test {
 protected:
  SealedEtc() {
    EXPECT_TRUE(make_dirs(at("host/certs/closed")));
    put("host/certs/closed/inner.pem", "inner");
    put("host/passwd", "root:x:0:0\n");
    put("host/certs/one.pem", "certificate");
    put("host/certs/key.pem", "secret");
    put("host/zone", "zone");
    put("host/hosts", "127.0.0.1 localhost\n");
    EXPECT_EQ(::symlink("one.pem", at("host/certs/first.pem").c_str()), 0);
    EXPECT_EQ(::symlink(at("host/zone").c_str(), at("host/localtime").c_str()), 0);
    for (const char* name :
         {"host/passwd", "host/certs/one.pem", "host/certs/closed/inner.pem", "host/zone", "host/hosts"})
      EXPECT_EQ(::chmod(at(name).c_str(), 0644), 0);
    for (const char* name : {"host/certs", "host/certs/closed"})
      EXPECT_EQ(::chmod(at(name).c_str(), 0755), 0);
    EXPECT_EQ(::chmod(at("host/certs/key.pem").c_str(), ::geteuid() == 0 ? 0600 : 0), 0);
  }
  std::string at(const std::string& name) const { return folder_.path() + "/" + name; }
  void put(const std::string& name, const std::string& bytes) {
    EXPECT_TRUE(write_file(at(name), bytes, Sync::none));
  }
  Sealer sealer() const {
    Sealer sealer{.bwrap = "/usr/bin/bwrap", .self = "/opt/pianola"};
    sealer.system = {{"/usr", "/usr"},
                     {at("host/passwd"), "/etc/passwd"},
                     {at("host/hosts"), "/etc/hosts"},
                     {at("host/localtime"), "/etc/localtime"},
                     {at("host/certs"), "/etc/ssl/certs"}};
    return sealer;
  }
  Sealer gathered() const {
    Sealer made = sealer();
    gather_etc(made, at("etc"));
    return made;
  }

  Folder folder_;
};

TEST_F(SealedEtc, is_one_mount_and_one_of_each_name_of_the_network) {
  const Sealer made = gathered();
  const std::vector<std::string> words = sealed_argv(made, {.binds = {}, .cwd = "/"}, {"sh"});
  std::vector<std::string> mounts;
  for (size_t word = 0; word + 2 < words.size(); ++word) {
    if (words[word].starts_with("--ro-bind") && words[word + 2].starts_with("/etc"))
      mounts.push_back(words[word] + " " + words[word + 1] + " " + words[word + 2]);
  }
  const std::vector<std::string> wanted{"--ro-bind " + made.etc + " /etc",
                                        "--ro-bind-try " + at("host/hosts") + " /etc/hosts"};
  EXPECT_EQ(mounts, wanted);
}

TEST_F(SealedEtc, holds_what_the_mounts_showed) {
  const std::string copy = gathered().etc;
  EXPECT_EQ(read_file(copy + "/passwd", 100).value_or(""), "root:x:0:0\n");
  EXPECT_EQ(read_file(copy + "/localtime", 100).value_or(""), "zone");
  EXPECT_EQ(read_file(copy + "/ssl/certs/first.pem", 100).value_or(""), "certificate");
  struct stat status {};
  ASSERT_EQ(::lstat((copy + "/ssl/certs/first.pem").c_str(), &status), 0);
  EXPECT_TRUE(S_ISLNK(status.st_mode));
  ASSERT_EQ(::lstat((copy + "/ssl").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0755u);
}

TEST_F(SealedEtc, lacks_what_others_cannot_read_or_reach) {
  ASSERT_EQ(::chmod(at("host/certs/closed").c_str(), ::geteuid() == 0 ? 0744 : 0400), 0);
  const std::string copy = gathered().etc;
  EXPECT_FALSE(exists(copy + "/ssl/certs/key.pem"));
  EXPECT_FALSE(exists(copy + "/ssl/certs/closed"));
  ASSERT_EQ(::chmod(at("host/certs/closed").c_str(), 0755), 0);
  EXPECT_TRUE(exists(gathered().etc + "/ssl/certs/closed/inner.pem"));
}

TEST_F(SealedEtc, has_a_place_for_each_name_of_the_network_whether_or_not_it_is_there_or_readable) {
  ASSERT_EQ(::chmod(at("host/hosts").c_str(), 0600), 0);
  EXPECT_EQ(read_file(gathered().etc + "/hosts", 100).value_or("none"), "");
  ASSERT_TRUE(remove_tree(at("host/hosts")));
  ASSERT_EQ(::symlink("/run/not/there", at("host/hosts").c_str()), 0);
  EXPECT_EQ(read_file(gathered().etc + "/hosts", 100).value_or("none"), "");
}

TEST_F(SealedEtc, is_made_anew_when_a_name_of_the_network_comes_up) {
  Sealer without = sealer();
  std::erase_if(without.system, is_live_etc);
  gather_etc(without, at("etc"));
  EXPECT_FALSE(exists(without.etc + "/hosts"));
  EXPECT_TRUE(exists(gathered().etc + "/hosts"));
}

TEST_F(SealedEtc, stays_until_something_in_it_changes) {
  const std::string first = gathered().etc;
  EXPECT_EQ(gathered().etc, first);
  put("host/certs/one.pem", "another one");
  const std::string second = gathered().etc;
  EXPECT_NE(second, first);
  EXPECT_TRUE(exists(first)) << "seals of before still show it";
}

TEST_F(SealedEtc, is_mounted_name_by_name_where_no_copy_can_be_made) {
  put("etc", "a file in its place");
  const Sealer made = gathered();
  EXPECT_EQ(made, sealer());
}

TEST_F(SealedEtc, changes_nothing_of_what_a_seal_is_said_to_hold) {
  EXPECT_EQ(gathered().system, sealer().system);
  EXPECT_EQ(visible_path("/etc/profiles/bin:/usr/bin", gathered(), {}), "/usr/bin");
}

TEST_F(SealedEtc, is_not_made_for_a_seal_without_a_root_of_its_own) {
  Sealer landlock = sealer();
  landlock.bwrap.clear();
  gather_etc(landlock, at("etc"));
  EXPECT_EQ(landlock.etc, "");
  EXPECT_FALSE(exists(at("etc")));
}

}  // namespace
}  // namespace pianola::world
