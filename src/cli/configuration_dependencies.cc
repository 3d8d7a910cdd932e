// `dependencies:` and `contracts:` what tasks install, and the interfaces between them.
#include <fmt/format.h>

#include "cli/configuration_keys.h"
#include "plan/contract.h"
#include "plan/scalar.h"

namespace pianola::cli {
namespace {

using plan::NodeIndex;
using plan::Sheet;

constexpr int64_t renegotiations_named_max = 1'000'000;  // beyond it a typing error is likelier than a wish

const std::array<Key, 3> of_ecosystem = {{
    {.name = "manager", .shape = Shape::text},
    {.name = "manifest", .shape = Shape::text},
    {.name = "lockfile", .shape = Shape::text},
}};
std::span<const Key> ecosystem_keys() { return of_ecosystem; }

void read_verify_env_hash(Sheet& sheet, NodeIndex value, Configuration& configuration) {
  const bool is_asked = sheet.boolean(value, "dependencies.verify_env_hash").value_or(false);
  configuration.stale_environment =
      is_asked ? core::StaleEnvironment::conflicts : core::StaleEnvironment::lands;
}

const std::array<Key, 7> of_dependencies = {{
    {.name = "install_phase", .effect = Effect::later, .shape = Shape::text},
    {.name = "detect_conflicts_early", .effect = Effect::later, .shape = Shape::boolean},
    {.name = "allow_worker_installs",
     .effect = Effect::kept,
     .shape = Shape::boolean,
     .note = "sealed agents have no network to registries; install by setup: in the plan",
     .always = {"false"}},
    {.name = "verify_env_hash", .read = read_verify_env_hash, .shape = Shape::boolean},
    {.name = "auto_approve", .effect = Effect::later, .shape = Shape::boolean},
    {.name = "allowed_packages", .effect = Effect::later, .shape = Shape::texts},
    {.name = "ecosystems", .effect = Effect::later, .shape = Shape::named, .below = ecosystem_keys},
}};

void judge_renegotiations(Sheet& sheet, NodeIndex value, Configuration&) {
  const double number = plan::scalar_number(sheet.tree().text(value)).value_or(0);
  if (number > plan::renegotiations_max) {
    sheet.error(value, {.what = fmt::format("contracts.max_renegotiations is {}",
                                            plan::shown(sheet.tree().text(value))),
                        .expected = fmt::format("at most {}", plan::renegotiations_max),
                        .next = "one more asks a person always, and no configuration loosens that"});
  } else if (number < plan::renegotiations_max) {
    sheet.warning(value,
                  {.what = fmt::format("\"contracts.max_renegotiations: {}\" has no effect in this version: "
                                       "a contract may change {} times",
                                       number, plan::renegotiations_max)});
  }
}

const std::array<Key, 3> of_contracts = {{
    {.name = "version_enforcement",
     .effect = Effect::required,
     .shape = Shape::text,
     .note = "work by an old version of a contract never lands, and no configuration loosens that",
     .always = {"strict", "true"}},
    {.name = "max_renegotiations",
     .read = judge_renegotiations,
     .shape = Shape::number,
     .range = {.least = 0, .most = renegotiations_named_max, .unit = "renegotiations"}},
    {.name = "track_renegotiations",
     .effect = Effect::kept,
     .shape = Shape::boolean,
     .note = "every renegotiation is recorded always",
     .always = {"true"}},
}};

}  // namespace

std::span<const Key> dependency_keys() { return of_dependencies; }
std::span<const Key> contract_keys() { return of_contracts; }

}  // namespace pianola::cli
