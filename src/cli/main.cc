// The composition root: reads the world once, understands the command line, carries the command out and
// turns what comes of it into an exit code.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string>
#include <vector>

#include "base/text.h"
#include "cli/command_line.h"
#include "cli/exit_code.h"
#include "cli/options.h"
#include "cli/program.h"
#include "world/git_dirs.h"
#include "world/keeper.h"
#include "world/terminal.h"
#include "world/user.h"

extern char** environ;

namespace pianola::cli {
namespace {

// stdout and stderr as they are. A closed pipe ends nothing: what cannot be written is dropped.
class StandardConsole : public Console {
 public:
  void out(std::string_view text) override {
    const int error = write_all(STDOUT_FILENO, text);
    // Nobody reads a closed pipe any more, so nobody misses anything.
    if (error != 0 && error != EPIPE) lost_ = error;
  }
  void err(std::string_view text) override { write_all(STDERR_FILENO, text); }
  std::string ask(std::string_view question) override {
    out(question);
    const std::optional<std::string> answer = world::read_answer();
    if (!answer) out("\n");
    return answer.value_or("");
  }
  // Why something did not come out on stdout, as errno; 0 when all did.
  int lost() const { return lost_; }

 private:
  // 0, or errno.
  static int write_all(int fd, std::string_view text) {
    while (!text.empty()) {
      const ssize_t n = ::write(fd, text.data(), text.size());
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return n < 0 ? errno : EIO;
      text.remove_prefix(static_cast<size_t>(n));
    }
    return 0;
  }

  int lost_ = 0;
};

std::string link_target(const char* path) {
  std::string target(4096, '\0');
  const ssize_t size = ::readlink(path, target.data(), target.size());
  target.resize(size > 0 ? static_cast<size_t>(size) : 0);
  return target;
}

Surroundings read_surroundings() {
  Surroundings surroundings;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const char* equals = std::strchr(*entry, '=');
    if (equals != nullptr)
      surroundings.env[std::string(*entry, static_cast<size_t>(equals - *entry))] = equals + 1;
  }
  std::string cwd(4096, '\0');
  surroundings.cwd = ::getcwd(cwd.data(), cwd.size()) != nullptr ? cwd.c_str() : "/";
  surroundings.self_path = link_target("/proc/self/exe");
  for (const std::string& name : path_variables()) {
    const auto path = surroundings.env.find(name);
    if (path != surroundings.env.end() && !path->second.empty())
      path->second = absolute(surroundings.cwd, path->second);
  }
  surroundings.uid = ::geteuid();
  surroundings.user =
      surroundings.env["USER"].empty() ? world::user_name(surroundings.uid) : surroundings.env["USER"];
  surroundings.stdin_is_terminal = ::isatty(STDIN_FILENO) == 1;
  surroundings.stdout_is_terminal = ::isatty(STDOUT_FILENO) == 1;
  surroundings.stderr_is_terminal = ::isatty(STDERR_FILENO) == 1;
  return surroundings;
}

// Descriptors 0, 1 and 2 must be open, or the first files we open would be taken for them.
void open_standard_descriptors() {
  for (int fd = 0; fd <= 2; ++fd) {
    if (::fcntl(fd, F_GETFD) == -1) ::open("/dev/null", fd == 0 ? O_RDONLY : O_WRONLY);
  }
}

int carry_out(const std::vector<std::string>& words, Console& console) {
  Program program{.surroundings = read_surroundings(), .console = console};
  for (const std::string& word : words) {
    if (word == "--json") program.format = Format::json;
  }
  const Result<Parsed> parsed = parse_command_line(words);
  if (!parsed) return report(program, parsed.error());
  if (!parsed->command) {
    console.out(parsed->text);
    return exit_done;
  }
  program.format = parsed->format;
  const std::string& cwd = program.surroundings.cwd;
  program.directory = parsed->directory.empty() ? cwd : absolute(cwd, parsed->directory);
  if (!world::is_folder(program.directory + "/."))  // through links
    return report(program, Error{.kind = ErrorKind::usage,
                                 .where = "pianola: -C",
                                 .what = "no folder " + display(program.directory).str(),
                                 .expected = "one that is there",
                                 .next = {}});
  const Result<int> done =
      std::visit([&](const auto& options) { return run_command(program, options); }, *parsed->command);
  return done ? *done : report(program, done.error());
}

// Whoever reads the output must not take a part of it for all.
int carry_out_and_tell(const std::vector<std::string>& words) {
  StandardConsole console;
  const int code = carry_out(words, console);
  if (console.lost() == 0) return code;
  console.err(Error{.kind = ErrorKind::failed,
                    .where = "stdout",
                    .what = std::strerror(console.lost()),
                    .expected = "room for what is printed",
                    .next = {}}
                  .text() +
              "\n");
  return code == exit_done ? exit_code(ErrorKind::failed) : code;
}

}  // namespace
}  // namespace pianola::cli

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
  if (const std::optional<int> code = pianola::world::run_hidden_command(words)) return *code;
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a file at its size limit is an error of the write
  pianola::cli::open_standard_descriptors();
  try {
    return pianola::cli::carry_out_and_tell(words);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "pianola: %s; this is a fault of pianola; nothing acknowledged is lost\n",
                 pianola::display(failure.what()).str().c_str());
    return pianola::cli::exit_internal;
  }
}
