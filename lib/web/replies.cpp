#include "web/replies.hpp"

#include <utility>

#include "core/json_text.hpp"
#include "web/routes.hpp"

namespace gridtap::web {
namespace {

WebReply reply_of(int status, std::string_view type, std::string body, std::string_view cache) {
  return {status,
          type,
          std::move(body),
          {},
          {{"Cache-Control", std::string(cache)},
           {"Content-Security-Policy", "default-src 'self'; frame-ancestors 'self'"},
           {"X-Content-Type-Options", "nosniff"},
           {"Referrer-Policy", "no-referrer"}}};
}

constexpr std::string_view no_store = "no-store";

}  // namespace

WebReply json_reply(std::string body) {
  return reply_of(200, "application/json", std::move(body), no_store);
}

WebReply text_reply(std::string_view type, std::string body) {
  return reply_of(200, type, std::move(body), no_store);
}

WebReply empty_reply() { return reply_of(204, {}, {}, no_store); }

WebReply refusal(int status, std::string_view reason) {
  return reply_of(status, "application/json", "{\"reason\":" + json_quoted(reason) + '}', no_store);
}

// nginx would gather events until its buffer is full.
WebReply event_stream() {
  WebReply reply = reply_of(200, "text/event-stream", {}, no_store);
  reply.fields.push_back({"X-Accel-Buffering", "no"});
  return reply;
}

WebReply file_reply(const PageFile& file, const WebRequest& request) {
  const bool known = names_tag(request.field("if-none-match"), file.etag);
  if (!known && !takes_gzip(request.field("accept-encoding"))) {
    WebReply reply =
        refusal(406, "the page is packed: ask with Accept-Encoding: gzip (curl --compressed)");
    reply.fields.push_back({"Vary", "Accept-Encoding"});
    return reply;
  }
  WebReply reply = reply_of(known ? 304 : 200, file.type, {}, "no-cache");
  reply.fields.push_back({"ETag", "W/\"" + std::string(file.etag) + '"'});
  reply.fields.push_back({"Vary", "Accept-Encoding"});
  if (known) return reply;
  reply.fields.push_back({"Content-Encoding", "gzip"});
  reply.fixed = file.packed;
  return reply;
}

}  // namespace gridtap::web
