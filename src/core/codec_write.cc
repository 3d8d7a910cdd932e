#include <charconv>

#include "base/check.h"
#include "base/hash.h"
#include "base/random.h"
#include "base/text.h"
#include "core/codec.h"
#include "core/codec_base64.h"
#include "core/codec_fields.h"
#include "core/codec_words.h"

namespace pianola::core {
namespace {

// Numbers beyond this are not exact in readers that keep them as doubles.
constexpr int64_t exact_limit = int64_t{1} << 53;

void write_string(std::string& out, std::string_view text);
void write_escaped(std::string& out, unsigned char byte);
void write_word64(std::string& out, uint64_t word);

template <class T>
void write_decimal(std::string& out, T number) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

// Appends values as JSON. One `Writer` is one object.
class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) { out_ += '{'; }
  void close() { out_ += '}'; }

  void operator()(std::string_view key, const auto& field) {
    name(key);
    write(field);
  }

  template <class T>
  void operator()(std::string_view key, const std::optional<T>& field) {
    if (!field) return;
    name(key);
    write(*field);
  }

  void key(const AttemptKey& key) {
    (*this)("task", key.task);
    (*this)("attempt", key.number);
  }

 private:
  void name(std::string_view key) {
    if (!first_) out_ += ',';
    first_ = false;
    out_ += '"';
    out_ += key;
    out_ += "\":";
  }

  void write(bool value) { out_ += value ? "true" : "false"; }

  template <std::integral T>
  requires(!std::same_as<T, bool>) void write(T value) {
    bool exact = std::cmp_less_equal(value, exact_limit) && std::cmp_greater_equal(value, -exact_limit);
    if (!exact) out_ += '"';
    write_decimal(out_, value);
    if (!exact) out_ += '"';
  }

  void write(Instant value) {
    out_ += '"';
    write_decimal(out_, value.ns);
    out_ += '"';
  }

  void write(const std::string& value) { write_string(out_, value); }

  template <class Tag>
  void write(const Id<Tag>& value) {
    write_string(out_, value.str());
  }

  template <class E>
  requires std::is_enum_v<E>
  void write(E value) {
    for (const auto& [known, word] : words_of(Of<E>{})) {
      if (known == value) {
        out_ += '"';
        out_ += word;
        out_ += '"';
        return;
      }
    }
    CHECK(false, "every enum value has a word");
  }

  template <class T>
  void write(const std::vector<T>& values) {
    out_ += '[';
    for (const T& value : values) {
      if (&value != values.data()) out_ += ',';
      write(value);
    }
    out_ += ']';
  }

  void write(const plan::CommandLine& command) {
    if (const auto* shell = std::get_if<plan::ShellCommand>(&command)) {
      write(shell->text);
    } else {
      write(std::get<plan::ArgvCommand>(command).argv);
    }
  }

  template <class T>
  requires requires(Writer& visit, const T& part) { fields(visit, part); }
  void write(const T& part) {
    Writer inner(out_);
    fields(inner, part);
    inner.close();
  }

  std::string& out_;
  bool first_ = true;
};

}  // namespace

std::string encode(const Recorded& recorded, uint64_t seed) {
  std::string line;
  line.reserve(256);
  const EventForm form = std::visit(
      [](const auto& event) { return form_of(Of<std::remove_cvref_t<decltype(event)>>{}); }, recorded.event);
  Writer envelope(line);
  envelope("seq", recorded.seq);
  envelope("id", event_id(seed, recorded.seq));
  envelope("at", recorded.at);
  envelope("type", std::string(form.type));
  envelope("v", form.version);
  envelope("actor", recorded.actor);
  line += ",\"data\":";
  Writer content(line);
  std::visit([&content](const auto& event) { fields(content, event); }, recorded.event);
  content.close();
  const std::string checksum = hex32(crc32c(line));
  line += ",\"crc\":\"";
  line += checksum;
  line += "\"}";
  return line;
}

std::string encode_next(const Recorded& recorded, Succession& last) {
  CHECK(recorded.seq == last.seq + 1, "events are numbered without gaps");
  if (const auto* started = std::get_if<RunStarted>(&recorded.event)) last.seed = started->seed;
  last.seq = recorded.seq;
  return encode(recorded, last.seed);
}

std::string event_id(uint64_t seed, uint64_t seq) {
  // Two draws of a generator that starts where seed and number together put it.
  Random place(seed);
  Random random(place.next() ^ seq);
  std::string id;
  id.reserve(32);
  write_word64(id, random.next());
  write_word64(id, random.next());
  return id;
}

std::string event_type(const Event& event) {
  return std::visit(
      [](const auto& one) { return std::string(form_of(Of<std::remove_cvref_t<decltype(one)>>{}).type); },
      event);
}

namespace {

void write_word64(std::string& out, uint64_t word) {
  out += hex32(static_cast<uint32_t>(word >> 32));
  out += hex32(static_cast<uint32_t>(word));
}

// What may stand in a JSON string as it is. C1 control characters (UTF-8 C2 80 to C2 9F) are legal there,
// but would drive a terminal that shows the file.
bool is_plain(unsigned char byte) {
  return byte >= 0x20 && byte != '"' && byte != '\\' && byte != 0x7F && byte != 0xC2;
}

void write_string(std::string& out, std::string_view text) {
  if (!is_utf8(text)) {
    out += "{\"b64\":\"";
    append_base64(out, text);
    out += "\"}";
    return;
  }
  out += '"';
  size_t kept = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (is_plain(byte)) continue;
    const bool two = byte == 0xC2;
    const auto point = two ? static_cast<unsigned char>(text[at + 1]) : byte;
    if (two && point >= 0xA0) continue;
    out += text.substr(kept, at - kept);
    write_escaped(out, point);
    if (two) ++at;
    kept = at + 1;
  }
  out += text.substr(kept);
  out += '"';
}

void write_escaped(std::string& out, unsigned char byte) {
  constexpr std::string_view hex = "0123456789abcdef";
  out += '\\';
  switch (byte) {
    case '"':
      out += '"';
      return;
    case '\\':
      out += '\\';
      return;
    case '\n':
      out += 'n';
      return;
    case '\r':
      out += 'r';
      return;
    case '\t':
      out += 't';
      return;
    default:
      out += "u00";
      out += hex[byte >> 4];
      out += hex[byte & 15];
  }
}

}  // namespace
}  // namespace pianola::core
