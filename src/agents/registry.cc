#include <algorithm>
#include <array>

#include "agents/claim.h"
#include "agents/clis.h"
#include "agents/credentials.h"
#include "agents/network.h"

namespace pianola::agents {
namespace {

struct Kind {
  std::string_view name;
  const Adapter* (*adapter)();
  std::string_view credentials;  // names with a blank between them
  std::string_view folder_variable;
  std::string_view folder_in_home;
  std::string_view copied;  // of the folder, names with a blank between them
  std::string_view logins;
  // Of the network (network.h): names with a blank between them, but for the file of settings.
  std::string_view endpoints;
  std::string_view optional;
  std::string_view base_urls;
  std::string_view settings;
  std::string_view proxy_switch;  // a variable to be set to 1
};

// One line for each agent CLI, in the order they are offered.
constexpr std::array kinds = {
    Kind{"claude", claude_adapter,
         "ANTHROPIC_API_KEY ANTHROPIC_AUTH_TOKEN ANTHROPIC_BASE_URL CLAUDE_CODE_OAUTH_TOKEN",
         "CLAUDE_CONFIG_DIR", ".claude", "settings.json CLAUDE.md agents commands skills output-styles",
         ".credentials.json", "api.anthropic.com:443 platform.claude.com:443 console.anthropic.com:443",
         "claude.ai code.claude.com downloads.claude.ai mcp-proxy.anthropic.com statsig.anthropic.com "
         "cdn.growthbook.io http-intake.logs.us5.datadoghq.com browser-intake-us5-datadoghq.com *.sentry.io "
         "raw.githubusercontent.com storage.googleapis.com",
         "ANTHROPIC_BASE_URL", "settings.json", ""},
    Kind{"codex", codex_adapter, "CODEX_API_KEY OPENAI_API_KEY OPENAI_BASE_URL", "CODEX_HOME", ".codex",
         "config.toml AGENTS.md prompts skills", "auth.json",
         "api.openai.com:443 chatgpt.com:443 auth.openai.com:443",
         "ab.chatgpt.com persistent.oaistatic.com github.com api.github.com *.sentry.io", "OPENAI_BASE_URL",
         "config.toml", ""},
    Kind{"gemini", gemini_adapter,
         "GEMINI_API_KEY GOOGLE_API_KEY GOOGLE_CLOUD_LOCATION GOOGLE_CLOUD_PROJECT GOOGLE_GEMINI_BASE_URL "
         "GOOGLE_GENAI_USE_GCA GOOGLE_GENAI_USE_VERTEXAI",
         "GEMINI_CLI_HOME", ".",
         ".gemini/settings.json .gemini/GEMINI.md .gemini/agents .gemini/commands .gemini/skills "
         ".gemini/google_accounts.json",
         ".gemini/oauth_creds.json .gemini/gemini-credentials.json .gemini/.env",
         "generativelanguage.googleapis.com:443 cloudcode-pa.googleapis.com:443 oauth2.googleapis.com:443 "
         "aiplatform.googleapis.com:443",
         "accounts.google.com www.googleapis.com play.googleapis.com registry.* github.com "
         "api.github.com raw.githubusercontent.com",
         "GOOGLE_GEMINI_BASE_URL", ".gemini/settings.json", ""},
    Kind{"qwen", qwen_adapter,
         "ANTHROPIC_API_KEY ANTHROPIC_BASE_URL ANTHROPIC_MODEL BAILIAN_CODING_PLAN_API_KEY DASHSCOPE_API_KEY "
         "OPENAI_API_KEY OPENAI_BASE_URL OPENAI_MODEL",
         "QWEN_HOME", ".qwen", "settings.json QWEN.md agents commands skills", "oauth_creds.json .env",
         "dashscope.aliyuncs.com:443 dashscope-intl.aliyuncs.com:443 coding.dashscope.aliyuncs.com:443 "
         "coding-intl.dashscope.aliyuncs.com:443 chat.qwen.ai:443 portal.qwen.ai:443 api.openai.com:443",
         "*.rum.aliyuncs.com registry.* github.com api.github.com raw.githubusercontent.com",
         "OPENAI_BASE_URL ANTHROPIC_BASE_URL", "settings.json", ""},
    Kind{"opencode", opencode_adapter,
         "ANTHROPIC_API_KEY GEMINI_API_KEY OPENAI_API_KEY OPENCODE_API_KEY OPENROUTER_API_KEY", "", ".",
         ".config/opencode/opencode.json .config/opencode/opencode.jsonc .config/opencode/AGENTS.md "
         ".config/opencode/agents .config/opencode/commands .config/opencode/skills",
         ".local/share/opencode/auth.json",
         "opencode.ai:443 api.anthropic.com:443 api.openai.com:443 generativelanguage.googleapis.com:443 "
         "openrouter.ai:443",
         "models.dev registry.* github.com api.github.com", "", ".config/opencode/opencode.json", ""},
    Kind{"command", command_adapter, "", "", "", "", "", "", "", "", "", "NODE_USE_ENV_PROXY"},
};

std::vector<std::string> words_of(std::string_view rest) {
  std::vector<std::string> words;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find(' '), rest.size());
    words.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return words;
}

const Kind* find_kind(std::string_view name) {
  const auto* at =
      std::find_if(kinds.begin(), kinds.end(), [&](const Kind& one) { return one.name == name; });
  return at == kinds.end() ? nullptr : at;
}

}  // namespace

