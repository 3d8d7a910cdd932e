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
    EXPECT_TRUE(make_dirs(at("host/certs")));
    put("host/passwd", "root:x:0:0\n");
    put("host/certs/one.pem", "certificate");
    put("host/certs/key.pem", "secret");
    put("host/zone", "zone");
    put("host/hosts", "127.0.0.1 localhost\n");
    EXPECT_EQ(::symlink("one.pem", at("host/certs/first.pem").c_str()), 0);
    EXPECT_EQ(::symlink(at("host/zone").c_str(), at("host/localtime").c_str()), 0);
    for (const char* name : {"host/passwd", "host/certs/one.pem", "host/zone", "host/hosts"})
      EXPECT_EQ(::chmod(at(name).c_str(), 0644), 0);
    EXPECT_EQ(::chmod(at("host/certs").c_str(), 0755), 0);
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
    const auto done = gather_etc(made, at("etc"));
    EXPECT_TRUE(done) << (done ? "" : done.error().text());
    return made;
  }
  static std::string copy_of(const Sealer& sealer) { return sealer.system.at(1).from; }

  Folder folder_;
};

TEST_F(SealedEtc, is_one_mount_and_one_of_each_name_of_the_network) {
  const Sealer made = gathered();
  const std::vector<Bind> wanted{{"/usr", "/usr"}, {copy_of(made), "/etc"}, {at("host/hosts"), "/etc/hosts"}};
  EXPECT_EQ(made.system, wanted);
}

TEST_F(SealedEtc, holds_what_the_mounts_showed) {
  const std::string copy = copy_of(gathered());
  EXPECT_EQ(read_file(copy + "/passwd", 100).value_or(""), "root:x:0:0\n");
  EXPECT_EQ(read_file(copy + "/localtime", 100).value_or(""), "zone");
  EXPECT_EQ(read_file(copy + "/ssl/certs/first.pem", 100).value_or(""), "certificate");
  EXPECT_TRUE(exists(copy + "/hosts")) << "the mount needs a name to stand on";
  struct stat status {};
  ASSERT_EQ(::lstat((copy + "/ssl/certs/first.pem").c_str(), &status), 0);
  EXPECT_TRUE(S_ISLNK(status.st_mode));
  ASSERT_EQ(::lstat((copy + "/ssl").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0755u);
}

TEST_F(SealedEtc, lacks_what_others_cannot_read) {
  EXPECT_FALSE(exists(copy_of(gathered()) + "/ssl/certs/key.pem"));
}

TEST_F(SealedEtc, stays_until_something_in_it_changes) {
  const std::string first = copy_of(gathered());
  EXPECT_EQ(copy_of(gathered()), first);
  put("host/certs/one.pem", "another one");
  const std::string second = copy_of(gathered());
  EXPECT_NE(second, first);
  EXPECT_TRUE(exists(first)) << "seals of before still show it";
}

TEST_F(SealedEtc, leaves_alone_a_seal_without_a_root_of_its_own) {
  Sealer landlock = sealer();
  landlock.bwrap.clear();
  const Sealer before = landlock;
  EXPECT_TRUE(gather_etc(landlock, at("etc")));
  EXPECT_EQ(landlock, before);
  EXPECT_FALSE(exists(at("etc")));
}

}  // namespace
}  // namespace pianola::world
