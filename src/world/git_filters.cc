#include "world/git_filters.h"

#include <fmt/format.h>

#include <string_view>

#include "world/files.h"
#include "world/git_text.h"

namespace pianola::world {
namespace {

using Filtered = std::map<std::string, std::string>;

constexpr std::string_view attributes_file = ".gitattributes";

// The regular files of a commit, and those among them that give attributes, as `update-index` takes them.
struct Listed {
  std::vector<std::string> files;
  std::string attributes;
};

GitCall with(const FilterQuestion& question, std::vector<std::string> args) {
  GitCall call = question.hub;
  call.args = std::move(args);
  // Nothing here is kept, and nothing may be written beside the scratch index.
  call.settings = {"core.fsync=none", "core.splitIndex=false", "core.untrackedCache=false"};
  return call;
}

Result<Listed> list(const Git& git, const FilterQuestion& question) {
  const std::string output =
      TRY(git.output(with(question, {"ls-tree", "-r", "-z", "--full-tree", question.commit})));
  Listed listed;
  // "100644 blob <id>\t<path>"; links and gitlinks go through no filter.
  for (std::string& entry : pieces_of(output, '\0')) {
    const size_t tab = entry.find('\t');
    if (tab == std::string::npos || entry.rfind("100", 0) != 0) continue;
    std::string path = entry.substr(tab + 1);
    if (path.substr(path.rfind('/') + 1) == attributes_file) listed.attributes += entry + '\0';
    listed.files.push_back(std::move(path));
  }
  return listed;
}

Result<Filtered> ask(const Git& git, const FilterQuestion& question, const Listed& listed,
                     const std::vector<std::string>& paths) {
  if (paths.empty()) return Filtered{};
  if (listed.attributes.empty() && !exists(question.hub.git_dir + "/info/attributes")) return Filtered{};
  for (const char* left : {"", ".lock"}) TRY(remove_tree(question.scratch_index + left));
  GitCall read = with(question, {"update-index", "-z", "--index-info"});
  read.index_file = question.scratch_index;
  read.stdin_bytes = listed.attributes;
  TRY(git.output(read));
  GitCall check = with(question, {"check-attr", "--cached", "-z", "--stdin", "filter"});
  check.index_file = question.scratch_index;
  for (const std::string& path : paths) check.stdin_bytes += path + '\0';
  // Triples: path, "filter", value (git-check-attr(1)).
  const std::vector<std::string> pieces = pieces_of(TRY(git.output(check)), '\0');
  TRY(remove_tree(question.scratch_index));
  Filtered found;
  for (size_t i = 0; i + 2 < pieces.size(); i += 3)
    if (question.filters.count(pieces[i + 2]) > 0) found[pieces[i]] = pieces[i + 2];
  return found;
}

}  // namespace

std::set<std::string> filters_in(const std::string& output) {
  std::set<std::string> names;
  // "filter.<name>.clean\n<value>"; git takes an empty value for none.
  for (const std::string& entry : pieces_of(output, '\0')) {
    const size_t end_of_key = entry.find('\n');
    if (end_of_key == std::string::npos || end_of_key + 1 == entry.size()) continue;
    const size_t begin = entry.find('.') + 1;
    const size_t end = entry.rfind('.', end_of_key);
    if (end > begin) names.insert(entry.substr(begin, end - begin));
  }
  return names;
}

Result<Filtered> filtered_among(const Git& git, const FilterQuestion& question,
                                const std::vector<std::string>& paths) {
  if (question.filters.empty() || paths.empty()) return Filtered{};
  return ask(git, question, TRY(list(git, question)), paths);
}

Result<Filtered> filtered_in(const Git& git, const FilterQuestion& question) {
  if (question.filters.empty()) return Filtered{};
  const Listed listed = TRY(list(git, question));
  return ask(git, question, listed, listed.files);
}

}  // namespace pianola::world
