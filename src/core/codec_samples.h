// Events for tests, benchmarks and fuzzers, made by walking the same lists of fields as the codec: a field
// that is added is filled without anybody remembering it. Not used by the program.
#pragma once

#include <limits>
#include <string>
#include <utility>

#include "base/random.h"
#include "core/codec_fields.h"
#include "core/codec_words.h"

namespace pianola::core {

// Gives every field a random value, with a taste for those that break codecs.
class RandomFill {
 public:
  explicit RandomFill(Random& random) : random_(random) {}

  void operator()(std::string_view, auto& field) { fill(field); }
  void key(AttemptKey& key) {
    fill(key.task);
    fill(key.number);
  }

 private:
  void fill(bool& field) { field = random_.chance(50); }

  template <std::integral T>
  requires(!std::same_as<T, bool>) void fill(T& field) {
    constexpr uint64_t edges[] = {
        0, 1, uint64_t{1} << 53, (uint64_t{1} << 53) + 1, ~uint64_t{0}, uint64_t{1} << 63};
    const uint64_t bits =
        random_.chance(30) ? edges[random_.below(std::size(edges))] : random_.next() >> random_.below(64);
    field = static_cast<T>(bits);
  }

  void fill(Instant& field) { fill(field.ns); }

  void fill(std::string& field) {
    using namespace std::string_literals;
    static const std::string nasty[] = {"",
                                        "plain",
                                        "two\nlines\r\n\ttab",
                                        "quote\" back\\slash",
                                        "nul\0inside"s,
                                        "\x1b[31mred\x7f",
                                        "C1 \xC2\x9B and \xC2\xA0",
                                        "not utf-8 \xff\xfe",
                                        "cut \xE2\x82",
                                        "\xED\xA0\x80 surrogate",
                                        "h\xC3\xA9, \xE2\x82\xAC, \xF0\x9F\x98\x80",
                                        "\xE2\x80\xA8 line separator",
                                        ",\"crc\":\"00000000\"}",
                                        "{\"b64\":\"AAAA\"}",
                                        std::string(300, 'x'),
                                        "\xC2",
                                        "\xEF\xBB\xBF",
                                        "\\u0000"};
    field = nasty[random_.below(std::size(nasty))];
    if (random_.chance(20)) {
      for (uint64_t left = random_.below(40); left > 0; --left)
        field += static_cast<char>(random_.below(256));
    }
  }

  template <class Tag>
  void fill(Id<Tag>& field) {
    std::string text;
    fill(text);
    field = Id<Tag>(text);
  }

  template <class E>
  requires std::is_enum_v<E>
  void fill(E& field) {
    constexpr auto words = words_of(Of<E>{});
    field = words[random_.below(words.size())].value;
  }

  template <class T>
  void fill(std::optional<T>& field) {
    field.reset();
    if (random_.chance(50)) fill(field.emplace());
  }

  template <class T>
  void fill(std::vector<T>& field) {
    field.clear();
    for (uint64_t left = random_.below(4); left > 0; --left) fill(field.emplace_back());
  }

  void fill(plan::CommandLine& field) {
    if (random_.chance(50)) return fill(field.emplace<plan::ShellCommand>().text);
    auto& argv = field.emplace<plan::ArgvCommand>().argv;
    fill(argv);
    argv.emplace_back("last");
  }

  template <class T>
  requires requires(RandomFill& visit, T& part) { fields(visit, part); }
  void fill(T& part) { fields(*this, part); }

  Random& random_;
};

// Gives every field a value of its own that is not its default; the same ones in every call.
class PlainFill {
 public:
  void operator()(std::string_view key, auto& field) { fill(key, field); }
  void key(AttemptKey& key) {
    fill("task", key.task);
    fill("attempt", key.number);
  }

 private:
  void fill(std::string_view, bool& field) { field = !field; }

  template <std::integral T>
  requires(!std::same_as<T, bool>) void fill(std::string_view, T& field) {
    field = static_cast<T>(++count_ + 100);
  }

  void fill(std::string_view, Instant& field) { field.ns = 1'763'731'882'000'000'000 + ++count_; }

  void fill(std::string_view key, std::string& field) {
    field = std::string(key) + " " + std::to_string(++count_);
  }

  template <class Tag>
  void fill(std::string_view key, Id<Tag>& field) {
    field = Id<Tag>(std::string(key) + "-" + std::to_string(++count_));
  }

  template <class E>
  requires std::is_enum_v<E>
  void fill(std::string_view, E& field) {
    constexpr auto words = words_of(Of<E>{});
    field = words.back().value == field ? words.front().value : words.back().value;
  }

  template <class T>
  void fill(std::string_view key, std::optional<T>& field) {
    fill(key, field.emplace());
  }

  template <class T>
  void fill(std::string_view key, std::vector<T>& field) {
    field.clear();
    fill(key, field.emplace_back());
    fill(key, field.emplace_back());
  }

  void fill(std::string_view key, plan::CommandLine& field) {
    if (++count_ % 2 == 0) return fill(key, field.emplace<plan::ShellCommand>().text);
    fill(key, field.emplace<plan::ArgvCommand>().argv);
  }

  template <class T>
  requires requires(PlainFill& visit, T& part) { fields(visit, part); }
  void fill(std::string_view, T& part) { fields(*this, part); }

  int count_ = 0;
};

constexpr size_t event_types = std::variant_size_v<Event>;

// The event type at place `index` of the variant, filled by `fill`.
template <class Fill, size_t Index = 0>
Event filled_event(size_t index, Fill& fill) {
  if constexpr (Index < event_types) {
    if (index != Index) return filled_event<Fill, Index + 1>(index, fill);
    std::variant_alternative_t<Index, Event> event;
    fields(fill, event);
    return event;
  } else {
    return Event{};
  }
}

// A random event of a random type, as number `seq`.
inline Recorded random_recorded(Random& random, uint64_t seq) {
  RandomFill fill(random);
  Recorded recorded{
      .seq = seq, .at = {}, .actor = {}, .event = filled_event(random.below(event_types), fill)};
  fill("at", recorded.at);
  fill("actor", recorded.actor);
  return recorded;
}

// Every event type once, in the order of the variant, numbered from 1.
inline std::vector<Recorded> every_event() {
  std::vector<Recorded> events;
  for (size_t index = 0; index < event_types; ++index) {
    PlainFill fill;
    const Instant at{1'763'731'882'000'000'000 + static_cast<int64_t>(index)};
    events.push_back({.seq = index + 1, .at = at, .actor = "pianola", .event = filled_event(index, fill)});
  }
  return events;
}

}  // namespace pianola::core
