#include "serve/questions.hpp"

#include <algorithm>
#include <utility>

#include "core/ids.hpp"

namespace gridtap::serve {

Questions::Questions(DatagramPort& port, std::string where, const model::Model& model, About about,
                     Clock& clock, Log& log)
    : port_(port),
      where_(std::move(where)),
      model_(model),
      about_(std::move(about)),
      clock_(clock),
      log_(log),
      foreign_(log),
      too_many_(log),
      flood_(log),
      again_(clock.timer([this] { start(); })) {}

Questions::~Questions() { port_.close(); }

void Questions::start() { port_.open(*this); }

void Questions::on_open() {
  wait_ = first_wait;
  failure_told_ = false;
  log_.write(Level::info, gateway_device, "questions are answered on " + where_ + " (UDP)");
}

void Questions::on_closed(const Error& why) {
  if (!std::exchange(failure_told_, true)) {
    log_.write(Level::warning, gateway_device,
               "questions: " + why.detail + "; it is tried again until it works");
  }
  again_->set(clock_.now().mono + wait_);
  wait_ = std::min<std::chrono::milliseconds>(2 * wait_, longest_wait);
}

void Questions::on_datagram(const Datagram& datagram) {
  using Verdict = QuestionGuard::Verdict;
  const Now now = clock_.now();
  const auto silent = [&](QuietLine& line, std::string_view why) {
    line.write(Level::warning, gateway_device,
               "questions: no answer to " + to_text(datagram.from) + ", " + std::string(why), now);
  };
  switch (guard_.judge(datagram, now.mono)) {
    case Verdict::nothing_asked:
      return;
    case Verdict::foreign:
      return silent(foreign_, "which is not of this network, or not the port of who asks");
    case Verdict::too_many:
      return silent(too_many_, "which asks more often than is answered");
    case Verdict::answer:
      port_.send(datagram.from,
                 as_bytes(answer(as_text(datagram.bytes), model_, about_, now.mono)));
  }
}

void Questions::on_flood() {
  flood_.write(Level::warning, gateway_device,
               "questions: they come faster than they are read; some are lost", clock_.now());
}

}  // namespace gridtap::serve
