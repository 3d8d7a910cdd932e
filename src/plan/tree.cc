#include "plan/tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace pianola::plan {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr size_t few_keys = 12;  // below it comparing all pairs is faster than sorting

SyntaxFault fault_at(std::string_view text, size_t offset, std::string what, std::string expected,
                     std::string next) {
  return {LineIndex(text).mark(offset), std::move(what), std::move(expected), std::move(next)};
}

bool is_forbidden_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7F;
}

}  // namespace

std::string_view Tree::text(NodeIndex index) const {
  const Node& node = nodes_[index];
  return std::string_view(pool_).substr(node.text_at, node.text_size);
}

NodeIndex Tree::find(NodeIndex map, std::string_view key) const {
  if (map == no_node || nodes_[map].kind != NodeKind::map) return no_node;
  for (NodeIndex at = nodes_[map].first; at != no_node;) {
    const NodeIndex value = nodes_[at].next;
    if (text(at) == key) return value;
    at = nodes_[value].next;
  }
  return no_node;
}

CheckedText check_text_bytes(std::string_view bytes) {
  CheckedText out{bytes, 0, std::nullopt};
  if (bytes.size() > text_limit_bytes) {
    out.fault = SyntaxFault{{1, 1},
                            fmt::format("the file has {} bytes", bytes.size()),
                            fmt::format("at most {} (16 MB)", text_limit_bytes),
                            "split the plan"};
    return out;
  }
  if (bytes.starts_with(byte_order_mark)) {
    out.skipped_bytes = byte_order_mark.size();
    out.text = bytes.substr(out.skipped_bytes);
  }
  size_t bad = 0;
  if (!is_utf8(out.text, &bad)) {
    out.fault = fault_at(out.text, bad,
                         fmt::format("byte 0x{:02x} at offset {} is not UTF-8",
                                     static_cast<unsigned char>(out.text[bad]), bad + out.skipped_bytes),
                         "UTF-8 text", "save the file as UTF-8");
    return out;
  }
  const auto control = std::find_if(out.text.begin(), out.text.end(), is_forbidden_control);
  if (control != out.text.end()) {
    const auto offset = static_cast<size_t>(control - out.text.begin());
    out.fault = fault_at(out.text, offset,
                         *control == '\0'
                             ? fmt::format("NUL byte at offset {}", offset + out.skipped_bytes)
                             : fmt::format("control character 0x{:02x} at offset {}",
                                           static_cast<unsigned char>(*control), offset + out.skipped_bytes),
                         "text", "remove it, or save the file as UTF-8");
  }
  return out;
}

TreeBuilder::TreeBuilder(std::string_view text) : text_(text) { tree_.lines_ = LineIndex(text); }

void TreeBuilder::fail(size_t offset, std::string what, std::string expected, std::string next) {
  if (failed()) return;
  fault_ = SyntaxFault{tree_.lines_.mark(offset), std::move(what), std::move(expected), std::move(next)};
}

std::string TreeBuilder::position(size_t offset) const {
  const Mark mark = tree_.lines_.mark(offset);
  return fmt::format("{}:{}", mark.line, mark.col);
}

void TreeBuilder::open(NodeKind kind, size_t begin, std::string_view anchor) {
  if (failed()) return;
  if (open_.size() == depth_limit) {
    return fail(begin, fmt::format("more than {} levels of nesting", depth_limit),
                fmt::format("at most {}", depth_limit), "write it flatter");
  }
  const NodeIndex index = add({.kind = kind, .begin = static_cast<uint32_t>(begin)});
  if (failed()) return;
  if (!anchor.empty()) anchors_[std::string(anchor)] = {index, 0};
  open_.push_back({.node = index, .anchor = std::string(anchor)});
}

void TreeBuilder::close(size_t end) {
  if (failed()) return;
  Open top = std::move(open_.back());
  open_.pop_back();
  Node& node = tree_.nodes_[top.node];
  node.end = static_cast<uint32_t>(end);
  node.count = node.kind == NodeKind::map ? top.children / 2 : top.children;
  if (!top.anchor.empty()) {
    // An inner node may have taken the same name meanwhile; then the name is no longer ours.
    Anchored& anchored = anchors_[top.anchor];
    if (anchored.node == top.node) anchored.weight = top.weight;
  }
  if (!open_.empty()) open_.back().weight += top.weight;
  if (node.kind == NodeKind::map) check_keys(top.node);
}

void TreeBuilder::scalar(std::string_view value, Span span, bool plain, std::string_view anchor) {
  if (failed()) return;
  Node node{.kind = NodeKind::scalar, .plain = plain};
  node.begin = static_cast<uint32_t>(span.begin);
  node.end = static_cast<uint32_t>(span.end);
  node.text_at = static_cast<uint32_t>(tree_.pool_.size());
  node.text_size = static_cast<uint32_t>(value.size());
  tree_.pool_ += value;
  const NodeIndex index = add(node);
  if (failed()) return;
  if (!anchor.empty()) anchors_[std::string(anchor)] = {index, 1};
  if (!open_.empty()) ++open_.back().weight;
}

