#pragma once
// The text of HTTP/1.1 (RFC 9112): requests read, replies written. No sockets, no time. What is
// malformed or too large is refused with a status and a reason, and nothing after it is read.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.hpp"
#include "core/ports.hpp"
#include "io/http_limits.hpp"

namespace gridtap::io {

// Why a request is not answered by a face: 400, 411, 413, 414, 431, 501, 505.
struct HttpRefusal {
  int status = 400;
  std::string_view reason;
};

struct HttpRequest {
  std::string method, path, query, body;  // path: decoded, without `..`
  std::vector<WebField> fields;           // names in lower case
  bool keeps_alive = true;
};

// Reads the requests of one connection, one after the other.
class HttpReader {
 public:
  enum class Step : std::uint8_t { more, whole, refused };

  // Takes bytes until the end of a request and returns the rest. Any split of the bytes gives the
  // same. REQUIRES: the last step was `more`, or next() was called.
  ByteView read(ByteView bytes);
  Step step() const { return step_; }
  const HttpRequest& request() const { return request_; }  // when whole
  const HttpRefusal& refusal() const { return refusal_; }  // when refused
  bool begun() const { return !head_.empty(); }            // some of a request has come
  void next();

 private:
  ByteView read_head(ByteView bytes);
  void judge_head();
  void judge_fields();
  void take_target(std::string_view target);
  void take_length(std::string_view text);
  void refuse(int status, std::string_view reason);

  Step step_ = Step::more;
  HttpRequest request_;
  HttpRefusal refusal_;
  std::string head_;
  std::size_t body_bytes_ = 0;
  bool has_head_ = false;
};

// The bytes of a reply; `with_body` is false for HEAD, which has the head alone.
std::string http_text(const WebReply& reply, bool keeps_alive, bool with_body);
// The head of a stream: its length is not known, and it ends with the connection.
std::string http_stream_head(const WebReply& reply);
// A refusal of ours as the reply of a face: {"reason":"..."}.
WebReply refusal_reply(int status, std::string_view reason);

}  // namespace gridtap::io
