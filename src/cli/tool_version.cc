#include "cli/tool_version.h"

#include "base/text.h"
#include "world/child.h"

namespace pianola::cli {

std::string version_line(const VersionQuestion& question) {
  world::ChildOptions options;
  options.argv = {question.path, question.argument};
  options.env = question.env;
  options.timeout_ms = question.timeout_ms;
  options.stdout_limit_bytes = 4096;
  const Result<world::Finished> done = world::run_child(options);
  if (!done || !done->ok()) return "";
  return display(done->out.substr(0, done->out.find('\n'))).str();
}

}  // namespace pianola::cli
