#pragma once
// Whether a request may be looked at: by the name that it calls us, by the page that it comes from,
// and by who brings it. Passwords are `logins`' matter. What a foreign page in a browser of the
// house could send is refused here: DNS rebinding by the Host, forged commands by Origin,
// Sec-Fetch-Site and the content type.

#include <string>
#include <string_view>
#include <vector>

#include "core/ports.hpp"

namespace gridtap::web {

// Of Home Assistant's Supervisor, as an app (add-on) sees it.
inline constexpr std::string_view ingress_address = "172.30.32.2";

struct GuardOptions {
  std::string machine = {};             // name of this host, without a domain
  std::vector<std::string> hosts = {};  // further names that it may be called by
  bool ingress = false;                 // Home Assistant logs users in
  bool has_password = false;
};

struct Verdict {
  int status = 0;  // 0: it may
  std::string_view reason = {};
  bool by_ingress = false;  // brought by Home Assistant, which has logged the user in

  explicit operator bool() const { return status == 0; }
};

Verdict judge(const WebRequest& request, const GuardOptions& options);

}  // namespace gridtap::web
