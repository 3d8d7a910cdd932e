#include "view/disk_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/text.h"
#include "view/line.h"
#include "view/numbers.h"

namespace pianola::view {
namespace {

constexpr size_t size_column = 10;
constexpr size_t phase_column = 8;

DiskRow total_of(const std::vector<DiskRow>& rows) {
  DiskRow total;
  total.run = "total";
  for (const DiskRow& row : rows) {
    total.workspaces += row.workspaces;
    total.logs += row.logs;
    total.journal += row.journal;
    total.freed += row.freed;
    total.refs_dropped += row.refs_dropped;
    total.refs_saved += row.refs_saved;
  }
  return total;
}

std::string refs_text(const DiskRow& row) {
  if (row.refs_dropped == 0) return "";
  std::string text = counted(row.refs_dropped, "ref");
  if (row.refs_saved > 0) text += fmt::format(", {} saved first", row.refs_saved);
  return text;
}

void put_disk_row(std::vector<std::string>& out, const DiskRow& row, Freeing freeing, size_t runs,
                  const Terminal& terminal) {
  const std::string refs = refs_text(row);
  if (is_pipe(terminal)) {
    out.push_back(fmt::format("{}{} workspaces {}, logs {}, journal {}, {} {}{}", row.run,
                              row.phase.empty() ? "" : " " + row.phase, size_text(row.workspaces),
                              size_text(row.logs), size_text(row.journal),
                              freeing == Freeing::would ? "would free" : "freed", size_text(row.freed),
                              refs.empty() ? "" : " and " + refs));
  } else {
    Line line(terminal);
    line.cell(row.run, runs).cell(row.phase, phase_column);
    for (const int64_t bytes : {row.workspaces, row.logs, row.journal, row.freed})
      line.right(size_text(bytes), size_column);
    out.push_back(line.put(refs.empty() ? "" : "  " + refs).text());
  }
  for (const std::string& note : row.notes) {
    if (is_pipe(terminal))
      out.back() += "; " + display(note).str();
    else
      put_paragraph(out, {.head = Line(terminal).put("   "), .indent = 4, .role = Role::dim},
                    display(note).str());
  }
}

boost::json::object disk_object(const DiskRow& row) {
  boost::json::array notes;
  for (const std::string& note : row.notes) notes.emplace_back(display(note).str());
  return {{"run", row.run},
          {"phase", row.phase},
          {"workspaces", row.workspaces},
          {"logs", row.logs},
          {"journal", row.journal},
          {"freed", row.freed},
          {"refs_dropped", row.refs_dropped},
          {"refs_saved", row.refs_saved},
          {"notes", std::move(notes)}};
}

}  // namespace

std::string disk_text(const std::vector<DiskRow>& rows, Freeing freeing, const Terminal& terminal) {
  std::vector<std::string> out;
  size_t runs = std::string_view("total").size();
  for (const DiskRow& row : rows) runs = std::max(runs, row.run.size());
  if (!is_pipe(terminal)) {
    Line head(terminal);
    head.cell("RUN", runs).cell("", phase_column);
    for (const char* title :
         {"WORKSPACES", "LOGS", "JOURNAL", freeing == Freeing::would ? "WOULD FREE" : "FREED"})
      head.right(title, size_column);
    out.push_back(head.text());
  }
  for (const DiskRow& row : rows) put_disk_row(out, row, freeing, runs, terminal);
  put_disk_row(out, total_of(rows), freeing, runs, terminal);
  if (freeing == Freeing::would) out.emplace_back("nothing was changed; do it: pianola gc");
  return joined_lines(out);
}

std::string disk_json(const std::vector<DiskRow>& rows, Freeing freeing) {
  boost::json::array all;
  for (const DiskRow& row : rows) all.push_back(disk_object(row));
  boost::json::object total = disk_object(total_of(rows));
  total.stable_erase("run");
  total.stable_erase("phase");
  total.stable_erase("notes");
  return boost::json::serialize(boost::json::object{
      {"dry_run", freeing == Freeing::would}, {"runs", std::move(all)}, {"total", std::move(total)}});
}

}  // namespace pianola::view
