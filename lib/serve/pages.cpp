#include "serve/pages.hpp"

#include "core/json_text.hpp"
#include "model/entity.hpp"
#include "serve/answers.hpp"

namespace gridtap::serve {
namespace {

constexpr std::string_view more = "… more: ";
constexpr std::size_t max_digits = 20;  // of the number of a page

}  // namespace

Pages::Pages(std::string question, std::size_t wanted)
    : question_(std::move(question)),
      wanted_(wanted),
      room_(max_answer - more.size() - question_.size() - max_digits - 2) {}

void Pages::add(std::string_view line) {
  const std::string plain = printable(line);
  const std::string_view shown = model::front_of(plain, room_ - 1);
  if (used_ + shown.size() + 1 > room_) {
    ++page_;
    used_ = 0;
  }
  used_ += shown.size() + 1;
  if (page_ != wanted_) return;
  kept_ += shown;
  kept_ += '\n';
}

std::string Pages::text() const {
  if (wanted_ > page_) {
    const std::string count =
        page_ == 1 ? "is one page" : "are " + std::to_string(page_) + " pages";
    return "error: there " + count + " only, try " + question_ + '\n';
  }
  if (wanted_ == page_) return kept_;
  return kept_ + std::string(more) + question_ + ' ' + std::to_string(wanted_ + 1) + '\n';
}

}  // namespace gridtap::serve
