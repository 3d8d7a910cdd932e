// Laws that every screen keeps in every state: runs are driven through the real core by a world that
// answers at random, with hostile bytes wherever somebody else's bytes may stand.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <functional>
#include <iterator>
#include <map>

#include "base/random.h"
#include "base/text.h"
#include "view/line.h"
#include "view/screen.h"
#include "view/story.h"

namespace pianola::view {
namespace {

using core::Stage;

// Drives one run of random shape to some point of its life.
class RandomRun {
 public:
  explicit RandomRun(uint64_t seed) : random_(seed) {
    core::RunStarted run;
    run.run = core::RunId("r" + std::to_string(seed));
    run.seed = seed;
    run.plan_file = nasty();
    run.plan_sha256 = "4be19c2d";
    run.policy.jobs = static_cast<int>(1 + random_.below(4));
    run.policy.partial = random_.chance(30);
    run.policy.isolation = core::Isolation{static_cast<int>(random_.below(4))};
    run.policy.default_agent = nasty();
    run.repository = {.path = nasty(), .target = "refs/heads/" + nasty(), .base = "9f3ac21d"};
    const uint64_t tasks = 1 + random_.below(7);
    for (uint64_t place = 0; place < tasks; ++place) run.plan.tasks.push_back(random_task(place));
    run.plan.post_merge_checks.resize(1);
    tell(run);
  }

  core::State state;
  Instant now{1'795'267'290'000'000'000};
  std::vector<core::Recorded> fresh;  // told by the last step

