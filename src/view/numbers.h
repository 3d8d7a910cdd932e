// Numbers as people read them: one form each, and `-` for what nobody measured.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "core/state.h"

namespace pianola::view {

// `$0.52`; `<$0.01` for less than half a cent; `-` when negative (unknown).
std::string money_text(int64_t microusd);

// `950`, `4.1k`, `410k`, `1.3M`; `-` when negative (unknown).
std::string tokens_text(int64_t tokens);

// An age: `12s`, `4m`, `2h`, `3d`.
std::string age_text(Duration age);

// What is left: `22 s`, from a minute on `15:58`.
std::string countdown_text(Duration left);

// `950 B`, `4.1 kB`, `1.3 MB`, `2.0 GB`.
std::string size_text(int64_t bytes);

// `1 task`, `8 tasks`; `8 dependencies` with `several` given.
std::string counted(size_t count, std::string_view one, std::string_view several = {});

// The first 7 characters of a commit or digest; `-` when there is none.
std::string short_hash(std::string_view hash);

// refs/heads/main -> main; other names as they are.
std::string short_ref(std::string_view refname);

// The last component of a path.
std::string leaf_of(std::string_view path);

// An isolation word inside a sentence: sealed, worktree, no isolation.
std::string isolation_phrase(std::string_view isolation);

// Input and output together, -1 when neither is known.
int64_t tokens_of(const core::Usage& usage);

// Adds what is known; a sum is unknown only when every part is.
void add(core::Usage& sum, const core::Usage& part);

// Tokens of all attempts whose price is not known; 0 when there are none.
int64_t unpriced_tokens(const core::State& state);

}  // namespace pianola::view
