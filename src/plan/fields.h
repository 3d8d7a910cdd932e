// Keys of a mapping and what reads each: the table form of a schema.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plan/sheet.h"

namespace pianola::plan {

// What comes of a key: something, or nothing yet, which whoever wrote it is told.
enum class Effect { now, later };

template <class Target>
struct Field {
  std::string_view key;
  // Reads the value into the target; nullptr for a key whose value is not looked at.
  void (*read)(Sheet& sheet, NodeIndex value, Target& target) = nullptr;
  Effect effect = Effect::now;
};

// Notes a key that no table has: near a known one it is an error, else a warning; "x-..." is free.
void note_unknown_key(Sheet& sheet, NodeIndex key, std::string_view noun,
                      const std::vector<std::string_view>& known);

// Calls the reader of every key of `map`. `noun` says what has these keys: "task", "check".
template <class Target>
void read_fields(Sheet& sheet, NodeIndex map, std::span<const Field<Target>> fields, std::string_view noun,
                 Target& target) {
  const Tree& tree = sheet.tree();
  for (NodeIndex key = tree.node(map).first; key != no_node;) {
    const NodeIndex value = tree.node(key).next;
    const std::string_view name = tree.text(key);
    const Field<Target>* found = nullptr;
    for (const Field<Target>& field : fields) {
      // The first letter mostly tells, and is told without a call.
      const bool may_be =
          field.key.size() == name.size() && !name.empty() && field.key.front() == name.front();
      if (may_be && field.key == name) found = &field;
    }
    if (found == nullptr) {
      std::vector<std::string_view> known;
      for (const Field<Target>& field : fields) known.push_back(field.key);
      note_unknown_key(sheet, key, noun, known);
    } else {
      const size_t errors = sheet.errors();
      if (found->read != nullptr) found->read(sheet, value, target);
      if (found->effect == Effect::later && sheet.errors() == errors) sheet.note_without_effect(key, value);
    }
    key = tree.node(value).next;
  }
}

}  // namespace pianola::plan
