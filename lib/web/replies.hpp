#pragma once
// The answers of the site, each with the fields that keep a browser from doing with them what it
// should not: no script from elsewhere, no other type than ours, no frame of another page.

#include <string>
#include <string_view>

#include "core/ports.hpp"
#include "web/page_file.hpp"

namespace gridtap::web {

WebReply json_reply(std::string body);
WebReply text_reply(std::string_view type,
                    std::string body);                  // `type` lives as long as the program
WebReply empty_reply();                                 // 204
WebReply refusal(int status, std::string_view reason);  // {"reason":"..."}

// The head of a stream of events.
WebReply event_stream();

// 304 where the request names the file's tag, 406 for who takes nothing that is packed.
WebReply file_reply(const PageFile& file, const WebRequest& request);

}  // namespace gridtap::web
