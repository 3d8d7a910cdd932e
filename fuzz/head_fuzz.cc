// Any bytes in the files of a workspace's repository that pianola reads by itself: HEAD, its branch, packed
// refs, reflogs. Whatever comes of them is an id that stands in them.
#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "base/check.h"
#include "fuzz/scratch.h"
#include "world/files.h"
#include "world/git_source.h"

namespace {

using namespace pianola::world;  // NOLINT(google-build-using-namespace)

constexpr std::array files = {"HEAD",      "refs/heads/work", "packed-refs",
                              "logs/HEAD", "logs/refs/stash", "refs/stash"};

void check_id(const std::string& id, std::string_view bytes) {
  CHECK((id.size() == 40 || id.size() == 64) && id.find_first_not_of("0123456789abcdef") == std::string::npos,
        "an id and nothing else");
  CHECK(bytes.find(id) != std::string_view::npos, "it stands in what the agent wrote");
}

}  // namespace

// One file after the other, each ended by a byte 0xff.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string dir = pianola::fuzz::scratch() / "git";
  for (const char* folder : {"/refs/heads", "/logs/refs"}) std::filesystem::create_directories(dir + folder);
  std::string_view rest = bytes;
  for (const char* file : files) {
    const size_t end = std::min(rest.find('\xff'), rest.size());
    CHECK(write_file(dir + "/" + file, std::string(rest.substr(0, end)), Sync::none).has_value(),
          "there is room");
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  const std::string head = read_head(dir, dir);
  if (!head.empty()) check_id(head, bytes);
  const std::vector<std::string> named = named_commits(dir);
  for (const std::string& id : named) check_id(id, bytes);
  CHECK(std::set<std::string>(named.begin(), named.end()).size() == named.size(), "none stands twice");
  return 0;
}
