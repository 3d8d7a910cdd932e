// What `risk` and the gate say of a plan's risk. Text ends each line with "\n"; JSON is one value.
#pragma once

#include <string>
#include <string_view>

#include "plan/risk.h"

namespace pianola::plan {

// "35 REQUIRES REVIEW (threshold 25)"
std::string verdict_text(const Risk& risk);

// The factors and the entries for a person, indented by `indent` spaces, as many in a line as go into 80
// columns; of more than `most` the rest is counted.
std::string factor_lines(const Risk& risk, size_t indent, size_t most);

// "tasks.yaml  risk 35 REQUIRES REVIEW (threshold 25)" and one factor a line.
std::string risk_text(const Risk& risk, std::string_view file);

// {"score", "factors": [text], "points": [of each factor], "for_a_person": [entry], "auto_approve",
// "auto_approve_threshold", "status"}
std::string risk_json(const Risk& risk);

}  // namespace pianola::plan
