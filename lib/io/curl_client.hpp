#pragma once
// Web requests by the program `curl`, started for each: TLS, proxies and name servers are its, and
// nothing of it stays in memory. Its settings go through standard input, where no list of processes
// shows them.

#include <memory>
#include <string>

#include "core/ports.hpp"
#include "io/loop.hpp"

namespace gridtap::io {

class CurlClient final : public WebClient {
 public:
  // A request is given up by curl, and curl by us a little later.
  static constexpr std::chrono::seconds longest{30}, killed_after{35};
  static constexpr std::size_t max_url = 2048;
  static constexpr std::size_t max_answer = 16 * 1024;  // of a head; what is longer is cut off

  // The loop outlives it. `program`: found by PATH.
  explicit CurlClient(Loop& loop, std::string program = "curl");
  ~CurlClient() override;  // a request on its way is not answered

  void head(const std::string& url, OnAnswer on_answer) override;

  class Request;

 private:
  Loop& loop_;
  std::string program_;
  std::shared_ptr<Request> request_;
};

// What `curl --config -` reads for such a request; nothing where the URL is none that it may have:
// another scheme, too long, or with control characters.
std::optional<std::string> curl_config_of_head(const std::string& url);

}  // namespace gridtap::io
