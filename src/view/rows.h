// What rows and counts of a snapshot say, for the live view and for status alike.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "view/line.h"
#include "view/screen.h"
#include "view/snapshot.h"

namespace pianola::view {

// One count of a line of counts. When the line is too long the segments of the highest rank go first.
struct Segment {
  std::string text;
  int rank = 0;
  Role role = Role::text;
};

// live: what runs, what waits. status: the same with what needs a person and what is watched.
enum class Counting { live, status };

// "1/8 landed", "2 running", "4 waiting": words with no task are left out, landed never is.
std::vector<Segment> count_segments(const Snapshot& snapshot, Counting counting);

// The segments with two spaces between them, as many as the terminal has room for.
std::string joined_segments(std::vector<Segment> segments, const Terminal& terminal);

// Tasks in any of `words`.
int count_of(const Snapshot& snapshot, std::initializer_list<std::string_view> words);

// Tasks that need a person, and the run if it does.
size_t need_count(const Snapshot& snapshot);
std::string need_text(size_t count);

// What there is to say of the task now: why it stands, else what its agent did last. Raw bytes.
std::string now_text(const TaskRow& row);

// "31%", "" when it is not known.
std::string context_text(const TaskRow& row);

size_t longest_id(const Snapshot& snapshot);

}  // namespace pianola::view
