#include "world/kept_all.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "world/clock.h"
#include "world/files.h"
#include "world/keeper_door.h"
#include "world/kept_place.h"

namespace pianola::world {

namespace {

constexpr int64_t kEndPatienceMs = 20'000;  // after the grace
constexpr size_t kMostLaunch = 16 << 20;    // bytes of a spec.json

// Its socket is known from its orders; without them it is found by its lock alone.
KeptPlace place_in(const std::string& dir) {
  const auto text = read_file_if_present(dir + "/spec.json", kMostLaunch);
  if (!text || !*text) return {dir, ""};
  const auto spec = parse_spec(**text, dir + "/spec.json");
  return {dir, spec ? spec->socket : ""};
}

bool is_open(const std::string& dir) { return has_begun(dir) && !exists(dir + "/exit.json"); }

// attempts/<task>.<n> and gates/<name>/<n>.
Result<std::vector<std::string>> kept_folders(const std::string& run_dir) {
  std::vector<std::string> above{run_dir + "/attempts"};
  for (const std::string& gate : TRY(list_dir(run_dir + "/gates")))
    above.push_back(run_dir + "/gates/" + gate);
  std::vector<std::string> folders;
  for (const std::string& folder : above)
    for (const std::string& name : TRY(list_dir(folder))) folders.push_back(folder + "/" + name);
  return folders;
}

Result<std::vector<KeptPlace>> open_places(const std::string& run_dir) {
  std::vector<KeptPlace> places;
  for (const std::string& folder : TRY(kept_folders(run_dir)))
    if (is_open(folder)) places.push_back(place_in(folder));
  return places;
}

void order_end(const Fd& socket, int64_t grace_ms) {
  const std::string order = fmt::format("end {}\n", grace_ms);
  // A few bytes into an empty buffer; a keeper that is gone is found out by its lock.
  ::send(socket.get(), order.data(), order.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
}

// The keeper closes the connection when its record is written.
void await_hang_up(const Fd& socket, int64_t until_ms) {
  pollfd over{socket.get(), POLLIN, 0};
  char byte = 0;
  while (since_boot().ms() < until_ms) {
    ::poll(&over, 1, static_cast<int>(std::min<int64_t>(until_ms - since_boot().ms(), 1'000)));
    if (over.revents != 0 && ::recv(socket.get(), &byte, 1, MSG_DONTWAIT) <= 0) return;
  }
}

// True once there is a record of its end.
bool make_sure(const KeptPlace& place, int64_t kill_at_ms) {
  const int64_t patient_until_ms = kill_at_ms + kEndPatienceMs / 2;
  const int64_t until_ms = kill_at_ms + kEndPatienceMs;
  bool was_asked = true;  // one more look even when the time is over
  while (std::exchange(was_asked, since_boot().ms() < until_ms)) {
    auto found = find_or_close(place, "it was ended before it began");
    if (!found) {
      ::poll(nullptr, 0, 100);
      continue;
    }
    if (std::holds_alternative<ExitRecord>(*found)) return true;
    const int64_t grace_ms = std::max<int64_t>(kill_at_ms - since_boot().ms(), 0);
    if (const auto* connected = std::get_if<Connected>(&*found)) {
      order_end(connected->socket, grace_ms);
      await_hang_up(connected->socket, patient_until_ms);
      if (since_boot().ms() >= patient_until_ms) end_unresponsive(place);
    } else if (grace_ms == 0) {
      end_unreachable(place, 0);
      if (since_boot().ms() >= patient_until_ms) end_unresponsive(place);
    }
  }
  return false;
}

}  // namespace

Result<std::vector<std::string>> groups_left(const std::string& run_dir) {
  std::vector<std::string> groups;
  for (const std::string& folder : TRY(kept_folders(run_dir))) {
    if (!exists(folder + "/exit.json")) continue;
    const std::vector<std::string> left = TRY(group_left({folder, ""}));
    groups.insert(groups.end(), left.begin(), left.end());
  }
  return groups;
}

Result<int> end_all_kept(const std::string& run_dir, int64_t grace_ms) {
  const std::vector<KeptPlace> places = TRY(open_places(run_dir));
  const int64_t kill_at_ms = since_boot().ms() + grace_ms;
  for (const KeptPlace& place : places) {
    const auto socket = connect_to_keeper(place.socket);
    if (socket) order_end(*socket, grace_ms);
    if (!socket && grace_ms > 0) tell_to_end(place);
  }
  std::string left;
  for (const KeptPlace& place : places) {
    if (!make_sure(place, kill_at_ms))
      left += (left.empty() ? "" : ", ") + place.dir.substr(run_dir.size() + 1);
  }
  if (left.empty()) return static_cast<int>(places.size());
  return refuse({ErrorKind::held, run_dir, "could not be ended: " + left, "", "end their processes by hand"});
}

}  // namespace pianola::world
