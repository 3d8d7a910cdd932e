// Result<T>: a value, or why the world refused. The only way failures travel between functions.
#pragma once

#include <tl/expected.hpp>
#include <type_traits>
#include <utility>

#include "base/error.h"

namespace pianola {

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> refuse(Error error) { return tl::unexpected<Error>(std::move(error)); }

namespace result_detail {
template <class T>
auto take(tl::expected<T, Error>& result) {
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}
}  // namespace result_detail

}  // namespace pianola

// TRY(expression of type Result<T>): its value, or return its error from the enclosing function.
// A statement expression, so that it can stand inside another expression, also inside another TRY; for
// Result<void> it is void. The counter keeps a nested one from shadowing the outer one's variable.
#define TRY(...) PIANOLA_TRY_((__VA_ARGS__), __COUNTER__)
#define PIANOLA_TRY_(expression, number) PIANOLA_TRY_AS_(expression, number)
#define PIANOLA_TRY_AS_(expression, number)                                                     \
  __extension__({                                                                               \
    auto try_result_##number = expression;                                                      \
    if (!try_result_##number) return ::pianola::refuse(std::move(try_result_##number).error()); \
    ::pianola::result_detail::take(try_result_##number);                                        \
  })
