// Methods of a contract as people write them: `login(user: str, password: str?) -> Token`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "plan/plan.h"
#include "plan/sheet.h"

namespace pianola::plan {

inline constexpr size_t type_bytes_max = 200;
inline constexpr size_t doc_bytes_max = 2'000;
inline constexpr size_t parameters_max = 64;  // of one method

// A letter or "_", then at most 63 letters, digits and "_"; not "_" alone.
bool is_identifier(std::string_view name);

// True for what may stand as a type: one line of letters, digits, blanks and . , < > [ ] ( ) | & * ? :: with
// every bracket closed and no parenthesis behind a name, so that it ends nothing but itself and calls
// nothing.
bool is_type(std::string_view type);

// True for text that may stand in a comment of any language: lines without control or invisible characters,
// backslashes and the marks of comments.
bool is_comment(std::string_view text);

// Without blanks before and after it.
std::string_view stripped(std::string_view text);

// Where the first of `wanted` stands outside all brackets; npos when it does not, or a bracket is wrong.
size_t find_outside(std::string_view text, std::string_view wanted);

// A name alone, or with parameters and a result; a parameter is a name alone or with a type. The finding says
// which part is wrong.
tl::expected<Method, Finding> parse_method(std::string_view text);

// The same of a list of parameters, without its parentheses: "user: str, age: int".
tl::expected<std::vector<Parameter>, Finding> parse_parameters(std::string_view text);

// The one form that parse_method() reads back, without the doc.
std::string signature(const Method& method);

}  // namespace pianola::plan