const Adapter* find_adapter(std::string_view kind) {
  const Kind* found = find_kind(kind);
  return found == nullptr ? nullptr : found->adapter();
}

std::vector<std::string> credential_names(std::string_view kind) {
  const Kind* found = find_kind(kind);
  return found == nullptr ? std::vector<std::string>() : words_of(found->credentials);
}

ConfigFolder config_folder(std::string_view kind) {
  const Kind* found = find_kind(kind);
  if (found == nullptr) return {};
  return {std::string(found->folder_variable), std::string(found->folder_in_home)};
}

ConfigParts config_parts(std::string_view kind) {
  const Kind* found = find_kind(kind);
  if (found == nullptr) return {};
  return {words_of(found->copied), words_of(found->logins)};
}

NetworkNeeds network_needs(std::string_view kind) {
  const Kind* found = find_kind(kind);
  if (found == nullptr) return {};
  NetworkNeeds needs{words_of(found->endpoints),
                     words_of(found->optional),
                     words_of(found->base_urls),
                     std::string(found->settings),
                     {}};
  if (!found->proxy_switch.empty()) needs.proxy_env.emplace(found->proxy_switch, "1");
  return needs;
}

std::vector<std::string> adapter_kinds() {
  std::vector<std::string> names;
  for (const Kind& kind : kinds) names.emplace_back(kind.name);
  return names;
}

std::vector<std::string> program_of(const Definition& definition, std::string_view program) {
  return definition.argv.empty() ? std::vector<std::string>{std::string(program)} : definition.argv;
}

Result<void> check_words(const Definition& definition, const Assignment& assignment) {
  const std::string& model = definition.model;
  const bool odd = model.starts_with('-') || std::any_of(model.begin(), model.end(), [](char c) {
                     return static_cast<unsigned char>(c) <= ' ' || c == '\x7f';
                   });
  if (odd) {
    return refuse({.kind = ErrorKind::bad_plan,
                   .where = "agents." + definition.name + ".model",
                   .what = "is not a model name",
                   .expected = "a name without blanks that does not begin with -",
                   .next = {}});
  }
  if (!assignment.session.empty() && !is_session_name(assignment.session)) {
    return refuse({.kind = ErrorKind::bad_plan,
                   .where = "session of agent " + definition.name,
                   .what = "is not a session name",
                   .expected = "letters, digits, - and _",
                   .next = "start the attempt without a session"});
  }
  return {};
}

}  // namespace pianola::agents
