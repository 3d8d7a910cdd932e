#include "view/rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace pianola::view {
namespace {

// Columns of the segments joined by two spaces.
size_t width_of(const std::vector<Segment>& segments, Glyphs glyphs) {
  size_t width = 0;
  for (const Segment& segment : segments) {
    width += (width == 0 ? 0 : 2) + columns(in_set(segment.text, glyphs));
  }
  return width;
}

}  // namespace

std::vector<Segment> count_segments(const Snapshot& snapshot, Counting counting) {
  std::vector<Segment> segments;
  const auto put = [&](std::string_view word, std::initializer_list<std::string_view> words, int rank) {
    const int count = count_of(snapshot, words);
    if (count > 0) segments.push_back({.text = fmt::format("{} {}", count, word), .rank = rank});
  };
  segments.push_back(
      {.text = fmt::format("{}/{} landed", count_of(snapshot, {"landed"}), snapshot.tasks.size())});
  if (counting == Counting::live) {
    put("running", {"starting", "working"}, 2);
    put("checking", {"checking", "landing"}, 4);
    put("retry", {"retry"}, 5);
  } else {
    put("working", {"starting", "working"}, 2);
    put("checking", {"checking", "landing"}, 4);
    const size_t needs = need_count(snapshot);
    if (needs > 0) segments.push_back({.text = need_text(needs), .rank = 0, .role = Role::need});
    put("watched", {"retry"}, 5);
  }
  put("ready", {"ready"}, 8);
  put("waiting", {"waiting"}, 7);
  put("failed", {"failed"}, 1);
  put("skipped", {"skipped"}, 9);
  put("stopped", {"stopped"}, 9);
  return segments;
}

std::string joined_segments(std::vector<Segment> segments, const Terminal& terminal) {
  const auto width = static_cast<size_t>(std::max(terminal.width, 0));
  while (!is_pipe(terminal) && segments.size() > 1 && width_of(segments, terminal.glyphs) > width) {
    const auto least = std::max_element(segments.begin(), segments.end(),
                                        [](const Segment& a, const Segment& b) { return a.rank < b.rank; });
    segments.erase(least);
  }
  Line line(terminal);
  for (const Segment& segment : segments) {
    if (line.used() > 0) line.put(is_pipe(terminal) ? ", " : "  ");
    line.put(segment.text, segment.role);
  }
  return line.text();
}

int count_of(const Snapshot& snapshot, std::initializer_list<std::string_view> words) {
  int count = 0;
  for (const std::string_view word : words) {
    const auto at = snapshot.summary.find(std::string(word));
    if (at != snapshot.summary.end()) count += at->second;
  }
  return count;
}

size_t need_count(const Snapshot& snapshot) {
  const auto needs = [](const TaskRow& row) { return !row.needs.empty(); };
  const auto tasks = std::count_if(snapshot.tasks.begin(), snapshot.tasks.end(), needs);
  return static_cast<size_t>(tasks) + (snapshot.needs.empty() ? 0 : 1);
}

std::string need_text(size_t count) { return count == 1 ? "1 needs you" : fmt::format("{} need you", count); }

std::string now_text(const TaskRow& row) { return row.reason.empty() ? row.last_activity : row.reason; }

std::string context_text(const TaskRow& row) {
  if (row.context_used < 0 || row.context_size <= 0) return "";
  const auto share = static_cast<double>(row.context_used) / static_cast<double>(row.context_size);
  return fmt::format("{:.0f}%", std::min(share, 1.0) * 100.0);
}

size_t longest_id(const Snapshot& snapshot) {
  size_t longest = snapshot.run.size();
  for (const TaskRow& row : snapshot.tasks) longest = std::max(longest, row.id.size());
  return longest;
}

}  // namespace pianola::view
