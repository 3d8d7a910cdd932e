// Plans to begin with: what a common piece of work is made of, who waits for whom and who owns what.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plan/load.h"

namespace pianola::plan {

struct TemplateTask {
  std::string_view id;
  std::string_view description;
  std::string_view files;    // what it may write, "a/, b/"; "" = it only reads
  std::string_view depends;  // ids, "a, b"
};

struct Template {
  std::string_view name;
  std::string_view request;  // the plan's
  std::span<const TemplateTask> tasks;
};

// In the order in which they are listed to people. No two of their tasks that may run at once own one path.
std::span<const Template> templates();

// nullptr when there is none of that name.
const Template* find_template(std::string_view name);

// The plan in YAML, its checks written out. `assumed` holds at least one check.
std::string template_text(const Template& of, const std::vector<FolderChecks>& assumed);

}  // namespace pianola::plan
