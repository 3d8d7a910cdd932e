// The hub's git directory, and what pianola keeps in it.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "test/redteam/hostile/ground.h"

namespace pianola::redteam {
namespace {

constexpr const char* zeros = "0000000000000000000000000000000000000000\n";

std::string told(int result) { return result == 0 ? reached() : refused(errno); }
std::string object(const Ground& g, const std::string& name) {
  const std::string id = g[name];
  return g.hub("objects/" + id.substr(0, 2) + "/" + id.substr(2));
}

void add_refs(Attempts& all) {
  all["hub_config"] = [](const Ground& g) { return append_to(g.hub("config"), "[core]\nfsmonitor=evil\n"); };
  all["hub_hook"] = [](const Ground& g) { return put_file(g.hub("hooks/post-commit"), "#!/bin/sh\n"); };
  all["hub_main"] = [](const Ground& g) { return put_file(g.hub("refs/heads/main"), zeros); };
  all["hub_branch"] = [](const Ground& g) { return put_file(g.hub("refs/heads/evil"), g["commit"] + "\n"); };
  all["hub_pianola_ref"] = [](const Ground& g) {
    return put_file(g.hub("refs/pianola/saved/r1/evil.1"), g["commit"] + "\n");
  };
  all["hub_packed_refs"] = [](const Ground& g) { return append_to(g.hub("packed-refs")); };
  all["hub_head"] = [](const Ground& g) { return put_file(g.hub("HEAD"), "ref: refs/heads/evil\n"); };
  all["hub_index"] = [](const Ground& g) { return append_to(g.hub("index")); };
  all["hub_index_lock"] = [](const Ground& g) { return put_file(g.hub("index.lock"), ""); };
  all["hub_reflog"] = [](const Ground& g) { return append_to(g.hub("logs/HEAD")); };
  all["hub_info_attributes"] = [](const Ground& g) {
    return put_file(g.hub("info/attributes"), "* filter=evil\n");
  };
  all["hub_info_grafts"] = [](const Ground& g) { return put_file(g.hub("info/grafts"), zeros); };
  all["hub_info_exclude"] = [](const Ground& g) { return append_to(g.hub("info/exclude"), "*\n"); };
  all["hub_shallow"] = [](const Ground& g) { return put_file(g.hub("shallow"), zeros); };
  all["hub_commondir"] = [](const Ground& g) { return put_file(g.hub("commondir"), "/tmp\n"); };
  all["hub_worktrees"] = [](const Ground& g) {
    return put_file(g.hub("worktrees/evil/commondir"), "../../evil\n");
  };
  all["hub_modules"] = [](const Ground& g) { return put_file(g.hub("modules/evil/config"), "[core]\n"); };
  all["hub_rename"] = [](const Ground& g) {
    return told(::rename(g.hub("description").c_str(), g.hub("gone").c_str()));
  };
}

void add_objects(Attempts& all) {
  all["object_delete"] = [](const Ground& g) { return told(::unlink(object(g, "object_delete").c_str())); };
  all["object_overwrite"] = [](const Ground& g) { return put_file(object(g, "object_overwrite"), mark); };
  // Another's bytes under an id that exists.
  all["object_forge"] = [](const Ground& g) {
    const std::string forged = slurp(object(g, "object_other"));
    const std::string place = object(g, "object_forge");
    const std::string written = put_file(place + ".new", forged, 0444);
    if (::rename((place + ".new").c_str(), place.c_str()) != 0) return refused(errno);
    return written;
  };
  all["object_chmod"] = [](const Ground& g) {
    return told(::chmod(object(g, "object_chmod").c_str(), 0777));
  };
  all["object_pack"] = [](const Ground& g) { return put_file(g.hub("objects/pack/pack-evil.pack"), mark); };
  all["object_alternates"] = [](const Ground& g) {
    return put_file(g.hub("objects/info/alternates"), g.path("second/.git/objects") + "\n");
  };
  all["object_new"] = [](const Ground& g) {
    return put_file(g.hub("objects/00/00000000000000000000000000000000000000"), mark);
  };
  all["object_link"] = [](const Ground& g) {
    return told(::link(object(g, "object_other").c_str(), "stolen-object")) == refused(EXDEV)
               ? refused(EXDEV)
               : (::chmod("stolen-object", 0777), put_file("stolen-object", mark));
  };
}

void add_runs(Attempts& all) {
  all["state_journal"] = [](const Ground& g) {
    return append_to(g.hub("pianola/runs/r1/journal/00000001.jsonl"), "{\"seq\":1}\n");
  };
  all["state_journal_delete"] = [](const Ground& g) {
    return told(::unlink(g.hub("pianola/runs/r1/journal/reserve").c_str()));
  };
  all["state_plan"] = [](const Ground& g) { return put_file(g.hub("pianola/runs/r1/plan.yaml"), mark); };
  all["state_exit_record"] = [](const Ground& g) {
    return put_file(g.hub("pianola/runs/r1/attempts/fails.1/exit.json"), "{}");
  };
  all["state_output"] = [](const Ground& g) {
    return append_to(g.hub("pianola/runs/r1/attempts/fails.1/out"));
  };
  all["state_gate_output"] = [](const Ground& g) {
    return append_to(g.hub("pianola/runs/r1/gates/lands.1.candidate/1/out"));
  };
  all["state_lock"] = [](const Ground& g) { return append_to(g.hub("pianola/runs/r1/lock")); };
  all["state_own_git"] = [](const Ground& g) { return append_to(g.hub("pianola/git/config"), "[core]\n"); };
  all["state_agent_copy"] = [](const Ground& g) { return append_to(g["agent_copy"]); };
  // The records of the attempt that is running: what a later supervisor would believe.
  all["state_own_attempt"] = [](const Ground& g) {
    return put_file(g.hub("pianola/runs/r2/attempts/batch.1/agent.json"), mark);
  };
  all["state_new_run"] = [](const Ground& g) { return put_file(g.hub("pianola/runs/r99/lock"), mark); };
  all["state_attempt_lock"] = [](const Ground& g) {
    return told(::unlink(g.hub("pianola/runs/r1/attempts/lands.1/attempt.lock").c_str()));
  };
}

}  // namespace

void add_state(Attempts& attempts) {
  add_refs(attempts);
  add_objects(attempts);
  add_runs(attempts);
}

}  // namespace pianola::redteam
