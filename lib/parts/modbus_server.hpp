#pragma once
// The other end of a Modbus connection: answers requests from registers. What `decode` walks an
// image with, and what simulators are made of.

#include <cstdint>
#include <map>
#include <string>

#include "codec/modbus.hpp"
#include "core/part.hpp"

namespace gridtap {

// Registers by their address on the wire; one that is not there answers exception 2.
using RegisterImage = std::map<std::uint16_t, std::uint16_t>;

class ModbusServer : public Adapter {
 public:
  explicit ModbusServer(RegisterImage image) : image_(std::move(image)) {}

  void on_open(Now, Effects&) override { reader_.clear(); }
  void on_bytes(ByteView bytes, Now now, Effects& effects) override;

 protected:
  // Before a read: the registers as they are now.
  virtual void refresh(Now) {}
  // A register was written; the exception code where it takes no such value.
  virtual std::uint8_t written(std::uint16_t address, std::uint16_t value, Now now);
  virtual bool serves(std::uint8_t /*unit*/) const { return true; }

  RegisterImage& image() { return image_; }
  const RegisterImage& image() const { return image_; }

 private:
  std::string answer(const modbus::Frame& frame, Now now);
  std::string read(const modbus::Request& request) const;
  std::string write(const modbus::Request& request, Now now);

  RegisterImage image_;
  modbus::FrameReader reader_;
};

}  // namespace gridtap
