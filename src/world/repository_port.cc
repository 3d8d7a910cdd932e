#include "world/repository_port.h"

#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <type_traits>
#include <utility>

#include "world/setups.h"

namespace pianola::world {
namespace {

constexpr size_t git_threads = 4;
constexpr size_t furnishing_threads = 2;  // they wait for set-ups, for minutes

// The alternatives of `outcome` as one report.
template <class Outcome>
engine::Report report_of(Outcome outcome) {
  return std::visit(
      [](auto&& each) -> engine::Report {
        using Each = std::decay_t<decltype(each)>;
        if constexpr (std::is_constructible_v<core::Input, Each>)
          return core::Input(std::forward<decltype(each)>(each));
        else
          return std::forward<decltype(each)>(each);
      },
      std::move(outcome));
}

core::Input paused(const Error& error) {
  const bool is_damage = error.kind == ErrorKind::integrity;
  return core::RepositoryPaused{error.text(),
                                is_damage ? core::PauseKind::integrity : core::PauseKind::paused};
}

// No attempt is to blame for it, and the next one would meet it too.
bool is_the_repositorys(const Error& error) {
  return error.kind == ErrorKind::paused || error.kind == ErrorKind::integrity;
}

}  // namespace

struct RepositoryPort::Parts {
  Parts(GitRepositoryOptions options, std::function<void(engine::Arrival)> take, Setups* its_setups)
      : repository(std::move(options)),
        post(std::move(take)),
        setups(its_setups),
        pool(git_threads),
        one_by_one(pool.get_executor()) {}

  void report(engine::Report report) const { post({.report = std::move(report)}); }

  GitRepository repository;
  std::function<void(engine::Arrival)> post;
  Setups* setups;
  boost::asio::thread_pool pool;
  boost::asio::thread_pool furnishing{furnishing_threads};
  boost::asio::strand<boost::asio::thread_pool::executor_type> one_by_one;
  std::atomic<int> collections = 0;
};

RepositoryPort::RepositoryPort(GitRepositoryOptions options, std::function<void(engine::Arrival)> post,
                               Setups* setups)
    : parts_(std::make_unique<Parts>(std::move(options), std::move(post), setups)) {}

RepositoryPort::~RepositoryPort() {
  for (boost::asio::thread_pool* threads : {&parts_->pool, &parts_->furnishing}) {
    threads->stop();
    threads->join();
  }
}

bool RepositoryPort::is_collecting() const { return parts_->collections > 0; }

const GitRepository& RepositoryPort::repository() const { return parts_->repository; }

void RepositoryPort::perform(const core::OpenRun& command) {
  boost::asio::post(parts_->one_by_one, [parts = parts_.get(), command] {
    const auto opened = parts->repository.open_run(command);
    parts->report(opened ? core::Input(core::RunWasOpened{}) : failure_of(command, opened.error()));
  });
}

void RepositoryPort::perform(const core::MakeWorkspace& command) {
  const auto conclude = [parts = parts_.get(), command](const Result<void>& made) {
    parts->report(made ? core::Input(core::WorkspaceWasMade{command.key})
                       : failure_of(command, made.error()));
  };
  boost::asio::post(parts_->pool, [parts = parts_.get(), command, conclude] {
    const auto made = parts->repository.make_workspace(command);
    if (!made || parts->setups == nullptr) return conclude(made);
    const GitRepositoryOptions& options = parts->repository.options();
    const Setups::Room room{command.key.task, command.base,
                            workspace_dir(options.layout, options.run, command.key.task, command.generation)};
    boost::asio::post(parts->furnishing,
                      [parts, conclude, room] { conclude(parts->setups->furnish_workspace(room)); });
  });
}

void RepositoryPort::perform(const core::CollectWork& command) {
  ++parts_->collections;
  boost::asio::post(parts_->pool, [parts = parts_.get(), command] {
    auto tree = parts->repository.collect(command);
    // Before the report, which may be that nothing more will come.
    --parts->collections;
    if (tree && !tree->side_commits.empty())
      parts->report(core::SideCommitsWereKept{command.key, std::move(tree->side_commits)});
    parts->report(tree ? engine::Report(engine::CollectedTree(std::move(*tree)))
                       : failure_of(command, tree.error()));
  });
}

void RepositoryPort::perform(const core::BuildCandidate& command) {
  boost::asio::post(parts_->pool, [parts = parts_.get(), command] {
    auto candidate = parts->repository.build_candidate(command);
    parts->report(candidate ? report_of(std::move(*candidate)) : failure_of(command, candidate.error()));
  });
}

void RepositoryPort::perform(const core::MoveStaging& command) {
  boost::asio::post(parts_->one_by_one, [parts = parts_.get(), command] {
    auto moved = parts->repository.move_staging(command);
    parts->report(moved ? report_of(std::move(*moved)) : paused(moved.error()));
  });
}

void RepositoryPort::perform(const core::RemoveWorkspace& command) {
  boost::asio::post(parts_->pool, [parts = parts_.get(), command] {
    const auto removed = parts->repository.remove_workspace(command);
    parts->report(removed ? core::Input(core::WorkspaceWasRemoved{command.task, command.generation})
                          : paused(removed.error()));
  });
}

void RepositoryPort::perform(const core::PromoteTarget& command) {
  boost::asio::post(parts_->one_by_one, [parts = parts_.get(), command] {
    auto promotion = parts->repository.promote(command);
    parts->report(promotion ? report_of(std::move(*promotion)) : paused(promotion.error()));
  });
}

void RepositoryPort::perform(const core::RebuildStaging& command) {
  boost::asio::post(parts_->one_by_one, [parts = parts_.get(), command] {
    auto rebuilt = parts->repository.rebuild_staging(command);
    parts->report(rebuilt ? report_of(std::move(*rebuilt)) : paused(rebuilt.error()));
  });
}

void RepositoryPort::perform(const core::PutTargetBack& command) {
  boost::asio::post(parts_->one_by_one, [parts = parts_.get(), command] {
    auto back = parts->repository.put_target_back(command);
    // The run is over and cannot pause: whoever asked is told, and asks again.
    parts->report(back ? report_of(std::move(*back))
                       : core::Input(core::UndoWasLeft{command.of, back.error().text()}));
  });
}

core::Input failure_of(const core::OpenRun&, const Error& error) {
  if (is_the_repositorys(error)) return paused(error);
  return core::RunWasRefused{error.text()};
}

core::Input failure_of(const core::MakeWorkspace& command, const Error& error) {
  if (is_the_repositorys(error)) return paused(error);
  return core::WorkspaceFailed{command.key, error.text()};
}

core::Input failure_of(const core::CollectWork& command, const Error& error) {
  if (is_the_repositorys(error)) return paused(error);
  return core::CollectionFailed{command.key, error.text()};
}

core::Input failure_of(const core::BuildCandidate& command, const Error& error) {
  if (is_the_repositorys(error)) return paused(error);
  return core::CandidateFailed{command.key, error.text()};
}

}  // namespace pianola::world
