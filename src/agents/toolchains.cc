#include "agents/toolchains.h"

namespace pianola::agents {

const std::vector<Toolchain>& toolchains() {
  static const std::vector<Toolchain> all = {
      // npm-config(7): cache, offline, logs-dir. pnpm reads `offline` too.
      {"npm",
       {".nvm/versions", ".npm-global", ".fnm", ".local/share/fnm", ".local/share/pnpm"},
       {},
       {".npm/_cacache"},
       {{"npm_config_offline", "true"},
        {"npm_config_audit", "false"},
        {"npm_config_fund", "false"},
        {"npm_config_update_notifier", "false"}}},
      // Yarn 2 and later: enableNetwork, enableGlobalCache.
      {"yarn", {".yarn/bin"}, {}, {".yarn/berry/cache", ".cache/yarn"}, {{"YARN_ENABLE_NETWORK", "false"}}},
      {"bun", {".bun/bin"}, {}, {".bun/install/cache"}, {}},
      {"deno", {".deno/bin"}, {}, {}, {}},
      // pip has no cache that serves without an index; what is missing fails at once.
      {"pip", {".local/bin", ".local/pipx", ".pyenv"}, {".pyenv"}, {}, {{"PIP_NO_INDEX", "1"}}},
      // uv does not work on a cache it cannot write; what it is logged in with lies beside these two.
      {"uv",
       {".local/share/uv/python", ".local/share/uv/tools"},
       {".local/share/uv/python", ".local/share/uv/tools"},
       {},
       {{"UV_OFFLINE", "1"}}},
      // The Cargo Book, "Configuration": net.offline.
      {"cargo",
       {".cargo/bin"},
       {".rustup"},
       {".cargo/registry", ".cargo/git"},
       {{"CARGO_NET_OFFLINE", "true"}}},
      // go help module-private, go help environment.
      {"go", {"go/bin", "sdk"}, {}, {"go/pkg/mod"}, {{"GOPROXY", "off"}, {"GOTOOLCHAIN", "local"}}},
      // mvn(1): MAVEN_ARGS since 3.9.
      {"maven", {".sdkman/candidates"}, {}, {".m2/repository", ".m2/wrapper"}, {{"MAVEN_ARGS", "--offline"}}},
      {"gradle", {}, {}, {".gradle/wrapper"}, {}},
      {"bundler", {".rbenv", ".rvm"}, {".rbenv"}, {}, {}},
      // composer(1): COMPOSER_DISABLE_NETWORK, COMPOSER_CACHE_READ_ONLY.
      {"composer",
       {".config/composer/vendor"},
       {},
       {".cache/composer"},
       {{"COMPOSER_DISABLE_NETWORK", "1"}, {"COMPOSER_CACHE_READ_ONLY", "1"}}},
      {"dotnet", {".dotnet/tools"}, {".dotnet/tools"}, {".nuget/packages"}, {}},
      {"several", {".asdf", ".local/share/mise"}, {".asdf", ".local/share/mise"}, {}, {}},
      // ccache(1): CCACHE_READONLY.
      {"ccache", {}, {}, {".cache/ccache", ".ccache"}, {{"CCACHE_READONLY", "1"}}},
  };
  return all;
}

}  // namespace pianola::agents
