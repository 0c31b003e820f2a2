#pragma once
// From the bytes of a P1 line to telegrams: plain or encrypted, eight bits or seven, with whatever
// is between them. Reports what was dropped and, when nothing comes out, why (p1.md 3, 9, 12). How
// the input is cut never changes the result.

#include <optional>
#include <string_view>

#include "adapters/p1/checksum_model.hpp"
#include "adapters/p1/envelope.hpp"
#include "adapters/p1/framer.hpp"
#include "core/effect.hpp"
#include "parts/line_doctor.hpp"
#include "parts/noise.hpp"

namespace gridtap::p1 {

// `text`: from the `/` up to and without the `!`. `bytes`: of the frame on the wire. `checked`:
// proved by checksum or tag. `repaired`: the line ends were put back.
struct Telegram {
  std::string_view text;
  std::size_t bytes;
  bool checked, repaired;
  ByteView raw = {};  // as it came, envelope, checksum and the line end behind that included
};

struct Telegrams {
  virtual void on_telegram(const Telegram& telegram, Now now, Effects& effects) = 0;

 protected:
  ~Telegrams() = default;
};

struct WireSettings {
  Keys keys;
  bool accept_missing_crc = false;
  Checksum checksum = Checksum::automatic;
};

class Wire {
 public:
  static constexpr std::chrono::milliseconds end_silence{200};  // ends a telegram without checksum
  static constexpr std::chrono::seconds give_up_after{30};      // a telegram that was cut off
  static constexpr int mismatches_to_tell = 10;   // whole telegrams in a row whose digits are wrong
  static constexpr std::size_t first_look = 128;  // bytes without a frame: are they of seven bits?

  Wire(const WireSettings& settings, Telegrams& telegrams);

  void open(Now now);
  void bytes(ByteView bytes, Now now, Effects& effects);
  void close(Now now, Effects& effects);  // the end counts as silence
  void wake(Now now, Effects& effects);
  Mono next_wake() const;
  void save(RecordWriter& record) const {
    envelopes_.save(record);
    model_.save(record);
  }
  void restore(const Record& record) {
    envelopes_.restore(record);
    model_.restore(record);
  }

 private:
  void take(ByteView bytes, Now now, Effects& effects);
  ByteView without_telnet(ByteView bytes, Effects& effects);
  std::size_t room() const;
  void decide(bool silent, Now now, Effects& effects);
  void found(const Found& found, Now now, Effects& effects);
  bool waits(const Found& found, Now now, Effects& effects);
  void let_out(bool right, Now now, Effects& effects);
  void count_mismatch(Effects& effects);
  std::size_t envelope_end();
  void open_envelope(std::size_t end, Now now, Effects& effects);
  void complain_about(const Opened& opened, Effects& effects);
  void accepted(const Telegram& telegram, std::size_t begin, std::size_t end, Now now,
                Effects& effects);
  void rejected(const Error& error, std::size_t begin, std::size_t end, Effects& effects);
  void account(std::size_t until);
  void report_gap(Fault fault, Effects& effects);
  void give_up(std::size_t until, Fault fault, Effects& effects);
  void drop_overlong(Effects& effects);
  void look(Now now, Effects& effects);
  void judge(bool noise_too, Effects& effects);
  bool try_seven_bit(bool silent, Now now, Effects& effects);
  void restart_framer(bool seven_bit);
  bool is_negotiation(std::uint8_t byte) const;

  Telegrams& telegrams_;
  FramerSettings framing_;
  Framer framer_;
  Envelopes envelopes_;
  bool seven_bit_ = false;     // the parity bit is stripped
  bool first_ = true;          // nothing has come yet: the rest of a telegram is no fault
  std::size_t accounted_ = 0;  // offset up to which all is reported
  Noise gap_{"bytes outside telegrams"};
  bool gap_cut_ = false;  // a telegram began in the gap
  std::size_t last_end_ = 0, next_look_ = first_look;
  std::size_t envelope_scan_ = 0;        // where the next envelope may begin
  std::optional<std::size_t> envelope_;  // where one is being received
  bool in_stream_ = false;               // behind the negotiation of the far end
  int negotiated_ = 0;                   // bytes of a negotiation taken, of three
  ChecksumModel model_;
  int mismatches_ = 0;       // whole telegrams in a row
  bool mismatched_ = false;  // a checksum was wrong in this connection
  bool framed_ = false;      // a whole frame was seen, whatever was wrong in it
  Mono last_byte_{};
  LineDoctor doctor_;
};

}  // namespace gridtap::p1
