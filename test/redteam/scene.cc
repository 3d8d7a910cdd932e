#include "test/redteam/scene.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "world/child.h"
#include "world/files.h"
#include "world/seal_probe.h"

namespace pianola::redteam {
namespace {

namespace fs = std::filesystem;

constexpr int64_t program_timeout_ms = 60'000;
constexpr size_t file_bytes_max = 16 << 20;

constexpr const char* plain_agent = R"(#!/bin/sh
cat "$PIANOLA_PROMPT_FILE"
echo "$PIANOLA_TASK" > "$PIANOLA_TASK.txt"
test "$PIANOLA_TASK" != fails || { cat "$PIANOLA_PROMPT_FILE" > secret.txt; exit 3; }
)";

constexpr const char* first_plan = R"(version: 1
tasks:
  - id: lands
    description: "{0}"
    files_write: [lands.txt]
    verification: [{{command: "test -f lands.txt"}}]
  - id: fails
    description: "{0}"
    files_write: [fails.txt]
    attempts: 1
    verification: [{{command: "test -f fails.txt"}}]
)";

void put(const std::string& path, const std::string& bytes) {
  fs::create_directories(fs::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
}

std::string get(const std::string& path) {
  const auto bytes = world::read_file_if_present(path, file_bytes_max);
  return bytes && *bytes ? **bytes : "";
}

std::string trimmed(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

// What a run writes outside its workspaces, and nothing else: its own folder under runs/, its refs, its
// sockets, that its commands are trusted and its risk approved; in folders that were there before, only new
// names.
bool is_of_the_run(const std::string& difference, const std::string& run) {
  const std::string path = difference.substr(0, difference.find(": "));
  const auto is_below = [&](const std::string& folder) {
    return path == folder || path.starts_with(folder + "/");
  };
  const bool is_new = difference.starts_with(path + ": new");
  const std::string state = "repo/.git/pianola";
  const std::string kept = "home/.local/state/pianola";
  if (is_below("repo.pianola/" + run) || is_below(state + "/runs/" + run) || is_below("runtime")) return true;
  if (is_new && path.starts_with("repo/.git/objects/")) return true;
  if (path.starts_with("repo/.git/refs/pianola/")) return true;
  if (is_new && (path.starts_with(kept + "/trust/") || is_below(kept + "/approvals"))) return true;
  // What was approved last is kept in place of what was before.
  return path.starts_with(kept + "/approvals/last/");
}

// A folder whose time changed since names in it came or went.
bool is_time_of_folder(const std::string& difference, const Digest& before, const Digest& after) {
  const std::string path = difference.substr(0, difference.find(": "));
  const auto was = before.find(path);
  const auto is = after.find(path);
  if (was == before.end() || is == after.end()) return false;
  const auto without_time = [](const std::string& line) {
    std::istringstream words(line);
    std::string mode, owner, links, time, rest;
    words >> mode >> owner >> links >> time;
    std::getline(words, rest);
    return mode + owner + links + rest;
  };
  constexpr std::string_view folder_mode = "4";  // 040000, stat(2)
  return was->second.starts_with(folder_mode) && without_time(was->second) == without_time(is->second);
}

bool may_get_names(const std::string& path) {
  return path == "repo.pianola" || path == "repo/.git" || path == "repo/.git/pianola" ||
         path == "repo/.git/pianola/runs" || path == "repo/.git/pianola/git" ||
         path == "home/.local/state/pianola" || path == "home/.local/state/pianola/trust" ||
         path == "home/.local/state/pianola/approvals" ||
         path == "home/.local/state/pianola/approvals/last" || path.starts_with("repo/.git/objects") ||
         path == "repo/.git/refs" || path.starts_with("repo/.git/refs/pianola");
}

}  // namespace

Scene::Scene(std::string level) : level_(std::move(level)) {
  // Beside the program, not in /tmp, which is private inside the seal in any case.
  std::string name = fs::path(PIANOLA_BINARY).parent_path().string() + "/redteam.XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) abort();
  top_ = name;
  const std::string unique = top_.substr(top_.rfind('.') + 1);
  secret_ = "redteam-secret-";
  for (const char letter : unique) secret_ += fmt::format("{:02x}", static_cast<unsigned char>(letter));
  env_ = {{"PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"},
          {"HOME", top_ + "/home"},
          {"LC_ALL", "C.UTF-8"},
          {"USER", "ada"},
          {"XDG_RUNTIME_DIR", top_ + "/runtime"},
          {"GIT_CONFIG_GLOBAL", "/dev/null"},
          {"GIT_CONFIG_NOSYSTEM", "1"},
          {"AWS_SECRET_ACCESS_KEY", secret_},
          {"SSH_AUTH_SOCK", top_ + "/sockets/ssh_agent"},
          {"DOCKER_HOST", "unix://" + top_ + "/sockets/docker"},
          {"DBUS_SESSION_BUS_ADDRESS", "unix:path=" + top_ + "/sockets/dbus"}};
  lay_out();
  commit_repository();
  stand_ins_ = std::make_unique<StandIns>(top_, secret_);
  const Ended first = run(fmt::format(first_plan, secret_), "");
  if (first.output.find("lands landed") == std::string::npos) throw std::runtime_error(first.output);
}

Scene::~Scene() {
  stand_ins_.reset();
  const std::string unique = top_.substr(top_.rfind('.') + 1);
  for (const std::string& folder : {top_, "/tmp/redteam." + unique, "/dev/shm/redteam." + unique}) {
    if (::getenv("PIANOLA_REDTEAM_KEEP") == nullptr) static_cast<void>(world::remove_tree(folder));
  }
}

// Open to everybody as far as that can be: it is the seal that must hold, not the modes.
void Scene::lay_out() const {
  const std::string unique = top_.substr(top_.rfind('.') + 1);
  ::chmod(top_.c_str(), 0755);
  for (const char* name :
       {".ssh/id_ed25519", ".netrc", ".aws/credentials", ".claude/.credentials.json", "victims-secret.txt",
        "linked-secret.txt", ".bashrc", ".gitconfig", ".ssh/authorized_keys"})
    put(top_ + "/home/" + name, secret_ + "\n");
  put(top_ + "/home/linked-secret.txt", "bytes-of-the-linked\n");
  put(top_ + "/home2/bob/private.txt", secret_ + "\n");
  put(top_ + "/second/secret.txt", secret_ + "\n");
  put(top_ + "/repo/agent.sh", plain_agent);
  for (const char* name : {"chmod", "chown", "utimes", "setxattr", "truncate", "rename", "unlink", "mapped",
                           "by_hard_link", "rename_in", "chmod_folder/x", "rmdir/../by_symlink"})
    put(top_ + "/outside/" + name, "as it was\n");
  for (const char* folder : {"/canaries", "/sockets", "/runtime", "/home/.gnupg", "/outside/rmdir"})
    fs::create_directories(top_ + folder);
  for (const std::string& shared : {"/tmp/redteam." + unique, "/dev/shm/redteam." + unique}) {
    put(shared + "/secret.txt", secret_ + "\n");
    put(shared + "/written", "as it was\n");
  }
  fs::create_directories(top_ + "/shared");
  fs::create_symlink("/tmp/redteam." + unique, top_ + "/shared/tmp");
  fs::create_symlink("/dev/shm/redteam." + unique, top_ + "/shared/shm");
  shell(
      top_,
      "chmod -R a+rwX home home2 second outside canaries sockets shared/tmp/ shared/shm/; chmod 700 runtime");
}

void Scene::commit_repository() const {
  put(repo() + "/.pianola.yaml",
      fmt::format(
          "agents: {{plain: {{kind: command, argv: [./agent.sh]}}, hostile: {{kind: command, argv: [{}]}}}}\n"
          "roles: {{worker: {{agent: plain}}}}\njobs: 4\n",
          PIANOLA_HOSTILE));
  put(repo() + "/kept.txt", "as it was\n");
  put(repo() + "/notes.txt", "committed\n");
  for (const char* name : {"delete", "overwrite", "forge", "other", "chmod"})
    put(repo() + "/objects/" + name, fmt::format("bytes of {}\n", name));
  const Ended done = shell(repo(),
                           "chmod +x agent.sh; git init -q -b main; git config user.name Ada; "
                           "git config user.email ada@localhost; git add -A; git commit -q -m start; "
                           "git branch side; git pack-refs --all; git commit -q --allow-empty -m more; "
                           "git config remote.origin.url https://ada:" +
                               secret_ +
                               "@localhost/x; "
                               "git init -q -b main ../second; git -C ../second -c user.name=B -c "
                               "user.email=b@l commit -q --allow-empty -m second; echo " +
                               secret_ +
                               " > notes.txt; "
                               "chmod -R a+rwX .");
  if (done.code != 0) throw std::runtime_error(done.output);
}

std::string Scene::facts() const {
  std::string text =
      fmt::format("top {}\nhub {}/.git\nother_clone {}.pianola/r1/fails.1\nruntime {}/runtime\nuid {}\n",
                  top_, repo(), repo(), top_, ::getuid());
  text += "commit " + trimmed(git(repo(), {"rev-parse", "HEAD"}).output) + "\n";
  text += "second_commit " + trimmed(git(top_ + "/second", {"rev-parse", "HEAD"}).output) + "\n";
  for (const auto& [name, id] : objects_) text += name + " " + id + "\n";
  const Ended copies = shell(repo(), "find .git/pianola/runs/r1/agents -type f");
  return text + "agent_copy " + repo() + "/" + trimmed(copies.output) + "\n" + stand_ins_->facts();
}

Ended Scene::run(const std::string& plan, const std::string& more_facts) {
  ++runs_;
  for (const char* name : {"delete", "overwrite", "forge", "other", "chmod"})
    objects_[std::string("object_") + name] =
        trimmed(git(repo(), {"rev-parse", std::string("HEAD:objects/") + name}).output);
  put(repo() + "/tasks.yaml", plan);
  put(repo() + "/scene.txt", runs_ == 1 ? "" : facts() + more_facts);
  const Ended committed = shell(repo(), "git add tasks.yaml scene.txt && git commit -q -m 'Next run'");
  if (committed.code != 0) throw std::runtime_error(committed.output);
  static_cast<void>(git(repo(), {"status"}));  // so that the index need not be refreshed later
  before_ = digest_of(top_);
  const Ended ended =
      pianola({"run", "tasks.yaml", "--isolation", level_, "--approve", "--promote", "leave", "--plain"});
  after_ = digest_of(top_);
  return ended;
}

std::string Scene::run_dir() const { return fmt::format("{}/.git/pianola/runs/r{}", repo(), runs_); }
std::string Scene::workspaces() const { return fmt::format("{}.pianola/r{}", repo(), runs_); }

std::string Scene::said(const std::string& attack, const std::string& out) const {
  std::istringstream lines(get(run_dir() + "/" + out));
  const std::string start = "attack " + attack + " ";
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(start)) return line.substr(start.size());
  }
  return "nothing";
}

