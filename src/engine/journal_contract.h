// What every journal promises the engine, as tests that run on the real one and on the simulator's. Included
// by tests only:
//   INSTANTIATE_TYPED_TEST_SUITE_P(File, JournalContract, FileSubject);
//
// A subject stands for one storage, empty at first. It is default constructible and has
//   Result<std::unique_ptr<Journal>> open();   // reads what is stored, into read_back(); the journal before
//                                              // is gone by then
//   const std::vector<core::Recorded>& read_back();
//   void fail_next_sync();                     // the next sync of an append() fails, later ones do not
//   void tear();                               // leaves the beginning of one more line, as a power cut does
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "engine/journal_contract_events.h"
#include "engine/ports.h"

namespace pianola::engine {

template <class Subject>
class JournalContract : public testing::Test {
 protected:
  void open() {
    journal_.reset();
    auto opened = subject_.open();
    ASSERT_TRUE(opened.has_value()) << opened.error().text();
    journal_ = std::move(*opened);
  }

  // Appends the next `count` events as one batch and expects it to be acknowledged.
  void acknowledge(uint64_t count) {
    const auto batch = contract_events(acknowledged_ + 1, count);
    const auto appended = journal_->append(batch);
    ASSERT_TRUE(appended.has_value()) << appended.error().text();
    acknowledged_ += count;
  }

  void expect_stored() { EXPECT_EQ(subject_.read_back(), contract_events(1, acknowledged_)); }

  Subject subject_;
  std::unique_ptr<Journal> journal_;
  uint64_t acknowledged_ = 0;
};

TYPED_TEST_SUITE_P(JournalContract);

TYPED_TEST_P(JournalContract, a_new_journal_is_empty) {
  this->open();
  this->expect_stored();
}

TYPED_TEST_P(JournalContract, what_was_appended_is_read_back_equal_and_in_order) {
  this->open();
  for (const uint64_t count : {1U, 3U, 1U, 20U}) this->acknowledge(count);
  this->open();
  this->expect_stored();
}

TYPED_TEST_P(JournalContract, an_empty_batch_is_durable_already) {
  this->open();
  EXPECT_TRUE(this->journal_->append({}).has_value());
  this->acknowledge(2);
  EXPECT_TRUE(this->journal_->append({}).has_value());
  this->acknowledge(1);
  this->open();
  this->expect_stored();
}

TYPED_TEST_P(JournalContract, nothing_acknowledged_is_lost_however_often_it_is_opened) {
  for (uint64_t round = 0; round < 12; ++round) {
    this->open();
    this->expect_stored();
    this->acknowledge(1 + round % 3);
  }
  this->open();
  this->expect_stored();
}

TYPED_TEST_P(JournalContract, after_a_failed_sync_everything_is_refused) {
  this->open();
  this->acknowledge(3);
  this->subject_.fail_next_sync();
  const auto refused = this->journal_->append(contract_events(4, 2));
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().kind, ErrorKind::paused) << refused.error().text();
  for (const auto& batch : {contract_events(4, 2), contract_events(6, 1), std::vector<core::Recorded>{}}) {
    const auto again = this->journal_->append(batch);
    ASSERT_FALSE(again.has_value());
    EXPECT_EQ(again.error(), refused.error());
  }
}

TYPED_TEST_P(JournalContract, after_a_failed_sync_it_opens_with_all_that_was_acknowledged) {
  this->open();
  this->acknowledge(3);
  this->subject_.fail_next_sync();
  EXPECT_FALSE(this->journal_->append(contract_events(4, 2)).has_value());
  this->open();
  // What was refused may be there or not, but only as a beginning of what was tried.
  const uint64_t stored = this->subject_.read_back().size();
  EXPECT_GE(stored, 3U);
  EXPECT_LE(stored, 5U);
  this->acknowledged_ = stored;
  this->expect_stored();
  this->acknowledge(2);
  this->open();
  this->expect_stored();
}

TYPED_TEST_P(JournalContract, a_torn_end_is_cut_and_the_journal_goes_on) {
  this->open();
  this->acknowledge(4);
  this->journal_.reset();
  this->subject_.tear();
  this->open();
  this->expect_stored();
  this->acknowledge(2);
  this->open();
  this->expect_stored();
}

TYPED_TEST_P(JournalContract, a_torn_beginning_is_an_empty_journal) {
  this->open();
  this->journal_.reset();
  this->subject_.tear();
  this->open();
  this->expect_stored();
  this->acknowledge(1);
  this->open();
  this->expect_stored();
}

REGISTER_TYPED_TEST_SUITE_P(JournalContract, a_new_journal_is_empty,
                            what_was_appended_is_read_back_equal_and_in_order,
                            an_empty_batch_is_durable_already,
                            nothing_acknowledged_is_lost_however_often_it_is_opened,
                            after_a_failed_sync_everything_is_refused,
                            after_a_failed_sync_it_opens_with_all_that_was_acknowledged,
                            a_torn_end_is_cut_and_the_journal_goes_on, a_torn_beginning_is_an_empty_journal);

}  // namespace pianola::engine
