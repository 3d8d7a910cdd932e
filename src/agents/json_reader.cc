#include "agents/json_reader.h"

#include <fmt/format.h>

#include <optional>

#include "agents/activity.h"
#include "agents/json_line.h"

namespace pianola::agents {

std::vector<Observation> JsonReader::feed(Stream stream, std::string_view bytes) {
  std::vector<Observation> seen;
  if (stream == Stream::err) {
    error_tail_.add(bytes);
    for (const Line& line : remarks_.feed(bytes)) read_remark(line.text, seen);
    return seen;
  }
  for (const Line& line : lines_.feed(bytes)) read_line(line, seen);
  return seen;
}

void JsonReader::read_remark(std::string_view, std::vector<Observation>&) {}

core::Claim JsonReader::conclude(const core::ExitStatus& exit, bool ended_by_us) {
  std::vector<Observation> unseen;
  if (const std::optional<Line> torn = lines_.finish()) read_line(*torn, unseen);
  told_.error_tail = error_tail_.text();
  return conclude_from(told_, exit, ended_by_us);
}

void JsonReader::read_line(const Line& line, std::vector<Observation>& seen) {
  if (line.cut) {
    seen.emplace_back(LineSkipped{"line over 1 MB"});
    return;
  }
  if (trimmed(line.text).empty()) return;
  const std::optional<boost::json::object> event = parse_line(line.text);
  if (!event) {
    seen.emplace_back(LineSkipped{"not a JSON object"});
    return;
  }
  const std::string_view type = text_of(*event, "type");
  if (read(type, *event, seen)) {
    told_.anything = true;
  } else {
    skip_unknown(type, seen);
  }
}

void JsonReader::skip_unknown(std::string_view type, std::vector<Observation>& seen) {
  const std::string name = phrase(type);
  if (unknown_.size() >= unknown_types_limit || !unknown_.insert(name).second) return;
  seen.emplace_back(LineSkipped{fmt::format("unknown event type \"{}\"", name)});
}

}  // namespace pianola::agents
