#include "plan/checklist.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>
#include <utility>

#include "base/hash.h"
#include "plan/checklist_keys.h"
#include "plan/fold.h"

namespace pianola::plan {
namespace {

constexpr size_t slug_bytes_max = 40;
constexpr size_t hash_digits = 6;
constexpr size_t described_max = 10'000;  // a plan of more tasks is refused, and needs no descriptions

// What an item says, before any of it is judged.
struct ItemWords {
  std::string text;  // one blank between words
  std::string id;
  Span id_at;
  bool is_named = false;  // by {#id}
  std::vector<InlineValue> values;
};

class ListReader {
 public:
  explicit ListReader(std::string_view text) : text_(text), builder_(text) {}
  Checklist read();

 private:
  ItemWords words_of(const ListItem& item);
  void read_below(const ListItem& item, ItemWords& words);
  void check_values(const ItemWords& words);
  void name_items();
  void note_same(size_t item, size_t first);
  void add_task(const ListItem& item, const ItemWords& words);
  void add_dependencies(const std::vector<const InlineValue*>& values);
  void add_texts(std::string_view key, const std::vector<const InlineValue*>& values);
  void add_checks(const std::vector<const InlineValue*>& values);
  void add_word(const InlineValue& value);
  std::string description_of(const ListItem& item, const ItemWords& words);

  void error(size_t at, Finding finding) {
    out_.findings.push_back({Severity::error, at, std::move(finding)});
  }
  std::string_view piece(Span span) const { return text_.substr(span.begin, span.end - span.begin); }
  std::string position(size_t at) const {
    const Mark mark = builder_.lines().mark(at);
    return fmt::format("{}:{}", mark.line, mark.col);
  }
  void scalar(std::string_view value, Span at) { builder_.scalar(value, at, false); }

