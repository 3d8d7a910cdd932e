#include "cli/configuration_keys.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace pianola::cli {

using plan::Finding;
using plan::no_node;
using plan::NodeIndex;
using plan::Sheet;

std::string listed(const std::vector<std::string>& choices) {
  std::string list;
  for (size_t i = 0; i < choices.size(); ++i) {
    list += (i == 0 ? "" : i + 1 == choices.size() ? " or " : ", ") + choices[i];
  }
  return list;
}

void read_choice(Sheet& sheet, NodeIndex value, std::string_view key, const std::vector<std::string>& choices,
                 std::string& out) {
  const auto text = sheet.text(value, key);
  if (!text) return;
  if (std::find(choices.begin(), choices.end(), *text) != choices.end()) {
    out = *text;
    return;
  }
  sheet.error(value, Finding{.what = std::string(key) + " is " + plan::shown(*text),
                             .expected = listed(choices),
                             .next = {}});
}

void read_text(Sheet& sheet, NodeIndex value, std::string_view key, std::string& out) {
  if (auto text = sheet.text(value, key)) out = std::move(*text);
}

namespace {

std::string joined(const std::string& section, std::string_view key) {
  return section.empty() ? std::string(key) : section + "." + std::string(key);
}

void refuse_unknown(Sheet& sheet, NodeIndex key, const std::string& section, KeyTable table) {
  std::vector<std::string_view> known;
  for (const Key& row : table()) known.push_back(row.name);
  if (section.empty()) return plan::note_unknown_key(sheet, key, "configuration", known);
  const std::string_view name = sheet.tree().text(key);
  if (name.starts_with("x-")) return;
  const std::string near = nearest(name.substr(0, 64), known);
  // A strange key of a section is no remark: it may be a limit that somebody relies on.
  sheet.error(key, {.what = fmt::format("unknown key \"{}\" of {}", plan::shown(name), section),
                    .expected = near.empty() ? listed({known.begin(), known.end()}) : "a key it knows",
                    .next = near.empty() ? "" : "nearest is " + near});
}

void read_mapping(Sheet& sheet, NodeIndex value, const std::string& name, const Key& row,
                  Configuration& configuration) {
  std::vector<std::string> known;
  for (const Key& key : row.below()) known.emplace_back(key.name);
  if (sheet.map(value, name, listed(known))) read_keys(sheet, value, name, row.below, configuration);
}

void read_entries(Sheet& sheet, NodeIndex value, const std::string& name, const Key& row,
                  Configuration& configuration) {
  if (!sheet.list(value, name, row.shape == Shape::entries ? "mappings" : "commands")) return;
  const plan::Tree& tree = sheet.tree();
  for (NodeIndex item = tree.node(value).first; item != no_node; item = tree.node(item).next) {
    const bool is_text = tree.node(item).kind == plan::NodeKind::scalar && !sheet.is_null(item);
    if (is_text && row.shape == Shape::texts_or_entries) continue;
    read_mapping(sheet, item, name + "[]", row, configuration);
  }
}

void read_named(Sheet& sheet, NodeIndex value, const std::string& name, const Key& row,
                Configuration& configuration) {
  if (!sheet.map(value, name, "names")) return;
  const plan::Tree& tree = sheet.tree();
  for (NodeIndex key = tree.node(value).first; key != no_node; key = tree.node(tree.node(key).next).next) {
    read_mapping(sheet, tree.node(key).next, joined(name, plan::shown(tree.text(key))), row, configuration);
  }
}

void check_shape(Sheet& sheet, NodeIndex value, const std::string& name, const Key& row,
                 Configuration& configuration) {
  switch (row.shape) {
    case Shape::any:
      break;
    case Shape::text:
      sheet.text(value, name);
      break;
    case Shape::boolean:
      sheet.boolean(value, name);
      break;
    case Shape::number:
      sheet.whole_number(value, name, row.range);
      break;
    case Shape::texts:
      sheet.texts(value, name, "texts");
      break;
    case Shape::mapping:
      read_mapping(sheet, value, name, row, configuration);
      break;
    case Shape::entries:
    case Shape::texts_or_entries:
      read_entries(sheet, value, name, row, configuration);
      break;
    case Shape::named:
      read_named(sheet, value, name, row, configuration);
      break;
  }
}

// As the table writes values: true however it is spelt.
std::string spelt(const Sheet& sheet, NodeIndex value) {
  const std::string_view text = sheet.tree().text(value);
  if (sheet.kind_text(value) != "a boolean") return std::string(text);
  return text.front() == 't' || text.front() == 'T' ? "true" : "false";
}

// What whoever wrote another value than the table's is told.
void judge_value(Sheet& sheet, NodeIndex value, const std::string& name, const Key& row) {
  const std::string text = spelt(sheet, value);
  if (text == row.always[0] || text == row.always[1]) return;
  if (row.effect == Effect::kept) {
    sheet.warning(value,
                  {.what = fmt::format("\"{}: {}\" has no effect: {}", name, plan::shown(text), row.note)});
  } else {
    sheet.error(value, {.what = fmt::format("{} is {}", name, plan::shown(text)),
                        .expected = std::string(row.always[0]),
                        .next = std::string(row.note)});
  }
}

// A key that was read well and of which nothing comes.
struct IdleKey {
  const Key* row = nullptr;
  NodeIndex key = no_node;
};

// One remark for all keys of a section that have one reason, so that a long file is told on few lines.
void note_idle_keys(Sheet& sheet, const std::string& section, std::vector<IdleKey> idle) {
  while (!idle.empty()) {
    const IdleKey first = idle.front();
    std::string names;
    size_t count = 0;
    std::erase_if(idle, [&](const IdleKey& one) {
      const bool is_alone = section.empty() && one.key != first.key;
      if (is_alone || one.row->effect != first.row->effect || one.row->note != first.row->note) return false;
      names += (count++ == 0 ? "" : ", ") + std::string(one.row->name);
      return true;
    });
    const std::string until = first.row->effect == Effect::later ? " in this version" : "";
    const std::string why = first.row->note.empty() ? "" : ": " + std::string(first.row->note);
    sheet.warning(
        first.key,
        {.what = count == 1
                     ? fmt::format("\"{}\" has no effect{}{}", joined(section, names), until, why)
                     : fmt::format("\"{}\" has keys without effect{} ({}){}", section, until, names, why)});
  }
}

void read_key(Sheet& sheet, NodeIndex key, const std::string& section, const Key& row,
              Configuration& configuration, std::vector<IdleKey>& idle) {
  const NodeIndex value = sheet.tree().node(key).next;
  const std::string name = joined(section, row.name);
  if (sheet.is_null(value)) return;
  const size_t errors = sheet.errors();
  check_shape(sheet, value, name, row, configuration);
  if (sheet.errors() > errors) return;
  if (row.read != nullptr) row.read(sheet, value, configuration);
  if (sheet.errors() > errors) return;
  if (row.effect == Effect::later || row.effect == Effect::never) idle.push_back({&row, key});
  if (row.effect == Effect::kept || row.effect == Effect::required) judge_value(sheet, value, name, row);
}

}  // namespace

