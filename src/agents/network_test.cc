#include "agents/network.h"

#include <gtest/gtest.h>

#include "agents/adapter.h"

namespace pianola::agents {
namespace {

using Words = std::vector<std::string>;

TEST(Network, each_cli_names_what_it_needs_and_what_it_merely_likes) {
  for (const std::string& kind : adapter_kinds()) {
    const NetworkNeeds needs = network_needs(kind);
    for (const std::string& endpoint : needs.endpoints) EXPECT_TRUE(endpoint.ends_with(":443")) << endpoint;
    for (const std::string& host : needs.optional) EXPECT_EQ(host.find(':'), std::string::npos) << host;
    for (const std::string& name : needs.base_url_variables) EXPECT_TRUE(is_base_url_variable(name)) << name;
  }
  EXPECT_EQ(network_needs("claude").endpoints.front(), "api.anthropic.com:443");
  EXPECT_EQ(network_needs("claude").base_url_variables, Words{"ANTHROPIC_BASE_URL"});
  EXPECT_EQ(network_needs("codex").settings, "config.toml");
  EXPECT_EQ(network_needs("command").endpoints, Words{});
  EXPECT_EQ(network_needs("nobody"), NetworkNeeds{});
}

TEST(BaseUrls, are_found_in_the_settings_of_the_clis) {
  EXPECT_EQ(base_urls_in("model = \"m\"\nchatgpt_base_url = \"https://a.example/x/\"\n"
                         "# base_url = \"http://no.example\"\n"
                         "[model_providers.mine]\nname = \"mine\"\n base_url='http://127.0.0.1:8080/v1'\n"
                         "other = { base_url = \"http://b.example\", name = \"n\" }\n"),
            (Words{"https://a.example/x/", "http://127.0.0.1:8080/v1", "http://b.example"}));
  EXPECT_EQ(base_urls_in(R"({"env": {"ANTHROPIC_BASE_URL": "https://gate.example:8443", "X": "base_url"}})"),
            Words{"https://gate.example:8443"});
  EXPECT_EQ(
      base_urls_in(
          R"({"options": {"baseURL": "http://127.0.0.1:8080/v1"}, "auth": {"baseUrl":"http://q.example"}})"),
      (Words{"http://127.0.0.1:8080/v1", "http://q.example"}));
  for (const char* odd :
       {"", "base_url", "base_url =", "base_url = \"x", "base_url = 5", "my_base_url_of = \"x\""}) {
    EXPECT_EQ(base_urls_in(odd), Words{}) << odd;
  }
}

}  // namespace
}  // namespace pianola::agents
