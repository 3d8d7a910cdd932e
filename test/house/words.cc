// The ban list: headers, calls and words that do not belong where they stand, each with what to use instead.
#include <algorithm>
#include <cctype>
#include <initializer_list>

#include "test/house/source.h"
#include "test/house/tree.h"

namespace pianola::house {
namespace {

// Where a ban holds.
enum class Reach {
  effects,        // src/ and sim/ outside world/ and the two main.cc; tests may
  own_code,       // src/ and sim/, world/ too; tests may
  deterministic,  // core, engine and sim, tests too
  everywhere,     // src/, sim/ and all tests
};

struct Ban {
  Reach reach;
  std::string_view what;  // a header, "prefix/" for all below it, or tokens separated by blanks
  std::string_view instead;
};

constexpr std::string_view ports = "ask one of the engine's ports; world/ carries it out";
constexpr std::string_view one_thread = "one thread owns the state; world/ hands results to the inbox";
constexpr std::string_view clock = "take an Instant as a parameter";

constexpr Ban headers[] = {
    {Reach::effects, "unistd.h", ports},
    {Reach::effects, "fcntl.h", ports},
    {Reach::effects, "poll.h", ports},
    {Reach::effects, "sched.h", ports},
    {Reach::effects, "spawn.h", ports},
    {Reach::effects, "signal.h", ports},
    {Reach::effects, "csignal", ports},
    {Reach::effects, "termios.h", ports},
    {Reach::effects, "pwd.h", ports},
    {Reach::effects, "grp.h", ports},
    {Reach::effects, "dirent.h", ports},
    {Reach::effects, "dlfcn.h", ports},
    {Reach::effects, "netdb.h", ports},
    {Reach::effects, "sys/", ports},
    {Reach::effects, "linux/", ports},
    {Reach::effects, "arpa/", ports},
    {Reach::effects, "netinet/", ports},
    {Reach::effects, "filesystem", ports},
    {Reach::effects, "fstream", ports},
    {Reach::effects, "pthread.h", one_thread},
    {Reach::effects, "thread", one_thread},
    {Reach::effects, "mutex", one_thread},
    {Reach::effects, "shared_mutex", one_thread},
    {Reach::effects, "condition_variable", one_thread},
    {Reach::effects, "future", one_thread},
    {Reach::effects, "atomic", one_thread},
    {Reach::effects, "semaphore", one_thread},
    {Reach::effects, "ctime", clock},
    {Reach::effects, "time.h", clock},
    {Reach::own_code, "random", "take a base/random.h Random, so that a seed repeats the run"},
    {Reach::deterministic, "unordered_map", "std::map: its order is the same on every machine"},
    {Reach::deterministic, "unordered_set", "std::set: its order is the same on every machine"},
    {Reach::everywhere, "regex", "RE2 for patterns of users, plain search for our own"},
    {Reach::everywhere, "ranges", "algorithms with iterators: clang 14 does not compile views"},
    {Reach::own_code, "iostream", "fmt in a .cc; return text and let cli/ print it"},
    {Reach::own_code, "format", "fmt/format.h in a .cc: the compiler has no <format>"},
    {Reach::own_code, "cassert", "CHECK (base/check.h), which stays on in a release"},
    {Reach::own_code, "assert.h", "CHECK (base/check.h), which stays on in a release"},
};

constexpr Ban phrases[] = {
    {Reach::effects, "fork (", ports},
    {Reach::effects, "vfork (", ports},
    {Reach::effects, "system (", ports},
    {Reach::effects, "popen (", ports},
    {Reach::effects, "fopen (", ports},
    {Reach::effects, "exit (", "return the exit code to cli/main.cc"},
    {Reach::effects, "_exit (", "return the exit code to cli/main.cc"},
    {Reach::effects, "getenv (", "cli/main.cc reads the environment once and hands the value in"},
    {Reach::effects, "secure_getenv (", "cli/main.cc reads the environment once and hands the value in"},
    {Reach::effects, "setenv (", "give the child its environment when it is spawned"},
    {Reach::effects, ":: now (", clock},
    {Reach::effects, "std :: time (", clock},
    {Reach::effects, "clock_gettime (", clock},
    {Reach::effects, "gettimeofday (", clock},
    {Reach::effects, "std :: thread", one_thread},
    {Reach::effects, "std :: jthread", one_thread},
    {Reach::effects, "std :: async", one_thread},
    {Reach::effects, "std :: mutex", one_thread},
    {Reach::effects, "std :: atomic", one_thread},
    {Reach::effects, "shared_ptr", "a value or a unique_ptr with one owner"},
    {Reach::effects, "make_shared", "a value or a unique_ptr with one owner"},
    {Reach::own_code, "sleep (", "wait for the fact itself, with a limit"},
    {Reach::own_code, "usleep (", "wait for the fact itself, with a limit"},
    // world/ may pause between looks at a fact that nothing announces (a full disk, a process tree).
    {Reach::effects, "nanosleep (", "wait for the fact itself, with a limit"},
    {Reach::own_code, "sleep_for", "wait for the fact itself, with a limit"},
    {Reach::own_code, "sleep_until", "wait for the fact itself, with a limit"},
    {Reach::own_code, "rand (", "take a base/random.h Random, so that a seed repeats the run"},
    {Reach::own_code, "srand (", "take a base/random.h Random, so that a seed repeats the run"},
    {Reach::own_code, "random_device", "take a base/random.h Random, so that a seed repeats the run"},
    {Reach::own_code, "throw", "return a Result, or CHECK when the fault is ours"},
    {Reach::own_code, "assert (", "CHECK (base/check.h), which stays on in a release"},
    {Reach::own_code, "std :: cout", "return text and let cli/ print it"},
    {Reach::own_code, "std :: cerr", "return text and let cli/ print it"},
    {Reach::deterministic, "unordered_map", "std::map: its order is the same on every machine"},
    {Reach::deterministic, "unordered_set", "std::set: its order is the same on every machine"},
    {Reach::everywhere, "std :: ranges", "algorithms with iterators: clang 14 does not compile views"},
    {Reach::everywhere, "std :: views", "algorithms with iterators: clang 14 does not compile views"},
};

bool holds(Reach reach, const File& file) {
  const std::string room = room_of(file.path);
  switch (reach) {
    case Reach::effects:
      return !room.empty() && room != "world" && !is_main(file.path) && !is_test(file.path);
    case Reach::own_code:
      return !room.empty() && !is_test(file.path);
    case Reach::deterministic:
      return room == "core" || room == "engine" || room == "sim";
    case Reach::everywhere:
      return true;
  }
  return false;
}

bool names_header(std::string_view ban, std::string_view include) {
  return ban.ends_with('/') ? include.starts_with(ban) : include == ban;
}

// Words after which a call stands, not the name of a function being declared.
bool leads_to_call(std::string_view word) {
  return word == "return" || word == "else" || word == "do" || word == "co_return" || word == "co_await" ||
         word == "case";
}

// A free function is meant: `clock.sleep(1)`, `Fork fork(...)` and `net::exit(1)` are others' names.
bool is_free_call(const std::vector<Token>& tokens, size_t at) {
  if (at == 0) return true;
  const std::string& before = tokens[at - 1].text;
  if (before == "." || before == "->" || before == ">" || before == "&") return false;
  if (before == "::" && at > 1) {
    const std::string& scope = tokens[at - 2].text;
    return scope == "std" || leads_to_call(scope) || !is_word(scope);
  }
  return !is_word(before) || leads_to_call(before);
}

// "Instant World::now()" declares, "= Clock::now()" and "return steady_clock::now()" ask for the time.
bool declares_member(const std::vector<Token>& tokens, size_t at) {
  while (at > 1 && tokens[at].text == "::" && is_word(tokens[at - 1].text)) at -= 2;
  const std::string& before = tokens[at].text;
  return (is_word(before) && !leads_to_call(before)) || before == ">" || before == "&" || before == "*";
}

// True when the blank-separated words of `phrase` stand at `at`.
bool stands_at(const std::vector<Token>& tokens, size_t at, std::string_view phrase) {
  if (is_word(phrase) && phrase.ends_with(" (") && !is_free_call(tokens, at)) return false;
  if (phrase.starts_with("::") && tokens[at].text == "::" && declares_member(tokens, at)) return false;
  while (!phrase.empty()) {
    const size_t blank = std::min(phrase.find(' '), phrase.size());
    if (at >= tokens.size() || tokens[at].text != phrase.substr(0, blank)) return false;
    phrase.remove_prefix(std::min(blank + 1, phrase.size()));
    ++at;
  }
  return true;
}

void check_phrases(const File& file, const Source& source, std::vector<Offence>& offences) {
  for (const Ban& ban : phrases) {
    if (!holds(ban.reach, file)) continue;
    for (size_t at = 0; at < source.tokens.size(); ++at) {
      if (!stands_at(source.tokens, at, ban.what)) continue;
      std::string shown(ban.what);
      shown.erase(std::remove(shown.begin(), shown.end(), ' '), shown.end());
      offences.push_back({"ban", file.path, source.tokens[at].line, shown, std::string(ban.instead)});
    }
  }
}

void check_owners(const File& file, const Source& source, std::vector<Offence>& offences) {
  if (!holds(Reach::own_code, file)) return;
  const auto is = [&](size_t i, std::string_view text) {
    return i < source.tokens.size() && source.tokens[i].text == text;
  };
  for (size_t at = 1; at < source.tokens.size(); ++at) {
    const bool operator_name = is(at - 1, "operator") || is(at - 1, "=");
    // A private constructor is out of make_unique's reach; its result goes straight to an owner.
    const bool owned = is(at - 1, "(") && at > 2 && (is(at - 2, ">") || is(at - 3, ">"));
    const bool makes = is(at, "new") && !is(at - 1, "operator") && !owned;
    const bool ends = is(at, "delete") && !operator_name;
    if (!makes && !ends) continue;
    offences.push_back({"ban", file.path, source.tokens[at].line, source.tokens[at].text,
                        "a value, a container or std::make_unique"});
  }
}

bool has_word(std::string_view text, std::string_view word) {
  const auto joins = [&](size_t at) {
    return at < text.size() && std::isalnum(static_cast<unsigned char>(text[at])) != 0;
  };
  for (size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    if ((at == 0 || !joins(at - 1)) && !joins(at + word.size())) return true;
  }
  return false;
}

void check_comments(const File& file, const Source& source, std::vector<Offence>& offences) {
  for (const Comment& comment : source.comments) {
    for (const std::string_view word : {"TODO", "FIXME", "XXX", "HACK"}) {
      if (!has_word(comment.text, word)) continue;
      offences.push_back(
          {"unfinished", file.path, comment.line, std::string(word), "do it now or open an issue"});
    }
  }
}

}  // namespace

void check_words(const File& file, std::vector<Offence>& offences) {
  const Source source = read_source(file.text);
  for (const Include& include : source.includes) {
    for (const Ban& ban : headers) {
      if (include.quoted || !holds(ban.reach, file) || !names_header(ban.what, include.name)) continue;
      offences.push_back(
          {"ban", file.path, include.line, "<" + include.name + ">", std::string(ban.instead)});
    }
  }
  check_phrases(file, source, offences);
  check_owners(file, source, offences);
  check_comments(file, source, offences);
}

}  // namespace pianola::house
