#include "plan/contract.h"

#include <gtest/gtest.h>

#include "plan/method.h"

namespace pianola::plan {
namespace {

Contract auth() {
  Contract contract{.name = "Auth", .version = {}, .file_path = "lib/Con-tracts/auth.go"};
  for (const char* text : {"login(user: str, tries: int?) -> list[map[str, float]]", "logout(why)",
                           "find(id: bytes) -> Token", "ok -> bool", "drop -> none"}) {
    contract.methods.push_back(parse_method(text).value());
  }
  contract.methods[0].doc = "Opens a session.\n\nTwice is fine.";
  return contract;
}

std::string text_in(Language language) { return interface_text(auth(), language); }

TEST(Contract, is_a_protocol_in_python) {
  EXPECT_EQ(text_in(Language::python),
            R"(from __future__ import annotations

from typing import Protocol


class Auth(Protocol):
    # | Opens a session.
    # |
    # | Twice is fine.
    def login(self, user: str, tries: int | None) -> list[dict[str, float]]: ...

    def logout(self, why: object) -> None: ...

    def find(self, id: bytes) -> Token: ...

    def ok(self) -> bool: ...

    def drop(self) -> None: ...
)");
}

TEST(Contract, is_an_interface_in_typescript) {
  EXPECT_EQ(text_in(Language::typescript), R"(export interface Auth {
  // | Opens a session.
  // |
  // | Twice is fine.
  login(user: string, tries: number | null): Array<Map<string, number>>;
  logout(why: unknown): void;
  find(id: Uint8Array): Token;
  ok(): boolean;
  drop(): void;
}
)");
}

TEST(Contract, is_an_interface_in_go) {
  EXPECT_EQ(text_in(Language::go),
            "package contracts\n\ntype Auth interface {\n"
            "\t// | Opens a session.\n\t// |\n\t// | Twice is fine.\n"
            "\tlogin(user string, tries *int64) []map[string]float64\n\tlogout(why any)\n"
            "\tfind(id []byte) Token\n\tok() bool\n\tdrop()\n}\n");
}

TEST(Contract, is_a_trait_in_rust) {
  EXPECT_EQ(text_in(Language::rust), R"(pub trait Auth {
    // | Opens a session.
    // |
    // | Twice is fine.
    fn login(&self, user: String, tries: Option<i64>) -> Vec<std::collections::HashMap<String, f64>>;
    fn logout(&self, why: Box<dyn std::any::Any>);
    fn find(&self, id: Vec<u8>) -> Token;
    fn ok(&self) -> bool;
    fn drop(&self);
}
)");
}

TEST(Contract, is_an_abstract_class_in_cpp) {
  EXPECT_EQ(text_in(Language::cpp), R"(#pragma once

#include <any>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

class Auth {
 public:
  virtual ~Auth() = default;
  // | Opens a session.
  // |
  // | Twice is fine.
  virtual std::vector<std::map<std::string, double>> login(std::string user, std::optional<std::int64_t> tries) = 0;
  virtual void logout(std::any why) = 0;
  virtual Token find(std::vector<std::uint8_t> id) = 0;
  virtual bool ok() = 0;
  virtual void drop() = 0;
};
)");
}

TEST(Contract, types_it_does_not_know_stand_as_they_are_written) {
  Contract contract{.name = "A", .version = {}, .file_path = {}};
  contract.methods = {parse_method("f(a: std::span<const int>, b: List<Foo>, c: (A, B)) -> dict[a]").value()};
  EXPECT_NE(interface_text(contract, Language::cpp)
                .find("dict[a] f(std::span<const int> a, List<Foo> b, (A, B) c)"),
            std::string::npos)
      << interface_text(contract, Language::cpp);
}

