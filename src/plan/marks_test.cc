#include "plan/marks.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "plan/checklist.h"

namespace pianola::plan {
namespace {

using States = std::map<std::string, ItemState>;

TEST(MarkedList, changes_the_marks_of_these_items_and_no_other_byte) {
  const std::string list =
      "\xEF\xBB\xBF# L\r\n- [ ] a {#a}\r\n  - [ ] step of a\r\n\r\n* [ ] b {#b} files: x\r\n\t+ [~] more "
      "{#m}\n- [~] c {#c}";
  std::string marked = list;
  marked[marked.find("[ ] a") + 1] = '~';
  marked[marked.find("[ ] b") + 1] = 'x';
  marked[marked.find("[~] c") + 1] = '-';
  const States states = {{"a", ItemState::begun},
                         {"b", ItemState::landed},
                         {"c", ItemState::discarded},
                         {"gone", ItemState::landed},
                         {"m", ItemState::landed}};
  EXPECT_EQ(marked_list(list, states), marked);
  EXPECT_EQ(marked_list(marked, states), marked) << "again changes nothing";
}

TEST(MarkedList, finds_items_by_id_whatever_else_people_changed) {
  const States states = {{stable_id("Do it"), ItemState::landed}, {"b", ItemState::begun}};
  EXPECT_EQ(
      marked_list("New words\n\n- [ ] before\n+ [ ]  Do   it files: other\n- [ ] b, renamed {#b}\n", states),
      "New words\n\n- [ ] before\n+ [x]  Do   it files: other\n- [~] b, renamed {#b}\n");
  EXPECT_EQ(marked_list("- [ ] Do it now\n", states), "- [ ] Do it now\n") << "another text is another item";
}

TEST(MarkedList, leaves_what_a_person_decided) {
  const States states = {{"a", ItemState::landed}, {"b", ItemState::begun}, {"c", ItemState::open}};
  const std::string list = "- [-] a {#a}\n- [x] b {#b}\n- [~] c {#c}\n";
  EXPECT_EQ(marked_list(list, states), list);
  const std::string twice = "- [ ] a {#a}\n- [ ] other {#a}\n";
  EXPECT_EQ(marked_list(twice, states), twice);
  EXPECT_EQ(marked_list("- [x] old {#a}\n- [ ] new {#a}\n", states), "- [x] old {#a}\n- [x] new {#a}\n");
  EXPECT_EQ(marked_list("- [ ] a {#a}\n\xFF", states), "- [ ] a {#a}\n\xFF");
  EXPECT_EQ(marked_list("```\n- [ ] a {#a}\n```\n", states), "```\n- [ ] a {#a}\n```\n");
}

TEST(MarkedList, of_any_bytes_differs_in_marks_alone) {
  for (uint64_t seed = 1; seed <= 2'000; ++seed) {
    Random random(seed);
    constexpr std::string_view letters = "- [] x~*+ab{#}`\n\r\t:";
    std::string list = "- [ ] a {#a}\n";
    for (uint64_t i = random.below(80); i > 0; --i) list += letters[random.below(letters.size())];
    const std::string marked = marked_list(list, {{"a", ItemState::landed}, {"b", ItemState::begun}});
    ASSERT_EQ(marked.size(), list.size());
    for (size_t i = 0; i < list.size(); ++i) {
      if (marked[i] == list[i]) continue;
      ASSERT_EQ(list[i - 1], '[') << list;
      ASSERT_EQ(list[i + 1], ']') << list;
    }
  }
}

}  // namespace
}  // namespace pianola::plan
