// Refs of a run that nobody needs any more: dropped, but never the last that reaches a commit.
#include <algorithm>
#include <set>

#include "world/git_repository.h"
#include "world/git_text.h"
#include "world/steps.h"

namespace pianola::world {
namespace {

const std::string own_refs = "refs/pianola/";

// The commits behind all refs of `listed` that are not among `dropped`.
std::string commits_behind(const std::string& listed, const std::set<std::string>& dropped) {
  std::string ids;
  for (const std::string& line : pieces_of(listed, '\n')) {
    // type, id, type behind a tag, id behind it, name; the two in the middle may be empty
    const std::vector<std::string> words = pieces_of(line, ' ');
    if (words.size() != 5 || dropped.contains(words[4])) continue;
    if (words[0] == "commit") ids += "^" + words[1] + "\n";
    if (words[2] == "commit") ids += "^" + words[3] + "\n";
  }
  return ids;
}

}  // namespace

Result<GitRepository::Sweep> GitRepository::sweep_refs(const std::vector<std::string>& kinds,
                                                       SweepMode mode) const {
  if (mode == SweepMode::sweep) TRY(ensure_own_dir());
  Sweep sweep;
  for (const std::string& kind : kinds) {
    for (NamedRef& ref : TRY(refs().list(own_refs + kind + "/" + options_.run.str())))
      sweep.dropped.push_back(std::move(ref));
  }
  if (sweep.dropped.empty()) return sweep;
  const std::set<std::string> alone = TRY(reached_by_none_but(sweep.dropped));
  std::vector<RefMove> kept;
  for (const NamedRef& ref : sweep.dropped) {
    if (!alone.contains(ref.id)) continue;
    const std::string kind_and_run = ref.name.substr(own_refs.size());
    const std::string kind = kind_and_run.substr(0, kind_and_run.find('/'));
    const std::string rest =
        kind_and_run.substr(std::min(kind_and_run.size(), kind.size() + 1 + options_.run.str().size()));
    kept.push_back({.ref = own_refs + "saved/" + options_.run.str() + "/swept/" + kind + rest,
                    .to = ref.id,
                    .from = ""});
  }
  sweep.saved = kept.size();
  if (mode == SweepMode::look) return sweep;
  if (!kept.empty()) TRY(refs().move(kept, reflog_of("keep")));
  PIANOLA_STEP("sweep.saved");
  TRY(refs().remove(sweep.dropped));
  PIANOLA_STEP("sweep.dropped");
  return sweep;
}

Result<bool> GitRepository::keep(const std::string& name, const std::string& commit) const {
  const Moved moved =
      TRY(refs().move({{.ref = name, .to = commit, .from = RefMove::absent}}, reflog_of("keep")));
  return moved == Moved::yes;
}

// Of these refs' commits, those that would be reached by nothing without them.
Result<std::set<std::string>> GitRepository::reached_by_none_but(const std::vector<NamedRef>& refs) const {
  std::set<std::string> names;
  GitCall call = own({"rev-list", "--ignore-missing", "--stdin"});
  for (const NamedRef& ref : refs) {
    names.insert(ref.name);
    call.stdin_bytes += ref.id + "\n";
  }
  const std::string listed = TRY(git_.output(hub(
      {"for-each-ref", "--format=%(objecttype) %(objectname) %(*objecttype) %(*objectname) %(refname)"})));
  call.stdin_bytes += commits_behind(listed, names);
  std::set<std::string> alone;
  for (const std::string& id : pieces_of(TRY(git_.output(call)), '\n')) alone.insert(id);
  return alone;
}

}  // namespace pianola::world
