// `verification:`, `quality:`, `test:` and `boundaries:` what proves a task, and what it may change.
#include "cli/configuration_keys.h"
#include "plan/scalar.h"
#include "plan/schema.h"
#include "plan/trivial.h"

namespace pianola::cli {
namespace {

using plan::NodeIndex;
using plan::Sheet;

constexpr std::string_view no_guessing = "checks are commands; none is guessed from the names of files";
constexpr int64_t lines_max = 1'000'000'000;
constexpr int checks_max = 1000;

void read_checks_min(Sheet& sheet, NodeIndex value, Configuration& configuration) {
  const int count = static_cast<int>(plan::scalar_number(sheet.tree().text(value)).value_or(1));
  if (count == 0) {
    sheet.warning(value, {.what = "\"verification.min_checks_per_task: 0\" has no effect: a task without a "
                                  "check stays an error"});
  } else {
    configuration.checks = {.min = count, .place = sheet.file() + ":" + sheet.position(value)};
  }
}

const std::array<Key, 2> resolution_keys = {{
    {.name = "test_file_patterns", .effect = Effect::never, .shape = Shape::texts, .note = no_guessing},
    {.name = "fallback_on_no_match", .effect = Effect::never, .shape = Shape::text, .note = no_guessing},
}};

std::span<const Key> template_resolution_keys() { return resolution_keys; }

const std::array<Key, 3> of_verification = {{
    {.name = "require_executable_checks",
     .effect = Effect::kept,
     .shape = Shape::boolean,
     .note = "a task without a check stays an error",
     .always = {"true"}},
    {.name = "min_checks_per_task",
     .read = read_checks_min,
     .shape = Shape::number,
     .range = {.least = 0, .most = checks_max, .unit = "checks"}},
    {.name = "template_resolution", .shape = Shape::mapping, .below = template_resolution_keys},
}};

const std::array<Key, 2> of_quality = {{
    {.name = "verifier_checks",
     .read =
         [](Sheet& sheet, NodeIndex value, Configuration& to) {
           to.verifier_checks = plan::read_checks(sheet, value, "verifier_checks");
         }},
    {.name = "post_merge_checks",
     .read =
         [](Sheet& sheet, NodeIndex value, Configuration& to) {
           to.post_merge_checks = plan::read_checks(sheet, value, "post_merge_checks");
         }},
}};

const std::array<Key, 7> of_boundaries = {{
    {.name = "enforce_via_git_diff",
     .effect = Effect::required,
     .shape = Shape::boolean,
     .note = "what a task changed is read from git always, and no configuration loosens that",
     .always = {"true"}},
    {.name = "reject_excessive_churn", .effect = Effect::later, .shape = Shape::boolean},
    {.name = "churn_threshold_lines",
     .effect = Effect::later,
     .shape = Shape::number,
     .range = {.least = 1, .most = lines_max, .unit = "lines"}},
    {.name = "reject_formatting_churn", .effect = Effect::later, .shape = Shape::boolean},
    {.name = "formatting_check_allowlist", .effect = Effect::later, .shape = Shape::texts},
    {.name = "formatting_check_denylist", .effect = Effect::later, .shape = Shape::texts},
    {.name = "forbidden_patterns", .effect = Effect::later, .shape = Shape::texts},
}};

}  // namespace

std::span<const Key> verification_keys() { return of_verification; }
std::span<const Key> quality_keys() { return of_quality; }
std::span<const Key> boundary_keys() { return of_boundaries; }

void read_test(Sheet& sheet, NodeIndex value, Configuration& configuration) {
  if (sheet.is_null(value)) return;
  auto command = sheet.text(value, "test");
  if (!command) return;
  if (!plan::is_test_command(*command)) {
    sheet.error(value, {.what = "test is \"" + plan::shown(*command) + "\"",
                        .expected = "a command that can fail, such as npm test",
                        .next = {}});
    return;
  }
  configuration.test = std::move(*command);
}

}  // namespace pianola::cli