void read_keys(Sheet& sheet, NodeIndex map, const std::string& section, KeyTable table,
               Configuration& configuration) {
  const plan::Tree& tree = sheet.tree();
  const std::span<const Key> rows = table();
  std::vector<IdleKey> idle;
  for (NodeIndex key = tree.node(map).first; key != no_node; key = tree.node(tree.node(key).next).next) {
    const auto row =
        std::find_if(rows.begin(), rows.end(), [&](const Key& one) { return one.name == tree.text(key); });
    if (row == rows.end()) {
      refuse_unknown(sheet, key, section, table);
    } else {
      read_key(sheet, key, section, *row, configuration, idle);
    }
  }
  note_idle_keys(sheet, section, std::move(idle));
}

void list_keys(const std::string& section, KeyTable table, std::vector<KnownKey>& names) {
  for (const Key& row : table()) {
    std::string name = joined(section, row.name);
    const bool has_more = row.below != nullptr || row.list != nullptr;
    // A section is no key of its own, unless something is said of it as a whole.
    if (!has_more || row.effect != Effect::now) names.push_back({name, row.effect});
    const size_t before = names.size();
    if (row.shape == Shape::named) name += ".NAME";
    if (row.shape == Shape::entries || row.shape == Shape::texts_or_entries) name += "[]";
    if (row.below != nullptr) list_keys(name, row.below, names);
    if (row.list != nullptr) row.list(name, names);
    if (row.effect == Effect::now) continue;
    for (size_t i = before; i < names.size(); ++i) names[i].effect = row.effect;
  }
}

}  // namespace pianola::cli
