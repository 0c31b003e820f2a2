#pragma once
// Which master sends when on the pair of wires (kgf.md 1). The display asks, or we do, never both:
// while answers come that we did not ask for, we only listen. One request is under way at a time,
// none follows a byte at once, and a command counts when what is read back shows it.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "adapters/kgf/fields.hpp"
#include "adapters/kgf/lines.hpp"
#include "core/effect.hpp"
#include "parts/pending_writes.hpp"

namespace gridtap::kgf {

// A command on its way to the meter at an address. `wanted`: the payload, for whom it is refused
// to.
struct WriteOrder {
  int address;
  const Write* write;
  std::int64_t raw;
  std::string wanted;
};

struct BusMasterEvents {
  // The meter did not answer this many times in a row.
  virtual void on_missed(int address, int number, int times, Effects& effects) = 0;
  // Why the answer does not show what was ordered; empty where it does.
  virtual std::string judge(const WriteOrder& order, const Answer& answer) = 0;
  virtual void on_failed(const WriteOrder& order, Error why, Effects& effects) = 0;

 protected:
  ~BusMasterEvents() = default;
};

class BusMaster {
 public:
  using Time = std::chrono::milliseconds;
  static constexpr Time listen_first{3000}, listen_after_others{60'000};  // mode auto
  static constexpr Time quiet_before_sending{20};
  static constexpr Time answer_wait{300}, write_wait{500};
  // So late an answer is still one to a request of ours, which was given up or sent again.
  static constexpr Time late_wait{2000};
  static constexpr std::size_t max_unanswered = 16;
  static constexpr Time measure_period{1000}, settings_period{60'000};
  static constexpr Time absent_period{10'000};  // a meter that does not answer is asked this often
  static constexpr Time settle_time{1000};      // a meter measures once a second
  static constexpr int tries = 2, absent_after = 5;

  enum class Mode : std::uint8_t { automatic, passive, poll };

  BusMaster(Mode mode, const std::vector<std::int64_t>& addresses, BusMasterEvents& events);

  void open(Mono now);
  void close(Effects& effects);  // what was ordered fails
  void on_bytes(Mono now) { quiet_at_ = now + quiet_before_sending; }
  // A good answer of one of the addresses.
  void hear(const Answer& answer, Mono now, Effects& effects);
  // Another master is on the pair of wires: a request that is not ours, or an answer to one.
  void hear_another(Mono now) {
    if (mode_ == Mode::automatic) poll_from_ = now + listen_after_others;
  }
  // Whether the line is our own request, which half-duplex adapters echo.
  bool is_own(std::string_view line) const { return request_ && request_->line.starts_with(line); }
  // False: too many orders are on their way. One that waits for the same write is replaced.
  bool order(WriteOrder order);

  void wake(Mono now, Effects& effects);
  Mono next_wake() const;

 private:
  struct Meter {
    int address;
    int misses = 0;
    Mono identity_due{}, settings_due{}, measure_due{};
  };
  struct Request {
    int address, number;
    bool write;
    std::string line;
    int sent = 0;
    Mono due{};
  };

  struct Sent {
    int address, number;
    bool write;
    Mono until;
  };

  void judge(const Answer& answer, Mono now, Effects& effects);
  void note_sent(Mono now);
  bool take_sent(const Answer& answer, Mono now);
  void no_proof(Error why, Mono now, Effects& effects);
  void give_up(Mono now, Effects& effects);
  std::optional<Request> next_request(Mono now);
  std::optional<Request> poll(Mono now);
  Mono poll_due(const Meter& meter) const;
  Meter* find(int address);
  void finish(Error why, Effects& effects);

  Mode mode_;
  std::vector<Meter> meters_;
  std::size_t turn_ = 0;  // the meter whose turn it is
  BusMasterEvents& events_;
  PendingWrites<WriteOrder> orders_;
  std::optional<Request> request_;
  std::vector<Sent> unanswered_;  // each time that a request was sent
  Mono quiet_at_{}, poll_from_ = Mono::max();
  bool open_ = false;
};

}  // namespace gridtap::kgf
