#include <boost/json.hpp>
#include <charconv>

#include "base/hash.h"
#include "base/text.h"
#include "core/codec.h"
#include "core/codec_base64.h"
#include "core/codec_fields.h"
#include "core/codec_words.h"

namespace pianola::core {
namespace {

namespace json = boost::json;

// What every line ends in: ,"crc":"<8 hex digits>"}
constexpr std::string_view crc_before = ",\"crc\":\"";
constexpr std::string_view crc_after = "\"}";
constexpr size_t crc_digits = 8;
constexpr size_t crc_bytes = crc_before.size() + crc_digits + crc_after.size();

constexpr size_t max_depth = 32;

// The first thing in a line that does not have the form it must have.
struct Problem {
  bool found = false;
  bool newer = false;  // of a pianola that knows more than this one
  std::string path;    // plan.tasks[3].mode
  std::string what;    // is not ...
};

Error damaged(std::string what, std::string expected) {
  return {.kind = ErrorKind::integrity,
          .where = "",
          .what = std::move(what),
          .expected = std::move(expected),
          .next = ""};
}

Error newer(std::string what) {
  return {.kind = ErrorKind::integrity,
          .where = "",
          .what = std::move(what) + " is not known",
          .expected = "",
          .next = "it needs a newer pianola"};
}

std::string quoted(std::string_view raw) { return '"' + display(raw).str() + '"'; }

Result<void> verify_checksum(std::string_view line);
Result<Event> read_event(std::string_view type, int version, const json::object& content);

// Fills fields from one JSON object. Stops at the first problem.
class Reader {
 public:
  Reader(const json::object& object, Problem& problem) : object_(object), problem_(problem) {}

  void operator()(std::string_view key, auto& field) {
    if (problem_.found) return;
    const json::value* value = object_.if_contains(key);
    if (value == nullptr) return;
    read(*value, field);
    if (problem_.found) prefix(key);
  }

  void key(AttemptKey& key) {
    (*this)("task", key.task);
    (*this)("attempt", key.number);
  }

 private:
  void prefix(std::string_view name) {
    const bool joined = problem_.path.empty() || problem_.path.starts_with('[');
    problem_.path = std::string(name) + (joined ? "" : ".") + problem_.path;
  }

  void fail(std::string what) {
    problem_.found = true;
    problem_.what = std::move(what);
  }

  void read(const json::value& value, bool& field) {
    if (const bool* given = value.if_bool()) {
      field = *given;
    } else {
      fail("is not true or false");
    }
  }

  template <std::integral T>
  requires(!std::same_as<T, bool>) void read(const json::value& value, T& field) {
    if (const int64_t* given = value.if_int64(); given != nullptr && std::in_range<T>(*given)) {
      field = static_cast<T>(*given);
    } else if (const uint64_t* large = value.if_uint64(); large != nullptr && std::in_range<T>(*large)) {
      field = static_cast<T>(*large);
    } else if (const json::string* digits = value.if_string()) {
      read_digits(*digits, field);
    } else {
      fail("is not a whole number in range");
    }
  }

  template <class T>
  void read_digits(std::string_view digits, T& field) {
    T number{};
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (error != std::errc{} || end != digits.data() + digits.size())
      return fail("is not a whole number in range");
    field = number;
  }

  void read(const json::value& value, Instant& field) { read(value, field.ns); }

  void read(const json::value& value, std::string& field) {
    if (const json::string* text = value.if_string()) {
      field.assign(text->data(), text->size());
      return;
    }
    const json::object* bytes = value.if_object();
    const json::value* coded = bytes != nullptr ? bytes->if_contains("b64") : nullptr;
    const json::string* text = coded != nullptr ? coded->if_string() : nullptr;
    auto decoded = text != nullptr ? read_base64(*text) : std::nullopt;
    if (!decoded) return fail("is not a string");
    field = std::move(*decoded);
  }

  template <class Tag>
  void read(const json::value& value, Id<Tag>& field) {
    std::string text;
    read(value, text);
    field = Id<Tag>(std::move(text));
  }

  template <class E>
  requires std::is_enum_v<E>
  void read(const json::value& value, E& field) {
    const json::string* text = value.if_string();
    if (text == nullptr) return fail("is not a word");
    for (const auto& [known, word] : words_of(Of<E>{})) {
      if (word == std::string_view(*text)) {
        field = known;
        return;
      }
    }
    fail("with the word " + quoted(*text));
    problem_.newer = true;
  }

  template <class T>
  void read(const json::value& value, std::optional<T>& field) {
    read(value, field.emplace());
  }

  template <class T>
  void read(const json::value& value, std::vector<T>& field) {
    const json::array* values = value.if_array();
    if (values == nullptr) return fail("is not a list");
    field.clear();
    field.reserve(values->size());
    for (const json::value& one : *values) {
      read(one, field.emplace_back());
      if (problem_.found) return prefix("[" + std::to_string(field.size() - 1) + "]");
    }
  }

  void read(const json::value& value, plan::CommandLine& field) {
    if (value.is_array()) {
      read(value, field.emplace<plan::ArgvCommand>().argv);
      if (value.get_array().empty()) fail("is an empty list");
    } else {
      read(value, field.emplace<plan::ShellCommand>().text);
    }
  }

