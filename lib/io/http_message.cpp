#include "io/http_message.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/status.hpp>

#include "core/json_text.hpp"
#include "core/letter_case.hpp"

namespace gridtap::io {
namespace {

namespace http = boost::beast::http;

constexpr std::string_view end_of_head = "\r\n\r\n";

// A line ends in CR LF, and neither comes alone: a proxy in front of us would see another request.
bool has_clean_lines(std::string_view head) {
  for (std::size_t n = 0; n < head.size(); ++n) {
    const bool follows_cr = n > 0 && head[n - 1] == '\r';
    if (head[n] == '\0' || (head[n] == '\n') != follows_cr) return false;
  }
  return true;
}

std::optional<int> hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char small = lower(c);
  if (small >= 'a' && small <= 'f') return small - 'a' + 10;
  return {};
}

// RFC 3986, section 2.1; nothing if it is malformed or has a control character.
std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t n = 0; n < text.size(); ++n) {
    char c = text[n];
    if (c == '%') {
      if (n + 2 >= text.size()) return {};
      const auto high = hex_digit(text[n + 1]), low = hex_digit(text[n + 2]);
      if (!high || !low) return {};
      c = static_cast<char>(*high * 16 + *low);
      n += 2;
    }
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return {};
    out += c;
  }
  return out;
}

bool climbs(std::string_view path) {
  return path.find("/../") != path.npos || path.ends_with("/..") || path.find('\\') != path.npos;
}

std::string_view text_of(boost::beast::string_view text) { return {text.data(), text.size()}; }

void add_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

std::string head_of(const WebReply& reply) {
  const auto words = http::obsolete_reason(static_cast<http::status>(reply.status));
  std::string out = "HTTP/1.1 " + std::to_string(reply.status) + ' ' +
                    std::string(words.data(), words.size()) + "\r\n";
  if (!reply.type.empty()) add_field(out, "Content-Type", reply.type);
  for (const WebField& field : reply.fields) add_field(out, field.name, field.value);
  return out;
}

}  // namespace

ByteView HttpReader::read(ByteView bytes) {
  if (!has_head_) bytes = read_head(bytes);
  if (step_ != Step::more || !has_head_) return bytes;
  const std::size_t taken = std::min(bytes.size(), body_bytes_ - request_.body.size());
  request_.body.append(as_text(bytes.first(taken)));
  if (request_.body.size() == body_bytes_) step_ = Step::whole;
  return bytes.subspan(taken);
}

// Empty lines before a request are no fault (RFC 9112, section 2.2).
ByteView HttpReader::read_head(ByteView bytes) {
  while (!bytes.empty() && head_.empty() && (bytes[0] == '\r' || bytes[0] == '\n')) {
    bytes = bytes.subspan(1);
  }
  const std::size_t before = head_.size();
  const std::size_t room = max_head_bytes + end_of_head.size() - before;
  const std::size_t more = std::min(bytes.size(), room);
  head_.append(as_text(bytes.first(more)));
  const std::size_t end = head_.find(end_of_head, before < 3 ? 0 : before - 3);
  if (end == head_.npos || end > max_head_bytes) {
    const bool in_first_line = head_.find('\r') == head_.npos;
    if (in_first_line && head_.size() > max_target_bytes + 100) {
      refuse(414, "the address is longer than 2 kB");
    } else if (more == room) {
      refuse(431, "the head of the request is longer than 8 kB");
    }
    return bytes.subspan(more);
  }
  const std::size_t used = end + end_of_head.size() - before;
  head_.resize(end + end_of_head.size());
  has_head_ = true;
  judge_head();
  return bytes.subspan(used);
}

void HttpReader::judge_head() {
  if (!has_clean_lines(head_)) return refuse(400, "a line does not end in CR LF, or has a NUL");
  http::request_parser<http::empty_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(max_head_bytes + end_of_head.size()));
  parser.skip(true);  // the body is read here
  boost::system::error_code error;
  parser.put(boost::asio::const_buffer(head_.data(), head_.size()), error);
  if (error == http::error::bad_version) return refuse(505, "only HTTP/1.1 and 1.0 are served");
  if (error || !parser.is_header_done()) return refuse(400, "the request is malformed");
  const auto& message = parser.get();
  request_.method = std::string(text_of(message.method_string()));
  request_.keeps_alive = message.keep_alive();
  for (const auto& field : message) {
    request_.fields.push_back(
        {lower(text_of(field.name_string())), std::string(text_of(field.value()))});
  }
  take_target(text_of(message.target()));
  if (step_ == Step::more) judge_fields();
}

void HttpReader::take_target(std::string_view target) {
  if (target.size() > max_target_bytes) return refuse(414, "the address is longer than 2 kB");
  const std::size_t question = target.find('?');
  const auto path = percent_decoded(target.substr(0, question));
  if (!path || !path->starts_with('/') || climbs(*path)) {
    return refuse(400, "the address is malformed");
  }
  request_.path = *path;
  if (question != target.npos) request_.query = std::string(target.substr(question + 1));
}

// Two lengths, or a length and chunks, are how requests are smuggled past a proxy (RFC 9112, 11.2).
void HttpReader::judge_fields() {
  std::optional<std::string_view> length;
  for (const WebField& field : request_.fields) {
    if (field.name == "transfer-encoding") return refuse(400, "a body in chunks is not taken");
    if (field.name != "content-length") continue;
    if (length) return refuse(400, "there are two Content-Length");
    length = field.value;
  }
  if (length) return take_length(*length);
  const bool has_body = request_.method == "POST" || request_.method == "PUT";
  if (has_body) return refuse(411, "there is no Content-Length");
  step_ = Step::whole;
}

void HttpReader::take_length(std::string_view text) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), body_bytes_);
  const bool is_number = !text.empty() && end == text.data() + text.size();
  if (error == std::errc::result_out_of_range || (is_number && body_bytes_ > max_body_bytes)) {
    return refuse(413, "the body is longer than 4 kB");
  }
  if (!is_number) return refuse(400, "Content-Length is not a number");
  if (body_bytes_ == 0) step_ = Step::whole;
}

void HttpReader::refuse(int status, std::string_view reason) {
  refusal_ = {status, reason};
  step_ = Step::refused;
}

// Memory of a large request is not kept.
void HttpReader::next() { *this = HttpReader(); }

std::string http_text(const WebReply& reply, bool keeps_alive, bool with_body) {
  const std::string_view body = reply.fixed.empty() ? std::string_view(reply.body) : reply.fixed;
  std::string out = head_of(reply);
  const bool has_none = reply.status == 204 || reply.status == 304;
  if (!has_none) add_field(out, "Content-Length", std::to_string(body.size()));
  if (!keeps_alive) add_field(out, "Connection", "close");
  out += "\r\n";
  if (with_body && !has_none) out += body;
  return out;
}

std::string http_stream_head(const WebReply& reply) {
  std::string out = head_of(reply);
  add_field(out, "Connection", "close");
  return out + "\r\n";
}

WebReply refusal_reply(int status, std::string_view reason) {
  return {status,
          "application/json",
          "{\"reason\":" + json_quoted(reason) + '}',
          {},
          {{"Cache-Control", "no-store"},
           {"Content-Security-Policy", "default-src 'none'"},
           {"X-Content-Type-Options", "nosniff"},
           {"Referrer-Policy", "no-referrer"}}};
}

}  // namespace gridtap::io
