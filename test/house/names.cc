// Names that hide what a thing is. Checked where a name is written, in code and in file names.
#include <algorithm>
#include <cctype>
#include <iterator>
#include <set>

#include "test/house/source.h"
#include "test/house/tree.h"

namespace pianola::house {
namespace {

constexpr std::string_view hollow_words[] = {"manager", "handler", "helper",    "helpers", "util",
                                             "utils",   "service", "processor", "impl"};

// These say nothing as types or at the end of a longer name; alone they are ordinary words (bytes.data()).
constexpr std::string_view hollow_endings[] = {"data", "info", "context"};

// Other people's names that we have to write.
constexpr std::string_view foreign[] = {
    "io_context",        "sa_handler",      "TestInfo",   "TestParamInfo", "any_io_executor",
    "execution_context", "set_new_handler", "si_data",    "ssl_context",   "user_data",
    "epoll_data",        "SEEK_DATA",       "RLIMIT_DATA"};

constexpr std::string_view instead = "say what it is: Train, Keeper, Journal";

template <size_t count>
bool among(const std::string_view (&words)[count], std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

// "RunManager2" and "run_manager" are both {run, manager}.
std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words(1);
  for (size_t i = 0; i < name.size(); ++i) {
    const auto c = static_cast<unsigned char>(name[i]);
    if (std::isalpha(c) == 0) {
      words.emplace_back();
      continue;
    }
    const bool hump =
        std::isupper(c) != 0 && i > 0 && std::islower(static_cast<unsigned char>(name[i - 1])) != 0;
    if (hump) words.emplace_back();
    words.back() += static_cast<char>(std::tolower(c));
  }
  std::erase(words, "");
  return words;
}

bool is_hollow(std::string_view name) {
  if (among(foreign, name)) return false;
  const std::vector<std::string> words = words_of(name);
  if (std::any_of(words.begin(), words.end(), [](const std::string& w) { return among(hollow_words, w); }))
    return true;
  const bool type = !name.empty() && std::isupper(static_cast<unsigned char>(name[0])) != 0;
  const std::string last = words.empty() ? "" : words.back();
  return (among(hollow_endings, last) && (type || words.size() > 1)) || (type && name.ends_with("Base"));
}

bool is_vague_verb(std::string_view name) { return name.starts_with("do_") || name.starts_with("process_"); }

}  // namespace

void check_names(const File& file, std::vector<Offence>& offences) {
  const size_t slash = file.path.rfind('/');
  const std::string stem = file.path.substr(slash + 1, file.path.rfind('.') - slash - 1);
  if (is_hollow(stem)) offences.push_back({"name", file.path, 0, "file name " + stem, std::string(instead)});

  const std::vector<Token> tokens = read_source(file.text).tokens;
  std::set<std::string> reported;
  for (size_t i = 0; i < tokens.size(); ++i) {
    const std::string& name = tokens[i].text;
    if (!is_word(name)) continue;
    const bool call = i + 1 < tokens.size() && tokens[i + 1].text == "(";
    const bool member = i > 0 && (tokens[i - 1].text == "." || tokens[i - 1].text == "->");
    const bool of_std = i > 1 && tokens[i - 1].text == "::" && tokens[i - 2].text != "pianola";
    const bool is_ours = !(member && call) && !of_std;
    const bool bad = is_ours && (is_hollow(name) || (call && is_vague_verb(name)));
    if (!bad || !reported.insert(name).second) continue;
    offences.push_back({"name", file.path, tokens[i].line, name, std::string(instead)});
  }
}

}  // namespace pianola::house
