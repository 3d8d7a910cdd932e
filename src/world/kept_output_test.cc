#include "world/kept_output.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>

#include "base/random.h"
#include "world/kept_testing.h"

namespace pianola::world {
namespace {

// Bytes that differ from place to place, so that a wrong offset shows.
std::string bytes_at(uint64_t offset, size_t size) {
  std::string bytes;
  for (uint64_t at = offset; at < offset + size; ++at)
    bytes += static_cast<char>('a' + (at * 7 + at / 251) % 26);
  return bytes;
}

// Reads all that is kept, checking each byte against its place; returns how many there were.
uint64_t check_kept(const std::string& path, size_t piece_bytes) {
  uint64_t kept = 0;
  for (uint64_t at = 0;;) {
    const OutputPiece piece = read_output(path, at, piece_bytes);
    if (piece.bytes.empty()) return kept;
    EXPECT_EQ(piece.bytes, bytes_at(piece.offset, piece.bytes.size()));
    kept += piece.bytes.size();
    at = piece.offset + piece.bytes.size();
  }
}

TEST(KeptOutput, keeps_everything_up_to_the_cap) {
  Folder folder;
  const std::string path = folder.path() + "/out";
  KeptOutput output(path, 1'000);
  EXPECT_EQ(read_output(path, 0, 100).bytes, "");
  output.append(bytes_at(0, 400));
  output.append(bytes_at(400, 600));
  EXPECT_EQ(output.totals(), (StreamTotals{1'000, 0}));
  EXPECT_EQ(check_kept(path, 64), 1'000u);
  EXPECT_EQ(read_output(path, 1'000, 100).bytes, "");
  EXPECT_EQ(read_output_end(path, 10), bytes_at(990, 10));
  EXPECT_EQ(read_output_end(path, 5'000), bytes_at(0, 1'000));
  EXPECT_EQ(read_output(folder.path() + "/none", 0, 100).bytes, "");
  EXPECT_EQ(read_output_end(folder.path() + "/none", 100), "");
}

TEST(KeptOutput, is_shown_with_a_line_for_what_was_dropped) {
  Folder folder;
  const std::string path = folder.path() + "/out";
  EXPECT_EQ(read_output_shown(path), std::nullopt);
  KeptOutput output(path, 1'000);
  output.append(bytes_at(0, 900));
  EXPECT_EQ(read_output_shown(path), bytes_at(0, 900));
  output.append(bytes_at(900, 5'000'000 - 900));
  const uint64_t dropped = output.totals().dropped;
  EXPECT_EQ(read_output_shown(path), bytes_at(0, 1'000) + "\n[... " + std::to_string(dropped) +
                                         " bytes are left out here ...]\n" +
                                         bytes_at(1'000 + dropped, 5'000'000 - 1'000 - dropped));
}

TEST(KeptOutput, beyond_the_cap_keeps_the_beginning_and_the_last_megabytes) {
  for (const uint64_t total : {1'001ull, 1'050'000ull, 2'100'000ull, 5'000'000ull}) {
    Folder folder;
    const std::string path = folder.path() + "/out";
    KeptOutput output(path, 1'000);
    Random random(total);
    for (uint64_t at = 0; at < total;) {
      const size_t size = static_cast<size_t>(std::min(total - at, 1 + random.below(700'000)));
      output.append(bytes_at(at, size));
      at += size;
    }
    const StreamTotals totals = output.totals();
    EXPECT_EQ(totals.bytes, total);
    EXPECT_EQ(check_kept(path, 100'000), totals.bytes - totals.dropped) << total;
    EXPECT_EQ(read_output_end(path, 4'000), bytes_at(total - std::min<uint64_t>(total, 4'000),
                                                     static_cast<size_t>(std::min<uint64_t>(total, 4'000))));
    EXPECT_LE(total - totals.dropped, 1'000u + (2u << 20));
    EXPECT_GE(total - totals.dropped, std::min<uint64_t>(total, 1'000u + (1u << 20)));
  }
}

TEST(KeptOutput, a_refusing_disk_costs_bytes_and_never_their_places) {
  Folder folder;
  const std::string path = folder.path() + "/out";
  ::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  KeptOutput output(path, 10'000);
  rlimit small = before;
  small.rlim_cur = 3'000;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  output.append(bytes_at(0, 8'000));
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  output.append(bytes_at(8'000, 2'000));
  ::signal(SIGXFSZ, SIG_DFL);
  EXPECT_EQ(output.totals(), (StreamTotals{10'000, 5'000}));
  EXPECT_EQ(check_kept(path, 500), 5'000u);
  EXPECT_EQ(read_output(path, 3'000, 10).offset, 8'000u);
  EXPECT_EQ(read_output_end(path, 2'000), bytes_at(8'000, 2'000));
}

TEST(KeptRecords, come_back_as_they_were_written) {
  KeptSpec spec;
  spec.keep = "id";
  spec.argv = {"a", "", "with \"quotes\" and \n", "\xff\x00z"};
  spec.env = {{"SECRET", "hunter2"}, {"ODD", "\xfe"}};
  spec.cwd = "/c\xc3\xa4";
  spec.stdin_file = "/in";
  spec.socket = "/s";
  spec.streams = KeptSpec::Streams::together;
  spec.records = KeptSpec::Records::plain;
  spec.alone = KeptSpec::Alone::ends;
  spec.cap_bytes = 1ull << 60;
  spec.limits = {{"nofile", 1'024}};
  EXPECT_EQ(parse_spec(to_json(spec, Secrets::shown), "spec").value(), spec);
  EXPECT_EQ(to_json(spec, Secrets::hidden).find("hunter2"), std::string::npos);

  ExitRecord record;
  record.exit = {core::ExitKind::signal, 9, true, "why \xff"};
  record.pid = 42;
  record.out = {1ull << 50, 3};
  record.started_ns = 1'795'249'823'000'000'001;
  EXPECT_EQ(parse_exit(to_json(record), "exit").value(), record);

  Folder folder;
  EXPECT_EQ(read_exit(folder.path()).value(), std::nullopt);
  const KeeperRecord keeper{1, {7, 8}, {"boot", 9}};
  ASSERT_TRUE(write_file(folder.path() + "/keeper.json", to_json(keeper), Sync::none));
  EXPECT_EQ(read_keeper(folder.path()).value(), keeper);
  const AgentRecord agent{{10, 11}};
  ASSERT_TRUE(write_file(folder.path() + "/agent.json", to_json(agent), Sync::none));
  EXPECT_EQ(read_agent(folder.path()).value(), agent);
}

TEST(KeptRecords, that_are_damaged_are_refused_with_their_name) {
  for (const char* text : {"", "{", "[]", "{}", "{\"kind\":1}", "nonsense"}) {
    const auto record = parse_exit(text, "/dir/exit.json");
    ASSERT_FALSE(record) << text;
    EXPECT_EQ(record.error().kind, ErrorKind::integrity);
    EXPECT_TRUE(record.error().text().starts_with("/dir/exit.json: is not a record of pianola")) << text;
  }
}

}  // namespace
}  // namespace pianola::world
