#include "io/log.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "core/json_text.hpp"

namespace gridtap::io {
namespace {

struct LevelNames {
  spdlog::level::level_enum spd;
  std::string_view journal;  // sd-daemon(3)
  std::string_view word;
};
constexpr std::array<LevelNames, 4> levels = {{
    {spdlog::level::debug, "<7>", "DEBUG"},
    {spdlog::level::info, "<6>", "INFO"},
    {spdlog::level::warn, "<4>", "WARNING"},
    {spdlog::level::err, "<3>", "ERROR"},
}};

const LevelNames& names_of(Level level) { return levels[static_cast<std::size_t>(level)]; }

// The variable is inherited by terminals and scripts too: it counts where it names our own standard
// error, as DEVICE:INODE (systemd.exec(5)).
bool writes_to_journal() {
  const char* stream = std::getenv("JOURNAL_STREAM");
  struct stat status{};
  if (stream == nullptr || ::fstat(STDERR_FILENO, &status) != 0) return false;
  return std::to_string(status.st_dev) + ':' + std::to_string(status.st_ino) == stream;
}

class SpdLog final : public Log {
 public:
  explicit SpdLog(Level least)
      : logger_("gridtap", std::make_shared<spdlog::sinks::stderr_sink_st>()),
        journal_(writes_to_journal()) {
    logger_.set_pattern(journal_ ? "%v" : "%Y-%m-%d %H:%M:%S %v");
    logger_.set_level(names_of(least).spd);
    logger_.flush_on(spdlog::level::debug);
  }

  void write(Level level, std::string_view device, std::string_view text) override {
    const LevelNames& names = names_of(level);
    if (!logger_.should_log(names.spd)) return;
    logger_.log(names.spd, "{}{} {}: {}", journal_ ? names.journal : "", names.word, device,
                printable(text));
  }

 private:
  spdlog::logger logger_;
  bool journal_;
};

}  // namespace

std::unique_ptr<Log> make_log(Level least) { return std::make_unique<SpdLog>(least); }

}  // namespace gridtap::io