  std::string_view text_;
  TreeBuilder builder_;
  Checklist out_;
  std::vector<ListItem> items_;
  std::vector<ItemWords> words_;
  std::unordered_map<std::string, size_t> by_id_;  // in lower case; the first of that name
  std::vector<bool> is_again_;                     // has the name of another one
  size_t tasks_ = 0;
};

bool is_task(const ListItem& item) { return item.state == ItemState::open || item.state == ItemState::begun; }

std::string collapsed(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (!is_space_or_tab(c)) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

Checklist ListReader::read() {
  ListLines lines = read_list_lines(text_);
  out_.findings = std::move(lines.findings);
  items_ = std::move(lines.items);
  for (const ListItem& item : items_) words_.push_back(words_of(item));
  name_items();
  if (items_.empty()) {
    builder_.open(NodeKind::map, 0);
    builder_.close(0);
  } else {
    const size_t begin = items_.front().bullet_at;
    builder_.open(NodeKind::map, begin);
    scalar("tasks", {begin, begin});
    builder_.open(NodeKind::list, begin);
    for (size_t i = 0; i < items_.size(); ++i) {
      if (is_task(items_[i]) && !is_again_[i] && !words_[i].text.empty()) add_task(items_[i], words_[i]);
    }
    builder_.close(text_.size());
    builder_.close(text_.size());
  }
  out_.parsed = builder_.take();
  return std::move(out_);
}

ItemWords ListReader::words_of(const ListItem& item) {
  KeyedLine line = read_keys(text_, item.text);
  ItemWords words;
  words.values = std::move(line.values);
  Span before = line.text;
  Span behind{line.text.end, line.text.end};
  std::optional<ExplicitId> id = find_explicit_id(text_, line.text);
  if (id) {
    before.end = id->whole.begin;
    behind.begin = id->whole.end;
    if (const auto second = find_explicit_id(text_, behind))
      error(second->whole.begin, {"a second {#id}", "one for each item", "drop one"});
  } else if (!words.values.empty()) {
    // Behind the keys: the last word of the line.
    Span& last = words.values.back().value;
    id = find_explicit_id(text_, last);
    if (id && id->whole.end == last.end) {
      last.end = id->whole.begin;
      while (last.end > last.begin && is_space_or_tab(text_[last.end - 1])) --last.end;
    } else {
      id.reset();
    }
  }
  words.text = collapsed(std::string(piece(before)) + " " + std::string(piece(behind)));
  words.is_named = id.has_value();
  words.id = id ? std::string(piece(id->name)) : stable_id(words.text);
  words.id_at = id ? id->name : item.text;
  if (words.text.empty() && is_task(item)) {
    error(item.bullet_at, {"an item without text", "what is to be done", "write it, or drop the line"});
  }
  if (is_task(item)) {
    read_below(item, words);
    check_values(words);
  }
  return words;
}

void ListReader::read_below(const ListItem& item, ItemWords& words) {
  for (const LineBelow& below : item.below) {
    if (below.kind == LineKind::code) continue;
    const KeyedLine line = read_keys(text_, below.content);
    if (!line.values.empty() && line.text.begin == line.text.end) {
      words.values.insert(words.values.end(), line.values.begin(), line.values.end());
    } else if (const auto near = near_key(text_, below.content)) {
      error(
          near->word.begin,
          {fmt::format("unknown key \"{}\"", shown(piece(near->word))), "role, depends, files, test or model",
           fmt::format("write \"{}: \", or other words before the colon", inline_key_text(near->nearest))});
    }
  }
}

// Keys that hold one value stand once, and every key has one.
void ListReader::check_values(const ItemWords& words) {
  std::array<const InlineValue*, 2> single{};
  for (const InlineValue& value : words.values) {
    const std::string_view key = inline_key_text(value.key);
    if (value.value.begin >= value.value.end)
      error(value.name.begin, {fmt::format("{}: has no value", key), "one on the same line", {}});
    if (value.key != InlineKey::role && value.key != InlineKey::model) continue;
    const InlineValue*& first = single[value.key == InlineKey::role ? 0 : 1];
    if (first != nullptr) {
      error(value.name.begin, {fmt::format("{}: stands twice, first at {}", key, position(first->name.begin)),
                               "once for each item", "drop one"});
    }
    if (first == nullptr) first = &value;
  }
}

void ListReader::name_items() {
  is_again_.assign(items_.size(), false);
  for (size_t i = 0; i < items_.size(); ++i) {
    out_.items.push_back({words_[i].id, items_[i].state, items_[i].mark_at});
    const auto [entry, is_new] = by_id_.emplace(ascii_lower(words_[i].id), i);
    if (is_new) continue;
    is_again_[i] = true;
    // Two that are over need no name any more.
    if (is_task(items_[i]) || is_task(items_[entry->second])) note_same(i, entry->second);
  }
}

void ListReader::note_same(size_t item, size_t first) {
  const std::string place = position(items_[first].bullet_at);
  const bool is_named = words_[item].is_named;
  error(is_named ? words_[item].id_at.begin : items_[item].bullet_at,
        {is_named ? fmt::format("id \"{}\" stands twice, first at {}", shown(words_[item].id), place)
                  : fmt::format("\"{}\" stands twice, first at {}", shown(words_[item].text), place),
         is_named ? "ids that differ when case is ignored" : "items that can be told apart",
         is_named ? "rename one"
                  : fmt::format("add {{#id}} to one of {} and {}", place, position(items_[item].bullet_at))});
}

void ListReader::add_task(const ListItem& item, const ItemWords& words) {
  const size_t begin = item.bullet_at;
  builder_.open(NodeKind::map, begin);
  scalar("id", {begin, begin});
  scalar(words.id, words.id_at);
  if (++tasks_ <= described_max) {
    scalar("description", {begin, begin});
    scalar(description_of(item, words), item.text);
  }
  const auto values_of = [&](InlineKey key) {
    std::vector<const InlineValue*> values;
    for (const InlineValue& value : words.values) {
      if (value.key == key) values.push_back(&value);
    }
    return values;
  };
  add_texts("files_write", values_of(InlineKey::files));
  add_dependencies(values_of(InlineKey::depends));
  add_checks(values_of(InlineKey::test));
  for (const InlineKey key : {InlineKey::role, InlineKey::model}) {
    const auto values = values_of(key);
    if (!values.empty()) add_word(*values.front());
  }
  builder_.close(item.text.end);
}

void ListReader::add_texts(std::string_view key, const std::vector<const InlineValue*>& values) {
  if (values.empty()) return;
  const InlineValue& first = *values.front();
  scalar(key, first.name);
  builder_.open(NodeKind::list, first.value.begin);
  for (const InlineValue* value : values) {
    for (const Span part : parts_of(text_, value->value)) scalar(piece(part), part);
  }
  builder_.close(first.value.end);
}

void ListReader::add_dependencies(const std::vector<const InlineValue*>& values) {
  if (values.empty()) return;
  const InlineValue& first = *values.front();
  scalar("depends_on", first.name);
  builder_.open(NodeKind::list, first.value.begin);
  for (const InlineValue* value : values) {
    for (const Span part : parts_of(text_, value->value)) {
      const std::string_view id = piece(part);
      const auto found = by_id_.find(ascii_lower(id));
      const ListItem* item =
          found == by_id_.end() || words_[found->second].id != id ? nullptr : &items_[found->second];
      if (item != nullptr && item->state == ItemState::landed) continue;
      if (item != nullptr && item->state == ItemState::discarded) {
        error(part.begin, {fmt::format("\"{}\" was discarded ({})", shown(id), position(item->bullet_at)),
                           "an item that is open or has landed", "drop it, or open that item again: [ ]"});
        continue;
      }
      scalar(id, part);
    }
  }
  builder_.close(first.value.end);
}

void ListReader::add_checks(const std::vector<const InlineValue*>& values) {
  if (values.empty()) return;
  const InlineValue& first = *values.front();
  scalar("verification", first.name);
  builder_.open(NodeKind::list, first.value.begin);
  for (const InlineValue* value : values) {
    if (value->value.begin >= value->value.end) continue;
    builder_.open(NodeKind::map, value->value.begin);
    scalar("command", value->name);
    scalar(piece(value->value), value->value);
    scalar("type", value->name);
    scalar("test", value->name);
    builder_.close(value->value.end);
  }
  builder_.close(first.value.end);
}

void ListReader::add_word(const InlineValue& value) {
  if (value.value.begin >= value.value.end) return;
  scalar(inline_key_text(value.key), value.name);
  scalar(piece(value.value), value.value);
}

std::string ListReader::description_of(const ListItem& item, const ItemWords& words) {
  std::string text = words.text;
  if (!item.section.empty()) text += "\nSection: " + item.section;
  for (const LineBelow& below : item.below) {
    // Values stand in file order.
    const auto value =
        std::lower_bound(words.values.begin(), words.values.end(), below.content.begin,
                         [](const InlineValue& each, size_t begin) { return each.name.begin < begin; });
    if (value != words.values.end() && value->name.begin == below.content.begin) continue;
    text += "\n";
    text += piece(below.line);
  }
  return text;
}

}  // namespace

Checklist read_checklist(std::string_view text) { return ListReader(text).read(); }

std::string stable_id(std::string_view text) {
  std::string slug;
  for (const char letter : ascii_lower(text)) {
    if (slug.size() == slug_bytes_max) break;
    const bool is_kept = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
    if (is_kept) {
      slug += letter;
    } else if (!slug.empty() && slug.back() != '-') {
      slug += '-';
    }
  }
  while (!slug.empty() && slug.back() == '-') slug.pop_back();
  return (slug.empty() ? "task" : slug) + "-" + sha256_hex(text).substr(0, hash_digits);
}

}  // namespace pianola::plan
