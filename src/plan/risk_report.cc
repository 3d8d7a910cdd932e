#include "plan/risk_report.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/text.h"

namespace pianola::plan {
namespace {

constexpr size_t line_columns = 80;

// "+20 many_tasks:8"; entries for a person have no points.
std::vector<std::string> factor_texts(const Risk& risk) {
  std::vector<std::string> texts;
  for (const std::string& entry : risk.for_a_person) {
    texts.push_back("always_require_human:" + display(entry).str());
  }
  for (const RiskFactor& factor : risk.factors) {
    texts.push_back(fmt::format("+{} {}", factor.points, display(factor.name).str()));
  }
  return texts;
}

}  // namespace

std::string verdict_text(const Risk& risk) {
  return fmt::format("{} {} (threshold {})", risk.score, risk_status_text(risk.status), risk.threshold);
}

std::string factor_lines(const Risk& risk, size_t indent, size_t most) {
  std::vector<std::string> texts = factor_texts(risk);
  const size_t all = texts.size();
  if (all > most) {
    texts.resize(most);
    texts.push_back(fmt::format("and {} more", all - most));
  }
  std::string lines;
  std::string line;
  for (const std::string& text : texts) {
    constexpr std::string_view between = "   ";
    if (!line.empty() && indent + columns(line) + between.size() + columns(text) > line_columns) {
      lines += std::string(indent, ' ') + line + "\n";
      line.clear();
    }
    if (!line.empty()) line += between;
    line += text;
  }
  return line.empty() ? lines : lines + std::string(indent, ' ') + line + "\n";
}

std::string risk_text(const Risk& risk, std::string_view file) {
  std::string out = fmt::format("{}  risk {}\n", display(file).str(), verdict_text(risk));
  for (const std::string& text : factor_texts(risk)) out += "  " + text + "\n";
  return out;
}

std::string risk_json(const Risk& risk) {
  boost::json::array factors;
  boost::json::array points;
  for (const RiskFactor& factor : risk.factors) {
    factors.emplace_back(utf8_text(factor.name));
    points.emplace_back(factor.points);
  }
  boost::json::array for_a_person;
  for (const std::string& entry : risk.for_a_person) for_a_person.emplace_back(utf8_text(entry));
  boost::json::object out;
  out["score"] = risk.score;
  out["factors"] = std::move(factors);
  out["points"] = std::move(points);
  out["for_a_person"] = std::move(for_a_person);
  out["auto_approve"] = risk.status == RiskStatus::auto_approve;
  out["auto_approve_threshold"] = risk.threshold;
  out["status"] = risk_status_text(risk.status);
  return boost::json::serialize(out);
}

}  // namespace pianola::plan
