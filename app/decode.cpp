#include "app/decode.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "adapters/registry.hpp"
#include "app/device_rules.hpp"
#include "app/exit_status.hpp"
#include "app/house_config.hpp"
#include "app/json_lines.hpp"
#include "app/register_image.hpp"
#include "core/iso_time.hpp"
#include "gateway/session.hpp"
#include "io/manual_clock.hpp"

namespace gridtap::app {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t chunk_bytes = 64 * 1024;
constexpr std::size_t longest_timed_line = 1024 * 1024;
constexpr std::size_t longest_image = 16 * 1024 * 1024;

// The input as a line: what is read is pushed into the session.
class InputLine final : public Line {
 public:
  void open(SerialSettings, LineEvents& events) override { events_ = &events; }
  void write(ByteView) override {}  // an answer to a file goes nowhere
  void close() override {}

  void opened() { events_->on_open(); }
  void push(ByteView bytes) { events_->on_bytes(bytes); }
  void ended() { events_->on_closed({Fault::io, "end of input"}); }

 private:
  LineEvents* events_ = nullptr;
};

struct Job {
  const AdapterKind* kind = nullptr;
  std::unique_ptr<Adapter> adapter;
  std::vector<std::unique_ptr<Rule>> rules;
  std::chrono::milliseconds offline_after{0};
  std::string input = "-";
};

// `decode ADAPTER [FILE]`
int adapter_job(const DecodeOptions& options, Job& job) {
  if (options.words.empty() || options.words.size() > 2 || !options.device.empty()) {
    std::cerr << "usage: gridtap decode ADAPTER [--set KEY=VALUE]... [FILE or -]\n";
    return exit_usage;
  }
  const AdapterKind* kind = find_kind(options.words[0]);
  if (kind == nullptr) {
    std::cerr << "no adapter `" << options.words[0] << "`: see gridtap decode --help\n";
    return exit_usage;
  }
  if (options.words.size() == 2) job.input = options.words[1];
  Problems problems;
  const Setting sets = settings_of(options.sets, problems);
  Section section(sets, "", problems, file_reader());
  job.kind = kind;
  job.adapter = kind->make(section, 1);
  for (const std::string_view line_key : {"rts", "dtr"}) section.flag(line_key, true);
  section.finish();
  print(problems, "--set");
  return problems.empty() ? exit_good : exit_config;
}

// `decode --config FILE --device ID [FILE]`
int device_job(const DecodeOptions& options, Job& job) {
  if (options.words.size() > 1 || options.device.empty() || !options.sets.empty()) {
    std::cerr << "usage: gridtap decode --config FILE --device ID [FILE or -]\n";
    return exit_usage;
  }
  if (options.words.size() == 1) job.input = options.words[0];
  LoadedHouse loaded = load_house(options.config);
  print(loaded.problems, options.config);
  if (!loaded.problems.empty()) return exit_config;
  for (DeviceConfig& device : loaded.house.devices) {
    if (device.id != options.device) continue;
    job.kind = device.kind;
    job.adapter = std::move(device.adapter);
    job.offline_after = device.offline_after;
    // They measure time, and without --timed none passes.
    if (options.timed) job.rules = device_rules(device);
    return exit_good;
  }
  std::cerr << "no device `" << options.device << "` in " << options.config << '\n';
  return exit_usage;
}

int read_bytes(std::istream& input, InputLine& line, const Output& output) {
  std::array<char, chunk_bytes> chunk;
  while (!output.failed() && (input.read(chunk.data(), chunk.size()), input.gcount() > 0)) {
    line.push(as_bytes({chunk.data(), static_cast<std::size_t>(input.gcount())}));
  }
  return exit_good;
}

struct Arrival {
  std::chrono::milliseconds at;
  std::string bytes;
};

// "MS" or "MS HEX"
std::optional<Arrival> parse_arrival(std::string_view text) {
  if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
  std::int64_t at = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), at);
  if (error != std::errc{} || at < 0) return {};
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  auto bytes = from_hex(text);
  if (!bytes) return {};
  return Arrival{std::chrono::milliseconds(at), std::move(*bytes)};
}

