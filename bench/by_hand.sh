#!/bin/sh
# by_hand.sh REPOSITORY TASKS: lands the tasks of make_plan (scene.sh) one after the other with the git commands
# that `pianola run` issues, same flags, same environment, and nothing else: no journal, no keepers, no limits, no
# look at what git answers beyond its exit code. landing.sh compares the two lists of commands.
set -eu
repo=$1
tasks=$2
hub=$repo/.git
own=$hub/pianola/git
places=$repo.pianola/r1

export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_ATTR_NOSYSTEM=1 GIT_TERMINAL_PROMPT=0
export GIT_OPTIONAL_LOCKS=0 GIT_NO_REPLACE_OBJECTS=1 GIT_LITERAL_PATHSPECS=1 GIT_NO_LAZY_FETCH=1 GIT_EDITOR=:
export GIT_PAGER=cat GIT_ASKPASS=/bin/false LC_ALL=C

# The settings of src/world/git_child.cc, then what is asked.
g() {
  git -c core.hooksPath=/dev/null -c core.fsmonitor=false -c core.fsync=all -c core.attributesFile=/dev/null \
    -c core.alternateRefsCommand=true -c fetch.fsckObjects=true -c gc.auto=0 -c maintenance.auto=false \
    -c submodule.recurse=false -c protocol.allow=never -c protocol.file.allow=always \
    -c merge.directoryRenames=false -c commit.gpgSign=false -c diff.ignoreSubmodules=dirty \
    -c core.filesRefLockTimeout=10000 -c core.packedRefsTimeout=10000 "$@"
}

in_hub() { GIT_DIR=$hub g "$@"; }
in_own() { GIT_DIR=$own GIT_OBJECT_DIRECTORY=$hub/objects g "$@"; }
in_checkout() { GIT_DIR=$hub GIT_WORK_TREE=$repo g "$@"; }

# move_ref REASON REF TO [FROM]
move_ref() {
  printf 'update %s\0%s\0%s\0' "$2" "$3" "${4:-}" |
    GIT_COMMITTER_NAME=bench GIT_COMMITTER_EMAIL=bench@localhost in_hub update-ref -m "$1" -z --stdin
}

# check_out FOLDER COMMIT: a clone that borrows the objects of the repository.
check_out() {
  mkdir -p "$1/.git/objects/info" "$1/.git/objects/pack" "$1/.git/refs/heads" "$1/.git/refs/tags" "$1/.git/info"
  printf '%s\n' '[core]' 'repositoryformatversion = 0' 'filemode = true' 'bare = false' 'logallrefupdates = true' \
    '[gc]' 'auto = 0' '[maintenance]' 'auto = false' '[commit]' 'gpgsign = false' '[tag]' 'gpgsign = false' \
    '[user]' 'name = "bench"' 'email = "bench@localhost"' >"$1/.git/config"
  echo "$hub/objects" >"$1/.git/objects/info/alternates"
  echo "$2" >"$1/.git/refs/heads/work"
  echo 'ref: refs/heads/work' >"$1/.git/HEAD"
  (cd / && GIT_DIR=$1/.git GIT_WORK_TREE=$1 g -c core.fsync=none read-tree -m -u "$2")
}

# collect TASK BASE: the agent's commits into the repository; what it left uncommitted is looked for.
collect() {
  read -r head <"$places/$1.1/.git/refs/heads/work"
  source=$own/source.$1
  mkdir -p "$source/objects/info" "$source/refs/heads"
  printf '[core]\nrepositoryformatversion = 0\nfilemode = true\nbare = true\n' >"$source/config"
  printf '%s\n' "$places/$1.1/.git/objects" "$hub/objects" >"$source/objects/info/alternates"
  echo "$head" >"$source/refs/heads/1"
  echo 'ref: refs/heads/1' >"$source/HEAD"
  in_hub fetch --quiet --no-tags --no-write-fetch-head --no-recurse-submodules --no-prune \
    --no-auto-maintenance --no-write-commit-graph --no-show-forced-updates \
    "--upload-pack='$git' '-c' 'core.hooksPath=/dev/null' '-c' 'core.fsmonitor=false' 'upload-pack'" \
    -- "$source" "+refs/heads/1:refs/pianola/in/r1/$1/1"
  in_own log --first-parent -m --raw -r -z --no-renames --no-abbrev --max-count=1000 \
    '--format=tformat:%x01%H %T %P' "$2..$head" >"$places/history"
  GIT_INDEX_FILE=$own/r1.$1.1.index GIT_WORK_TREE=$places/$1.1 in_own -c "core.excludesFile=$hub/info/exclude" \
    -c core.autocrlf=false -c advice.addEmbeddedRepo=false add -A --ignore-errors
  rm -rf "$source" "$own/r1.$1.1.index"
}

