// The plan's text as a flat tree: what YAML and JSON have in common, before any key has a meaning.
//
// yaml.h and json.h build it; both stop at the first fault, which then stands alone. Nodes lie in one
// vector in document order and are linked by index, so nothing that walks a tree needs recursion.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "plan/line_index.h"

namespace pianola::plan {

inline constexpr size_t text_limit_bytes = 16UL * 1024 * 1024;
inline constexpr size_t depth_limit = 64;
inline constexpr size_t node_limit = 2'000'000;
inline constexpr size_t alias_limit = 100;
inline constexpr size_t expansion_limit = 10;  // times the nodes as written

enum class NodeKind : uint8_t { scalar, list, map };

using NodeIndex = uint32_t;
inline constexpr NodeIndex no_node = UINT32_MAX;

struct Node {
  NodeKind kind = NodeKind::scalar;
  bool plain = false;     // a scalar without quotes: the core schema gives it a type
  bool is_alias = false;  // stands for an anchored node; its children are that node's
  uint32_t begin = 0;     // bytes of the text, [begin, end)
  uint32_t end = 0;
  uint32_t text_at = 0;  // scalar: where its value lies in the tree's pool
  uint32_t text_size = 0;
  NodeIndex first = no_node;  // list: its items; map: key, value, key, value...
  NodeIndex next = no_node;
  uint32_t count = 0;  // items of a list, pairs of a map
};

class Tree {
 public:
  const Node& node(NodeIndex index) const { return nodes_[index]; }
  NodeIndex root() const { return root_; }  // no_node when the text holds no value
  std::string_view text(NodeIndex index) const;
  // The value of `key` in a map; no_node when it has none, or when `map` is no map.
  NodeIndex find(NodeIndex map, std::string_view key) const;
  Mark mark(NodeIndex index) const { return lines_.mark(nodes_[index].begin); }
  const LineIndex& lines() const { return lines_; }

 private:
  friend class TreeBuilder;
  std::vector<Node> nodes_;
  std::string pool_;
  LineIndex lines_;
  NodeIndex root_ = no_node;
};

// Why a text is not a tree.
struct SyntaxFault {
  Mark at;
  std::string what;
  std::string expected;
  std::string next;
};

struct Parsed {
  std::optional<Tree> tree;
  std::optional<SyntaxFault> fault;  // present exactly when there is no tree
};

// The bytes a parser may look at: no byte order mark, UTF-8, no control characters, at most 16 MB.
struct CheckedText {
  std::string_view text;
  size_t skipped_bytes = 0;  // of a byte order mark
  std::optional<SyntaxFault> fault;
};
CheckedText check_text_bytes(std::string_view bytes);

// Collects the events of a parser and holds the rules both formats share: depth, size, keys that are
// text and stand once, aliases that are few, known and not of themselves. Calls after a fault are ignored.
class TreeBuilder {
 public:
  struct Span {
    size_t begin = 0;
    size_t end = 0;
  };

  // `text` must outlive the builder.
  explicit TreeBuilder(std::string_view text);

  void open(NodeKind kind, size_t begin, std::string_view anchor = {});
  void close(size_t end);
  void scalar(std::string_view value, Span span, bool plain, std::string_view anchor = {});
  void alias(std::string_view anchor, Span span);
  void fail(size_t offset, std::string what, std::string expected, std::string next);

  bool failed() const { return fault_.has_value(); }
  const LineIndex& lines() const { return tree_.lines_; }

  // The tree, or the first fault. The builder is empty afterwards.
  Parsed take();

 private:
  struct Open {
    NodeIndex node = no_node;
    NodeIndex last_child = no_node;
    uint32_t children = 0;
    uint64_t weight = 1;  // nodes below it once every alias is spelt out, itself included
    std::string anchor;
  };
  struct Anchored {
    NodeIndex node = no_node;
    uint64_t weight = 0;  // 0 while the node is still open
  };

  NodeIndex add(const Node& node);
  void check_keys(NodeIndex map);
  std::string position(size_t offset) const;

  std::string_view text_;
  Tree tree_;
  std::vector<Open> open_;
  std::unordered_map<std::string, Anchored> anchors_;
  size_t aliases_ = 0;
  uint64_t alias_weight_ = 0;
  std::optional<SyntaxFault> fault_;
};

}  // namespace pianola::plan
