#include "io/file_store.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <optional>
#include <utility>

#include "io/made_files.hpp"

namespace gridtap::io {
namespace {

namespace fs = std::filesystem;

}  // namespace

Result<std::unique_ptr<FileStore>> FileStore::open(const std::string& directory, Loop& loop,
                                                   Clock& clock, Log& log, Write write) {
  make_directory(directory);
  std::unique_ptr<FileStore> store(new FileStore(directory, loop, clock, log, std::move(write)));
  if (const auto locked = store->lock(); !locked) return tl::unexpected(locked.error());
  store->read();
  return store;
}

FileStore::FileStore(std::string directory, Loop& loop, Clock& clock, Log& log, Write write)
    : directory_(std::move(directory)),
      path_(directory_ + "/state"),
      clock_(clock),
      log_(log),
      write_(std::move(write)),
      background_(loop),
      timer_(clock.timer([this] { begin_write(); })) {}

FileStore::~FileStore() = default;

// A directory without permission or on a full disk has no lock either: that shows when we write.
Result<bool> FileStore::lock() {
  StateLock::Attempt attempt = StateLock::take(directory_);
  if (attempt.error != 0) {
    failed_to_write(std::strerror(attempt.error));
    return false;
  }
  if (!attempt.lock) {
    return failed(Fault::io, "another gridtap (" + attempt.holder + ") uses " + directory_ +
                                 ": give this one a `state_dir` of its own");
  }
  lock_ = std::move(attempt.lock);
  return true;
}

void FileStore::read() {
  if (!read_file(path_)) read_file(path_ + ".old");
}

bool FileStore::read_file(const std::string& path) {
  std::error_code error;
  const auto text = content_of(path, error);
  if (error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory) {
    return false;
  }
  auto state = text && text->size() <= max_state_file ? parse_state(*text) : std::nullopt;
  if (!state) {
    set_aside(path,
              error ? "cannot be read: " + error.message() : "is broken or of another version");
    return false;
  }
  texts_ = std::move(state->texts);
  if (!state->current) set_due(clock_.now().mono + soon_delay);
  return true;
}

void FileStore::set_aside(const std::string& path, const std::string& why) {
  std::string aside;
  std::error_code ignored;
  for (int n = 1; n <= max_set_aside; ++n) {
    aside = path_ + ".broken-" + std::to_string(n);
    if (!fs::exists(fs::symlink_status(aside, ignored))) break;
  }
  const bool moved = std::rename(path.c_str(), aside.c_str()) == 0;
  warn("the state file " + path + " " + why + (moved ? ": set aside as " + aside : "") +
       ", the previous generation is used if there is one");
}

std::string FileStore::get(std::string_view key) const {
  const auto found = texts_.find(key);
  return found == texts_.end() ? std::string{} : found->second;
}

void FileStore::put(std::string_view key, std::string text, bool soon) {
  const auto found = texts_.find(key);
  if (found != texts_.end() ? found->second != text : !text.empty()) {
    change(key, std::move(text));
    due_ = std::min(due_, clock_.now().mono + late_delay);
  } else if (!soon || due_ == Mono::max()) {
    return;  // it is on the disk already, or on its way
  }
  urgent_ = urgent_ || soon;
  set_due(soon ? std::min(due_, clock_.now().mono + soon_delay) : due_);
}

void FileStore::change(std::string_view key, std::string text) {
  if (text.empty()) {
    texts_.erase(texts_.find(key));
  } else {
    texts_.insert_or_assign(std::string(key), std::move(text));
  }
}

// One at a time. What changes meanwhile is due after it, in its newest form.
void FileStore::begin_write() {
  if (writing_ || due_ == Mono::max()) return;
  set_due(Mono::max());
  urgent_ = false;
  writing_ = std::make_shared<std::string>();
  background_.run([write = write_, directory = directory_, path = path_, rows = rows_of(texts_),
                   why = writing_] { *why = write(directory, path, rows); },
                  [this, why = writing_] {
                    if (why == writing_) end_write();  // else flush() has waited for it
                  });
}

void FileStore::end_write() {
  const auto why = std::exchange(writing_, nullptr);
  complained_ = complained_ && !why->empty();
  if (!why->empty()) {
    failed_to_write(*why);
    due_ = std::min(due_, clock_.now().mono + late_delay);
  }
  set_due(due_);
}

// The one on its way may be of before the last change.
void FileStore::flush() {
  const auto end = std::chrono::steady_clock::now() + patience;
  if (!writing_) begin_write();
  while (writing_) {
    const auto left = end - std::chrono::steady_clock::now();
    if (!background_.wait(std::chrono::ceil<std::chrono::milliseconds>(left))) {
      return warn("the disk of " + directory_ + " takes longer than " +
                  std::to_string(patience / std::chrono::seconds(1)) +
                  " s to write the state: not waited for");
    }
    const bool written = writing_->empty();
    end_write();
    if (written) begin_write();
  }
}

void FileStore::flush_urgent() {
  if (urgent_) flush();
}

void FileStore::set_due(Mono due) {
  due_ = due;
  timer_->set(due);
}

void FileStore::warn(const std::string& text) { log_.write(Level::warning, "gateway", text); }

void FileStore::failed_to_write(const std::string& why) {
  due_ = std::min(due_, clock_.now().mono + late_delay);
  timer_->set(due_);
  if (std::exchange(complained_, true)) return;
  warn("cannot store the state in " + directory_ + ": " + why +
       "; it will not survive a restart until this is fixed. The directory must exist, and the "
       "user that "
       "runs gridtap must be allowed to write there");
}

}  // namespace gridtap::io
