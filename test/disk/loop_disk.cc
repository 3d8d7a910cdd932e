#include "test/disk/loop_disk.h"

#include <fcntl.h>
#include <linux/loop.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "world/files.h"

namespace pianola::disk {
namespace {

using world::Fd;

constexpr int64_t image_bytes = 160 << 20;  // sparse: what is not written takes no memory
constexpr size_t chunk_bytes = 1 << 20;
constexpr int attach_tries = 50;
constexpr int unmount_tries = 200;
constexpr int try_again_ms = 10;

Result<Image> empty_image() {
  Fd fd(::memfd_create("pianola-disk", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!fd || ::ftruncate(fd.get(), image_bytes) != 0) return refuse(world::system_error("memfd", errno));
  return fd;
}

// Makes the file system. Its own log is large enough not to be used twice over while it is copied.
Result<void> format(const Image& image) {
  world::ChildOptions options;
  options.argv = {"/sbin/mkfs.ext4",
                  "-q",
                  "-F",
                  "-b",
                  "4096",
                  "-J",
                  "size=48",
                  "-E",
                  "lazy_itable_init=1,lazy_journal_init=1,nodiscard",
                  "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(image.get())};
  options.env = {{"PATH", "/usr/sbin:/usr/bin:/sbin:/bin"}};
  const world::Finished done = TRY(world::run_child(options));
  if (done.ok()) return {};
  return refuse(Error{ErrorKind::failed, "mkfs.ext4", done.out + done.err, "", ""});
}

// A device with `image` behind it until nobody has it open or mounted; `name` becomes its path.
Result<Fd> attach(const Image& image, std::string& name) {
  const Fd control(::open("/dev/loop-control", O_RDWR | O_CLOEXEC));
  if (!control) return refuse(world::system_error("/dev/loop-control", errno));
  for (int tries = 0; tries < attach_tries; ++tries) {
    const int number = ::ioctl(control.get(), LOOP_CTL_GET_FREE);
    if (number < 0) return refuse(world::system_error("/dev/loop-control", errno));
    name = "/dev/loop" + std::to_string(number);
    Fd device(::open(name.c_str(), O_RDWR | O_CLOEXEC));
    if (!device) return refuse(world::system_error(name, errno));
    loop_config config{};
    config.fd = static_cast<uint32_t>(image.get());
    config.info.lo_flags = LO_FLAGS_AUTOCLEAR;
    if (::ioctl(device.get(), LOOP_CONFIGURE, &config) == 0) return device;
    // Somebody else was given the same number.
    if (errno != EBUSY) return refuse(world::system_error(name, errno));
    ::poll(nullptr, 0, try_again_ms);
  }
  return refuse(world::system_error("/dev/loop-control", EBUSY));
}

Result<Image> copy_of(const Image& from) {
  Image to = TRY(empty_image());
  std::vector<char> chunk(chunk_bytes);
  for (off_t at = 0; at < image_bytes;) {
    at = ::lseek(from.get(), at, SEEK_DATA);
    if (at < 0) break;  // only a hole is left
    const off_t end = ::lseek(from.get(), at, SEEK_HOLE);
    while (at < end) {
      const auto wanted = std::min(chunk.size(), static_cast<size_t>(end - at));
      const ssize_t got = ::pread(from.get(), chunk.data(), wanted, at);
      if (got <= 0 || ::pwrite(to.get(), chunk.data(), static_cast<size_t>(got), at) != got)
        return refuse(world::system_error("a copy of the image", errno));
      at += got;
    }
  }
  return to;
}

}  // namespace

std::string own_mounts() {
  if (::getuid() != 0) return "only root may mount";
  const bool is_alone =
      ::unshare(CLONE_NEWNS) == 0 && ::mount("", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
  return is_alone ? "" : std::string("no mounts of our own: ") + std::strerror(errno);
}

Result<LoopDisk> LoopDisk::make(const std::string& mount_point, const std::string& options) {
  LoopDisk disk(mount_point, options);
  disk.image_ = TRY(empty_image());
  TRY(format(disk.image_));
  TRY(disk.mount());
  return disk;
}

LoopDisk::LoopDisk(LoopDisk&& other) noexcept
    : mount_point_(std::move(other.mount_point_)),
      options_(std::move(other.options_)),
      image_(std::move(other.image_)),
      is_mounted_(std::exchange(other.is_mounted_, false)) {}

LoopDisk::~LoopDisk() { unmount(); }

Result<void> LoopDisk::cut() const {
  if (::fcntl(image_.get(), F_ADD_SEALS, F_SEAL_FUTURE_WRITE) == 0) return {};
  return refuse(world::system_error("seal", errno));
}

Result<void> LoopDisk::start_again() {
  unmount();
  image_ = TRY(copy_of(image_));
  return mount();
}

Result<Image> LoopDisk::image() const { return copy_of(image_); }

Result<void> LoopDisk::start_with(const Image& image) {
  unmount();
  image_ = TRY(copy_of(image));
  return mount();
}

Result<void> LoopDisk::mount() {
  std::string name;
  const Fd device = TRY(attach(image_, name));
  const std::string options = "noinit_itable" + (options_.empty() ? "" : "," + options_);
  if (::mount(name.c_str(), mount_point_.c_str(), "ext4", MS_NOATIME, options.c_str()) != 0)
    return refuse(world::system_error(name + " as " + options, errno));
  is_mounted_ = true;
  return {};
}

// A process that was just killed holds its files for a moment more.
void LoopDisk::unmount() {
  if (!std::exchange(is_mounted_, false)) return;
  for (int tries = 0; tries < unmount_tries; ++tries) {
    if (::umount2(mount_point_.c_str(), 0) == 0 || errno != EBUSY) return;
    ::poll(nullptr, 0, try_again_ms);
  }
  ::umount2(mount_point_.c_str(), MNT_DETACH);
}

std::string why_no_loop_disk() {
  if (const std::string why = own_mounts(); !why.empty()) return "no loop device: " + why;
  char folder[] = "/tmp/pianola-disk.XXXXXX";
  if (::mkdtemp(folder) == nullptr) return std::string("no loop device: ") + std::strerror(errno);
  std::string why;
  {
    const Result<LoopDisk> disk = LoopDisk::make(folder);
    if (!disk) why = "no loop device: " + disk.error().text();
  }
  ::rmdir(folder);
  return why;
}

}  // namespace pianola::disk
