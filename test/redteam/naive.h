// What an orchestrator does that trusts its worker's clone: git in it, outside of any seal.
#pragma once

namespace pianola::redteam {

// Run by sh in the clone; $SECOND is another repository.
inline constexpr const char* naive_script = R"(
set +e
export GIT_TERMINAL_PROMPT=0 GIT_MERGE_AUTOEDIT=no
q() { timeout 5 "$@" </dev/null >/dev/null 2>&1; }
q git status
q git add a.three
git config --unset filter.three.process
q git diff
q git diff --no-ext-diff
q git log -p --no-ext-diff -2
script -qec 'git log' /dev/null </dev/null >/dev/null 2>&1
script -qec 'git diff HEAD' /dev/null </dev/null >/dev/null 2>&1
q git add -A
q git commit -m work
q git commit --amend -m again
q git commit --amend
rm -f a.two; q git checkout -- a.two
q git fetch ssh
q git fetch up
q git push up HEAD:x
q git fetch ext
q git fetch proxy
q git fetch "$SECOND" HEAD
q git push "$SECOND" HEAD:refs/heads/pushed
q git difftool --no-prompt HEAD~1
q git st; q git inc; q git incif
q git archive --format=evil HEAD
printf 'x\n\nOne: y\nTwo: y\n' | timeout 5 git interpret-trailers --trailer One=1 --trailer Two=2 >/dev/null 2>&1
printf 'protocol=https\nhost=localhost\n\n' | timeout 5 git credential fill >/dev/null 2>&1
printf 'protocol=https\nhost=other\n\n' | timeout 5 git credential fill >/dev/null 2>&1
q git tag -s -m signed signed
q git -c gpg.format=ssh tag -s -m signed signed-too
q git help log
q git -C "$SECOND" push --force "$PWD" HEAD:refs/heads/other
git config --unset diff.external
q git diff HEAD~1
q git reset --hard
git -c core.hooksPath=/dev/null checkout -q -b left >/dev/null 2>&1
echo left > merge.txt; git -c core.hooksPath=/dev/null commit -q -a -m left
git -c core.hooksPath=/dev/null checkout -q -b right HEAD~1 >/dev/null 2>&1
echo right > merge.txt; git -c core.hooksPath=/dev/null commit -q -a -m right
q git merge -m merged left
q git mergetool --no-prompt
q git merge --abort; q git reset --hard
q git rebase -i HEAD~1; q git rebase --abort
q git rebase left; q git rebase --abort; q git reset --hard
git -c core.hooksPath=/dev/null checkout -q -b ahead >/dev/null 2>&1
echo more > work.txt; git -c core.hooksPath=/dev/null commit -q -a -m ahead
git -c core.hooksPath=/dev/null checkout -q right >/dev/null 2>&1
q git merge -m merged ahead
git -c core.hooksPath=/dev/null reset -q --hard HEAD~1
git -c diff.external= format-patch --no-ext-diff -1 --stdout ahead > .git/one.patch 2>/dev/null
q git am .git/one.patch
true
)";

}  // namespace pianola::redteam
