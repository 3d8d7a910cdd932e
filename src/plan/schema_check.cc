#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/text.h"
#include "plan/fields.h"
#include "plan/scalar.h"
#include "plan/schema.h"
#include "plan/trivial.h"

namespace pianola::plan {
namespace {

constexpr double timeout_limit_s = 600;
constexpr double timeout_absurd_s = 86'400;  // beyond it a typing error is likelier than patience

struct CheckDraft {
  Check check;
  NodeIndex command = no_node;
  bool is_whole = true;  // false when its command could not be read
};

void read_command(Sheet& sheet, NodeIndex value, CheckDraft& draft);
void read_timeout(Sheet& sheet, NodeIndex value, CheckDraft& draft);
void judge_command(Sheet& sheet, CheckDraft& draft);

const std::array<Field<CheckDraft>, 6> check_fields = {{
    {"command", read_command},
    {"type",
     [](Sheet& sheet, NodeIndex value, CheckDraft& draft) {
       auto type = sheet.text(value, "type");
       if (!type) return;
       const bool is_word = !type->empty() && type->find_first_of(" \t\r\n") == std::string::npos;
       if (!is_word)
         sheet.error(value, {fmt::format("type \"{}\"", shown(*type)), "one word, such as test", {}});
       draft.check.type = std::move(*type);
     }},
    {"required",
     [](Sheet& sheet, NodeIndex value, CheckDraft& draft) {
       draft.check.required = sheet.boolean(value, "required").value_or(true);
     }},
    {"timeout", read_timeout},
    {"allow_trivial",
     [](Sheet& sheet, NodeIndex value, CheckDraft& draft) {
       draft.check.allow_trivial = sheet.boolean(value, "allow_trivial").value_or(false);
     }},
    {"description",
     [](Sheet& sheet, NodeIndex value, CheckDraft& draft) {
       if (sheet.is_null(value)) return;
       if (auto text = sheet.text(value, "description")) draft.check.description = std::move(*text);
     }},
}};

}  // namespace

std::vector<Check> read_checks(Sheet& sheet, NodeIndex list, std::string_view key) {
  std::vector<Check> out;
  if (!sheet.list(list, key, "checks")) return out;
  const Tree& tree = sheet.tree();
  for (NodeIndex item = tree.node(list).first; item != no_node; item = tree.node(item).next) {
    CheckDraft draft;
    if (tree.node(item).kind == NodeKind::map) {
      read_fields(sheet, item, std::span<const Field<CheckDraft>>(check_fields), "check", draft);
      if (draft.command == no_node) {
        sheet.error(item, {"a check without a command", "command", "write command: and what to run"});
        continue;
      }
    } else if (tree.node(item).kind == NodeKind::scalar && !sheet.is_null(item)) {
      read_command(sheet, item, draft);
    } else {
      sheet.error(item, {fmt::format("a check is {}", sheet.kind_text(item)), "a mapping with command", {}});
      continue;
    }
    judge_command(sheet, draft);
    if (draft.is_whole) out.push_back(std::move(draft.check));
  }
  return out;
}

namespace {

void read_command(Sheet& sheet, NodeIndex value, CheckDraft& draft) {
  draft.command = value;
  const Tree& tree = sheet.tree();
  if (tree.node(value).kind == NodeKind::scalar && !sheet.is_null(value)) {
    draft.check.command = ShellCommand{std::string(tree.text(value))};
  } else if (tree.node(value).kind == NodeKind::list) {
    draft.check.command = ArgvCommand{sheet.texts(value, "command", "arguments")};
    draft.is_whole = std::get<ArgvCommand>(draft.check.command).argv.size() == tree.node(value).count;
  } else if (!sheet.is_null(value)) {
    sheet.error(
        value,
        {fmt::format("command is {}", sheet.kind_text(value)), "text for sh -c, or a list of arguments", {}});
    draft.is_whole = false;
  }
}

void judge_command(Sheet& sheet, CheckDraft& draft) {
  if (!draft.is_whole) return;
  const Check& check = draft.check;
  const auto* argv = std::get_if<ArgvCommand>(&check.command);
  const std::string text = command_text(check.command);
  const bool is_blank = argv != nullptr ? argv->argv.empty() || argv->argv.front().empty()
                                        : text.find_first_not_of(" \t\r\n") == std::string::npos;
  if (is_blank) {
    sheet.error(draft.command, {"an empty command", "a check that can fail", {}});
    draft.is_whole = false;
    return;
  }
  if (!sheet.has_every_rule()) return;
  if (has_control_characters(text)) {
    sheet.error(
        draft.command,
        {fmt::format("control characters in command \"{}\"", shown(text)), "text, line ends and tabs", {}});
  } else if (!check.allow_trivial && is_trivial(check.command)) {
    sheet.error(
        draft.command,
        {fmt::format("command \"{}\" cannot fail", shown(text)), "a check that can",
         sheet.notation() == Notation::checklist ? "write one" : "write one, or set allow_trivial: true"});
  }
}

void read_timeout(Sheet& sheet, NodeIndex value, CheckDraft& draft) {
  const std::string_view written = sheet.tree().text(value);
  const auto number = sheet.tree().node(value).plain ? scalar_number(written) : std::nullopt;
  const std::string expected = "more than 0 and at most 600 seconds";
  if (!number || *number < 0.001 || *number > timeout_absurd_s) {
    const bool is_number = sheet.kind_text(value) == "a number";
    sheet.error(value, {is_number ? fmt::format("timeout {} is out of range", shown(written))
                                  : fmt::format("timeout is {}", sheet.kind_text(value)),
                        expected, "write a number of seconds, such as timeout: 300"});
    return;
  }
  if (*number > timeout_limit_s) {
    sheet.warning(value,
                  {fmt::format("timeout {} is over the limit", shown(written)), expected, "600 is used"});
  }
  draft.check.timeout_ms = static_cast<int64_t>(std::llround(std::min(*number, timeout_limit_s) * 1000));
}

}  // namespace

std::vector<std::string> read_setup(Sheet& sheet, NodeIndex list) {
  std::vector<std::string> commands;
  if (!sheet.list(list, "setup", "commands")) return commands;
  const Tree& tree = sheet.tree();
  for (NodeIndex item = tree.node(list).first; item != no_node; item = tree.node(item).next) {
    auto command = sheet.text(item, "an entry of setup");
    if (!command) continue;
    if (command->find_first_not_of(" \t\r\n") == std::string::npos) {
      sheet.error(item, {"an empty command", "shell text such as npm ci", {}});
    } else if (has_control_characters(*command)) {
      sheet.error(item, {fmt::format("control characters in command \"{}\"", shown(*command)),
                         "text, line ends and tabs",
                         {}});
    }
    commands.push_back(std::move(*command));
  }
  return commands;
}

}  // namespace pianola::plan