std::string Scene::resolved(const std::string& target) const {
  const size_t slash = target.rfind('/');
  const auto object = objects_.find(target.substr(slash == std::string::npos ? 0 : slash + 1));
  if (object == objects_.end()) return target;
  return "repo/.git/objects/" + object->second.substr(0, 2) + "/" + object->second.substr(2);
}

bool Scene::succeeded(const Attack& attack, const std::string& out) {
  const std::string what = said(attack.name, out);
  const std::string plain_name = attack.name.substr(attack.name.find('/') + 1);
  struct stat status {};
  switch (attack.proof) {
    case Proof::told:
      return what.starts_with("reached");
    case Proof::secret:
      return what.find(secret_) != std::string::npos;
    case Proof::changed:
      return differs(before_, after_, resolved(attack.target));
    case Proof::marked:
      return get(top_ + "/" + attack.target).find("redteam-mark") != std::string::npos;
    case Proof::opened_up:
      return ::stat((top_ + "/" + attack.target).c_str(), &status) == 0 && (status.st_mode & 0002) != 0;
    case Proof::contacted:
      return stand_ins_->contacts().count(plain_name) != 0;
    case Proof::ended:
      return stand_ins_->has_ended(attack.target);
    case Proof::written_to:
      return stand_ins_->has_mark_in_memory(plain_name);
    case Proof::lives:
      return stand_ins_->is_anywhere(attack.name + top_);
    case Proof::executed:
      return world::exists(top_ + "/canaries/" + attack.name);
  }
  return false;
}

