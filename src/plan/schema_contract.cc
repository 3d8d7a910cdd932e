#include <fmt/format.h>

#include <array>
#include <utility>

#include "plan/fields.h"
#include "plan/method.h"
#include "plan/path_set.h"
#include "plan/schema.h"

namespace pianola::plan {
namespace {

constexpr size_t methods_max = 200;
constexpr size_t contracts_max = 1'000;

struct ContractDraft {
  Contract contract;
  std::vector<TaskReference> tasks;
  bool has_name = false;
};

void read_name(Sheet& sheet, NodeIndex value, ContractDraft& draft) {
  auto name = sheet.text(value, "name");
  if (!name) return;
  draft.has_name = true;
  if (!is_identifier(*name)) {
    sheet.error(value, {fmt::format("contract name \"{}\"", shown(*name)),
                        "an identifier: letters, digits and _, no digit first",
                        {}});
  }
  draft.contract.name = std::move(*name);
}

void read_file_path(Sheet& sheet, NodeIndex value, ContractDraft& draft) {
  auto text = sheet.text(value, "file_path");
  if (!text) return;
  auto path = normalise_entry(*text);
  if (!path) {
    sheet.error(value, {fmt::format("\"{}\": {}", shown(*text), path.error().what), path.error().expected,
                        path.error().next});
  } else if (auto one = only_path(*path)) {
    draft.contract.file_path = std::move(*one);
  } else {
    sheet.error(value, {fmt::format("\"{}\" is more than one file", shown(*text)), "the path of a file", {}});
  }
}

// --- methods -----------------------------------------------------------------------------------------------

void read_type(Sheet& sheet, NodeIndex value, std::string_view key, std::string& type) {
  if (sheet.is_null(value)) return;
  auto text = sheet.text(value, key);
  if (!text) return;
  if (!is_type(*text)) {
    sheet.error(value,
                {fmt::format("{} \"{}\"", key, shown(*text)), "a type such as str, int? or list[User]", {}});
  }
  type = stripped(*text);
}

const std::array<Field<Parameter>, 2> parameter_fields = {{
    {"name",
     [](Sheet& sheet, NodeIndex value, Parameter& parameter) {
       auto name = sheet.text(value, "name");
       if (!name) return;
       if (!is_identifier(*name))
         sheet.error(value, {fmt::format("parameter \"{}\"", shown(*name)), "a name", {}});
       parameter.name = std::move(*name);
     }},
    {"type", [](Sheet& sheet, NodeIndex value,
                Parameter& parameter) { read_type(sheet, value, "type", parameter.type); }},
}};

void add_parameters(Sheet& sheet, NodeIndex at, std::string_view text, Method& method) {
  auto parameters = parse_parameters(text);
  if (!parameters) return sheet.error(at, std::move(parameters).error());
  for (Parameter& parameter : *parameters) method.parameters.push_back(std::move(parameter));
}

// One text, a list of "name: type" and {name, type}, or a mapping of names to types.
void read_parameters(Sheet& sheet, NodeIndex value, Method& method) {
  if (sheet.is_null(value)) return;
  const Tree& tree = sheet.tree();
  if (tree.node(value).count > parameters_max) {
    return sheet.error(value, {fmt::format("{} parameters", tree.node(value).count),
                               fmt::format("at most {} of one method", parameters_max),
                               {}});
  }
  switch (tree.node(value).kind) {
    case NodeKind::scalar:
      if (const auto text = sheet.text(value, "params")) add_parameters(sheet, value, *text, method);
      return;
    case NodeKind::list:
      for (NodeIndex item = tree.node(value).first; item != no_node; item = tree.node(item).next) {
        if (tree.node(item).kind == NodeKind::map) {
          Parameter parameter;
          read_fields(sheet, item, std::span<const Field<Parameter>>(parameter_fields), "parameter",
                      parameter);
          if (parameter.name.empty()) sheet.error(item, {"a parameter without a name", "name", {}});
          method.parameters.push_back(std::move(parameter));
        } else if (const auto text = sheet.text(item, "a parameter")) {
          add_parameters(sheet, item, *text, method);
        }
      }
      return;
    case NodeKind::map:
      for (NodeIndex key = tree.node(value).first; key != no_node;) {
        const NodeIndex type = tree.node(key).next;
        Parameter parameter{.name = std::string(tree.text(key)), .type = {}};
        if (!is_identifier(parameter.name))
          sheet.error(key, {fmt::format("parameter \"{}\"", shown(parameter.name)), "a name", {}});
        read_type(sheet, type, "type", parameter.type);
        method.parameters.push_back(std::move(parameter));
        key = tree.node(type).next;
      }
      return;
  }
}

const std::array<Field<Method>, 4> method_fields = {{
    {"name",
     [](Sheet& sheet, NodeIndex value, Method& method) {
       auto name = sheet.text(value, "name");
       if (!name) return;
       if (!is_identifier(*name))
         sheet.error(value, {fmt::format("method \"{}\"", shown(*name)), "a name", {}});
       method.name = std::move(*name);
     }},
    {"params", read_parameters},
    {"returns", [](Sheet& sheet, NodeIndex value,
                   Method& method) { read_type(sheet, value, "returns", method.returns); }},
    {"doc",
     [](Sheet& sheet, NodeIndex value, Method& method) {
       if (sheet.is_null(value)) return;
       auto doc = sheet.text(value, "doc");
       if (!doc) return;
       if (!is_comment(*doc)) {
         sheet.error(
             value,
             {fmt::format("doc \"{}\"", shown(*doc)),
              fmt::format(
                  "lines without control characters, backslashes and marks of comments, at most {} bytes",
                  doc_bytes_max),
              {}});
       }
       method.doc = std::move(*doc);
     }},
}};

void read_methods(Sheet& sheet, NodeIndex value, ContractDraft& draft) {
  if (!sheet.list(value, "methods", "methods")) return;
  const Tree& tree = sheet.tree();
  if (tree.node(value).count > methods_max) {
    return sheet.error(value, {fmt::format("{} methods", tree.node(value).count),
                               fmt::format("at most {} in one contract", methods_max), "split the contract"});
  }
  for (NodeIndex item = tree.node(value).first; item != no_node; item = tree.node(item).next) {
    if (tree.node(item).kind == NodeKind::map) {
      Method method;
      read_fields(sheet, item, std::span<const Field<Method>>(method_fields), "method", method);
      if (method.name.empty())
        sheet.error(item, {"a method without a name", "a name, or a mapping with name", {}});
      draft.contract.methods.push_back(std::move(method));
    } else if (const auto text = sheet.text(item, "a method")) {
      auto method = parse_method(*text);
      if (method) {
        draft.contract.methods.push_back(std::move(*method));
      } else {
        sheet.error(item, std::move(method).error());
      }
    }
  }
}

// --- the whole ---------------------------------------------------------------------------------------------

void read_tasks_of(Sheet& sheet, NodeIndex value, std::string_view key, ContractDraft& draft,
                   std::vector<TaskId>& ids) {
  if (!sheet.list(value, key, "task ids")) return;
  const Tree& tree = sheet.tree();
  for (NodeIndex item = tree.node(value).first; item != no_node; item = tree.node(item).next) {
    auto id = sheet.text(item, fmt::format("an entry of {}", key));
    if (!id) continue;
    ids.emplace_back(*id);
    draft.tasks.push_back({std::move(*id), item, 0});
  }
}

const std::array<Field<ContractDraft>, 8> contract_fields = {{
    {"name", read_name},
    {"version",
     [](Sheet& sheet, NodeIndex value, ContractDraft& draft) {
       if (auto version = sheet.text(value, "version")) draft.contract.version = std::move(*version);
     }},
    {"file_path", read_file_path},
    {"methods", read_methods},
    {"imports",
     [](Sheet& sheet, NodeIndex value, ContractDraft& draft) {
       draft.contract.imports = sheet.texts(value, "imports", "lines");
     }},
    {"producers",
     [](Sheet& sheet, NodeIndex value, ContractDraft& draft) {
       read_tasks_of(sheet, value, "producers", draft, draft.contract.producers);
     }},
    {"consumers",
     [](Sheet& sheet, NodeIndex value, ContractDraft& draft) {
       read_tasks_of(sheet, value, "consumers", draft, draft.contract.consumers);
     }},
    {"created_at"},
}};

}  // namespace

void read_contracts(Sheet& sheet, NodeIndex list, Draft& draft) {
  if (!sheet.list(list, "contracts", "contracts")) return;
  const Tree& tree = sheet.tree();
  if (tree.node(list).count > contracts_max) {
    return sheet.error(list, {fmt::format("{} contracts", tree.node(list).count),
                              fmt::format("at most {} in one plan", contracts_max), "split the plan"});
  }
  for (NodeIndex item = tree.node(list).first; item != no_node; item = tree.node(item).next) {
    if (tree.node(item).kind != NodeKind::map) {
      sheet.error(item, {fmt::format("a contract is {}", sheet.kind_text(item)), "a mapping with name", {}});
      continue;
    }
    ContractDraft read;
    read_fields(sheet, item, std::span<const Field<ContractDraft>>(contract_fields), "contract", read);
    if (!read.has_name) sheet.error(item, {"a contract without a name", "name", {}});
    for (TaskReference& reference : read.tasks) {
      reference.contract = draft.plan.contracts.size();
      draft.contract_tasks.push_back(std::move(reference));
    }
    draft.plan.contracts.push_back(std::move(read.contract));
    draft.contracts.push_back(item);
  }
}

}  // namespace pianola::plan
