// What a worker writes into the configuration of its own clone so that whoever runs git there runs its
// programs. `@NAME@` stands for a command that leaves the canary NAME.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pianola::redteam {

inline constexpr std::string_view planted_config = R"(
[core]
	fsmonitor = "@core.fsmonitor@; false"
	hooksPath = .git/evil-hooks
	sshCommand = "@core.sshCommand@; false"
	editor = "@core.editor@; false"
	pager = "@core.pager@; cat"
	askPass = .git/evil/core.askPass
	gitProxy = .git/evil/core.gitProxy
	alternateRefsCommand = "@core.alternateRefsCommand@; false"
[sequence]
	editor = "@sequence.editor@; false"
[filter "one"]
	clean = "@filter.clean@; cat"
[filter "two"]
	smudge = "@filter.smudge@; cat"
[filter "three"]
	process = "@filter.process@; false"
[diff]
	external = "@diff.external@; true"
	tool = evil
[diff "one"]
	textconv = "@diff.textconv@; cat"
[diff "two"]
	command = "@diff.command@; true"
[difftool "evil"]
	cmd = "@difftool.cmd@"
[merge "one"]
	driver = "@merge.driver@; false"
[merge]
	tool = evil
[mergetool "evil"]
	cmd = "@mergetool.cmd@"
[gpg]
	program = .git/evil/gpg.program
[gpg "ssh"]
	defaultKeyCommand = .git/evil/gpg.ssh.defaultKeyCommand
[credential]
	helper = "!@credential.helper@"
[credential "https://other"]
	helper = "!@credential.url.helper@"
[alias]
	st = "!@alias@"
[remote "ssh"]
	url = ssh://localhost/x
[remote "up"]
	url = /nowhere
	uploadpack = "@remote.uploadpack@; false"
	receivepack = "@remote.receivepack@; false"
[remote "ext"]
	url = "ext::.git/evil/remote.ext x"
[remote "proxy"]
	url = git://localhost/x
[protocol "ext"]
	allow = always
[trailer "one"]
	command = "@trailer.command@"
	key = One
[trailer "two"]
	cmd = "@trailer.cmd@"
	key = Two
[tar "evil"]
	command = "@tar.command@; cat"
[pager]
	log = "@pager.log@; cat"
[man]
	viewer = evil
[man "evil"]
	cmd = "@man.cmd@"
[gc]
	auto = 1
[include]
	path = evil/include
[includeIf "gitdir:/"]
	path = evil/include-if
)";
inline constexpr std::string_view planted_include = "[alias]\n\tinc = \"!@include.path@\"\n";
inline constexpr std::string_view planted_include_if = "[alias]\n\tincif = \"!@includeIf.path@\"\n";

// Named in the configuration and executed without a shell.
inline const std::vector<std::string> planted_programs = {"core.askPass", "core.gitProxy", "gpg.program",
                                                          "gpg.ssh.defaultKeyCommand", "remote.ext"};
inline const std::vector<std::string> planted_hooks = {"applypatch-msg",
                                                       "commit-msg",
                                                       "post-applypatch",
                                                       "post-checkout",
                                                       "post-commit",
                                                       "post-index-change",
                                                       "post-merge",
                                                       "post-receive",
                                                       "post-rewrite",
                                                       "post-update",
                                                       "pre-applypatch",
                                                       "pre-commit",
                                                       "pre-push",
                                                       "pre-rebase",
                                                       "pre-receive",
                                                       "prepare-commit-msg",
                                                       "reference-transaction",
                                                       "update"};

// `text` with every @NAME@ made into what leaves that canary in `folder`.
inline std::string with_canaries(std::string_view text, const std::string& folder) {
  std::string done;
  while (!text.empty()) {
    const size_t at = text.find('@');
    const size_t end = at == std::string_view::npos ? at : text.find('@', at + 1);
    done += text.substr(0, at);
    if (end == std::string_view::npos) break;
    done += "touch " + folder + "/" + std::string(text.substr(at + 1, end - at - 1));
    text.remove_prefix(end + 1);
  }
  return done;
}

// The names of all canaries.
inline std::vector<std::string> planted_names() {
  std::vector<std::string> names = planted_programs;
  for (const std::string& hook : planted_hooks) names.push_back("hook." + hook);
  for (std::string_view text : {planted_config, planted_include, planted_include_if}) {
    for (size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
      const size_t end = text.find('@', at + 1);
      names.emplace_back(text.substr(at + 1, end - at - 1));
      at = end;
    }
  }
  return names;
}

}  // namespace pianola::redteam