int read_arrivals(std::istream& input, InputLine& line, io::ManualClock& clock,
                  const Output& output) {
  const Mono start = clock.now().mono;
  std::string text;
  std::chrono::milliseconds last{0};
  for (std::size_t number = 1; !output.failed() && std::getline(input, text); ++number) {
    if (text.empty() || text == "\r") continue;
    const auto arrival =
        text.size() <= longest_timed_line ? parse_arrival(text) : std::optional<Arrival>{};
    if (!arrival || arrival->at < last) {
      std::cerr << "line " << number << ": "
                << (arrival ? "the time runs backwards"
                            : "expected milliseconds and bytes in hex: MS HEX")
                << '\n';
      return exit_data;
    }
    last = arrival->at;
    clock.advance_to(start + arrival->at);
    if (!arrival->bytes.empty()) line.push(as_bytes(arrival->bytes));
  }
  return exit_good;
}

// The device is asked as often as it has something new to say, which without time is once.
int play_image(Job job, std::istream& input, std::optional<Instant> wall, Output& output) {
  const std::string text(std::istreambuf_iterator<char>(input), {});
  auto image = text.size() <= longest_image ? parse_register_image(text)
                                            : failed(Fault::overlong, "more than 16 MB");
  if (!image) {
    std::cerr << job.input << ": " << image.error().detail << '\n';
    return exit_data;
  }
  io::ManualClock clock(wall);
  ImageLine line(*std::move(image));
  JsonLines lines(output.stream(), JsonLines::Devices::unnamed);
  SessionOptions session_options;
  session_options.offline_after = job.offline_after;
  Session session(session_options, clock, &line, std::move(job.adapter), {}, lines);
  session.start();
  line.opened();
  line.play(clock.now());
  line.ended();
  session.close();
  lines.summary(text.size());
  return lines.good_frames() > 0 ? exit_good : exit_no_frame;
}

int play(Job job, const DecodeOptions& options, std::istream& input, std::optional<Instant> wall,
         Output& output) {
  if (job.kind->recording == Recording::registers)
    return play_image(std::move(job), input, wall, output);
  io::ManualClock clock(wall);
  InputLine line;
  JsonLines lines(output.stream(), JsonLines::Devices::unnamed);
  SessionOptions session_options;
  session_options.offline_after = job.offline_after;
  Session session(session_options, clock, &line, std::move(job.adapter), std::move(job.rules),
                  lines);
  session.start();
  line.opened();
  const int status =
      options.timed ? read_arrivals(input, line, clock, output) : read_bytes(input, line, output);
  line.ended();
  session.close();
  if (session.bytes() == 0) {
    lines.on_effect("", Diagnosis{Cause::no_bytes, "the input is empty"}, clock.now());
  }
  lines.summary(session.bytes());
  if (status != exit_good) return status;
  return lines.good_frames() > 0 ? exit_good : exit_no_frame;
}

}  // namespace

int decode(const DecodeOptions& options, Output& output) {
  std::ios::sync_with_stdio(false);
  std::optional<Instant> wall;
  if (!options.start.empty()) {
    wall = parse_iso_time(options.start);
    if (!wall) {
      std::cerr << "--start wants a time such as 2026-11-20T08:00:00+01:00\n";
      return exit_usage;
    }
  }
  Job job;
  const int status = options.config.empty() ? adapter_job(options, job) : device_job(options, job);
  if (status != exit_good) return status;
  if (job.input == "-") return play(std::move(job), options, std::cin, wall, output);
  std::error_code error;
  std::ifstream file(job.input, std::ios::binary);
  const bool directory = std::filesystem::is_directory(job.input, error);
  if (directory || !file.is_open()) {
    std::cerr << "cannot read " << job.input << ": "
              << (directory ? "a directory, not a file" : std::strerror(errno)) << '\n';
    return exit_no_input;
  }
  return play(std::move(job), options, file, wall, output);
}

}  // namespace gridtap::app
