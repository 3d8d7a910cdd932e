#include "view/forecast.h"

#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>

#include "base/text.h"
#include "view/line.h"
#include "view/numbers.h"

namespace pianola::view {
namespace {

constexpr size_t prospect_label_width = 15;

struct ProspectWords {
  Prospect what;
  std::string_view key;  // in JSON
  std::string_view label;
  std::string_view one;
  std::string_view several;
};

constexpr std::array<ProspectWords, 12> prospect_words{{
    {Prospect::pin, "pin", "would pin", "base", "bases"},
    {Prospect::adopt, "adopt", "would adopt", "running agent", "running agents"},
    {Prospect::end, "end", "would end", "running agent", "running agents"},
    {Prospect::collect, "collect", "would collect", "exit nobody saw", "exits nobody saw"},
    {Prospect::lose, "lose", "would count", "attempt as lost", "attempts as lost"},
    {Prospect::start, "start", "would start", "task", "tasks"},
    {Prospect::rebuild, "rebuild", "would rebuild", "candidate", "candidates"},
    {Prospect::check, "check", "would check", "commit", "commits"},
    {Prospect::land, "land", "would land", "task", "tasks"},
    {Prospect::remove, "remove", "would remove", "workspace", "workspaces"},
    {Prospect::wait, "wait", "would wait", "task, for its time", "tasks, for their time"},
    {Prospect::hold, "hold", "would hold", "task, for others", "tasks, for others"},
}};

std::string prospect_time(Instant at, const Terminal& terminal) {
  return is_pipe(terminal) ? iso_utc(at) : clock_of_day(at, terminal.utc_offset_s);
}

std::string prospect_item(const ProspectItem& item, const Terminal& terminal) {
  std::string text = display(item.task).str();
  if (!item.commit.empty()) text += " on " + short_hash(item.commit);
  if (!item.detail.empty()) text += " (" + display(item.detail).str() + ")";
  if (item.until) text += " until " + prospect_time(*item.until, terminal);
  return text;
}

void put_prospect(std::vector<std::string>& out, const Terminal& terminal, std::string_view label,
                  const std::string& shown, Role role = Role::text) {
  Paragraph paragraph{.head = Line(terminal).cell(label, prospect_label_width, role),
                      .indent = prospect_label_width + 1};
  put_paragraph(out, std::move(paragraph), shown);
}

std::string prospect_target(const Forecast& forecast) {
  const std::string name = display(short_ref(forecast.target)).str();
  const std::string at = forecast.target_at.empty() ? "is gone" : "at " + short_hash(forecast.target_at);
  const std::string why = forecast.target_why.empty() ? "" : ", " + display(forecast.target_why).str();
  if (!forecast.target_to.empty())
    return fmt::format("{} from {} to {}{}", name, short_hash(forecast.target_at),
                       short_hash(forecast.target_to), why);
  return fmt::format("{} {}{}", name, at, why);
}

}  // namespace

std::string forecast_text(const Forecast& forecast, const Terminal& terminal) {
  std::vector<std::string> out;
  const std::string journal =
      forecast.torn_bytes == 0
          ? fmt::format("journal whole to event {}", forecast.events)
          : fmt::format("journal good to event {}, then an unfinished write of {} bytes, to be set aside",
                        forecast.events, forecast.torn_bytes);
  Line head(terminal);
  head.put(forecast.run);
  put_paragraph(out, {.head = head.pad_to(head.used() + 1), .indent = 4},
                fmt::format("stopped {}, {}; {}", prospect_time(forecast.stopped_at, terminal),
                            display(forecast.why).str(), journal));
  for (const ProspectWords& words : prospect_words) {
    std::string names;
    size_t count = 0;
    for (const ProspectItem& item : forecast.items) {
      if (item.what != words.what) continue;
      names += (count++ == 0 ? "" : ", ") + prospect_item(item, terminal);
    }
    if (count == 0) continue;
    put_prospect(out, terminal, words.label, counted(count, words.one, words.several) + ": " + names);
  }
  put_prospect(out, terminal, forecast.target_to.empty() ? "would leave" : "would move",
               prospect_target(forecast));
  put_whole(out, terminal, 0, "nothing was changed; go on: pianola resume " + forecast.run);
  return joined_lines(out);
}

std::string forecast_json(const Forecast& forecast) {
  namespace json = boost::json;
  const auto known = [](const std::string& raw) {
    return raw.empty() ? json::value(nullptr) : json::value(display(raw).str());
  };
  json::object object{{"run", forecast.run},
                      {"stopped_at", iso_utc(forecast.stopped_at)},
                      {"why", display(forecast.why).str()},
                      {"events", forecast.events},
                      {"torn_bytes", forecast.torn_bytes}};
  for (const ProspectWords& words : prospect_words) {
    json::array items;
    for (const ProspectItem& item : forecast.items) {
      if (item.what != words.what) continue;
      items.push_back(
          json::object{{"task", display(item.task).str()},
                       {"attempt", item.attempt},
                       {"commit", known(item.commit)},
                       {"detail", known(item.detail)},
                       {"until", item.until ? json::value(iso_utc(*item.until)) : json::value(nullptr)}});
    }
    object[words.key] = std::move(items);
  }
  object["target"] = json::object{{"ref", display(forecast.target).str()},
                                  {"at", known(forecast.target_at)},
                                  {"to", known(forecast.target_to)},
                                  {"why", known(forecast.target_why)}};
  return json::serialize(object);
}

}  // namespace pianola::view
