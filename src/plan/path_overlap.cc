#include <algorithm>
#include <array>
#include <utility>

#include "plan/path_glob.h"

// Two globs have a path in common when the product of their automata reaches its end. The outer product
// walks components, the inner one the bytes of a name; both are breadth first over positions that are
// visited once, so the first way to the end is a shortest one.

namespace pianola::plan {
namespace {

// How far a name has come towards one that no path has: "", ".", "..", ".git".
enum class NameState : uint8_t { empty, dot, dot_dot, dot_g, dot_gi, dot_git, free };
constexpr size_t name_states = 7;

struct NameStep {
  size_t a = 0;
  size_t b = 0;
  NameState state = NameState::empty;
  size_t parent = 0;
  char byte = '\0';  // '\0' when the step takes no byte
};

struct PathStep {
  size_t a = 0;
  size_t b = 0;
  size_t parent = 0;
  std::string name;  // empty when the step takes no component
};

NameState advance(NameState state, char byte);
bool is_name(NameState state) {
  return state == NameState::free || state == NameState::dot_g || state == NameState::dot_gi;
}
std::optional<std::string> common_name(const GlobComponent& a, const GlobComponent& b);
std::optional<std::string> common_name(const std::vector<GlobToken>& a, const std::vector<GlobToken>& b);
std::vector<GlobToken> tokens_of(const GlobComponent& component);

// Examples should read well: letters first, control characters last.
constexpr std::array<unsigned char, 254> bytes_by_preference = [] {
  std::array<unsigned char, 254> out{};
  std::array<bool, 256> taken{};
  taken[0] = taken['/'] = true;
  size_t count = 0;
  constexpr std::array<std::array<unsigned, 2>, 6> ranges = {
      {{'a', 'z'}, {'0', '9'}, {'A', 'Z'}, {'_', '~'}, {0x80, 0xFF}, {1, 0x7F}}};
  for (const auto& range : ranges) {
    for (unsigned byte = range[0]; byte <= range[1]; ++byte) {
      if (taken[byte]) continue;
      taken[byte] = true;
      out[count++] = static_cast<unsigned char>(byte);
    }
  }
  return out;
}();

constexpr size_t no_step = SIZE_MAX;

}  // namespace

bool globs_overlap(const Glob& a, const Glob& b, std::string* example) {
  if (!ends_agree(a, b)) return false;
  const auto& left = a.components();
  const auto& right = b.components();
  std::vector<bool> seen((left.size() + 1) * (right.size() + 1));
  std::vector<PathStep> steps;
  const auto visit = [&](PathStep step) {
    const size_t key = step.a * (right.size() + 1) + step.b;
    if (seen[key]) return;
    seen[key] = true;
    steps.push_back(std::move(step));
  };
  visit({0, 0, no_step, {}});
  for (size_t at = 0; at < steps.size(); ++at) {
    const size_t i = steps[at].a;
    const size_t j = steps[at].b;
    if (i == left.size() && j == right.size()) {
      if (example == nullptr) return true;
      std::vector<const std::string*> names;
      for (size_t step = at; step != no_step; step = steps[step].parent) {
        if (!steps[step].name.empty()) names.push_back(&steps[step].name);
      }
      example->clear();
      for (auto name = names.rbegin(); name != names.rend(); ++name) {
        if (!example->empty()) *example += '/';
        *example += **name;
      }
      return true;
    }
    const bool star_a = i < left.size() && left[i].is_globstar;
    const bool star_b = j < right.size() && right[j].is_globstar;
    if (star_a) visit({i + 1, j, at, {}});
    if (star_b) visit({i, j + 1, at, {}});
    if (i == left.size() || j == right.size() || (star_a && star_b)) continue;
    const size_t next_i = star_a ? i : i + 1;
    const size_t next_j = star_b ? j : j + 1;
    if (seen[next_i * (right.size() + 1) + next_j]) continue;
    auto name = star_a ? common_name(right[j], right[j]) : common_name(left[i], star_b ? left[i] : right[j]);
    if (name) visit({next_i, next_j, at, std::move(*name)});
  }
  return false;
}

namespace {

std::optional<std::string> common_name(const GlobComponent& a, const GlobComponent& b) {
  if (a.is_literal && b.is_literal) {
    NameState state = NameState::empty;  // "[.]." is literal and no name
    for (const char c : a.literal) state = advance(state, c);
    return a.literal == b.literal && is_name(state) ? std::optional(a.literal) : std::nullopt;
  }
  return common_name(tokens_of(a), tokens_of(b));
}

std::vector<GlobToken> tokens_of(const GlobComponent& component) {
  if (!component.is_literal) return component.tokens;
  std::vector<GlobToken> tokens(component.literal.size());
  for (size_t i = 0; i < tokens.size(); ++i) {
    tokens[i].bytes.set(static_cast<unsigned char>(component.literal[i]));
  }
  return tokens;
}

std::optional<std::string> common_name(const std::vector<GlobToken>& a, const std::vector<GlobToken>& b) {
  std::vector<bool> seen((a.size() + 1) * (b.size() + 1) * name_states);
  std::vector<NameStep> steps;
  const auto visit = [&](NameStep step) {
    const size_t key = (step.a * (b.size() + 1) + step.b) * name_states + static_cast<size_t>(step.state);
    if (seen[key]) return;
    seen[key] = true;
    steps.push_back(step);
  };
  visit({0, 0, NameState::empty, no_step, '\0'});
  for (size_t at = 0; at < steps.size(); ++at) {
    const NameStep step = steps[at];
    const bool end_a = step.a == a.size();
    const bool end_b = step.b == b.size();
    if (end_a && end_b && is_name(step.state)) {
      std::string name;
      for (size_t back = at; back != no_step; back = steps[back].parent) {
        if (steps[back].byte != '\0') name += steps[back].byte;
      }
      std::reverse(name.begin(), name.end());
      return name;
    }
    const bool star_a = !end_a && a[step.a].is_star;
    const bool star_b = !end_b && b[step.b].is_star;
    if (star_a) visit({step.a + 1, step.b, step.state, at, '\0'});
    if (star_b) visit({step.a, step.b + 1, step.state, at, '\0'});
    if (end_a || end_b) continue;
    const ByteSet common = a[step.a].bytes & b[step.b].bytes;
    if (common.none()) continue;
    for (const unsigned char byte : bytes_by_preference) {
      if (!common.test(byte)) continue;
      const char c = static_cast<char>(byte);
      visit({star_a ? step.a : step.a + 1, star_b ? step.b : step.b + 1, advance(step.state, c), at, c});
      if (step.state == NameState::free) break;  // every byte leads to the same place
    }
  }
  return std::nullopt;
}

NameState advance(NameState state, char byte) {
  const char lower = byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
  if (state == NameState::empty && lower == '.') return NameState::dot;
  if (state == NameState::dot && lower == '.') return NameState::dot_dot;
  if (state == NameState::dot && lower == 'g') return NameState::dot_g;
  if (state == NameState::dot_g && lower == 'i') return NameState::dot_gi;
  if (state == NameState::dot_gi && lower == 't') return NameState::dot_git;
  return NameState::free;
}

}  // namespace
}  // namespace pianola::plan
