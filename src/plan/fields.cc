#include "plan/fields.h"

#include <fmt/format.h>

#include "base/text.h"

namespace pianola::plan {

void note_unknown_key(Sheet& sheet, NodeIndex key, std::string_view noun,
                      const std::vector<std::string_view>& known) {
  const std::string_view name = sheet.tree().text(key);
  if (name.starts_with("x-")) return;
  const std::string near = nearest(name.substr(0, 64), known);
  const std::string what = fmt::format("unknown key \"{}\"", shown(name));
  const std::string expected = fmt::format("a {} key", noun);
  if (!near.empty()) {
    sheet.error(key, {what, expected, "nearest is " + near});
  } else {
    sheet.warning(key, {what, expected, "it is ignored; a key of your own begins with x-"});
  }
}

}  // namespace pianola::plan
