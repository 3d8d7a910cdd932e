// Trust: these exact commands may run on this machine, for this user; once per content.
#include <fmt/format.h>

#include "base/hash.h"
#include "base/text.h"
#include "cli/roster.h"
#include "world/files.h"

namespace pianola::cli {
namespace {

constexpr size_t lines_shown_max = 12;

Result<std::string> trust_dir(const Program& program) {
  const std::string xdg = program.env("XDG_STATE_HOME");
  const std::string home = program.env("HOME");
  if (!xdg.empty() && xdg.front() == '/') return xdg + "/pianola/trust";
  if (!home.empty() && home.front() == '/') return home + "/.local/state/pianola/trust";
  return refuse(Error{.kind = ErrorKind::missing,
                      .where = "HOME",
                      .what = "is not an absolute path",
                      .expected = "a home folder, where trust is kept",
                      .next = "set HOME or XDG_STATE_HOME"});
}

// Length before content, so that no two lists have one text.
void add(std::string& text, const std::string& part) {
  text += std::to_string(part.size()) + ":" + part + "\n";
}

void add_check(TrustRequest& request, std::string& text, const plan::Check& check, const std::string& whose) {
  const std::string command = plan::command_text(check.command);
  add(text, "check");
  add(text, command);
  request.lines.push_back(fmt::format("{:<40} {}", display(command).str(), whose));
}

}  // namespace

TrustRequest trust_request(const Agents& agents, const plan::Plan& plan, const std::string& isolation) {
  TrustRequest request;
  std::string text;
  add(text, "pianola trust 1");
  add(text, isolation);
  for (const plan::Task& task : plan.tasks) {
    for (const plan::Check& check : task.verification)
      add_check(request, text, check, "gate of " + task.id.str());
    for (const std::string& setup : task.setup) add(text, setup);
  }
  for (const plan::Check& check : plan.post_merge_checks) add_check(request, text, check, "final check");
  for (const std::string& setup : plan.setup) add(text, setup);
  for (const auto& [name, definition] : agents.roster) {
    add(text, "agent");
    add(text, name);
    add(text, definition.kind);
    add(text, definition.model);
    add(text, definition.config_dir);
    std::string command;
    for (const std::string& word : definition.argv) {
      add(text, word);
      command += (command.empty() ? "" : " ") + word;
    }
    for (const auto& [key, value] : definition.env) add(text, key + "=" + value);
    request.lines.push_back(fmt::format("{:<40} agent \"{}\"", display(command).str(), display(name).str()));
  }
  for (const NamedFile& file : agents.files) add(text, file.sha256);
  request.sha256 = sha256_hex(text);
  return request;
}

Result<bool> is_trusted(const Program& program, const TrustRequest& request) {
  return world::exists(TRY(trust_dir(program)) + "/" + request.sha256);
}

Result<void> store_trust(const Program& program, const TrustRequest& request) {
  const std::string folder = TRY(trust_dir(program));
  TRY(world::make_dirs(folder));
  std::string list;
  for (const std::string& line : request.lines) list += line + "\n";
  return world::write_file(folder + "/" + request.sha256, list, world::Sync::file_and_dir);
}

Result<void> require_trust(const Program& program, const TrustRequest& request, TrustAnswer answer) {
  if (TRY(is_trusted(program, request))) return {};
  if (answer == TrustAnswer::granted_by_flag) return store_trust(program, request);
  std::string list;
  for (size_t i = 0; i < request.lines.size() && i < lines_shown_max; ++i)
    list += "  " + request.lines[i] + "\n";
  if (request.lines.size() > lines_shown_max) {
    list +=
        "  ... " + std::to_string(request.lines.size() - lines_shown_max) + " more: pianola trust --show\n";
  }
  if (program.surroundings.stdin_is_terminal && program.surroundings.stdout_is_terminal) {
    program.console.out("it will run on this machine, as you:\n" + list);
    const std::string said = program.console.ask("trust exactly this? [y]es  [N]o: ");
    if (said == "y" || said == "yes") return store_trust(program, request);
  }
  return refuse(Error{
      .kind = ErrorKind::paused,
      .where = {},
      .what = "these commands are not trusted yet:\n" + list + "commands " + request.sha256.substr(0, 7),
      .expected = "your word",
      .next = "see all and trust them: pianola trust, or: pianola run --approve"});
}

}  // namespace pianola::cli