TEST(Contract, deep_types_do_not_exhaust_the_stack) {
  std::string type(type_bytes_max, '?');
  type[0] = 'T';
  Contract contract{.name = "A", .version = {}, .file_path = {}};
  contract.methods = {{.name = "f", .parameters = {{"a", type}}, .returns = "", .doc = ""}};
  EXPECT_LT(interface_text(contract, Language::cpp).size(), 2'000U);
}

TEST(Contract, a_version_follows_from_the_interface_alone) {
  const std::string interface = text_in(Language::python);
  const std::string version = interface_version(interface);
  EXPECT_EQ(version.size(), 12U);
  ContractHeader header{.name = "Auth", .version = version, .renegotiations = 0, .from = {}, .reason = {}};
  const std::string once = write_contract(header, interface, Language::python);
  EXPECT_EQ(once, "# Contract: Auth\n# Version: " + version + "\n" + interface);
  EXPECT_EQ(contract_version(once), version);
  header.renegotiations = 1;
  header.from = "0123456789ab";
  header.reason = "sessions expire";
  const std::string again = write_contract(header, interface, Language::rust);
  EXPECT_EQ(contract_version(again), version);
  EXPECT_EQ(read_contract(again).header, header);
  EXPECT_EQ(read_contract(again).interface, interface);
  EXPECT_NE(contract_version(once + " "), version);
}

TEST(Contract, a_file_of_people_has_no_header_and_counts_whole) {
  for (const char* bytes : {"", "\n", "class A: ...\n", "# Version: 1\nclass A: ...\n", "# Contract: A"}) {
    EXPECT_FALSE(read_contract(bytes).header) << bytes;
    EXPECT_EQ(read_contract(bytes).interface, bytes);
  }
}

TEST(Contract, language_follows_from_the_end_of_its_path) {
  EXPECT_EQ(language_of("contracts/a.py"), Language::python);
  EXPECT_EQ(language_of("a.d.ts"), Language::typescript);
  EXPECT_EQ(language_of("a.rs"), Language::rust);
  EXPECT_EQ(language_of("a.md"), std::nullopt);
  EXPECT_EQ(language_of(".py"), std::nullopt);
}

std::string misfit_of(const Contract& contract, Language language) {
  const auto finding = misfit(contract, language);
  return finding ? finding->what : "";
}

TEST(Contract, two_types_side_by_side_are_each_its_own) {
  Contract contract{.name = "A", .version = {}, .file_path = {}};
  contract.methods = {parse_method("f(a: list[int] | list[str]) -> None").value()};
  EXPECT_NE(interface_text(contract, Language::typescript).find("f(a: list[int] | list[str]): void"),
            std::string::npos)
      << interface_text(contract, Language::typescript);
}

TEST(Contract, names_that_a_language_keeps_for_itself_do_not_fit) {
  Contract contract = auth();
  for (const Language language : {Language::python, Language::typescript, Language::rust, Language::cpp})
    EXPECT_EQ(misfit_of(contract, language), "");
  EXPECT_EQ(misfit_of(contract, Language::go), "method login is seen in its own package only");
  contract.methods.push_back(parse_method("delete(from)").value());
  EXPECT_EQ(misfit_of(contract, Language::python), "\"from\" is a word of python");
  EXPECT_EQ(misfit_of(contract, Language::typescript), "") << "a member may have any name";
  EXPECT_EQ(misfit_of(contract, Language::cpp), "\"delete\" is a word of cpp");
  contract.name = "class";
  EXPECT_EQ(misfit_of(contract, Language::typescript), "\"class\" is a word of typescript");
}

TEST(Contract, methods_that_would_not_compile_do_not_fit) {
  const auto with = [](const char* text, Language language) {
    Contract contract{.name = "A", .version = {}, .file_path = {}};
    contract.methods = {parse_method(text).value()};
    return misfit_of(contract, language);
  };
  EXPECT_EQ(with("f(self)", Language::python), "parameter self of method f stands twice");
  EXPECT_EQ(with("list", Language::python), "method list hides the type of that name");
  EXPECT_EQ(with("new", Language::typescript), "\"new\" is a word of typescript");
  EXPECT_EQ(with("f(with)", Language::typescript), "\"with\" is a word of typescript");
  EXPECT_EQ(with("f -> list[none]", Language::cpp), "result list[none] of method f holds nothing");
  EXPECT_EQ(with("f -> str | None", Language::python), "");
  EXPECT_EQ(with("A", Language::cpp), "method A would be the constructor");
  EXPECT_EQ(with("f(x: none)", Language::cpp), "parameter x of method f is nothing");
  Contract contract{.name = "A", .version = {}, .file_path = {}};
  contract.methods = {{.name = "f"}, {.name = "f"}};
  EXPECT_EQ(misfit_of(contract, Language::rust), "method f stands twice");
  contract.methods = {{.name = "f", .parameters = {{"x", ""}, {"x", ""}}}};
  EXPECT_EQ(misfit_of(contract, Language::rust), "parameter x of method f stands twice");
}

TEST(Contract, D17_an_import_is_one_and_nothing_else) {
  const auto fits = [](const std::string& line, Language language) {
    return !misfit(Contract{.name = "A", .version = {}, .file_path = {}, .methods = {}, .imports = {line}},
                   language);
  };
  EXPECT_TRUE(fits("from app.models import User, Token", Language::python));
  EXPECT_TRUE(fits("import type { User } from \"./models\";", Language::typescript));
  EXPECT_TRUE(fits("import m \"example/models\"", Language::go));
  EXPECT_TRUE(fits("use crate::models::{User, Token};", Language::rust));
  EXPECT_TRUE(fits("#include \"user.h\"", Language::cpp));
  EXPECT_TRUE(fits("class User;", Language::cpp));
  const std::string bad[] = {"import os; os.abort()",
                             "import os\nos.abort()",
                             "x = 1",
                             "#include \"a.h\" /*",
                             "import \"./a\" /*",
                             "use a::b /*",
                             "use a::b",
                             "class User { }",
                             "",
                             "from __future__ import annotations",
                             "import type { User } from \"./models\"; evil",
                             "from \"a\" import b"};
  for (const std::string& line : bad) {
    for (const Language language : languages) EXPECT_FALSE(fits(line, language)) << line;
  }
}

}  // namespace
}  // namespace pianola::plan
