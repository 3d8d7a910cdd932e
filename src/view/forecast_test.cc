#include "view/forecast.h"

#include <gtest/gtest.h>

namespace pianola::view {
namespace {

Forecast forecast() {
  Forecast forecast;
  forecast.run = "r12";
  forecast.stopped_at = Instant{1'795'266'727'000'000'000};
  forecast.why = "its supervisor is gone";
  forecast.events = 1902;
  forecast.items = {
      {.what = Prospect::adopt, .task = "stock-sync", .attempt = 1, .detail = {}, .commit = {}, .until = {}},
      {.what = Prospect::adopt, .task = "export-csv", .attempt = 2, .detail = {}, .commit = {}, .until = {}},
      {.what = Prospect::collect,
       .task = "mail",
       .attempt = 1,
       .detail = "exit 0",
       .commit = {},
       .until = {}},
      {.what = Prospect::check,
       .task = "badge",
       .attempt = 1,
       .detail = {},
       .commit = "3c1e0d9aaaaaaaa",
       .until = {}},
      {.what = Prospect::wait,
       .task = "index",
       .attempt = 0,
       .detail = {},
       .commit = {},
       .until = Instant{1'795'267'500'000'000'000}}};
  forecast.target = "refs/heads/main";
  forecast.target_at = "9f3ac21aaaaaaaa";
  forecast.target_why = "until all is green";
  return forecast;
}

TEST(Forecast, says_on_a_pipe_one_line_for_each_kind) {
  EXPECT_EQ(forecast_text(forecast(), {.width = 0}),
            "r12 stopped 2026-11-21T13:12:07Z, its supervisor is gone; journal whole to event 1902\n"
            "would adopt 2 running agents: stock-sync, export-csv\n"
            "would collect 1 exit nobody saw: mail (exit 0)\n"
            "would check 1 commit: badge on 3c1e0d9\n"
            "would wait 1 task, for its time: index until 2026-11-21T13:25:00Z\n"
            "would leave main at 9f3ac21, until all is green\n"
            "nothing was changed; go on: pianola resume r12\n");
}

TEST(Forecast, keeps_columns_on_a_terminal_and_no_line_is_longer) {
  const std::string text = forecast_text(forecast(), {.width = 40});
  for (size_t at = 0; at < text.size();) {
    const size_t end = text.find('\n', at);
    EXPECT_LE(end - at, 40U) << text.substr(at, end - at);
    at = end + 1;
  }
  EXPECT_NE(text.find("would adopt     2 running agents:"), std::string::npos) << text;
}

TEST(Forecast, says_where_the_target_goes_and_what_was_torn) {
  Forecast moving = forecast();
  moving.items.clear();
  moving.torn_bytes = 9;
  moving.target_to = "7c2e4d1aaaaaaaa";
  moving.target_why = "checked";
  EXPECT_EQ(forecast_text(moving, {.width = 0}),
            "r12 stopped 2026-11-21T13:12:07Z, its supervisor is gone; journal good to event 1902, then an "
            "unfinished write of 9 bytes, to be set aside\n"
            "would move main from 9f3ac21 to 7c2e4d1, checked\n"
            "nothing was changed; go on: pianola resume r12\n");
}

TEST(Forecast, has_every_kind_as_a_key_of_its_json) {
  const std::string json = forecast_json(forecast());
  for (const char* key : {"pin", "adopt", "end", "collect", "lose", "start", "rebuild", "check", "land",
                          "remove", "wait", "hold", "target"})
    EXPECT_NE(json.find("\"" + std::string(key) + "\":"), std::string::npos) << key;
  EXPECT_NE(json.find("{\"task\":\"index\",\"attempt\":0,\"commit\":null,\"detail\":null,\"until\":\"2026-11-"
                      "21T13:25:00Z\"}"),
            std::string::npos)
      << json;
}

}  // namespace
}  // namespace pianola::view
