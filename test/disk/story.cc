#include "test/disk/story.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "world/files.h"
#include "world/journal_reader.h"

namespace pianola::disk {
namespace {

using campaign::Ended;
using campaign::Playground;

std::string commit_of(const std::vector<core::Recorded>& events, const std::string& task) {
  for (const core::Recorded& recorded : events) {
    const auto* landed = std::get_if<core::TaskLanded>(&recorded.event);
    if (landed != nullptr && landed->key.task.str() == task) return landed->commit;
  }
  return "";
}

bool is_git_fine(const std::string& output) { return output.find("git failed") == std::string::npos; }

// Before anybody goes on: each landing that was said stands in the journal, and its commit is whole.
int expect_said_is_there(const Playground& playground, const std::vector<Landing>& said,
                         const std::vector<core::Recorded>& events, const std::string& what) {
  int lost = 0;
  for (const Landing& landing : said) {
    const std::string commit = commit_of(events, landing.task);
    const bool is_there = !commit.empty() && commit.starts_with(landing.commit);
    lost += is_there ? 0 : 1;
    EXPECT_TRUE(is_there) << landing.task << " was said to have landed as " << landing.commit
                          << "; journal: " << commit << "\n"
                          << what;
  }
  for (const core::Recorded& recorded : events) {
    const auto* landed = std::get_if<core::TaskLanded>(&recorded.event);
    if (landed == nullptr) continue;
    const std::string walked = playground.git({"rev-list", "--objects", landed->commit});
    EXPECT_TRUE(is_git_fine(walked)) << landed->key.task.str() << ": " << walked << "\n" << what;
  }
  return lost;
}

// A git that died with the machine leaves its lock. Nobody can tell from the next boot that it is dead, so
// the run pauses and says what to remove; here it is done.
bool remove_lock_as_told(const std::string& output) {
  const std::string told = "when no git runs there: rm '";
  const size_t at = output.find(told);
  if (at == std::string::npos) return false;
  const size_t from = at + told.size();
  return world::remove_tree(output.substr(from, output.find('\'', from) - from)).has_value();
}

}  // namespace

std::vector<Landing> landings_in(const std::string& output) {
  std::vector<Landing> landings;
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string at;
    Landing landing;
    std::string landed;
    std::string staging;
    if (words >> at >> landing.task >> landed >> staging >> landing.commit && landed == "landed" &&
        staging == "staging") {
      landing.commit.resize(landing.commit.find(','));
      landings.push_back(landing);
    }
  }
  return landings;
}

std::vector<core::Recorded> events_of(const Playground& playground) {
  std::vector<core::Recorded> events;
  const std::string dir = playground.repo() + "/.git/pianola/runs/r1/journal";
  if (!world::exists(dir)) return events;
  const auto read = world::read_journal(dir, 1, [&](core::Recorded&& recorded) -> Result<void> {
    events.push_back(std::move(recorded));
    return {};
  });
  EXPECT_TRUE(read) << read.error().text();
  return events;
}

GoneOn expect_goes_on(const Playground& playground, const std::string& said, const std::string& what) {
  const std::vector<core::Recorded> before = events_of(playground);
  const int lost = expect_said_is_there(playground, landings_in(said), before, what);
  const Ended resumed = playground.pianola({"resume", "--plain"});
  const bool was_locked = remove_lock_as_told(resumed.output);
  const Ended finished = playground.finish();
  EXPECT_EQ(finished.code, 0) << what << "\n--- resumed:\n"
                              << resumed.output << "\n---\n"
                              << finished.output << "\n"
                              << playground.story();
  const std::vector<core::Recorded> after = events_of(playground);
  EXPECT_TRUE(before.size() <= after.size() && std::equal(before.begin(), before.end(), after.begin()))
      << "an event was changed or lost; " << what;
  for (const core::Recorded& recorded : before) {
    const auto* landed = std::get_if<core::TaskLanded>(&recorded.event);
    if (landed == nullptr) continue;
    const std::string merged = playground.git({"merge-base", "--is-ancestor", landed->commit, "main"});
    EXPECT_TRUE(is_git_fine(merged)) << landed->key.task.str() << " landed as " << landed->commit
                                     << ", which is not on main; " << what;
  }
  std::string broken;
  for (const std::string& promise : playground.broken_promises()) broken += "\n  " + promise;
  EXPECT_EQ(broken, "") << what << "\n---\n" << finished.output;
  return {.lost = lost, .was_locked = was_locked};
}

}  // namespace pianola::disk
