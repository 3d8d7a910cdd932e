#include "core/codec.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "base/hash.h"
#include "core/codec_base64.h"
#include "core/codec_samples.h"

namespace pianola::core {
namespace {

// The line with this text before its checksum.
std::string signed_line(const std::string& text) {
  return text + ",\"crc\":\"" + hex32(crc32c(text)) + "\"}";
}

// A line whose checksum and envelope are right, whatever its type and data say.
std::string line_of(const std::string& type, const std::string& content, int version = 1) {
  return signed_line("{\"seq\":1,\"id\":\"\",\"at\":\"5\",\"type\":\"" + type +
                     "\",\"v\":" + std::to_string(version) + ",\"actor\":\"pianola\",\"data\":" + content);
}

std::string error_of(const Result<Recorded>& result) {
  EXPECT_FALSE(result.has_value());
  if (result) return "";
  EXPECT_EQ(result.error().kind, ErrorKind::integrity);
  return result.error().text();
}

Recorded paused(const std::string& reason) {
  return {.seq = 1, .at = Instant{7}, .actor = "user:ada", .event = RunPaused{.reason = reason}};
}

TEST(Codec, every_event_reads_back_equal) {
  Random random(1);
  std::set<std::string> seen;
  for (uint64_t round = 1; round <= 8'000; ++round) {
    const Recorded recorded = random_recorded(random, random.next() >> random.below(63) | 1);
    const std::string line = encode(recorded, random.next());
    const auto read = decode(line);
    ASSERT_TRUE(read.has_value()) << line << "\n" << read.error().text();
    ASSERT_EQ(*read, recorded) << line;
    ASSERT_EQ(line.find('\n'), std::string::npos);
    seen.insert(event_type(recorded.event));
  }
  EXPECT_EQ(seen.size(), event_types);
}

TEST(Codec, the_form_of_every_event_is_the_one_in_the_museum) {
  const std::string path = std::string(PIANOLA_SOURCE_DIR) + "/test/journals/v1/forms/00000001.jsonl";
  std::ifstream file(path);
  ASSERT_TRUE(file.is_open()) << path;
  Succession written;
  Succession read;
  for (const Recorded& recorded : every_event()) {
    std::string stored;
    std::getline(file, stored);
    EXPECT_EQ(encode_next(recorded, written), stored) << "a released form may only be added to";
    const auto back = decode_next(stored, read);
    ASSERT_TRUE(back.has_value()) << back.error().text();
    EXPECT_EQ(*back, recorded);
  }
  std::string rest;
  EXPECT_FALSE(std::getline(file, rest)) << "an event type that is gone: " << rest;
}

TEST(Codec, a_line_has_exactly_the_promised_form) {
  EXPECT_EQ(encode(paused("disk is full"), 42),
            "{\"seq\":1,\"id\":\"" + event_id(42, 1) +
                "\",\"at\":\"7\",\"type\":\"run_paused\",\"v\":1,\"actor\":\"user:ada\","
                "\"data\":{\"reason\":\"disk is full\"},\"crc\":\"67122217\"}");
  EXPECT_EQ(event_id(42, 1), "f34fe9248c9342e5c2947c5da2903bfa");
}

TEST(Codec, text_is_written_so_that_a_terminal_is_not_driven_by_it) {
  const std::string line = encode(paused("\x1b]52;c;\x07 \x7f \xC2\x9B \"\\\n\xC3\xA9"), 1);
  EXPECT_NE(line.find(R"({"reason":"\u001b]52;c;\u0007 \u007f \u009b \"\\\n)"
                      "\xC3\xA9\"}"),
            std::string::npos)
      << line;
}

TEST(Codec, bytes_that_are_not_text_are_kept_as_base64) {
  const std::string line = encode(paused("a\xff"), 1);
  EXPECT_NE(line.find(R"({"reason":{"b64":"Yf8="}})"), std::string::npos) << line;
  EXPECT_EQ(*decode(line), paused("a\xff"));
}

TEST(Codec, numbers_beyond_two_to_the_53_are_strings) {
  const auto line_with = [](int64_t pid) {
    return encode({.seq = 1, .at = {}, .actor = "", .event = SupervisorStarted{.pid = pid, .version = ""}},
                  1);
  };
  constexpr int64_t limit = int64_t{1} << 53;
  EXPECT_NE(line_with(limit).find("\"pid\":9007199254740992,"), std::string::npos);
  EXPECT_NE(line_with(limit + 1).find("\"pid\":\"9007199254740993\","), std::string::npos);
  EXPECT_NE(line_with(-limit - 1).find("\"pid\":\"-9007199254740993\","), std::string::npos);
}

TEST(Codec, defaults_are_written_and_an_absent_optional_is_not) {
  RunStarted started;
  started.plan.tasks.resize(1);
  started.plan.tasks[0].patch_intents.resize(1);
  const std::string line = encode({.seq = 1, .at = {}, .actor = "", .event = started}, 1);
  EXPECT_NE(line.find("\"partial\":false"), std::string::npos);
  EXPECT_NE(line.find("\"patch_intents\":[{\"file\":\"\",\"action\":\"\"}]"), std::string::npos) << line;
}

TEST(Codec, unknown_keys_are_ignored_and_absent_ones_keep_their_default) {
  const auto read = decode(line_of("run_stopping", R"({"later":[{"x":1}]})"));
  ASSERT_TRUE(read.has_value()) << read.error().text();
  EXPECT_EQ(read->event, Event(RunStopping{}));
}

TEST(Codec, a_pause_that_was_written_without_a_kind_waits_for_a_person) {
  const auto read = decode(line_of("run_paused", R"({"reason":"no space"})"));
  ASSERT_TRUE(read.has_value()) << read.error().text();
  EXPECT_EQ(read->event, Event(RunPaused{"no space"}));
}

TEST(Codec, what_a_newer_pianola_wrote_is_refused_by_name) {
  EXPECT_EQ(error_of(decode(line_of("task_archived", "{}"))),
            "the event type \"task_archived\" is not known; it needs a newer pianola");
  EXPECT_EQ(error_of(decode(line_of("run_paused", "{}", 2))),
            "version 2 of run_paused is not known; it needs a newer pianola");
  EXPECT_EQ(error_of(decode(line_of("run_stopping", R"({"how":"gently"})"))),
            "run_stopping.how with the word \"gently\" is not known; it needs a newer pianola");
}

TEST(Codec, a_field_of_the_wrong_form_is_named_with_its_path) {
  EXPECT_EQ(error_of(decode(line_of("run_paused", R"({"reason":7})"))), "run_paused.reason is not a string");
  EXPECT_EQ(error_of(decode(line_of("run_paused", R"({"reason":{"b64":"Yf8"}})"))),
            "run_paused.reason is not a string");
  EXPECT_EQ(error_of(decode(line_of("run_finished", R"({"success":1})"))),
            "run_finished.success is not true or false");
  EXPECT_EQ(error_of(decode(line_of("workspace_made", R"({"attempt":4294967296})"))),
            "workspace_made.attempt is not a whole number in range");
  EXPECT_EQ(error_of(decode(line_of("workspace_made", R"({"attempt":1.5})"))),
            "workspace_made.attempt is not a whole number in range");
  EXPECT_EQ(error_of(decode(line_of("attempt_ended", R"({"retry_at":"9223372036854775808"})"))),
            "attempt_ended.retry_at is not a whole number in range");
  EXPECT_EQ(error_of(decode(
                line_of("run_started", R"({"plan":{"tasks":[{},{"verification":[{"command":[]}]}]}})"))),
            "run_started.plan.tasks[1].verification[0].command is an empty list");
  EXPECT_EQ(error_of(decode(line_of("run_started", R"({"policy":[]})"))),
            "run_started.policy is not an object");
}

TEST(Codec, a_line_that_is_not_an_event_is_refused) {
  EXPECT_EQ(error_of(decode("")),
            "no checksum; expected ,\"crc\":\"<8 hex digits>\"} at the end of the line");
  EXPECT_EQ(error_of(decode(signed_line("{"))), "the line is not a JSON object");
  EXPECT_EQ(error_of(decode(signed_line(std::string(100'000, '[')))), "the line is not a JSON object");
  EXPECT_EQ(error_of(decode(line_of("run_paused", R"({"reason":"\ud800"})"))),
            "the line is not a JSON object");
  EXPECT_EQ(error_of(decode(line_of("run_paused", R"("x")"))),
            "the line is not an event; expected a number from 1 as seq and an object as data");
  EXPECT_EQ(error_of(decode(signed_line(R"({"at":"5")"))),
            "the line is not an event; expected a number from 1 as seq and an object as data");
  EXPECT_EQ(error_of(decode(signed_line(R"({"seq":"x")"))), "seq is not a whole number in range");
}

TEST(Codec, a_changed_line_is_never_read_as_another_event) {
  Random random(2);
  size_t mutations = 0;
  for (const Recorded& recorded : every_event()) {
    const std::string line = encode(recorded, 3);
    for (size_t at = 0; at < line.size(); ++at) {
      std::string flipped = line;
      flipped[at] = static_cast<char>(flipped[at] ^ (1 << random.below(8)));
      EXPECT_FALSE(decode(flipped).has_value()) << flipped;
      std::string other = line;
      switch (random.below(3)) {
        case 0:
          other.erase(at, 1 + random.below(9));
          break;
        case 1:
          other.insert(at, 1, static_cast<char>(random.below(256)));
          break;
        default:
          std::swap(other[at], other[random.below(other.size())]);
          break;
      }
      const auto read = decode(other);
      EXPECT_TRUE(!read.has_value() || *read == recorded) << other;
      mutations += 2;
    }
  }
  EXPECT_GT(mutations, 10'000U);
}

TEST(Codec, a_checksum_that_differs_is_shown_beside_the_right_one) {
  std::string line = encode(paused("x"), 1);
  const std::string right = line.substr(line.size() - 10, 8);
  line.replace(line.size() - 10, 8, "01234567");
  EXPECT_EQ(error_of(decode(line)), "checksum differs, \"01234567\"; expected " + right);
}

TEST(Codec, lines_follow_each_other_by_number_and_id) {
  RunStarted started;
  started.seed = 99;
  const Recorded first{.seq = 1, .at = {}, .actor = "", .event = started};
  const Recorded second{.seq = 2, .at = {}, .actor = "", .event = RunResumed{}};
  const Recorded third{.seq = 3, .at = {}, .actor = "", .event = RunOpened{}};
  Succession written;
  const std::string one = encode_next(first, written);
  const std::string two = encode_next(second, written);
  const std::string three = encode_next(third, written);
  EXPECT_EQ(written, (Succession{.seq = 3, .seed = 99}));

  Succession read;
  ASSERT_TRUE(decode_next(one, read).has_value());
  EXPECT_EQ(error_of(decode_next(one, read)), "event 1 is out of order; expected event 2");
  EXPECT_EQ(error_of(decode_next(three, read)), "event 3 is out of order; expected event 2");
  EXPECT_EQ(error_of(decode_next(encode(second, 98), read)),
            "event 2 is of another run: its id is \"" + event_id(98, 2) + "\"; expected " + event_id(99, 2));
  EXPECT_EQ(error_of(decode_next("{}", read)),
            "no checksum at event 2; expected ,\"crc\":\"<8 hex digits>\"} at the end of the line");
  EXPECT_EQ(read, (Succession{.seq = 1, .seed = 99})) << "a refused line changes nothing";
  ASSERT_TRUE(decode_next(two, read).has_value());
  ASSERT_TRUE(decode_next(three, read).has_value());
  EXPECT_EQ(read, written);
}

// --- nothing is left out: every member of every struct has a key -------------------------------------------

struct Anything {
  template <class T>
  operator T() const;  // only ever named, never called
};

template <class T, class... Given>
constexpr size_t members() {
  if constexpr (requires { T{Given{}..., Anything{}}; }) {
    return members<T, Given..., Anything>();
  } else {
    return sizeof...(Given);
  }
}

// An attempt's key is one member.
struct CountVisited {
  size_t count = 0;
  void operator()(std::string_view, const auto&) { ++count; }
  void key(const AttemptKey&) { ++count; }
};

template <class T>
void expect_every_member_has_a_key() {
  CountVisited visit;
  const T value{};
  fields(visit, value);
  EXPECT_EQ(visit.count, members<T>()) << __PRETTY_FUNCTION__;
}

template <size_t... Index>
void expect_it_of_all_events(std::index_sequence<Index...>) {
  (expect_every_member_has_a_key<std::variant_alternative_t<Index, Event>>(), ...);
}

TEST(Codec, every_member_of_every_event_has_a_key) {
  expect_it_of_all_events(std::make_index_sequence<event_types>{});
  expect_every_member_has_a_key<plan::Plan>();
  expect_every_member_has_a_key<plan::Task>();
  expect_every_member_has_a_key<plan::Check>();
  expect_every_member_has_a_key<plan::PatchIntent>();
  expect_every_member_has_a_key<plan::Parameter>();
  expect_every_member_has_a_key<plan::Method>();
  expect_every_member_has_a_key<plan::Contract>();
  expect_every_member_has_a_key<Policy>();
  expect_every_member_has_a_key<Repository>();
  expect_every_member_has_a_key<ContractVersion>();
  expect_every_member_has_a_key<ExitStatus>();
  expect_every_member_has_a_key<Claim>();
  expect_every_member_has_a_key<Usage>();
  expect_every_member_has_a_key<CheckResult>();
}

TEST(Codec, a_method_of_a_contract_may_be_its_name_alone) {
  RunStarted start;
  start.plan.contracts = {{.name = "A", .version = {}, .file_path = {}, .methods = {{.name = "login"}}}};
  std::string line = encode({.seq = 1, .at = {}, .actor = "", .event = start}, 0);
  const std::string written = R"({"name":"login","parameters":[],"returns":"","doc":""})";
  const size_t at = line.find(written);
  ASSERT_NE(at, std::string::npos) << line;
  line.replace(at, written.size(), "\"login\"");
  line.resize(line.rfind(",\"crc\""));
  line += ",\"crc\":\"" + hex32(crc32c(line)) + "\"}";
  const auto read = decode(line);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(std::get<RunStarted>(read->event).plan.contracts, start.plan.contracts);
}

TEST(Base64, holds_the_vectors_of_rfc_4648) {
  const std::pair<std::string, std::string> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    std::string out;
    append_base64(out, bytes);
    EXPECT_EQ(out, text);
    EXPECT_EQ(read_base64(text), bytes);
  }
}

TEST(Base64, refuses_what_it_would_not_write) {
  for (const char* bad : {"Z", "Zg", "Zg=", "Zh==", "Zm9=", "Zg==Zg==", "====", "Zm9v\n", "Zm-v", "=Zg="}) {
    EXPECT_EQ(read_base64(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace pianola::core