  // Plans of 0.1 and before had names alone here.
  void read(const json::value& value, plan::Method& field) {
    if (value.is_string()) return read(value, field.name);
    read_part(value, field);
  }

  template <class T>
  requires requires(Reader& visit, T& part) { fields(visit, part); }
  void read(const json::value& value, T& part) { read_part(value, part); }

  template <class T>
  void read_part(const json::value& value, T& part) {
    const json::object* object = value.if_object();
    if (object == nullptr) return fail("is not an object");
    Reader inner(*object, problem_);
    fields(inner, part);
  }

  const json::object& object_;
  Problem& problem_;
};

Result<void> settle(const Problem& problem, std::string_view type) {
  if (!problem.found) return {};
  const std::string what = (type.empty() ? "" : std::string(type) + ".") + problem.path + " " + problem.what;
  return refuse(problem.newer ? newer(what) : damaged(what, ""));
}

struct Line {
  Recorded recorded;
  std::string id;
};

Result<Line> decode_line(std::string_view line) {
  TRY(verify_checksum(line));
  unsigned char scratch[16 << 10];
  json::monotonic_resource memory(scratch, sizeof scratch);
  json::parse_options options;
  options.max_depth = max_depth;
  json::error_code error;
  const json::value root = json::parse(line, error, &memory, options);
  const json::object* object = root.if_object();
  if (error || object == nullptr) return refuse(damaged("the line is not a JSON object", ""));

  Line out;
  std::string type;
  int version = 0;
  Problem problem;
  Reader envelope(*object, problem);
  envelope("seq", out.recorded.seq);
  envelope("id", out.id);
  envelope("at", out.recorded.at);
  envelope("type", type);
  envelope("v", version);
  envelope("actor", out.recorded.actor);
  TRY(settle(problem, ""));
  const json::value* content = object->if_contains("data");
  if (out.recorded.seq == 0 || content == nullptr || !content->is_object()) {
    return refuse(damaged("the line is not an event", "a number from 1 as seq and an object as data"));
  }
  out.recorded.event = TRY(read_event(type, version, content->get_object()));
  return out;
}

}  // namespace

Result<Recorded> decode(std::string_view line) { return TRY(decode_line(line)).recorded; }

Result<Recorded> decode_next(std::string_view line, Succession& last) {
  const uint64_t seq = last.seq + 1;
  auto decoded = decode_line(line);
  if (!decoded) {
    Error error = std::move(decoded).error();
    error.what += " at event " + std::to_string(seq);
    return refuse(std::move(error));
  }
  Recorded& recorded = decoded->recorded;
  if (recorded.seq != seq) {
    return refuse(damaged("event " + std::to_string(recorded.seq) + " is out of order",
                          "event " + std::to_string(seq)));
  }
  const auto* started = std::get_if<RunStarted>(&recorded.event);
  const uint64_t seed = started != nullptr ? started->seed : last.seed;
  if (const std::string id = event_id(seed, seq); decoded->id != id) {
    return refuse(
        damaged("event " + std::to_string(seq) + " is of another run: its id is " + quoted(decoded->id), id));
  }
  last = {.seq = seq, .seed = seed};
  return std::move(recorded);
}

namespace {

Result<void> verify_checksum(std::string_view line) {
  const size_t signed_bytes = line.size() < crc_bytes ? 0 : line.size() - crc_bytes;
  const std::string_view tail = line.substr(signed_bytes);
  if (tail.size() != crc_bytes || !tail.starts_with(crc_before) || !tail.ends_with(crc_after)) {
    return refuse(damaged("no checksum", ",\"crc\":\"<8 hex digits>\"} at the end of the line"));
  }
  const std::string computed = hex32(crc32c(line.substr(0, signed_bytes)));
  const std::string_view carried = tail.substr(crc_before.size(), crc_digits);
  if (carried != computed) return refuse(damaged("checksum differs, " + quoted(carried), computed));
  return {};
}

using EventReader = void (*)(Reader&, Event&);

struct KnownEvent {
  EventForm form;
  EventReader read;
};

template <size_t Index>
constexpr KnownEvent known_event() {
  using E = std::variant_alternative_t<Index, Event>;
  return {form_of(Of<E>{}), [](Reader& reader, Event& event) { fields(reader, event.emplace<E>()); }};
}

template <size_t... Index>
constexpr auto make_known(std::index_sequence<Index...>) {
  return std::array<KnownEvent, sizeof...(Index)>{known_event<Index>()...};
}

constexpr auto known_events = make_known(std::make_index_sequence<std::variant_size_v<Event>>{});

Result<Event> read_event(std::string_view type, int version, const json::object& content) {
  for (const KnownEvent& known : known_events) {
    if (known.form.type != type) continue;
    if (version > known.form.version) {
      return refuse(newer("version " + std::to_string(version) + " of " + std::string(type)));
    }
    Event event;
    Problem problem;
    Reader reader(content, problem);
    known.read(reader, event);
    TRY(settle(problem, type));
    return event;
  }
  return refuse(newer("the event type " + quoted(type)));
}

}  // namespace
}  // namespace pianola::core
