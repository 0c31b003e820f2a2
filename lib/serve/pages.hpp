#pragma once
// The lines of a long answer, cut into pages of one datagram each; one page of them is kept.

#include <cstddef>
#include <string>
#include <string_view>

namespace gridtap::serve {

class Pages {
 public:
  // `question`: what is asked, without the page. `wanted`: from 1.
  Pages(std::string question, std::size_t wanted);

  // One line, without its end. A line that is longer than a page is cut.
  void add(std::string_view line);
  bool empty() const { return page_ == 1 && used_ == 0; }
  // The wanted page, and how to ask for the next where there is one; an error where there are not
  // as many.
  std::string text() const;

 private:
  std::string question_;
  std::size_t wanted_, room_;
  std::size_t page_ = 1, used_ = 0;  // of the line that came last
  std::string kept_;
};

}  // namespace gridtap::serve
