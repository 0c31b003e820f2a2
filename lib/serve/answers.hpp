#pragma once
// Questions about the house, as text, and their answers: `get meter power_import` is answered by
// `244 W`. Pure: the model is read, and nothing is ever changed. `help` lists all questions.

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "model/model.hpp"

namespace gridtap::serve {

inline constexpr std::size_t max_question = 200;   // bytes
inline constexpr std::size_t max_answer = 1200;    // bytes: one datagram, on every network
inline constexpr std::size_t max_word_shown = 40;  // characters of what was asked, in an error

// What the model does not know of this program.
struct About {
  std::string version;
  Mono started{};
  std::map<std::string, std::string, std::less<>> adapters = {};  // of each configured device
};

// The answer in UTF-8, each line with its end, at most max_answer bytes whatever is asked of
// whatever model. It begins with `error:` where there is none. A list that does not fit ends with
// `… more:` and the question for the rest of it. A value of a device that is offline is not given:
// who acts on it would act on an old one.
std::string answer(std::string_view question, const model::Model& model, const About& about,
                   Mono now);

}  // namespace gridtap::serve
