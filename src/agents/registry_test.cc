// How each agent CLI is started.
#include <gtest/gtest.h>

#include <algorithm>

#include "agents/adapter.h"
#include "agents/credentials.h"

namespace pianola::agents {
namespace {

using Words = std::vector<std::string>;

const Assignment plain{"/w/task", "/run/prompt", "/run/home", "", false};

TEST(Registry, kinds_are_offered_in_order_and_found_by_name) {
  EXPECT_EQ(adapter_kinds(), (Words{"claude", "codex", "gemini", "qwen", "opencode", "command"}));
  for (const std::string& kind : adapter_kinds()) EXPECT_NE(find_adapter(kind), nullptr) << kind;
  EXPECT_EQ(find_adapter("Claude"), nullptr);
  EXPECT_EQ(find_adapter(""), nullptr);
  EXPECT_EQ(find_adapter("claude")->programs(), Words{"claude"});
  EXPECT_EQ(find_adapter("codex")->programs(), Words{"codex"});
  EXPECT_EQ(find_adapter("gemini")->programs(), Words{"gemini"});
  EXPECT_EQ(find_adapter("qwen")->programs(), Words{"qwen"});
  EXPECT_EQ(find_adapter("opencode")->programs(), Words{"opencode"});
  EXPECT_EQ(find_adapter("command")->programs(), Words{});
}

TEST(Claude, is_started_with_the_prompt_on_stdin) {
  const Definition sonnet{"sonnet", "claude", {}, "sonnet", {{"ANTHROPIC_BASE_URL", "http://127.0.0.1:9"}},
                          "/c/work"};
  Assignment again = plain;
  again.session = "555e0833-86fd";
  again.as_root = true;
  const Invocation start = find_adapter("claude")->invoke(sonnet, again).value();
  EXPECT_EQ(start.argv,
            (Words{"claude", "-p", "--output-format", "stream-json", "--verbose",
                   "--dangerously-skip-permissions", "--model", "sonnet", "--resume", "555e0833-86fd"}));
  EXPECT_EQ(start.env, (std::map<std::string, std::string>{{"ANTHROPIC_BASE_URL", "http://127.0.0.1:9"},
                                                           {"CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"},
                                                           {"CLAUDE_CONFIG_DIR", "/c/work"},
                                                           {"DISABLE_AUTOUPDATER", "1"},
                                                           {"DISABLE_ERROR_REPORTING", "1"},
                                                           {"DISABLE_TELEMETRY", "1"},
                                                           {"IS_SANDBOX", "1"}}));
  EXPECT_EQ(start.stdin_from, Invocation::Stdin::prompt);

  const Invocation bare = find_adapter("claude")->invoke({"claude", "claude", {}, "", {}, ""}, plain).value();
  EXPECT_EQ(bare.argv.size(), 6U);
  EXPECT_FALSE(bare.env.contains("IS_SANDBOX"));
  EXPECT_FALSE(bare.env.contains("CLAUDE_CONFIG_DIR"));
}

TEST(Codex, is_started_without_its_own_sandbox_and_reads_stdin) {
  const Definition gpt{"gpt", "codex", {"/opt/codex"}, "gpt-5-codex", {}, "/c/gpt"};
  Assignment again = plain;
  again.session = "01a1fc9d";
  const Invocation start = find_adapter("codex")->invoke(gpt, again).value();
  EXPECT_EQ(start.argv, (Words{"/opt/codex", "exec", "--json", "--dangerously-bypass-approvals-and-sandbox",
                               "--skip-git-repo-check", "-c", "check_for_update_on_startup=false", "-c",
                               "analytics.enabled=false", "-m", "gpt-5-codex", "resume", "01a1fc9d", "-"}));
  EXPECT_EQ(start.env, (std::map<std::string, std::string>{{"CODEX_HOME", "/c/gpt"}}));
  const Invocation bare = find_adapter("codex")->invoke({"codex", "codex", {}, "", {}, ""}, plain).value();
  EXPECT_EQ(bare.argv.front(), "codex");
  EXPECT_EQ(bare.argv.back(), "-");
  EXPECT_TRUE(bare.env.empty());
}

TEST(Gemini, is_started_without_its_own_sandbox_and_in_a_folder_it_trusts) {
  const Definition pro{"pro", "gemini", {}, "gemini-2.5-pro", {{"GEMINI_API_KEY", "k"}}, "/c/pro"};
  Assignment again = plain;
  again.session = "c25e1c42-2c1b";
  const Invocation start = find_adapter("gemini")->invoke(pro, again).value();
  EXPECT_EQ(start.argv, (Words{"gemini", "--output-format", "stream-json", "--approval-mode", "yolo", "-m",
                               "gemini-2.5-pro", "--resume", "c25e1c42-2c1b"}));
  EXPECT_EQ(start.env, (std::map<std::string, std::string>{{"GEMINI_API_KEY", "k"},
                                                           {"GEMINI_CLI_HOME", "/c/pro"},
                                                           {"GEMINI_CLI_NO_RELAUNCH", "true"},
                                                           {"GEMINI_CLI_TRUST_WORKSPACE", "true"},
                                                           {"GEMINI_SANDBOX", "false"},
                                                           {"NO_COLOR", "1"}}));
  EXPECT_EQ(start.stdin_from, Invocation::Stdin::prompt);
}

TEST(Qwen, is_started_without_its_own_sandbox_and_told_its_model_twice) {
  const Definition coder{"coder", "qwen", {}, "qwen3-coder", {}, "/c/coder"};
  Assignment again = plain;
  again.session = "25e7ae63";
  const Invocation start = find_adapter("qwen")->invoke(coder, again).value();
  EXPECT_EQ(start.argv, (Words{"qwen", "--output-format", "stream-json", "--approval-mode", "yolo", "--model",
                               "qwen3-coder", "--resume", "25e7ae63"}));
  EXPECT_EQ(start.env, (std::map<std::string, std::string>{{"NO_COLOR", "1"},
                                                           {"OPENAI_MODEL", "qwen3-coder"},
                                                           {"QWEN_CODE_NO_RELAUNCH", "true"},
                                                           {"QWEN_HOME", "/c/coder"},
                                                           {"QWEN_SANDBOX", "false"}}));
  EXPECT_EQ(start.stdin_from, Invocation::Stdin::prompt);
}

TEST(Opencode, is_started_with_its_log_on_stderr_and_two_folders_of_one_home) {
  const Definition zen{"zen", "opencode", {}, "opencode/big", {}, "/c/zen"};
  Assignment again = plain;
  again.session = "ses_e0360";
  const Invocation start = find_adapter("opencode")->invoke(zen, again).value();
  EXPECT_EQ(start.argv, (Words{"opencode", "run", "--format", "json", "--auto", "--title", "pianola",
                               "--print-logs", "--log-level", "ERROR", "--dir", "/w/task", "--model",
                               "opencode/big", "--session", "ses_e0360"}));
  EXPECT_EQ(start.env.at("OPENCODE_CONFIG_DIR"), "/c/zen/.config/opencode");
  EXPECT_EQ(start.env.at("XDG_DATA_HOME"), "/c/zen/.local/share");
  EXPECT_EQ(start.env.at("OPENCODE_CONFIG_CONTENT"),
            R"({"autoupdate":false,"share":"disabled","permission":"allow"})");
  EXPECT_EQ(start.stdin_from, Invocation::Stdin::prompt);
}

TEST(Command, is_started_as_it_was_named) {
  const Definition mine{"mine", "command", {"/w/agent.sh", "--fast"}, "", {{"A", "1"}}, ""};
  const Invocation start = find_adapter("command")->invoke(mine, plain).value();
  EXPECT_EQ(start, (Invocation{{"/w/agent.sh", "--fast"}, {{"A", "1"}}, Invocation::Stdin::prompt}));
  const Result<Invocation> empty =
      find_adapter("command")->invoke({"mine", "command", {}, "", {}, ""}, plain);
  ASSERT_FALSE(empty);
  EXPECT_EQ(empty.error().text(),
            "agents.mine.argv: is empty; expected the program and its arguments, such as [./agent.sh]");
}

TEST(Registry, a_model_or_session_never_becomes_an_option) {
  for (const char* kind : {"claude", "codex", "gemini", "qwen", "opencode"}) {
    for (const char* model : {"-x", "--resume", "a b", "a\nb"}) {
      const Result<Invocation> start = find_adapter(kind)->invoke({"a", kind, {}, model, {}, ""}, plain);
      ASSERT_FALSE(start) << model;
      EXPECT_EQ(
          start.error().text(),
          "agents.a.model: is not a model name; expected a name without blanks that does not begin with -");
    }
    Assignment odd = plain;
    odd.session = "--last";
    const Result<Invocation> start = find_adapter(kind)->invoke({"a", kind, {}, "", {}, ""}, odd);
    ASSERT_FALSE(start);
    EXPECT_EQ(
        start.error().text(),
        "session of agent a: is not a session name; expected letters, digits, - and _; start the attempt "
        "without a session");
  }
}

TEST(Registry, each_cli_names_the_variables_its_login_may_come_by) {
  EXPECT_EQ(credential_names("claude"), (Words{"ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN",
                                               "ANTHROPIC_BASE_URL", "CLAUDE_CODE_OAUTH_TOKEN"}));
  EXPECT_EQ(credential_names("codex"), (Words{"CODEX_API_KEY", "OPENAI_API_KEY", "OPENAI_BASE_URL"}));
  EXPECT_EQ(credential_names("command"), Words{});
  EXPECT_EQ(credential_names("nobody"), Words{});
  EXPECT_EQ(config_folder("claude"), (ConfigFolder{"CLAUDE_CONFIG_DIR", ".claude"}));
  EXPECT_EQ(config_folder("codex"), (ConfigFolder{"CODEX_HOME", ".codex"}));
  EXPECT_EQ(config_folder("gemini"), (ConfigFolder{"GEMINI_CLI_HOME", "."}));
  EXPECT_EQ(config_folder("qwen"), (ConfigFolder{"QWEN_HOME", ".qwen"}));
  EXPECT_EQ(config_folder("opencode"), (ConfigFolder{"", "."}));
  EXPECT_EQ(config_folder("command"), ConfigFolder{});
  for (const std::string& kind : adapter_kinds()) {
    const Words names = credential_names(kind);
    EXPECT_TRUE(std::is_sorted(names.begin(), names.end())) << kind;
  }
}

}  // namespace
}  // namespace pianola::agents