std::vector<std::string> Scene::unexpected_differences() const {
  std::vector<std::string> found;
  for (const std::string& difference : differences(before_, after_)) {
    const std::string path = difference.substr(0, difference.find(": "));
    if (is_of_the_run(difference, fmt::format("r{}", runs_))) continue;
    if (may_get_names(path) && is_time_of_folder(difference, before_, after_)) continue;
    found.push_back(difference);
  }
  return found;
}

std::vector<std::string> Scene::canaries() const {
  return world::list_dir(top_ + "/canaries").value_or(std::vector<std::string>{"cannot be listed"});
}

std::vector<std::string> Scene::broken_repository() const {
  const Ended looked = git(repo(), {"fsck", "--full", "--strict", "--no-dangling"});
  if (looked.code == 0) return {};
  return {looked.output};
}

Ended Scene::pianola(const std::vector<std::string>& words) const {
  world::ChildOptions options;
  options.argv = {PIANOLA_BINARY};
  options.argv.insert(options.argv.end(), words.begin(), words.end());
  options.env = env_;
  options.cwd = repo();
  options.timeout_ms = program_timeout_ms;
  const Result<world::Finished> done = world::run_child(options);
  if (!done) return {-1, done.error().text()};
  return {done->value, done->out + done->err};
}

Ended Scene::git(const std::string& folder, const std::vector<std::string>& words) const {
  world::ChildOptions options;
  options.argv = {"/usr/bin/git", "-C", folder};
  options.argv.insert(options.argv.end(), words.begin(), words.end());
  options.env = env_;
  options.timeout_ms = program_timeout_ms;
  const Result<world::Finished> done = world::run_child(options);
  if (!done) return {-1, done.error().text()};
  return {done->value, done->out + done->err};
}

Ended Scene::shell(const std::string& folder, const std::string& script) const {
  world::ChildOptions options;
  options.argv = {"/bin/sh", "-ec", script};
  options.env = env_;
  options.cwd = folder;
  options.timeout_ms = program_timeout_ms;
  const Result<world::Finished> done = world::run_child(options);
  if (!done) return {-1, done.error().text()};
  return {done->value, done->out + done->err};
}

std::string in_nobodys_way() {
  if (::getuid() != 0) return "";
  const std::string here = fs::path(PIANOLA_BINARY).parent_path().string() + "/";
  for (size_t slash = here.find('/', 1); slash != std::string::npos; slash = here.find('/', slash + 1)) {
    if (!world::may_everybody_pass(here.substr(0, slash))) return here.substr(0, slash);
  }
  return "";
}

Result<world::Sealer> find_level(const std::string& level) {
  const world::SealerOptions options{.self = PIANOLA_BINARY, .path = "/usr/local/bin:/usr/bin:/bin"};
  world::Sealer sealer =
      level == "sealed" ? TRY(world::find_sealer(options)) : TRY(world::find_landlock(options));
  TRY(world::probe_seal(sealer));
  return sealer;
}

}  // namespace pianola::redteam
