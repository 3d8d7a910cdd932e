#include <boost/json.hpp>

#include "cli/options.h"

namespace pianola::cli {

Result<int> run_command(const Program& program, const VersionOptions&) {
  if (program.format == Format::json) {
    program.console.out(boost::json::serialize(boost::json::object{{"version", PIANOLA_VERSION}}) + "\n");
  } else {
    program.console.out("pianola " PIANOLA_VERSION "\n");
  }
  return 0;
}

}  // namespace pianola::cli
