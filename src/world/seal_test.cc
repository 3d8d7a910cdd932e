#include "world/seal.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace pianola::world {
namespace {

Sealer sealer_of_user() {
  return {.bwrap = "/usr/bin/bwrap",
          .self = "/opt/pianola",
          .uid = 1000,
          .gid = 1001,
          .is_root = false,
          .system = {{"/usr", "/usr"}, {"/etc/passwd", "/etc/passwd"}},
          .links = {{"usr/bin", "/bin"}}};
}

std::string line_of(const std::vector<std::string>& argv) {
  std::string line;
  for (const std::string& word : argv) line += (line.empty() ? "" : " ") + word;
  return line;
}

TEST(SealedArgv, gives_a_user_namespace_that_cannot_make_another) {
  const std::string line = line_of(sealed_argv(sealer_of_user(), {.binds = {}, .cwd = "/work/a"}, {"sh"}));
  EXPECT_NE(line.find("--unshare-user --disable-userns --uid 1000 --gid 1001"), std::string::npos) << line;
  EXPECT_EQ(line.find("--cap-add"), std::string::npos) << line;
  EXPECT_TRUE(line.ends_with("--remount-ro / -- /run/pianola/pianola __enter same /work/a -- sh")) << line;
}

TEST(SealedArgv, started_as_root_hands_over_to_somebody_without_rights) {
  Sealer root = sealer_of_user();
  root.is_root = true;
  const std::string line = line_of(sealed_argv(root, {.binds = {}, .cwd = "/work/a"}, {"sh"}));
  EXPECT_EQ(line.find("--unshare-user"), std::string::npos) << line;
  EXPECT_NE(line.find("--cap-drop ALL --cap-add CAP_SETUID --cap-add CAP_SETGID"), std::string::npos) << line;
  EXPECT_TRUE(line.ends_with("__enter 1000:1001 /work/a -- sh")) << line;
}

TEST(SealedArgv, has_no_network_unless_it_is_open) {
  const auto has = [](const std::vector<std::string>& argv) {
    return std::find(argv.begin(), argv.end(), "--unshare-net") != argv.end();
  };
  EXPECT_TRUE(has(sealed_argv(sealer_of_user(), {.binds = {}, .cwd = "/"}, {"sh"})));
  const Seal open{.binds = {}, .cwd = "/", .network = Seal::Network::open};
  EXPECT_FALSE(has(sealed_argv(sealer_of_user(), open, {"sh"})));
}

TEST(SealedArgv, has_one_way_out_when_its_network_is_model) {
  Seal seal{.binds = {}, .cwd = "/work/a", .network = Seal::Network::model};
  seal.way_out =
      WayOut{.door = {.dir = "/srv/attempts/a.1", .rules = {{{"api.example.com", 443}}, {"stats.example"}}},
             .relays = {{"localhost", 8080}, {"::1", 9000}},
             .proxy_port = 3128};
  const std::string line = line_of(sealed_argv(sealer_of_user(), seal, {"sh"}));
  EXPECT_NE(line.find(" --unshare-net "), std::string::npos) << line;
  EXPECT_NE(line.find(" --ro-bind /srv/attempts/a.1/net /run/pianola/net "), std::string::npos) << line;
  EXPECT_TRUE(line.ends_with("__enter relay=localhost:8080 relay=[::1]:9000 proxy=3128 same /work/a -- sh"))
      << line;

  KeptSpec spec;
  spec.argv = {"sh"};
  const KeptSpec inside = sealed(spec, sealer_of_user(), seal);
  EXPECT_EQ(inside.enclosure, KeptSpec::Enclosure::behind_door);
  EXPECT_TRUE(line_of(inside.argv)
                  .starts_with("/opt/pianola __door dir=/srv/attempts/a.1 silence_ms=30000 "
                               "allow=api.example.com:443 optional=stats.example -- /usr/bin/bwrap "))
      << line_of(inside.argv);
  Sealer root = sealer_of_user();
  root.is_root = true;
  EXPECT_NE(line_of(sealed(spec, root, seal).argv).find(" owner=1000 "), std::string::npos);
  EXPECT_EQ(parse_spec(to_json(inside, Secrets::shown), "spec").value(), inside);
}

TEST(SealedArgv, binds_lie_over_what_is_private_and_their_folders_can_be_passed) {
  const Seal seal{
      .binds = {{"/tmp/hub/objects", "/tmp/hub/objects"}, {"/srv/a.1", "/work/a", Bind::Access::write}},
      .cwd = "/work/a"};
  const std::string line = line_of(sealed_argv(sealer_of_user(), seal, {"sh"}));
  const size_t tmp = line.find("--tmpfs /tmp ");
  const size_t objects = line.find("--perms 0755 --dir /tmp/hub --ro-bind /tmp/hub/objects /tmp/hub/objects");
  ASSERT_NE(tmp, std::string::npos) << line;
  ASSERT_NE(objects, std::string::npos) << line;
  EXPECT_LT(tmp, objects);
  EXPECT_NE(line.find("--perms 0755 --dir /work --bind /srv/a.1 /work/a"), std::string::npos) << line;
}

TEST(SealedByLandlock, shows_the_folders_where_they_are_and_the_keeper_a_wall) {
  Sealer sealer = sealer_of_user();
  sealer.bwrap = "";
  EXPECT_EQ(place_inside(sealer, "/srv/a.1", "/work/a"), "/srv/a.1");
  Seal seal{.binds = {{"/srv/objects", "/srv/objects"}, {"/srv/a.1", "/srv/a.1", Bind::Access::write}},
            .cwd = "/srv/a.1",
            .network = Seal::Network::model};
  seal.way_out = WayOut{.door = {.dir = "/srv/attempts/a.1", .rules = {{{"api.example.com", 443}}, {}}},
                        .relays = {{"127.0.0.1", 8080}},
                        .proxy_port = 0};
  KeptSpec spec;
  spec.argv = {"sh"};
  const KeptSpec inside = sealed(spec, sealer, seal);
  EXPECT_EQ(line_of(inside.argv),
            "/opt/pianola __door dir=/srv/attempts/a.1 silence_ms=30000 entrance=loopback "
            "allow=api.example.com:443 -- /opt/pianola __enter landlock=model read=/usr read=/etc/passwd "
            "read=/opt/pianola read=/srv/objects write=/srv/a.1 tcp=8080 tcp=0 same /srv/a.1 -- sh");
  EXPECT_EQ(inside.enclosure, KeptSpec::Enclosure::sealed);
  // By this folder a stray of it is known.
  EXPECT_EQ(inside.cwd, "/srv/a.1");

  const KeptSpec check = sealed(spec, sealer, {.binds = {}, .cwd = "/srv/gate.a"});
  EXPECT_TRUE(line_of(check.argv)
                  .starts_with("/opt/pianola __door silence_ms=30000 entrance=loopback -- /opt/pianola "
                               "__enter landlock=none "))
      << line_of(check.argv);
}

TEST(SealedWorkspace, never_lies_over_the_objects_of_the_hub) {
  EXPECT_EQ(sealed_workspace("a", "/srv/shop/.git"), "/work/a");
  EXPECT_EQ(sealed_workspace("a", "/work/a/shop/.git"), "/task/a");
}

TEST(VisiblePath, keeps_what_leads_somewhere_inside) {
  const Seal seal{.binds = {{"/home/ada/node", "/home/ada/node"}}, .cwd = "/"};
  EXPECT_EQ(visible_path("/home/ada/bin:/usr/bin:/bin:/home/ada/node/bin:/usrlocal:relative",
                         sealer_of_user(), seal),
            "/usr/bin:/bin:/home/ada/node/bin");
}

TEST(Sealed, leaves_the_environment_and_starts_where_the_keeper_can) {
  KeptSpec spec;
  spec.argv = {"agent"};
  spec.env = {{"HOME", sealed_home}};
  spec.cwd = "/home/ada/secret";
  const KeptSpec inside =
      sealed(spec, sealer_of_user(), {.binds = {}, .cwd = sealed_workspace("a", "/srv/shop/.git")});
  EXPECT_EQ(inside.env, spec.env);
  EXPECT_EQ(inside.cwd, "/");
  EXPECT_EQ(inside.enclosure, KeptSpec::Enclosure::sealed);
  EXPECT_EQ(inside.argv.front(), "/usr/bin/bwrap");
  EXPECT_EQ(inside.argv.back(), "agent");
}

}  // namespace
}  // namespace pianola::world
