#pragma once
// Permissions say nothing to root: tests of them run as nobody then.

#include <doctest/doctest.h>
#include <unistd.h>

namespace gridtap {

class OrdinaryUser {
 public:
  OrdinaryUser() : was_(::geteuid()) {
    if (was_ == 0) REQUIRE(::seteuid(65'534) == 0);
  }
  ~OrdinaryUser() {
    if (was_ == 0) static_cast<void>(::seteuid(0));
  }
  OrdinaryUser(const OrdinaryUser&) = delete;
  OrdinaryUser& operator=(const OrdinaryUser&) = delete;

 private:
  ::uid_t was_;
};

}  // namespace gridtap
