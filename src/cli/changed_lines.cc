#include "cli/changed_lines.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "base/text.h"
#include "world/git_child.h"

namespace pianola::cli {
namespace {

constexpr int64_t diff_timeout_ms = 10'000;

}  // namespace

Result<std::vector<std::string>> changed_lines(const Program& program, const Text& before,
                                               const Text& after) {
  CHECK(!before.path.empty() || !after.path.empty(), "git reads one of the two from stdin");
  const world::Git git(TRY(world::find_git(program.surroundings.env, world::run_child)), world::run_child);
  world::GitCall call;
  call.args = {"diff", "--no-index", "--no-color", "--no-ext-diff", "--no-textconv", "--text", "-U0", "--"};
  for (const Text* text : {&before, &after}) call.args.push_back(text->path.empty() ? "-" : text->path);
  call.stdin_bytes = before.path.empty() ? before.bytes : after.bytes;
  call.timeout_ms = diff_timeout_ms;
  const world::Finished done = TRY(git.run(call));
  std::vector<std::string> lines;
  bool in_hunk = false;
  for (size_t from = 0; from < done.out.size();) {
    const size_t to = std::min(done.out.find('\n', from), done.out.size());
    const std::string_view line(done.out.data() + from, to - from);
    from = to + 1;
    in_hunk = in_hunk || line.starts_with("@@");
    if (in_hunk && (line.starts_with('+') || line.starts_with('-'))) lines.push_back(display(line).str());
  }
  return lines;
}

std::string first_lines(const std::vector<std::string>& lines, size_t most, const std::string& see_all) {
  std::string text;
  for (size_t i = 0; i < std::min(lines.size(), most); ++i) text += "  " + lines[i] + "\n";
  if (lines.size() > most) {
    text += fmt::format("  ... {} more{}{}\n", lines.size() - most, see_all.empty() ? "" : ": ", see_all);
  }
  return text;
}

}  // namespace pianola::cli
