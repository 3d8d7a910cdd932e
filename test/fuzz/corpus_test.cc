// Every input that a fuzz target found worth keeping, and some changed ones, still hold the target's laws:
// a law that does not hold ends the process.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "base/random.h"
#include "test/figures.h"

using Target = int(const uint8_t*, size_t);
extern "C" Target plan_fuzz, codec_fuzz, stream_fuzz, journal_fuzz, records_fuzz, request_fuzz, endpoint_fuzz,
    tree_fuzz, index_fuzz, head_fuzz, event_log_fuzz;

namespace {

constexpr int changed_inputs = 2'000;

void play(Target* target, const std::string& bytes) {
  target(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
}

std::vector<std::string> corpus(const std::string& name) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(PIANOLA_SOURCE_DIR "/fuzz/corpus/" + name))
    files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<std::string> inputs;
  for (const auto& path : files) {
    std::ifstream file(path, std::ios::binary);
    inputs.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return inputs;
}

// One of the ways in which bytes go wrong on their way.
std::string changed(std::string bytes, const std::vector<std::string>& others, pianola::Random& random) {
  const auto below = [&](size_t end) { return random.below(std::max<size_t>(end, 1)); };
  switch (random.below(5)) {
    case 0:  // a bit flips
      if (!bytes.empty()) bytes[below(bytes.size())] ^= static_cast<char>(1U << random.below(8));
      break;
    case 1:  // the end is missing
      bytes.resize(below(bytes.size()));
      break;
    case 2:  // a piece is missing
      bytes.erase(below(bytes.size()), below(64));
      break;
    case 3: {  // a piece stands twice
      const size_t at = below(bytes.size());
      bytes.insert(at, bytes.substr(at, below(64)));
      break;
    }
    default: {  // it goes on as another
      const std::string& other = others[below(others.size())];
      bytes = bytes.substr(0, below(bytes.size())) + other.substr(below(other.size()));
    }
  }
  return bytes;
}

void replay(Target* target, const std::string& name) {
  const std::vector<std::string> inputs = corpus(name);
  ASSERT_FALSE(inputs.empty()) << "no inputs in fuzz/corpus/" << name;
  play(target, "");
  for (const std::string& input : inputs) play(target, input);
  pianola::Random random(1);
  for (int i = 0; i < changed_inputs; ++i)
    play(target, changed(inputs[random.below(inputs.size())], inputs, random));
  pianola::test::tell_guarantee(
      "G20", "corpora of the fuzz targets",
      fmt::format("targets 1, inputs {}, changed inputs {}, laws broken 0", inputs.size(), changed_inputs));
}

TEST(Corpus, of_plans) { replay(plan_fuzz, "plan_fuzz"); }
TEST(Corpus, of_journal_lines) { replay(codec_fuzz, "codec_fuzz"); }
TEST(Corpus, of_journal_segments) { replay(journal_fuzz, "journal_fuzz"); }
TEST(Corpus, of_agent_output) { replay(stream_fuzz, "stream_fuzz"); }
TEST(Corpus, of_attempt_records) { replay(records_fuzz, "records_fuzz"); }
TEST(Corpus, of_requests) { replay(request_fuzz, "request_fuzz"); }
TEST(Corpus, of_endpoints) { replay(endpoint_fuzz, "endpoint_fuzz"); }
TEST(Corpus, of_tree_changes) { replay(tree_fuzz, "tree_fuzz"); }
TEST(Corpus, of_git_indexes) { replay(index_fuzz, "index_fuzz"); }
TEST(Corpus, of_event_logs) { replay(event_log_fuzz, "event_log_fuzz"); }
TEST(Corpus, of_git_heads) { replay(head_fuzz, "head_fuzz"); }

}  // namespace
