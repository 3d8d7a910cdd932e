#include "base/hash.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pianola {
namespace {

// FIPS 180-4 example values (NIST "SHA256.pdf") and the empty message.
TEST(Hash, sha256_gives_the_published_digests) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256_hex(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Hash, sha256_reads_past_a_zero_byte) {
  EXPECT_NE(sha256_hex(std::string_view("a\0b", 3)), sha256_hex("a"));
}

// RFC 3720 appendix B.4, and the check value every catalogue of CRCs gives.
TEST(Hash, crc32c_gives_the_published_values) {
  std::string rising;
  std::string falling;
  for (int i = 0; i < 32; ++i) {
    rising += static_cast<char>(i);
    falling += static_cast<char>(31 - i);
  }
  EXPECT_EQ(crc32c("123456789"), 0xE3069283U);
  EXPECT_EQ(crc32c(""), 0U);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAU);
  EXPECT_EQ(crc32c(std::string(32, '\xFF')), 0x62A8AB43U);
  EXPECT_EQ(crc32c(rising), 0x46DD794EU);
  EXPECT_EQ(crc32c(falling), 0x113FDB5CU);
}

// Eight bytes are taken at a time; every remainder and start must agree with one bit at a time.
TEST(Hash, crc32c_agrees_with_the_definition_at_every_length) {
  std::string bytes;
  for (int i = 0; i < 64; ++i) bytes += static_cast<char>(i * 37 + 11);
  for (size_t from = 0; from < 8; ++from) {
    for (size_t size = 0; size + from <= bytes.size(); ++size) {
      const std::string_view part = std::string_view(bytes).substr(from, size);
      uint32_t slow = ~0U;
      for (const char c : part) {
        slow ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit) slow = (slow >> 1) ^ ((slow & 1U) != 0 ? 0x82F63B78U : 0U);
      }
      ASSERT_EQ(crc32c(part), ~slow) << "from " << from << " size " << size;
    }
  }
}

TEST(Hash, crc32c_sees_every_flipped_bit) {
  std::string record = R"({"seq":7,"type":"task_landed"})";
  const uint32_t whole = crc32c(record);
  for (size_t bit = 0; bit < record.size() * 8; ++bit) {
    record[bit / 8] = static_cast<char>(record[bit / 8] ^ (1 << (bit % 8)));
    ASSERT_NE(crc32c(record), whole) << "bit " << bit;
    record[bit / 8] = static_cast<char>(record[bit / 8] ^ (1 << (bit % 8)));
  }
}

TEST(Hash, parts_never_run_together) {
  const auto joined = [](const std::vector<std::string>& parts) {
    std::string text;
    for (const std::string& part : parts) add_part(text, part);
    return text;
  };
  EXPECT_NE(joined({"ab", "c"}), joined({"a", "bc"}));
  EXPECT_NE(joined({"a\n1:b"}), joined({"a", "b"}));
  EXPECT_NE(joined({"a", ""}), joined({"a"}));
}

TEST(Hash, hex32_always_has_eight_digits) {
  EXPECT_EQ(hex32(0), "00000000");
  EXPECT_EQ(hex32(0xE3069283U), "e3069283");
  EXPECT_EQ(hex32(0x0000000AU), "0000000a");
  EXPECT_EQ(hex32(0xFFFFFFFFU), "ffffffff");
}

}  // namespace
}  // namespace pianola
