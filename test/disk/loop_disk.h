// An ext4 file system on a loop device whose power can be cut at any moment. Needs root.
//
// The image lives in memory and has no name, the mount is seen by this process and its children alone, and
// the device lets go of the image with the last mount: whatever becomes of the test, nothing is left behind.
// The cut is a seal on that memory (memfd_create(2)): from one write of a page to the next, all at once.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "world/child.h"

namespace pianola::disk {

// Mounts of this process are its own from here on. Gives why that cannot be, or "".
std::string own_mounts();

// What a block device holds, as a file in memory.
using Image = world::Fd;

class LoopDisk {
 public:
  // Mounts a new file system at `mount_point`, a folder. `options` are mount options of ext4(5).
  static Result<LoopDisk> make(const std::string& mount_point, const std::string& options = "");
  ~LoopDisk();
  LoopDisk(LoopDisk&& other) noexcept;
  LoopDisk& operator=(LoopDisk&&) = delete;

  // Cuts the power: nothing that is written from here on reaches the image. Writers go on and may notice.
  Result<void> cut() const;

  // The power comes back: what is mounted holds what the device had received until the cut, and nobody may
  // use the old mount any more.
  Result<void> start_again();

  // A copy of what the device holds, whole only while nobody writes; and the disk with such a copy in it.
  Result<Image> image() const;
  Result<void> start_with(const Image& image);

  const std::string& path() const { return mount_point_; }

 private:
  LoopDisk(std::string mount_point, std::string options)
      : mount_point_(std::move(mount_point)), options_(std::move(options)) {}
  Result<void> mount();
  void unmount();

  std::string mount_point_;
  std::string options_;
  Image image_;
  bool is_mounted_ = false;
};

// Why no such disk can be had here, in one line, or "".
std::string why_no_loop_disk();

}  // namespace pianola::disk
