#include "cli/network.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "world/files.h"

namespace pianola::cli {
namespace {

using Env = std::map<std::string, std::string>;
using Words = std::vector<std::string>;

Words texts(const std::vector<world::HostPort>& endpoints) {
  Words words;
  for (const world::HostPort& to : endpoints) words.push_back(to.text());
  return words;
}

Words allowed(const agents::Definition& definition, const Env& env, const std::string& settings_dir = "") {
  return texts(way_out({definition, env, settings_dir, "/attempt"})->door.rules.allowed);
}

TEST(WayOut, leads_to_what_the_cli_needs_and_what_is_allowed_besides) {
  agents::Definition claude{.name = "c", .kind = "claude"};
  const Words needed = allowed(claude, {});
  ASSERT_FALSE(needed.empty());
  EXPECT_EQ(needed.front(), "api.anthropic.com:443");
  claude.allow = {"Files.example.test:443", "api.anthropic.com:443", "127.0.0.1:5432"};
  const world::WayOut out = way_out({claude, {}, "", "/attempt"}).value();
  EXPECT_EQ(out.door.rules.allowed.size(), needed.size() + 2);
  EXPECT_EQ(texts(out.door.rules.allowed).back(), "127.0.0.1:5432");
  EXPECT_EQ(texts(out.relays), Words{"127.0.0.1:5432"});
  EXPECT_EQ(out.door.dir, "/attempt");
  EXPECT_FALSE(out.door.rules.optional.empty());
}

TEST(WayOut, follows_base_urls_and_relays_those_of_loopback) {
  const Env env{{"ANTHROPIC_BASE_URL", "http://127.0.0.1:3128/v1"}, {"OTHER_BASE_URL", "https://no.example"}};
  const world::WayOut out = way_out({{.name = "c", .kind = "claude"}, env, "", "/a"}).value();
  EXPECT_EQ(texts(out.door.rules.allowed).back(), "127.0.0.1:3128");
  EXPECT_EQ(texts(out.relays), Words{"127.0.0.1:3128"});
  EXPECT_EQ(out.proxy_port, 3129) << "its own port is taken";

  agents::Definition mine{.name = "m", .kind = "command", .argv = {"/agent"}};
  mine.env = {{"MODEL_BASE_URL", "https://gate.example/x"},
              {"LOCAL_BASE_URL", "http://localhost:9000"},
              {"X", "http://x"}};
  EXPECT_EQ(allowed(mine, mine.env), (Words{"localhost:9000", "gate.example:443"}));
  const auto low =
      way_out({{.name = "c", .kind = "claude"}, {{"ANTHROPIC_BASE_URL", "http://localhost"}}, "", "/a"});
  ASSERT_FALSE(low);
  EXPECT_EQ(
      low.error().text(),
      "agent \"c\": localhost:80 cannot be had inside the seal; expected a port of loopback above 1023; use "
      "another port, or network: open");
}

TEST(WayOut, follows_the_settings_in_a_folder_of_the_users) {
  char name[] = "/tmp/pianola.network.XXXXXX";
  const std::string folder = ::mkdtemp(name);
  ASSERT_TRUE(world::write_file(folder + "/config.toml", "base_url = \"http://127.0.0.1:8080/v1\"\n",
                                world::Sync::none));
  const agents::Definition codex{.name = "g", .kind = "codex"};
  EXPECT_EQ(allowed(codex, {}, folder).back(), "127.0.0.1:8080");
  EXPECT_EQ(allowed(codex, {}, "." + folder), allowed(codex, {})) << "a folder of who knows whom";
  EXPECT_TRUE(world::remove_tree(folder));
}

TEST(Proxy, is_said_to_all_who_ask_and_replaces_nothing) {
  Env env{{"HTTPS_PROXY", "http://mine"}};
  add_proxy(env, {.door = {}, .relays = {}, .proxy_port = 3129}, "command");
  EXPECT_EQ(env, (Env{{"HTTPS_PROXY", "http://mine"},
                      {"HTTP_PROXY", "http://127.0.0.1:3129"},
                      {"https_proxy", "http://127.0.0.1:3129"},
                      {"http_proxy", "http://127.0.0.1:3129"},
                      {"NO_PROXY", "localhost,127.0.0.1,::1"},
                      {"no_proxy", "localhost,127.0.0.1,::1"},
                      {"NODE_USE_ENV_PROXY", "1"}}));
}

TEST(Network, is_that_of_the_definition_else_model) {
  EXPECT_EQ(network_level({}), world::Seal::Network::model);
  EXPECT_EQ(network_level({.network = "open"}), world::Seal::Network::open);
  EXPECT_EQ(network_level({.network = "none"}), world::Seal::Network::none);
}

}  // namespace
}  // namespace pianola::cli
