// Id<Tag>: a name that cannot be handed over where another kind of name is meant.
#pragma once

#include <compare>
#include <string>
#include <utility>

namespace pianola {

template <class Tag>
class Id {
 public:
  Id() = default;
  explicit Id(std::string text) : text_(std::move(text)) {}
  const std::string& str() const { return text_; }
  bool empty() const { return text_.empty(); }
  friend auto operator<=>(const Id&, const Id&) = default;
  friend bool operator==(const Id&, const Id&) = default;

 private:
  std::string text_;
};

}  // namespace pianola
