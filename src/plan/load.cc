#include "plan/load.h"

#include <string>
#include <unordered_set>
#include <utility>

#include "base/text.h"
#include "plan/assumed.h"
#include "plan/checklist.h"
#include "plan/plan_text.h"
#include "plan/rules.h"
#include "plan/schema.h"

namespace pianola::plan {
namespace {

Loaded refused(const SyntaxFault& fault, const LoadOptions& options);
Checklist read_text(std::string_view bytes, const LoadOptions& options);
void fill_post_merge_checks(Plan& plan);
std::vector<WrittenEntry> written_entries(const Sheet& sheet, const Draft& draft);

}  // namespace

std::string Diagnostic::text() const {
  Error error;
  error.where = display(at.file).str() + ":" + std::to_string(at.line) + ":" + std::to_string(at.col);
  error.what = (severity == Severity::warning ? "warning: " : "") + what;
  error.expected = expected;
  error.next = next;
  return error.text();
}

Loaded load(std::string_view bytes, const LoadOptions& options) {
  const Checklist read = read_text(bytes, options);
  const Parsed& parsed = read.parsed;
  if (parsed.fault) return refused(*parsed.fault, options);
  if (parsed.tree->root() == no_node) {
    return refused({{1, 1}, "the plan has no tasks", "at least one", "write one under tasks:"}, options);
  }
  Sheet sheet(*parsed.tree, options);
  for (const ListFinding& found : read.findings) {
    sheet.note(found.severity, parsed.tree->lines().mark(found.at), found.finding);
  }
  Loaded out;
  std::optional<Draft> draft = read_draft(sheet);
  if (draft) {
    const bool are_ids_unique = check_ids(sheet, *draft);
    check_references(sheet, *draft);
    if (sheet.notation() == Notation::checklist) out.assumed = assume_checks(sheet, *draft, options.assumed);
    out.cycle = check_order(sheet, *draft);
    check_contracts(sheet, *draft);
    if (are_ids_unique && out.cycle.empty() && sheet.has_every_rule())
      out.conflicts = check_ownership(sheet, *draft);
  }
  if (draft && sheet.errors() == 0) {
    out.written = written_entries(sheet, *draft);
    for (const NodeIndex node : draft->contracts) {
      const Mark mark = sheet.tree().mark(node);
      out.contracts.push_back(Place{sheet.file(), mark.line, mark.col});
    }
    out.plan = std::move(draft->plan);
    if (!out.plan->post_merge_checks.empty()) out.final_checks = FinalChecks::written;
    fill_post_merge_checks(*out.plan);
  }
  out.diagnostics = sheet.take_diagnostics();
  return out;
}

namespace {

Checklist read_text(std::string_view bytes, const LoadOptions& options) {
  Checklist read;
  if (notation_of(options.file) == Notation::yaml) {
    read.parsed = parse_plan_text(bytes, options.file);
    return read;
  }
  CheckedText checked = check_text_bytes(bytes);
  if (!checked.fault) return read_checklist(checked.text);
  read.parsed.fault = std::move(checked.fault);
  return read;
}

Loaded refused(const SyntaxFault& fault, const LoadOptions& options) {
  Loaded out;
  out.diagnostics.push_back({Severity::error, Place{options.file, fault.at.line, fault.at.col}, fault.what,
                             fault.expected, fault.next});
  return out;
}

std::vector<WrittenEntry> written_entries(const Sheet& sheet, const Draft& draft) {
  std::vector<WrittenEntry> written;
  const auto add = [&](const std::vector<std::string>& entries, const std::vector<NodeIndex>& nodes) {
    for (size_t i = 0; i < entries.size(); ++i) {
      const Mark mark = sheet.tree().mark(nodes[i]);
      written.push_back({entries[i], Place{sheet.file(), mark.line, mark.col}});
    }
  };
  for (size_t place = 0; place < draft.nodes.size(); ++place) {
    add(draft.plan.tasks[place].files_write, draft.nodes[place].files_write);
    add(draft.plan.tasks[place].files_append, draft.nodes[place].files_append);
  }
  for (size_t place = 0; place < draft.contracts.size(); ++place) {
    if (draft.plan.contracts[place].file_path.empty()) continue;
    add({draft.plan.contracts[place].file_path}, {draft.contracts[place]});
  }
  return written;
}

// Absent, the final checks are those of all tasks, equal ones once.
void fill_post_merge_checks(Plan& plan) {
  if (!plan.post_merge_checks.empty()) return;
  std::unordered_set<std::string> seen;
  for (const Task& task : plan.tasks) {
    for (const Check& check : task.verification) {
      if (seen.insert(check_key(check)).second) plan.post_merge_checks.push_back(check);
    }
  }
}

}  // namespace
}  // namespace pianola::plan
