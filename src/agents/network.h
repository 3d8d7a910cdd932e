// What of the network an agent CLI needs: data of the registry, for the door around a sealed agent.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pianola::agents {

struct NetworkNeeds {
  std::vector<std::string> endpoints;            // host:port, which it cannot work without
  std::vector<std::string> optional;             // hosts it likes and does not need; "*.name": all below
  std::vector<std::string> base_url_variables;   // each may name another place for its model
  std::string settings;                          // a file of its folder that may do so too, "" = none
  std::map<std::string, std::string> proxy_env;  // beside HTTPS_PROXY and its kind
  friend bool operator==(const NetworkNeeds&, const NetworkNeeds&) = default;
};
NetworkNeeds network_needs(std::string_view kind);

// True for the variables of an agent's own environment that name where its model is: *_BASE_URL.
bool is_base_url_variable(std::string_view name);

// The values of all keys that end in base_url or baseURL, in TOML or JSON, whatever they stand in.
std::vector<std::string> base_urls_in(std::string_view settings);

}  // namespace pianola::agents
