// Match: one visitor from several lambdas.
#pragma once

namespace pianola::core {

template <class... Arms>
struct Match : Arms... {
  using Arms::operator()...;
};
template <class... Arms>
Match(Arms...) -> Match<Arms...>;  // clang 14 needs the guide

}  // namespace pianola::core
