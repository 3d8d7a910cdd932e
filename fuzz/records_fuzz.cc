// Any bytes in the files of an attempt's folder: what is read is written and read back the same, and what is
// refused is an integrity error that names the file.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "fuzz/scratch.h"
#include "world/kept_records.h"

namespace {

using namespace pianola::world;  // NOLINT(google-build-using-namespace)

template <class Record>
void check_refusal(const pianola::Result<Record>& read, const std::string& where) {
  if (read) return;
  CHECK(read.error().kind == pianola::ErrorKind::integrity && read.error().where == where,
        "it names the file");
}

// The inverse of what is written is what was read, for a record that stands in a file.
template <class Record, class Read>
void check_file(const std::string& name, std::string_view bytes, Read read) {
  const std::string dir = pianola::fuzz::scratch() / "attempt";
  std::filesystem::create_directories(dir);
  const std::string path = dir + "/" + name;
  CHECK(write_file(path, std::string(bytes), Sync::none).has_value(), "there is room");
  const pianola::Result<std::optional<Record>> record = read(dir);
  check_refusal(record, path);
  if (!record) return;
  CHECK(record->has_value(), "the file is there");
  CHECK(write_file(path, to_json(**record), Sync::none).has_value(), "there is room");
  const auto again = read(dir);
  CHECK(again.has_value() && *again == *record, "what was read is written and read back the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string text(bytes);
  const auto spec = parse_spec(text, "spec.json");
  check_refusal(spec, "spec.json");
  if (spec) {
    const auto again = parse_spec(to_json(*spec, Secrets::shown), "spec.json");
    CHECK(again.has_value() && *again == *spec, "what was read is written and read back the same");
    const auto hidden = parse_spec(to_json(*spec, Secrets::hidden), "spec.json");
    CHECK(hidden.has_value() && hidden->env.size() == spec->env.size(), "hiding hides values, not names");
    for (const auto& [name, value] : hidden->env) CHECK(value.empty(), "no value is shown");
  }
  const auto exit = parse_exit(text, "exit.json");
  check_refusal(exit, "exit.json");
  if (exit) {
    const auto again = parse_exit(to_json(*exit), "exit.json");
    CHECK(again.has_value() && *again == *exit, "what was read is written and read back the same");
  }
  check_file<KeeperRecord>("keeper.json", bytes, read_keeper);
  check_file<AgentRecord>("agent.json", bytes, read_agent);
  return 0;
}
