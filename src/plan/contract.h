// A contract on file: a header that names its version, then the interface in the language of its readers.
//
//   # Contract: Auth
//   # Version: 4c1f6ab0e2d9
//   # Renegotiation: 1 of 2, from 9be01c7733aa
//   # Reason: sessions expire
//   ...the interface...
//
// The version is a hash of what stands below the header, so that equal interfaces have equal versions
// wherever and whenever they were written, and a file that was edited by hand shows it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "plan/plan.h"
#include "plan/sheet.h"

namespace pianola::plan {

inline constexpr int renegotiations_max = 2;

enum class Language { python, typescript, go, rust, cpp };

inline constexpr Language languages[] = {Language::python, Language::typescript, Language::go, Language::rust,
                                         Language::cpp};

// python, typescript, go, rust, cpp
std::string_view language_name(Language language);
// By the ending of a path; none for others.
std::optional<Language> language_of(std::string_view path);

// True for a word that the language keeps for itself.
bool is_word_of(std::string_view name, Language language);

// Why the contract cannot be written in `language`: a name that is a word of it, an import that is none.
std::optional<Finding> misfit(const Contract& contract, Language language);

// The interface: a Protocol, an interface, a trait, an abstract class. The types str int float bool bytes any
// none, list[T], map[K, V] and T? are translated, all others stand as they are written. Only for a contract
// without misfit().
std::string interface_text(const Contract& contract, Language language);

struct ContractHeader {
  std::string name;
  std::string version;
  int renegotiations = 0;
  std::string from;    // the version before, of a renegotiation
  std::string reason;  // of the same; one line
  friend bool operator==(const ContractHeader&, const ContractHeader&) = default;
};

struct ContractFile {
  std::optional<ContractHeader> header;  // absent in a file that people wrote
  std::string interface;
};

// The version of the interface that the plan has, "" = it has none, or none that can be written.
std::string planned_version(const Contract& contract);

// True when a task of the plan may write `path`.
bool is_written_by_a_task(const Plan& plan, const std::string& path);

// True when the file is one that pianola wrote, and not for the interface that the plan has.
bool differs_from(const Contract& contract, const ContractFile& file);

// Any bytes are a contract file.
ContractFile read_contract(std::string_view bytes);
std::string write_contract(const ContractHeader& header, const std::string& interface, Language language);

// 12 hex digits of the hash of an interface; the same of a whole file is that of what it holds.
std::string interface_version(std::string_view interface);
std::string contract_version(std::string_view bytes);

}  // namespace pianola::plan
