// The keys of a configuration as tables: what each is, what comes of it, and what whoever wrote it is told.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/configuration.h"
#include "plan/fields.h"
#include "plan/sheet.h"

namespace pianola::cli {

enum class Shape {
  any,  // the reader looks at it alone
  text,
  boolean,
  number,            // whole, of Key::range
  texts,             // a list
  mapping,           // with the keys `below`
  entries,           // a list of such mappings
  texts_or_entries,  // a list of either
  named,             // a mapping of names to such mappings
};

struct Key;
using KeyTable = std::span<const Key> (*)();

struct Key {
  std::string_view name;
  // What is done with a value of the right shape; nullptr: nothing.
  void (*read)(plan::Sheet& sheet, plan::NodeIndex value, Configuration& configuration) = nullptr;
  Effect effect = Effect::now;
  Shape shape = Shape::any;
  plan::Sheet::Range range = {};
  // Of Effect::later and never: why nothing comes of it. Of kept and required: what stays as it is.
  std::string_view note = {};
  std::array<std::string_view, 2> always =
      {};  // of Effect::kept and required: the value that changes nothing
  KeyTable below = nullptr;
  // Adds the names below this key where another kind of table has them; `section` is the key's own name.
  void (*list)(const std::string& section, std::vector<KnownKey>& names) = nullptr;
};

// Reads the keys of `map`, the section of this name; "" is the whole configuration. Findings: an unknown key
// (an error in a section), a value of another shape, and whatever Effect says of a key. Null asks for
// nothing.
void read_keys(plan::Sheet& sheet, plan::NodeIndex map, const std::string& section, KeyTable table,
               Configuration& configuration);

// Every name of `table` that a value can be given to, in its order.
void list_keys(const std::string& section, KeyTable table, std::vector<KnownKey>& names);

template <class Target>
void list_fields(const std::string& section, std::span<const plan::Field<Target>> fields,
                 std::vector<KnownKey>& names) {
  for (const plan::Field<Target>& field : fields) {
    const Effect effect = field.effect == plan::Effect::later ? Effect::later : Effect::now;
    names.push_back({section + "." + std::string(field.key), effect});
  }
}

// "a, b or c".
std::string listed(const std::vector<std::string>& choices);

// The readers that several tables share.
void read_choice(plan::Sheet& sheet, plan::NodeIndex value, std::string_view key,
                 const std::vector<std::string>& choices, std::string& out);
void read_text(plan::Sheet& sheet, plan::NodeIndex value, std::string_view key, std::string& out);

// The sections, each in a file of its own or with its neighbours.
std::span<const Key> orchestration_keys();
std::span<const Key> verification_keys();
std::span<const Key> quality_keys();
std::span<const Key> boundary_keys();
std::span<const Key> patch_intent_keys();
std::span<const Key> resource_keys();
std::span<const Key> dependency_keys();
std::span<const Key> contract_keys();
std::span<const Key> mailbox_keys();
std::span<const Key> phase_keys();

void read_test(plan::Sheet& sheet, plan::NodeIndex value, Configuration& configuration);
void read_agents(plan::Sheet& sheet, plan::NodeIndex value, Configuration& configuration);
void list_agent_keys(const std::string& section, std::vector<KnownKey>& names);
void read_roles(plan::Sheet& sheet, plan::NodeIndex value, Configuration& configuration);
void list_role_keys(const std::string& section, std::vector<KnownKey>& names);

}  // namespace pianola::cli
