#include "plan/contract.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/hash.h"
#include "plan/path_set.h"

namespace pianola::plan {
namespace {

constexpr size_t version_digits = 12;

struct Ending {
  std::string_view text;
  Language language;
};
constexpr std::array<Ending, 13> endings = {{{".py", Language::python},
                                             {".pyi", Language::python},
                                             {".ts", Language::typescript},
                                             {".mts", Language::typescript},
                                             {".tsx", Language::typescript},
                                             {".go", Language::go},
                                             {".rs", Language::rust},
                                             {".h", Language::cpp},
                                             {".hh", Language::cpp},
                                             {".hpp", Language::cpp},
                                             {".hxx", Language::cpp},
                                             {".cc", Language::cpp},
                                             {".cpp", Language::cpp}}};

// The text after `key` in a comment line of either kind, none when the line is another.
std::optional<std::string_view> value_after(std::string_view line, std::string_view key) {
  for (const std::string_view mark : {"# ", "// "}) {
    if (!line.starts_with(mark)) continue;
    std::string_view rest = line.substr(mark.size());
    if (!rest.starts_with(key)) continue;
    rest.remove_prefix(key.size());
    if (rest.starts_with(": ")) return rest.substr(2);
  }
  return std::nullopt;
}

// "1 of 2, from 9be01c7733aa"
void read_renegotiation(std::string_view text, ContractHeader& header) {
  std::from_chars(text.data(), text.data() + text.size(), header.renegotiations);
  const size_t from = text.find(", from ");
  if (from != std::string_view::npos) header.from = text.substr(from + 7);
}

// True when `line` belongs to a header; its value goes there.
bool read_line(std::string_view line, ContractHeader& header) {
  if (const auto name = value_after(line, "Contract")) {
    header.name = *name;
  } else if (const auto version = value_after(line, "Version")) {
    header.version = *version;
  } else if (const auto count = value_after(line, "Renegotiation")) {
    read_renegotiation(*count, header);
  } else if (const auto reason = value_after(line, "Reason")) {
    header.reason = *reason;
  } else {
    return false;
  }
  return true;
}

}  // namespace

std::string_view language_name(Language language) {
  constexpr std::array<std::string_view, 5> names = {"python", "typescript", "go", "rust", "cpp"};
  return names[static_cast<size_t>(language)];
}

std::optional<Language> language_of(std::string_view path) {
  for (const Ending& ending : endings) {
    if (path.ends_with(ending.text) && path.size() > ending.text.size()) return ending.language;
  }
  return std::nullopt;
}

ContractFile read_contract(std::string_view bytes) {
  ContractFile file;
  ContractHeader header;
  std::string_view rest = bytes;
  while (true) {
    const size_t end = rest.find('\n');
    if (end == std::string_view::npos) break;
    std::string_view line = rest.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!read_line(line, header)) break;
    rest.remove_prefix(end + 1);
    if (header.name.empty()) break;  // a header begins with the name
  }
  if (header.name.empty()) rest = bytes;
  if (!header.name.empty()) file.header = std::move(header);
  file.interface = rest;
  return file;
}

bool is_written_by_a_task(const Plan& plan, const std::string& path) {
  return std::any_of(plan.tasks.begin(), plan.tasks.end(), [&](const Task& task) {
    return any_owns(task.files_write, path) || any_owns(task.files_append, path);
  });
}

std::string planned_version(const Contract& contract) {
  const auto language = language_of(contract.file_path);
  if (!language || contract.methods.empty()) return "";
  return interface_version(interface_text(contract, *language));
}

bool differs_from(const Contract& contract, const ContractFile& file) {
  const std::string planned = planned_version(contract);
  return file.header && !planned.empty() && planned != interface_version(file.interface);
}

std::string write_contract(const ContractHeader& header, const std::string& interface, Language language) {
  const std::string_view mark = language == Language::python ? "#" : "//";
  std::string text = fmt::format("{0} Contract: {1}\n{0} Version: {2}\n", mark, header.name, header.version);
  if (header.renegotiations > 0) {
    text += fmt::format("{} Renegotiation: {} of {}, from {}\n", mark, header.renegotiations,
                        renegotiations_max, header.from);
    text += fmt::format("{} Reason: {}\n", mark, header.reason);
  }
  return text + interface;
}

std::string interface_version(std::string_view interface) {
  return sha256_hex(interface).substr(0, version_digits);
}

std::string contract_version(std::string_view bytes) {
  return interface_version(read_contract(bytes).interface);
}

}  // namespace pianola::plan
