#include "world/kept_records.h"

#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>
#include <limits>
#include <utility>

#include "base/text.h"

namespace pianola::world {

namespace json = boost::json;

namespace {

constexpr size_t kMostRecord = 16 << 20;  // bytes; a prompt is a file, so even a long argv is far below

json::value text_value(const std::string& text) {
  if (is_utf8(text)) return json::string(text);
  std::string hex;
  for (const char byte : text) hex += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return json::object{{"hex", hex}};
}

std::string text_of(const json::value& value) {
  if (const json::string* plain = value.if_string()) return std::string(*plain);
  const json::string& hex = value.as_object().at("hex").as_string();
  std::string text;
  for (size_t at = 0; at + 1 < hex.size(); at += 2) {
    text += static_cast<char>(std::stoi(std::string(hex.subview(at, 2)), nullptr, 16));
  }
  return text;
}

json::array texts(const std::vector<std::string>& all) {
  json::array values;
  for (const std::string& text : all) values.push_back(text_value(text));
  return values;
}

std::vector<std::string> texts_of(const json::value& values) {
  std::vector<std::string> all;
  for (const json::value& value : values.as_array()) all.push_back(text_of(value));
  return all;
}

template <class Number>
Number number_of(const json::value& value) {
  return json::value_to<Number>(value);
}

// Runs `read` on the parsed object; whatever the JSON library or a missing key throws becomes an Error.
template <class Record, class Read>
Result<Record> parse_record(const std::string& text, const std::string& where, Read read) {
  try {
    const json::value value = json::parse(text);
    return read(value.as_object());
  } catch (const std::exception& failure) {
    return refuse({ErrorKind::integrity, where, "is not a record of pianola", failure.what(), ""});
  }
}

template <class Record, class Read>
Result<std::optional<Record>> read_record(const std::string& path, Read read) {
  const std::optional<std::string> text = TRY(read_file_if_present(path, kMostRecord));
  if (!text) return std::optional<Record>();
  return std::optional<Record>(TRY(parse_record<Record>(*text, path, read)));
}

json::object totals_object(const StreamTotals& totals) {
  return {{"bytes", totals.bytes}, {"dropped", totals.dropped}};
}

StreamTotals totals_of(const json::object& object) {
  return {number_of<uint64_t>(object.at("bytes")), number_of<uint64_t>(object.at("dropped"))};
}

const std::array<std::pair<core::ExitKind, std::string_view>, 5> kExitWords{{
    {core::ExitKind::code, "code"},
    {core::ExitKind::signal, "signal"},
    {core::ExitKind::lost, "lost"},
    {core::ExitKind::not_started, "not_started"},
    {core::ExitKind::policy, "policy"},
}};

std::string_view enclosure_word(KeptSpec::Enclosure enclosure) {
  switch (enclosure) {
    case KeptSpec::Enclosure::bare:
      return "bare";
    case KeptSpec::Enclosure::sealed:
      return "sealed";
    case KeptSpec::Enclosure::behind_door:
      return "behind_door";
  }
  return "";
}

std::string_view exit_word(core::ExitKind kind) {
  for (const auto& [known, word] : kExitWords) {
    if (known == kind) return word;
  }
  return "lost";
}

core::ExitKind exit_kind(std::string_view word) {
  for (const auto& [known, its_word] : kExitWords) {
    if (its_word == word) return known;
  }
  return core::ExitKind::lost;
}

ExitRecord exit_of(const json::object& object) {
  ExitRecord record;
  record.exit.kind = exit_kind(object.at("kind").as_string());
  record.exit.value = number_of<int>(object.at("value"));
  const bool is_lost = record.exit.kind == core::ExitKind::lost;
  record.exit.tree_empty = !is_lost && object.at("tree").as_string() == "empty";
  record.exit.detail = text_of(object.at("detail"));
  record.pid = number_of<int64_t>(object.at("pid"));
  record.out = totals_of(object.at("out").as_object());
  record.err = totals_of(object.at("err").as_object());
  record.started_ns = number_of<int64_t>(object.at("started_ns"));
  record.ended_ns = number_of<int64_t>(object.at("ended_ns"));
  return record;
}

// What records have since `protocol`; null in one that is older and has no such key.
const json::value* find_since(int protocol, const json::object& object, int record_protocol,
                              const char* key) {
  return record_protocol < protocol ? object.if_contains(key) : &object.at(key);
}

// Errors: thrown, as the library does.
void read_since_two(const json::object& object, KeptSpec& spec) {
  const auto find = [&](const char* key) { return find_since(2, object, spec.protocol, key); };
  if (const json::value* word = find("enclosure")) {
    for (const auto one : {KeptSpec::Enclosure::sealed, KeptSpec::Enclosure::behind_door}) {
      if (word->as_string() == enclosure_word(one)) spec.enclosure = one;
    }
  }
  if (const json::value* value = find("together")) {
    const json::object& together = value->as_object();
    spec.together = {.memory_bytes = number_of<int64_t>(together.at("memory_bytes")),
                     .processes = number_of<int64_t>(together.at("processes")),
                     .cpu_weight = number_of<int>(together.at("cpu_weight")),
                     .disk_bytes = number_of<int64_t>(together.at("disk_bytes"))};
  }
  if (const json::value* folders = find("disk_folders")) spec.disk_folders = texts_of(*folders);
}

KeptSpec spec_of(const json::object& object) {
  KeptSpec spec;
  spec.protocol = number_of<int>(object.at("protocol"));
  spec.keep = text_of(object.at("keep"));
  spec.argv = texts_of(object.at("argv"));
  for (const auto& [name, value] : object.at("env").as_object()) spec.env[std::string(name)] = text_of(value);
  spec.cwd = text_of(object.at("cwd"));
  spec.stdin_file = text_of(object.at("stdin_file"));
  spec.socket = text_of(object.at("socket"));
  if (object.at("streams").as_string() == "together") spec.streams = KeptSpec::Streams::together;
  if (object.at("records").as_string() == "plain") spec.records = KeptSpec::Records::plain;
  if (object.at("alone").as_string() == "ends") spec.alone = KeptSpec::Alone::ends;
  read_since_two(object, spec);
  spec.cap_bytes = number_of<uint64_t>(object.at("cap_bytes"));
  spec.drain_grace_ms = number_of<int64_t>(object.at("drain_grace_ms"));
  spec.sweep_grace_ms = number_of<int64_t>(object.at("sweep_grace_ms"));
  for (const auto& [name, value] : object.at("limits").as_object()) {
    spec.limits[std::string(name)] = number_of<int64_t>(value);
  }
  return spec;
}

}  // namespace

std::string to_json(const KeptSpec& spec, Secrets secrets) {
  json::object env;
  for (const auto& [name, value] : spec.env) {
    env[name] = secrets == Secrets::shown ? text_value(value) : json::value("");
  }
  json::object limits;
  for (const auto& [name, value] : spec.limits) limits[name] = value;
  const bool together = spec.streams == KeptSpec::Streams::together;
  const bool durable = spec.records == KeptSpec::Records::durable;
  const json::object object{{"protocol", spec.protocol},
                            {"keep", text_value(spec.keep)},
                            {"argv", texts(spec.argv)},
                            {"env", env},
                            {"cwd", text_value(spec.cwd)},
                            {"stdin_file", text_value(spec.stdin_file)},
                            {"socket", text_value(spec.socket)},
                            {"streams", together ? "together" : "apart"},
                            {"records", durable ? "durable" : "plain"},
                            {"alone", spec.alone == KeptSpec::Alone::ends ? "ends" : "goes_on"},
                            {"enclosure", enclosure_word(spec.enclosure)},
                            {"cap_bytes", spec.cap_bytes},
                            {"drain_grace_ms", spec.drain_grace_ms},
                            {"sweep_grace_ms", spec.sweep_grace_ms},
                            {"together", json::object{{"memory_bytes", spec.together.memory_bytes},
                                                      {"processes", spec.together.processes},
                                                      {"cpu_weight", spec.together.cpu_weight},
                                                      {"disk_bytes", spec.together.disk_bytes}}},
                            {"disk_folders", texts(spec.disk_folders)},
                            {"limits", limits}};
  return json::serialize(object) + "\n";
}

std::string to_json(const KeeperRecord& record) {
  const json::object object{{"protocol", record.protocol},
                            {"pid", record.keeper.pid},
                            {"start_ticks", record.keeper.start_ticks},
                            {"boot_id", record.machine.boot_id},
                            {"pid_namespace", record.machine.pid_namespace},
                            {"group_folders", texts(record.group_folders)}};
  return json::serialize(object) + "\n";
}

std::string to_json(const AgentRecord& record) {
  const json::object object{{"pid", record.agent.pid},
                            {"start_ticks", record.agent.start_ticks},
                            {"cgroup", text_value(record.cgroup)}};
  return json::serialize(object) + "\n";
}

std::string to_json(const ExitRecord& record) {
  const json::object object{{"kind", exit_word(record.exit.kind)},
                            {"value", record.exit.value},
                            {"tree", record.exit.tree_empty ? "empty" : "not empty"},
                            {"detail", text_value(record.exit.detail)},
                            {"pid", record.pid},
                            {"out", totals_object(record.out)},
                            {"err", totals_object(record.err)},
                            {"started_ns", record.started_ns},
                            {"ended_ns", record.ended_ns}};
  return json::serialize(object) + "\n";
}

Result<KeptSpec> parse_spec(const std::string& text, const std::string& where) {
  return parse_record<KeptSpec>(text, where, spec_of);
}

Result<ExitRecord> parse_exit(const std::string& text, const std::string& where) {
  return parse_record<ExitRecord>(text, where, exit_of);
}

Result<void> mark_begun(const std::string& dir) {
  TRY(write_file(dir + ".begun", "", Sync::none));
  return sync_dir(dir + "/..");  // it holds no bytes: its name is all there is to sync
}

bool has_begun(const std::string& dir) {
  return exists(dir + ".begun") || exists(dir + "/keeper.json") || exists(dir + "/agent.json");
}

Result<std::optional<KeeperRecord>> read_keeper(const std::string& dir) {
  return read_record<KeeperRecord>(dir + "/keeper.json", [](const json::object& object) {
    KeeperRecord record;
    record.protocol = number_of<int>(object.at("protocol"));
    record.keeper = {number_of<pid_t>(object.at("pid")), number_of<uint64_t>(object.at("start_ticks"))};
    record.machine = {std::string(object.at("boot_id").as_string()),
                      number_of<uint64_t>(object.at("pid_namespace"))};
    if (const json::value* folders = find_since(2, object, record.protocol, "group_folders"))
      record.group_folders = texts_of(*folders);
    return record;
  });
}

Result<std::optional<AgentRecord>> read_agent(const std::string& dir) {
  return read_record<AgentRecord>(dir + "/agent.json", [](const json::object& object) {
    // Its number is the keeper's; one of protocol 1 did not write this down.
    const json::value* cgroup = object.if_contains("cgroup");
    return AgentRecord{{number_of<pid_t>(object.at("pid")), number_of<uint64_t>(object.at("start_ticks"))},
                       cgroup == nullptr ? "" : text_of(*cgroup)};
  });
}

Result<std::optional<ExitRecord>> read_exit(const std::string& dir) {
  return read_record<ExitRecord>(dir + "/exit.json", exit_of);
}

}  // namespace pianola::world
