#pragma once
// Answers questions about the house on a UDP port, to who may ask. A port that is taken is tried
// again; the rest of the program works meanwhile.

#include <memory>
#include <string>

#include "core/ports.hpp"
#include "core/quiet_line.hpp"
#include "serve/answers.hpp"
#include "serve/question_guard.hpp"

namespace gridtap::serve {

class Questions final : private DatagramEvents {
 public:
  static constexpr std::chrono::seconds first_wait{1}, longest_wait{60};

  // `where`: the port's address, for the log. Everything named outlives the questions.
  Questions(DatagramPort& port, std::string where, const model::Model& model, About about,
            Clock& clock, Log& log);
  ~Questions();
  Questions(const Questions&) = delete;
  Questions& operator=(const Questions&) = delete;

  void start();

 private:
  void on_open() override;
  void on_datagram(const Datagram& datagram) override;
  void on_flood() override;
  void on_closed(const Error& why) override;

  DatagramPort& port_;
  std::string where_;
  const model::Model& model_;
  About about_;
  Clock& clock_;
  Log& log_;
  QuestionGuard guard_;
  QuietLine foreign_, too_many_, flood_;
  std::unique_ptr<Timer> again_;
  std::chrono::milliseconds wait_ = first_wait;
  bool failure_told_ = false;
};

}  // namespace gridtap::serve
