#include "plan/fold.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/text.h"
#include "plan/fold_table.h"
#include "plan/utf8.h"

namespace pianola::plan {
namespace {

void append_decomposed(std::vector<uint32_t>& out, uint32_t point);
uint32_t fold_point(uint32_t point);
uint8_t combining_class(uint32_t point);
void order_marks(std::vector<uint32_t>& points);

}  // namespace

std::string ascii_lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

std::string fold_path(std::string_view path) {
  const bool is_ascii =
      std::all_of(path.begin(), path.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  std::string out;
  if (is_ascii || !is_utf8(path)) {
    return ascii_lower(path);
  }
  std::vector<uint32_t> decomposed;
  for (size_t at = 0; at < path.size();) append_decomposed(decomposed, next_point(path, at));
  std::vector<uint32_t> points;
  for (const uint32_t point : decomposed) append_decomposed(points, fold_point(point));
  order_marks(points);
  for (const uint32_t point : points) append_utf8(out, point);
  return out;
}

namespace {

// Hangul is decomposed by arithmetic (The Unicode Standard, section 3.12), the rest by table.
void append_decomposed(std::vector<uint32_t>& out, uint32_t point) {
  constexpr uint32_t hangul = 0xAC00;
  constexpr uint32_t hangul_count = 11'172;
  if (point >= hangul && point < hangul + hangul_count) {
    const uint32_t syllable = point - hangul;
    out.push_back(0x1100 + syllable / 588);
    out.push_back(0x1161 + syllable % 588 / 28);
    if (syllable % 28 != 0) out.push_back(0x11A7 + syllable % 28);
    return;
  }
  std::vector<uint32_t> open = {point};  // the last one is the next to decompose
  const auto table = decompositions();
  while (!open.empty()) {
    const uint32_t next = open.back();
    open.pop_back();
    const auto row = std::lower_bound(table.begin(), table.end(), next,
                                      [](const Decomposition& d, uint32_t p) { return d.point < p; });
    if (row == table.end() || row->point != next) {
      out.push_back(next);
      continue;
    }
    if (row->second != 0) open.push_back(row->second);
    open.push_back(row->first);
  }
}

uint32_t fold_point(uint32_t point) {
  const auto table = fold_runs();
  const auto after = std::upper_bound(table.begin(), table.end(), point,
                                      [](uint32_t p, const FoldRun& run) { return p < run.first; });
  if (after == table.begin()) return point;
  const FoldRun& run = *(after - 1);
  if (point > run.last || (point - run.first) % run.stride != 0) return point;
  return static_cast<uint32_t>(static_cast<int64_t>(point) + run.delta);
}

uint8_t combining_class(uint32_t point) {
  const auto table = combining_runs();
  const auto after = std::upper_bound(table.begin(), table.end(), point,
                                      [](uint32_t p, const CombiningRun& run) { return p < run.first; });
  if (after == table.begin() || point > (after - 1)->last) return 0;
  return (after - 1)->combining_class;
}

// Marks behind a letter stand in the order of their classes.
void order_marks(std::vector<uint32_t>& points) {
  for (auto first = points.begin(); first != points.end();) {
    if (combining_class(*first) == 0) {
      ++first;
      continue;
    }
    const auto last = std::find_if(first, points.end(), [](uint32_t p) { return combining_class(p) == 0; });
    std::stable_sort(first, last,
                     [](uint32_t a, uint32_t b) { return combining_class(a) < combining_class(b); });
    first = last;
  }
}

}  // namespace
}  // namespace pianola::plan