# build TASK: the merge of staging and head, in $candidate.
build() {
  tree=$(in_own merge-tree --write-tree -z --name-only --no-messages "$staging" "$head" | tr -d '\0')
  candidate=$(printf 'Merge %s\n\nPianola-Run: r1\nPianola-Task: %s\nPianola-Attempt: 1\n' "$1" "$1" |
    GIT_AUTHOR_NAME=bench GIT_AUTHOR_EMAIL=bench@localhost GIT_AUTHOR_DATE='@1700000000 +0000' \
      GIT_COMMITTER_NAME=bench GIT_COMMITTER_EMAIL=bench@localhost GIT_COMMITTER_DATE='@1700000000 +0000' \
      in_own commit-tree "$tree" -p "$staging" -p "$head")
  move_ref 'pianola: candidate' "refs/pianola/cand/r1/$1.1" "$candidate"
  in_own diff-tree -r -z --raw --no-renames --no-abbrev "$staging" "$candidate" >"$places/changes"
}

# check FOLDER COMMIT COMMAND...
check() {
  folder=$1
  check_out "$1" "$2"
  shift 2
  (cd "$folder" && "$@")
  rm -rf "$folder"
}

land() {
  workspace=$places/$1.1
  check_out "$workspace" "$staging"
  cp -p "$workspace/.git/index" "$own/r1.$1.1.index"
  (cd "$workspace" && env -i PATH="$PATH" HOME="$HOME" PIANOLA_TASK="$1" "$repo/agent.sh")
  collect "$1" "$staging"
  build "$1"
  check "$places/gate.$1.1.candidate" "$candidate" grep -q done "work/$1.txt"
  move_ref "pianola: land $1" refs/pianola/staging/r1 "$candidate" "$staging"
  staging=$candidate
  rm -rf "$workspace"
}

open_run() {
  g --version
  (cd "$repo" && g rev-parse --path-format=absolute --git-common-dir --git-dir --is-bare-repository \
    --show-object-format=storage)
  (cd "$repo" && g rev-parse --show-toplevel)
  in_hub symbolic-ref -q HEAD
  in_hub rev-parse -q --verify 'HEAD^{commit}' >"$places/base"
  read -r base <"$places/base"
  in_hub for-each-ref --count=1 '--format=%(refname)' -- refs/pianola refs/pianola/base refs/pianola/staging \
    refs/pianola/in refs/pianola/saved refs/pianola/cand refs/pianola/ready
  in_hub ls-tree -r -z --full-tree "$base"
  (cd "$repo" && g config -z --get-regexp '^filter\..*\.(clean|smudge|process)$') || :
  (cd "$repo" && g config -z --get-regexp '^user\.(name|email)$')
  (cd "$repo" && g status --porcelain=v1 -z --no-renames --untracked-files=all --ignore-submodules=dirty)
  printf 'create refs/pianola/base/r1\0%s\0create refs/pianola/staging/r1\0%s\0' "$base" "$base" |
    GIT_COMMITTER_NAME=bench GIT_COMMITTER_EMAIL=bench@localhost \
      in_hub update-ref -m 'pianola: open r1' -z --stdin
}

promote() {
  in_hub for-each-ref '--format=%(objectname) %(refname)' -- refs/heads/main
  in_hub worktree list --porcelain -z
  in_checkout status --porcelain=v1 -z --no-renames --untracked-files=no --ignore-submodules=dirty
  in_own diff-tree -r -z --raw --no-renames --no-abbrev "$base" "$staging"
  GIT_INDEX_FILE=$own/r1.promote.index in_own read-tree "$staging"
  printf 'work/README\0' | GIT_INDEX_FILE=$own/r1.promote.index in_checkout check-attr --cached -z --stdin filter
  in_checkout update-index -q --refresh
  in_checkout read-tree -m -u "$base" "$staging"
  move_ref 'pianola: promote r1' refs/heads/main "$staging" "$base"
}

git=$(command -v git)
mkdir -p "$own/refs" "$own/objects" "$places"
printf '[core]\nrepositoryformatversion = 0\nfilemode = true\nbare = true\nlogAllRefUpdates = false\n' >"$own/config"
echo 'ref: refs/heads/none' >"$own/HEAD"
open_run >/dev/null
staging=$base
i=1
while [ "$i" -le "$tasks" ]; do
  land "$(printf 'task%03d' "$i")"
  i=$((i + 1))
done
check "$places/gate.final" "$staging" grep -q tasks work/README
promote >/dev/null