void TreeBuilder::alias(std::string_view anchor, Span span) {
  if (failed()) return;
  const std::string shown = display(anchor).str();
  const auto found = anchors_.find(std::string(anchor));
  if (found == anchors_.end()) {
    return fail(span.begin, fmt::format("alias *{} has no anchor before it", shown),
                fmt::format("&{} on an earlier value", shown), "write the value out");
  }
  const Anchored& target = found->second;
  if (target.weight == 0) {
    return fail(span.begin,
                fmt::format("alias *{} stands inside its own anchor, {}", shown,
                            position(tree_.nodes_[target.node].begin)),
                "a value that does not contain itself", "write the value out");
  }
  if (++aliases_ > alias_limit) {
    return fail(span.begin, fmt::format("more than {} aliases", alias_limit),
                fmt::format("at most {}", alias_limit), "write the values out");
  }
  alias_weight_ += target.weight;
  Node node = tree_.nodes_[target.node];
  node.is_alias = true;
  node.begin = static_cast<uint32_t>(span.begin);
  node.end = static_cast<uint32_t>(span.end);
  node.next = no_node;
  const uint64_t weight = target.weight;
  add(node);
  if (!failed() && !open_.empty()) open_.back().weight += weight;
}

Parsed TreeBuilder::take() {
  const uint64_t written = tree_.nodes_.size();
  if (!failed() && alias_weight_ > written * expansion_limit) {
    fail(0, fmt::format("aliases turn {} values into {}", written, written + alias_weight_),
         fmt::format("at most {} times as many", expansion_limit), "write the values out");
  }
  Parsed out;
  if (failed()) {
    out.fault = std::move(fault_);
  } else {
    out.tree = std::move(tree_);
  }
  return out;
}

NodeIndex TreeBuilder::add(const Node& node) {
  if (tree_.nodes_.size() == node_limit) {
    fail(node.begin, fmt::format("more than {} values", node_limit), fmt::format("at most {}", node_limit),
         "split the plan");
    return no_node;
  }
  const auto index = static_cast<NodeIndex>(tree_.nodes_.size());
  if (open_.empty()) {
    if (tree_.root_ == no_node) tree_.root_ = index;
  } else {
    Open& parent = open_.back();
    const bool is_key = tree_.nodes_[parent.node].kind == NodeKind::map && parent.children % 2 == 0;
    if (is_key && node.kind != NodeKind::scalar) {
      fail(node.begin, "a key is a list or a mapping", "text", "write the key as one word");
      return no_node;
    }
    if (is_key && node.plain && text_.substr(node.begin, node.end - node.begin) == "<<") {
      fail(node.begin, "merge key <<", "plain keys", "write the keys out");
      return no_node;
    }
    (parent.last_child == no_node ? tree_.nodes_[parent.node].first : tree_.nodes_[parent.last_child].next) =
        index;
    parent.last_child = index;
    ++parent.children;
  }
  tree_.nodes_.push_back(node);
  return index;
}

// Names both lines of the first key, in document order, that stands twice.
void TreeBuilder::check_keys(NodeIndex map) {
  std::vector<NodeIndex> keys;
  for (NodeIndex key = tree_.nodes_[map].first; key != no_node;) {
    keys.push_back(key);
    key = tree_.nodes_[tree_.nodes_[key].next].next;
  }
  NodeIndex first = no_node;
  NodeIndex second = no_node;
  const auto note = [&](NodeIndex earlier, NodeIndex later) {
    if (second != no_node && second <= later) return;
    first = earlier;
    second = later;
  };
  if (keys.size() <= few_keys) {
    for (size_t i = 1; i < keys.size(); ++i) {
      for (size_t j = 0; j < i; ++j) {
        if (tree_.text(keys[i]) == tree_.text(keys[j])) note(keys[j], keys[i]);
      }
    }
  } else {
    std::stable_sort(keys.begin(), keys.end(),
                     [this](NodeIndex a, NodeIndex b) { return tree_.text(a) < tree_.text(b); });
    for (size_t i = 1; i < keys.size(); ++i) {
      if (tree_.text(keys[i - 1]) == tree_.text(keys[i])) note(keys[i - 1], keys[i]);
    }
  }
  if (second == no_node) return;
  const std::string earlier = position(tree_.nodes_[first].begin);
  fail(tree_.nodes_[second].begin,
       fmt::format("key \"{}\" stands twice, first at {}", display(tree_.text(second)).str(), earlier),
       "each key once", fmt::format("drop one of {} and {}", earlier, position(tree_.nodes_[second].begin)));
}

}  // namespace pianola::plan