  void step() {
    fresh.clear();
    now = now + Duration::from_ms(static_cast<int64_t>(random_.below(400'000)));
    settle();
    tell_all(core::decide(state, now));
    for (const core::Input& input : answers()) {
      if (auto events = core::admit(state, input, now)) tell_all(*events);
      settle();
    }
  }

  Activities activities() {
    Activities seen;
    for (size_t place = 0; place < state.tasks.size(); ++place) {
      const core::TaskRun& run = state.tasks[place];
      if (run.attempts.empty() || random_.chance(40)) continue;
      seen[{.task = state.plan.tasks[place].id, .number = static_cast<int>(run.attempts.size())}] = {
          .at = now,
          .text = nasty(),
          .usage = usage(),
          .context_used = static_cast<int64_t>(random_.below(300'000)) - 1,
          .context_size = static_cast<int64_t>(random_.below(3)) * 100'000 - 1};
    }
    return seen;
  }

  std::string nasty() {
    static const std::string texts[] = {
        "",
        "plain words of some length that go on and on for more than a line does",
        "two\nlines\r\n\ttab",
        "\x1b[31mred\x7f\x1b]0;title\x07",
        "C1 \xC2\x9B and \xC2\xA0",
        "not utf-8 \xff\xfe",
        "日本語の長い文章がここにあります、とても長い",
        "bidi \xE2\x80\xAE gnp",
        "e\xCC\x81\xCC\x81\xCC\x81 combining",
        std::string(300, 'x'),
        " leading and  double spaces ",
        "\xF0\x9F\x98\x80 smile"};
    return texts[random_.below(std::size(texts))];
  }

  Random& random() { return random_; }

 private:
  plan::Task random_task(uint64_t place) {
    plan::Task task;
    task.id = core::TaskId("t" + std::to_string(place) + std::string(random_.below(62), 'n'));
    task.description = nasty();
    task.agent = nasty();
    task.attempts = static_cast<int>(1 + random_.below(3));
    if (random_.chance(20)) task.files_write = {"shared/"};
    task.verification.resize(1);
    for (uint64_t before = 0; before < place; ++before) {
      if (random_.chance(25)) task.depends_on.push_back(state_id(before));
    }
    ids_.push_back(task.id);
    return task;
  }
  core::TaskId state_id(uint64_t place) const { return ids_[place]; }

  core::Usage usage() {
    const auto number = [&] {
      return random_.chance(40) ? -1 : static_cast<int64_t>(random_.below(9'000'000));
    };
    return {.tokens_in = number(), .tokens_out = number(), .tokens_cached = -1, .cost_microusd = number()};
  }

  std::vector<core::CheckResult> checks() {
    core::CheckResult check;
    check.command = nasty();
    check.passed = random_.chance(60);
    check.timed_out = random_.chance(10);
    check.exit_value = check.passed ? 0 : 1;
    check.tail = nasty() + "\n" + nasty();
    check.log_path = nasty();
    return {check};
  }

  void tell(core::Event event) {
    core::Recorded recorded{.seq = state.seq + 1, .at = now, .actor = "pianola", .event = std::move(event)};
    const Result<void> folded = core::evolve(state, recorded);
    ASSERT_TRUE(folded.has_value()) << folded.error().text();
    fresh.push_back(std::move(recorded));
    if (told) told(*this, fresh.back());
  }
  // What follows from the state alone, until nothing does.
  void settle() {
    for (int rounds = 0; rounds < 100; ++rounds) {
      const std::vector<core::Event> events = core::consequences(state, now);
      if (events.empty()) return;
      tell_all(events);
    }
  }
  void tell_all(const std::vector<core::Event>& events) {
    for (const core::Event& event : events) tell(event);
  }

  std::vector<core::Input> answers() {
    std::vector<core::Input> inputs;
    for (size_t place = 0; place < state.tasks.size(); ++place) {
      const core::Attempt* attempt = current(state.tasks[place]);
      if (attempt == nullptr || random_.chance(30)) continue;
      answer(inputs, {.task = state.plan.tasks[place].id, .number = attempt->number}, *attempt);
    }
    answer_run(inputs);
    ask_as_people(inputs);
    return inputs;
  }

  void answer(std::vector<core::Input>& inputs, const core::AttemptKey& key, const core::Attempt& attempt);
  void answer_run(std::vector<core::Input>& inputs);
  void ask_as_people(std::vector<core::Input>& inputs);

  Random random_;
  std::vector<core::TaskId> ids_;

 public:
  std::function<void(RandomRun&, const core::Recorded&)> told;
};

void RandomRun::answer(std::vector<core::Input>& inputs, const core::AttemptKey& key,
                       const core::Attempt& attempt) {
  const auto ends = [&](core::ExitKind kind) {
    core::Claim claim;
    claim.success = kind == core::ExitKind::code && random_.chance(75);
    if (!claim.success) claim.failure = core::FailureClass{static_cast<int>(random_.below(12))};
    claim.message = nasty();
    claim.usage = usage();
    inputs.push_back(
        core::AgentHasExited{.key = key,
                             .exit = {.kind = kind, .value = 1, .tree_empty = true, .detail = nasty()},
                             .claim = claim});
  };
  std::vector<std::string> findings;
  if (random_.chance(15)) findings = {nasty() + " is outside", nasty()};
  if (attempt.stage == Stage::preparing) {
    if (random_.chance(90)) inputs.push_back(core::WorkspaceWasMade{key});
    if (random_.chance(10)) inputs.push_back(core::WorkspaceFailed{key, nasty()});
  } else if (attempt.stage == Stage::launching) {
    if (random_.chance(10)) return ends(core::ExitKind::not_started);
    inputs.push_back(core::AgentHasSpawned{key, 1});
  } else if (attempt.stage == Stage::starting) {
    inputs.push_back(core::AgentHasProgressed{key, nasty()});
  } else if (attempt.stage == Stage::working) {
    ends(random_.chance(90) ? core::ExitKind::code : core::ExitKind::lost);
  } else if (attempt.stage == Stage::collecting) {
    inputs.push_back(core::WorkWasCollected{.key = key,
                                            .head = random_.chance(90) ? "5ea339b0" : "",
                                            .leftovers = false,
                                            .files_changed = 1,
                                            .findings = findings});
  } else if (attempt.stage == Stage::building) {
    if (random_.chance(15)) {
      inputs.push_back(core::CandidateConflicted{key, {nasty(), nasty()}});
    } else {
      inputs.push_back(core::CandidateWasBuilt{key, "cand" + std::to_string(random_.below(100)), findings});
    }
  } else if (attempt.stage == Stage::gating || attempt.stage == Stage::gating_head) {
    const bool on_head = attempt.stage == Stage::gating_head;
    inputs.push_back(
        core::GatesWereRun{.key = key,
                           .subject = on_head ? core::GateSubject::head : core::GateSubject::candidate,
                           .commit = on_head ? attempt.head : attempt.candidate,
                           .checks = checks()});
  } else if (attempt.stage == Stage::landing) {
    inputs.push_back(core::StagingWasMoved{key, attempt.candidate});
  }
}

void RandomRun::answer_run(std::vector<core::Input>& inputs) {
  if (state.phase == core::Phase::unopened) inputs.push_back(core::RunWasOpened{});
  if (state.phase == core::Phase::final_gates) {
    inputs.push_back(core::FinalGatesWereRun{state.staging, checks()});
  }
  if (state.phase != core::Phase::promoting) return;
  if (state.finish.rebuilding)
    inputs.push_back(
        core::StagingWasRebuilt{"rebuilt0" + std::to_string(state.seq), state.finish.moved_target});
  const uint64_t choice = random_.below(3);
  if (choice == 0) inputs.push_back(core::TargetWasPromoted{state.finish.verified});
  if (choice == 1) inputs.push_back(core::PromotionWasLeft{nasty()});
  if (choice == 2) {
    inputs.push_back(
        core::TargetHadMoved{.commit = "moved000", .descends = true, .from = state.finish.promoting_from});
  }
}

void RandomRun::ask_as_people(std::vector<core::Input>& inputs) {
  if (random_.chance(4)) inputs.push_back(core::TaskStopRequested{ids_[random_.below(ids_.size())]});
  if (random_.chance(4)) inputs.push_back(core::SayRequested{ids_[random_.below(ids_.size())], "note"});
  if (random_.chance(2)) inputs.push_back(core::StopRequested{core::Stopping::finish_running});
  if (random_.chance(1)) inputs.push_back(core::StopRequested{core::Stopping::end_all});
  if (random_.chance(2)) inputs.push_back(core::PauseRequested{nasty()});
  if (state.paused && random_.chance(50)) inputs.push_back(core::ResumeRequested{});
  if (random_.chance(2)) inputs.push_back(core::SupervisorArrived{.pid = 7, .version = "0.1.0"});
  if (state.phase == core::Phase::left && random_.chance(50)) inputs.push_back(core::PromoteRequested{});
}

// Takes the colours out; everything else stays.
std::string without_colour(const std::string& text) {
  std::string plain;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\x1b') {
      at = text.find('m', at);
    } else {
      plain += text[at];
    }
  }
  return plain;
}

void expect_lawful(const std::string& coloured, const Terminal& terminal) {
  const std::string line = without_colour(coloured);
  ASSERT_LE(columns(line), static_cast<size_t>(terminal.width)) << line;
  ASSERT_TRUE(is_utf8(line)) << line;
  ASSERT_FALSE(line.ends_with(' ')) << '"' << line << '"';
  for (const char byte : line) {
    ASSERT_TRUE(static_cast<unsigned char>(byte) >= 0x20 && byte != 0x7F) << line;
    ASSERT_TRUE(terminal.glyphs == Glyphs::unicode || static_cast<unsigned char>(byte) < 0x7F) << line;
  }
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  size_t at = 0;
  for (size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', at)) {
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  EXPECT_EQ(at, text.size()) << "a text ends with a newline";
  return lines;
}

// Both with and without colour: each line is lawful, and colour changes no text.
template <class Render>
void expect_screen(Terminal terminal, const Render& render) {
  terminal.colour = Colour::none;
  const std::vector<std::string> plain = render(terminal);
  terminal.colour = Colour::ansi16;
  const std::vector<std::string> coloured = render(terminal);
  ASSERT_EQ(plain.size(), coloured.size());
  for (size_t i = 0; i < plain.size(); ++i) {
    ASSERT_EQ(plain[i].find('\x1b'), std::string::npos);
    ASSERT_EQ(without_colour(coloured[i]), plain[i]);
    expect_lawful(coloured[i], terminal);
  }
}

Terminal random_terminal(Random& random) {
  // Mostly what statement 4 of the interface promises, now and then what nobody can read any more.
  const uint64_t width = random.chance(85) ? 40 + random.below(211) : 1 + random.below(39);
  return {.width = static_cast<int>(width),
          .height = static_cast<int>(1 + random.below(60)),
          .glyphs = random.chance(50) ? Glyphs::ascii : Glyphs::unicode,
          .utc_offset_s = static_cast<int64_t>(random.below(86'400)) - 43'200};
}

void expect_screens(RandomRun& run, std::map<std::string, int>& words) {
  const Terminal terminal = random_terminal(run.random());
  const Snapshot shown =
      snapshot(run.state, run.activities(), {.now = run.now, .supervised = run.random().chance(90)});
  const std::string path = run.nasty();
  for (const TaskRow& row : shown.tasks) {
    ++words[row.state];
    ASSERT_EQ(look_of(row.state).word, row.state);
  }
  expect_screen(terminal, [&](const Terminal& t) { return live_block(shown, t); });
  ASSERT_LE(static_cast<int>(live_block(shown, terminal).size()), std::max(0, terminal.height - 4));
  for (const StatusDepth depth : {StatusDepth::short_form, StatusDepth::all}) {
    expect_screen(terminal, [&](const Terminal& t) { return lines_of(status_text(shown, t, depth)); });
  }
  expect_screen(terminal, [&](const Terminal& t) { return lines_of(end_report(run.state, path, t)); });
  expect_screen(terminal, [&](const Terminal& t) { return run_heading(run.state, t); });
  const boost::json::value status = boost::json::parse(status_json(shown));
  ASSERT_EQ(status.at("tasks").as_array().size(), run.state.tasks.size());
  ASSERT_TRUE(boost::json::parse(report_json(run.state, path)).is_object());
}

TEST(ScreenLaws, no_line_is_longer_than_the_terminal_and_no_foreign_byte_reaches_it) {
  std::map<std::string, int> words;
  size_t piped = 0;
  for (uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomRun run(seed);
    run.told = [&](RandomRun& told, const core::Recorded& event) {
      const Terminal terminal = random_terminal(told.random());
      expect_screen(terminal, [&](const Terminal& t) { return event_lines(told.state, event, t); });
      if (const auto line = piped_line(told.state, event)) {
        ++piped;
        EXPECT_EQ(line->find_first_of("\x1b\r\n\t"), std::string::npos) << *line;
        EXPECT_TRUE(is_utf8(*line));
      }
    };
    for (int step = 0; step < 30 && !HasFatalFailure(); ++step) {
      run.step();
      expect_screens(run, words);
    }
    if (HasFatalFailure()) return;
  }
  EXPECT_GT(piped, 200U);
  for (const char* word : {"waiting", "ready", "starting", "working", "checking", "retry", "landing",
                           "landed", "failed", "skipped", "stopped"}) {
    EXPECT_GT(words[word], 0) << word << " was never reached";
  }
}

TEST(ScreenLaws, a_pipe_is_never_padded_wrapped_or_coloured) {
  Story story({{"one", {}}, {"two", {"one"}}});
  story.tell(core::RunOpened{});
  story.work("one");
  const Terminal pipe{.width = 0, .colour = Colour::ansi16};
  const std::string text = status_text(story.shown(), pipe, StatusDepth::all) +
                           joined_lines(run_heading(story.state, pipe)) +
                           end_report(story.state, "runs/r12", pipe);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find("  "), std::string::npos) << text;
  EXPECT_EQ(text.find(" \n"), std::string::npos) << text;
}

}  // namespace
}  // namespace pianola::view
