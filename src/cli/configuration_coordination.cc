// `patch_intents:`, `resources:`, `mailbox:` and `phases:` how tasks get along with each other.
#include "cli/configuration_keys.h"

namespace pianola::cli {
namespace {

using plan::NodeIndex;
using plan::Sheet;

constexpr std::string_view implied_count = "resources that intents imply count still";

const std::array<Key, 2> of_hot_file = {{
    {.name = "path", .shape = Shape::text},
    {.name = "actions", .shape = Shape::texts},
}};
std::span<const Key> hot_file_keys() { return of_hot_file; }

const std::array<Key, 2> of_markers = {{
    {.name = "auto_insert", .effect = Effect::later, .shape = Shape::boolean},
    {.name = "style", .effect = Effect::later, .shape = Shape::text},
}};
std::span<const Key> marker_keys() { return of_markers; }

// True asks for what is not there yet; false for what stays.
void note_intents(Sheet& sheet, NodeIndex value, Configuration&) {
  const std::string_view text = sheet.tree().text(value);
  if (text.front() == 't' || text.front() == 'T')
    sheet.warning(value, {.what = "\"patch_intents.enabled\" has no effect in this version: an intent only "
                                  "implies a resource"});
}

const std::array<Key, 5> of_intents = {{
    {.name = "enabled",
     .read = note_intents,
     .effect = Effect::kept,
     .shape = Shape::boolean,
     .note = implied_count,
     .always = {"true"}},
    {.name = "adapter", .effect = Effect::later, .shape = Shape::text},
    {.name = "hot_files", .effect = Effect::later, .shape = Shape::entries, .below = hot_file_keys},
    {.name = "fallback", .effect = Effect::later, .shape = Shape::text},
    {.name = "region_markers", .shape = Shape::mapping, .below = marker_keys},
}};

const std::array<Key, 2> of_resources = {{
    {.name = "enabled",
     .effect = Effect::kept,
     .shape = Shape::boolean,
     .note = "tasks that share a resource conflict still, and resources that intents imply count",
     .always = {"true"}},
    {.name = "auto_emit_from_intents",
     .effect = Effect::kept,
     .shape = Shape::boolean,
     .note = implied_count,
     .always = {"true"}},
}};

const std::array<Key, 2> of_mailbox = {{
    {.name = "enabled", .effect = Effect::later, .shape = Shape::boolean},
    {.name = "message_types", .effect = Effect::later, .shape = Shape::texts},
}};

const std::array<Key, 3> of_barrier_check = {{
    {.name = "name", .shape = Shape::text},
    {.name = "command", .shape = Shape::text},
    {.name = "required", .shape = Shape::boolean},
}};
std::span<const Key> barrier_check_keys() { return of_barrier_check; }

const std::array<Key, 2> of_phases = {{
    {.name = "stabilization_gate", .effect = Effect::later, .shape = Shape::boolean},
    {.name = "barrier_checks",
     .effect = Effect::later,
     .shape = Shape::texts_or_entries,
     .below = barrier_check_keys},
}};

}  // namespace

std::span<const Key> patch_intent_keys() { return of_intents; }
std::span<const Key> resource_keys() { return of_resources; }
std::span<const Key> mailbox_keys() { return of_mailbox; }
std::span<const Key> phase_keys() { return of_phases; }

}  // namespace pianola::cli
