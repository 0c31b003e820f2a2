// Any bytes as a question, of a house whose names and values are of the same bytes: there is an
// answer, of whole lines of printable UTF-8 within one datagram, and nothing is changed.

#include <algorithm>
#include <cstdint>
#include <string>

#include "core/json_text.hpp"
#include "fuzz/must.hpp"
#include "fuzz/still_house.hpp"
#include "serve/answers.hpp"

using namespace gridtap;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  const std::string_view question = text.substr(0, text.find('\n'));
  const std::string_view wire = text.substr(std::min(question.size() + 1, text.size()));
  StillClock clock;
  NoLog log;
  const NoMemory none;
  model::Options options;
  options.devices.push_back({"meter", "", std::chrono::seconds(60)});
  model::Model house(options, clock, none, log);
  const Now now = clock.now();
  house.on_effect("meter", Identified{"", {"", wire, "E1", wire, wire, wire}}, now);
  house.on_effect("meter", Alive{"", std::chrono::seconds(size % 2)}, now);
  for (const std::string_view key : {std::string_view("message"), wire, wire.substr(0, 20)}) {
    house.on_effect("meter", Reading{"", key, "x", wire}, now);
  }
  for (const char* hour : {"power_import", "hour_energy", "hour_limit"}) {
    house.on_effect("meter", Reading{"", hour, "x", Decimal{static_cast<std::int64_t>(size), 0}},
                    now);
  }
  serve::About about;
  about.version = "1";
  about.adapters = {{"meter", "p1"}};
  const std::string answer = serve::answer(question, house, about, now.mono);
  must(!answer.empty() && answer.ends_with('\n'));
  must(answer.size() <= serve::max_answer);
  must(valid_utf8(answer) == answer.size());
  for (const char c : answer) must(c == '\n' || static_cast<unsigned char>(c) >= ' ');
  must(answer == serve::answer(question, house, about, now.mono));
  return 0;
}
