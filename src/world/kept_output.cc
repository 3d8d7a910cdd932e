#include "world/kept_output.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <memory>
#include <vector>

namespace pianola::world {

namespace {

constexpr uint64_t kTailFileBytes = 1 << 20;
constexpr size_t kShownPieceBytes = 4 << 20;

// How many bytes could be written.
size_t write_some(int fd, std::string_view bytes) {
  size_t done = 0;
  while (fd >= 0 && done < bytes.size()) {
    const ssize_t written = ::write(fd, bytes.data() + done, bytes.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) break;
    done += static_cast<size_t>(written);
  }
  return done;
}

struct OutputFile {
  std::string path;
  uint64_t offset = 0;
  uint64_t size = 0;
};

uint64_t size_of(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? static_cast<uint64_t>(status.st_size) : 0;
}

struct CloseDir {
  void operator()(DIR* dir) const { ::closedir(dir); }
};

std::vector<OutputFile> tail_files(const std::string& path) {
  const size_t slash = path.find_last_of('/');
  const std::string prefix = path.substr(slash + 1) + ".tail.";
  const std::string folder = path.substr(0, slash);
  std::vector<OutputFile> files;
  const std::unique_ptr<DIR, CloseDir> dir(::opendir(folder.c_str()));
  while (dir) {
    const dirent* entry = ::readdir(dir.get());
    if (entry == nullptr) break;
    const std::string_view name = entry->d_name;
    if (!name.starts_with(prefix)) continue;
    OutputFile file{folder + "/" + std::string(name), 0, 0};
    std::from_chars(name.data() + prefix.size(), name.data() + name.size(), file.offset);
    file.size = size_of(file.path);
    files.push_back(std::move(file));
  }
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.offset < b.offset; });
  return files;
}

std::string read_at(const std::string& path, uint64_t position, size_t limit_bytes) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return "";
  std::string bytes(limit_bytes, '\0');
  const ssize_t got = ::pread(fd.get(), bytes.data(), bytes.size(), static_cast<off_t>(position));
  bytes.resize(got > 0 ? static_cast<size_t>(got) : 0);
  return bytes;
}

}  // namespace

KeptOutput::KeptOutput(std::string path, uint64_t cap_bytes)
    : path_(std::move(path)),
      cap_bytes_(cap_bytes),
      head_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)) {
  for (const OutputFile& stale : tail_files(path_)) ::unlink(stale.path.c_str());
}

void KeptOutput::append(std::string_view bytes) {
  if (!head_is_full_) {
    const size_t wanted = static_cast<size_t>(std::min<uint64_t>(bytes.size(), cap_bytes_ - head_bytes_));
    const size_t written = write_some(head_.get(), bytes.substr(0, wanted));
    head_bytes_ += written;
    total_bytes_ += written;
    bytes.remove_prefix(written);
    // Also when the disk refused: the head ends here, so that offsets stay true.
    head_is_full_ = !bytes.empty();
  }
  while (!bytes.empty()) {
    const uint64_t room = tail_ ? kTailFileBytes - tail_bytes_ : 0;
    if (room == 0) {
      rotate();
      if (!tail_) {
        total_bytes_ += bytes.size();
        return;
      }
      continue;
    }
    const size_t piece = static_cast<size_t>(std::min<uint64_t>(bytes.size(), room));
    append_to_tail(bytes.substr(0, piece));
    bytes.remove_prefix(piece);
  }
}

StreamTotals KeptOutput::totals() const {
  StreamTotals totals{total_bytes_, 0};
  uint64_t kept = head_bytes_;
  if (older_offset_) kept += kTailFileBytes;
  if (tail_) kept += tail_bytes_;
  totals.dropped = total_bytes_ - std::min(total_bytes_, kept);
  return totals;
}

void KeptOutput::append_to_tail(std::string_view bytes) {
  const size_t written = write_some(tail_.get(), bytes);
  tail_bytes_ += written;
  total_bytes_ += bytes.size();
  if (written == bytes.size()) return;
  // The disk refused: what follows no longer continues this file, so the end is begun anew.
  if (older_offset_) ::unlink(tail_path(*older_offset_).c_str());
  older_offset_.reset();
  ::unlink(tail_path(tail_offset_).c_str());
  tail_.reset();
}

// The newer file becomes the older one, and a new one is begun at the stream's present end.
void KeptOutput::rotate() {
  if (older_offset_) ::unlink(tail_path(*older_offset_).c_str());
  older_offset_.reset();
  if (tail_) older_offset_ = tail_offset_;
  tail_offset_ = total_bytes_;
  tail_bytes_ = 0;
  tail_.reset(::open(tail_path(tail_offset_).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
}

std::string KeptOutput::tail_path(uint64_t offset) const { return fmt::format("{}.tail.{}", path_, offset); }

OutputPiece read_output(const std::string& path, uint64_t offset, size_t limit_bytes) {
  OutputPiece piece{offset, read_at(path, offset, limit_bytes)};
  if (!piece.bytes.empty()) return piece;
  for (const OutputFile& file : tail_files(path)) {
    if (offset >= file.offset + file.size) continue;
    piece.offset = std::max(offset, file.offset);
    piece.bytes = read_at(file.path, piece.offset - file.offset, limit_bytes);
    if (!piece.bytes.empty()) return piece;
  }
  return {offset, ""};
}

std::optional<std::string> read_output_shown(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  std::string shown;
  for (uint64_t at = 0;;) {
    const OutputPiece piece = read_output(path, at, kShownPieceBytes);
    if (piece.bytes.empty()) return shown;
    if (piece.offset > at) {
      if (!shown.empty() && shown.back() != '\n') shown += '\n';
      shown += fmt::format("[... {} bytes are left out here ...]\n", piece.offset - at);
    }
    shown += piece.bytes;
    at = piece.offset + piece.bytes.size();
  }
}

std::string read_output_end(const std::string& path, size_t limit_bytes) {
  uint64_t end = size_of(path);
  for (const OutputFile& file : tail_files(path)) end = std::max(end, file.offset + file.size);
  std::string bytes;
  uint64_t at = end - std::min<uint64_t>(end, limit_bytes);
  while (at < end) {
    OutputPiece piece = read_output(path, at, limit_bytes);
    if (piece.bytes.empty()) break;
    bytes += piece.bytes;
    at = piece.offset + piece.bytes.size();
  }
  if (bytes.size() > limit_bytes) bytes.erase(0, bytes.size() - limit_bytes);
  return bytes;
}

}  // namespace pianola::world
