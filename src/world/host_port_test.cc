#include "world/host_port.h"

#include <gtest/gtest.h>

namespace pianola::world {
namespace {

std::string tidy(std::string_view text) {
  const auto to = parse_host_port(text);
  return to ? to->text() : "none";
}
std::string of_url(std::string_view url) {
  const auto to = endpoint_of_url(url);
  return to ? to->text() : "none";
}
Reach reach(const std::string& host) { return reach_of(literal_address(host, 443).value()); }

TEST(HostPort, is_compared_in_one_spelling) {
  EXPECT_EQ(tidy("API.Example.COM.:443"), "api.example.com:443");
  EXPECT_EQ(tidy("127.0.0.1:8080"), "127.0.0.1:8080");
  EXPECT_EQ(tidy("[0:0:0::1]:80"), "[::1]:80");
  for (const char* odd :
       {"",       "a",       ":1",    "a:",   "a:0",   "a:65536", "a:+1",  "a: 1", "a:01234567", "a b:1",
        "::1:80", "[::1:80", "[a]:1", "-a:1", "a/b:1", "a@b:1",   "a\n:1", ".:1",  "[]:1",       "a:1x"}) {
    EXPECT_EQ(tidy(odd), "none") << odd;
  }
  // What is read has to be read back the same, and hold no byte that inet_pton(3) does not look at.
  for (const char* odd : {"a..:1", "..:1", "a..b:1", ".a:1"}) EXPECT_EQ(tidy(odd), "none") << odd;
  EXPECT_EQ(tidy(std::string_view("[::1\0x]:1", 9)), "none");
  EXPECT_EQ(tidy(std::string(254, 'a') + ":1"), "none");
}

TEST(HostPort, of_a_url_is_where_it_leads) {
  EXPECT_EQ(of_url("https://api.example.com"), "api.example.com:443");
  EXPECT_EQ(of_url("HTTP://127.0.0.1:8080/v1"), "127.0.0.1:8080");
  EXPECT_EQ(of_url("http://localhost/"), "localhost:80");
  EXPECT_EQ(of_url("https://user:pw@gate.example:8443?x=1"), "gate.example:8443");
  EXPECT_EQ(of_url("https://good.example@evil.example/"), "evil.example:443");
  EXPECT_EQ(of_url("https://evil.example\\@good.example/"), "evil.example:443");
  EXPECT_EQ(of_url("http://[::1]:9/x"), "[::1]:9");
  EXPECT_EQ(of_url("http://[::1]/x"), "[::1]:80");
  EXPECT_EQ(of_url("http://a:/x"), "a:80");
  for (const char* odd :
       {"", "https://", "ftp://a", "//a", "a:1", "http:/a", "http://?", "http://a:b", "http://[::1"}) {
    EXPECT_EQ(of_url(odd), "none") << odd;
  }
}

TEST(Reach, of_addresses_by_the_registry) {
  for (const char* host :
       {"8.8.8.8", "1.1.1.1", "172.15.0.1", "172.32.0.1", "100.63.0.1", "223.255.255.1", "2606:4700::1111",
        "2a00::1", "64:ff9b::808:808", "2002:808:808::1", "::ffff:8.8.8.8"}) {
    EXPECT_EQ(reach(host), Reach::world) << host;
  }
  for (const char* host :
       {"127.0.0.1", "127.255.0.3", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"}) {
    EXPECT_EQ(reach(host), Reach::machine) << host;
  }
  for (const char* host : {"10.0.0.1", "172.16.0.1", "172.31.255.1", "192.168.1.1", "100.64.0.1", "fc00::1",
                           "fd12::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:c0a8:101::1"}) {
    EXPECT_EQ(reach(host), Reach::nearby) << host;
  }
  for (const char* host : {"0.0.0.0",
                           "0.1.2.3",
                           "169.254.169.254",
                           "224.0.0.1",
                           "239.1.1.1",
                           "240.0.0.1",
                           "255.255.255.255",
                           "192.0.2.1",
                           "198.18.0.1",
                           "::",
                           "::8.8.8.8",
                           "fe80::1",
                           "fec0::1",
                           "ff02::1",
                           "2001::1",
                           "2001:db8::1",
                           "64:ff9b:1::1",
                           "100::1",
                           "::ffff:169.254.169.254",
                           "2002:a9fe:a9fe::1",
                           "64:ff9b::a9fe:a9fe",
                           "::ffff:0:8.8.8.8"}) {
    EXPECT_EQ(reach(host), Reach::nowhere) << host;
  }
}

TEST(Judge, allows_exactly_what_is_listed) {
  const NetRules rules{{{"api.example.com", 443}, {"127.0.0.1", 8080}},
                       {"stats.example.com", "*.sentry.io", "news.*"}};
  const auto says = [&](const char* text) {
    return verdict_text(judge(rules, parse_host_port(text).value()));
  };
  EXPECT_EQ(says("api.example.com:443"), "allowed");
  EXPECT_EQ(says("API.example.com.:443"), "allowed");
  EXPECT_EQ(says("127.0.0.1:8080"), "allowed");
  EXPECT_EQ(says("api.example.com:80"), "refused");
  EXPECT_EQ(says("x.api.example.com:443"), "refused");
  EXPECT_EQ(says("127.0.0.1:8081"), "refused");
  EXPECT_EQ(says("localhost:8080"), "refused");
  EXPECT_EQ(says("stats.example.com:443"), "optional");
  EXPECT_EQ(says("o1.ingest.sentry.io:443"), "optional");
  EXPECT_EQ(says("sentry.io:443"), "refused");
  EXPECT_EQ(says("news.example.com:443"), "optional");
  EXPECT_EQ(says("newsexample.com:443"), "refused");
  EXPECT_EQ(says("evilsentry.io:443"), "refused");
}

TEST(MayLeadTo, keeps_names_from_leading_inward) {
  const auto leads = [](const char* host, const char* address) {
    return may_lead_to({host, 443}, literal_address(address, 443).value());
  };
  EXPECT_TRUE(leads("api.example.com", "8.8.8.8"));
  for (const char* inward :
       {"127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1", "0.0.0.0"}) {
    EXPECT_FALSE(leads("api.example.com", inward)) << inward;
  }
  EXPECT_TRUE(leads("localhost", "127.0.0.1"));
  EXPECT_TRUE(leads("localhost", "::1"));
  EXPECT_FALSE(leads("localhost", "10.0.0.1"));
  EXPECT_TRUE(leads("127.0.0.1", "127.0.0.1"));
  EXPECT_TRUE(leads("10.1.2.3", "10.1.2.3"));
  EXPECT_FALSE(leads("169.254.169.254", "169.254.169.254"));
}

}  // namespace
}  // namespace pianola::world
