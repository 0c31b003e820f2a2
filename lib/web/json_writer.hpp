#pragma once
// Writes JSON objects member by member. Names are ours, or of letters that need no escape: keys and
// ids.

#include <string>
#include <string_view>

#include "core/json_text.hpp"

namespace gridtap::web {

class JsonObject {
 public:
  explicit JsonObject(std::string& out) : out_(out) { out_ += '{'; }
  JsonObject(const JsonObject&) = delete;
  JsonObject& operator=(const JsonObject&) = delete;
  ~JsonObject() { out_ += '}'; }

  // The name; the value is to be appended.
  std::string& name(std::string_view name) {
    if (!first_) out_ += ',';
    first_ = false;
    out_ += '"';
    out_ += name;
    return out_ += "\":";
  }
  void text(std::string_view name, std::string_view value) { append_json(this->name(name), value); }
  // Left out where it is empty.
  void any(std::string_view name, std::string_view value) {
    if (!value.empty()) text(name, value);
  }
  // As it is: a number, true, an object.
  void raw(std::string_view name, std::string_view json) { this->name(name) += json; }

 private:
  std::string& out_;
  bool first_ = true;
};

}  // namespace gridtap::web
