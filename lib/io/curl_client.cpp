#include "io/curl_client.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <asio.hpp>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

namespace gridtap::io {
namespace {

// The last line of what curl writes; the head of the page is before it.
constexpr std::string_view write_out = R"(\n%{http_code} %{redirect_url}\n)";

// A file without a name, with this text, to be read from its begin; -1: there is none.
int file_of(std::string_view text) {
  const int file = ::memfd_create("curl", MFD_CLOEXEC);
  if (file < 0) return -1;
  const bool whole = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (whole && ::lseek(file, 0, SEEK_SET) == 0) return file;
  ::close(file);
  return -1;
}

struct Outputs {
  int out[2] = {-1, -1};  // a pipe
  int errors = -1;        // a file

  Outputs() {
    errors = file_of("");
    // It blocks: a program that finds a full pipe waits. Asio unblocks the end that is read here.
    if (::pipe2(out, O_CLOEXEC) != 0) out[0] = out[1] = -1;
  }
  bool whole() const { return errors >= 0 && out[0] >= 0; }
};

// Readable when the process has ended. The C library's header for it is not fit for C++.
int descriptor_of(pid_t process) { return static_cast<int>(::syscall(SYS_pidfd_open, process, 0)); }

// 0, or what went wrong.
int spawn(pid_t& child, const std::string& program, int input, const Outputs& outputs) {
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, outputs.out[1], STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, outputs.errors, STDERR_FILENO);
  std::string words[] = {program, "--disable", "--config", "-"};
  char* arguments[] = {words[0].data(), words[1].data(), words[2].data(), words[3].data(), nullptr};
  const int error = ::posix_spawnp(&child, program.c_str(), &actions, nullptr, arguments, environ);
  ::posix_spawn_file_actions_destroy(&actions);
  return error;
}

// "curl: (6) Could not resolve host: ..." without the program's name.
std::string first_line_of(int file) {
  char text[512];
  const ssize_t size = ::pread(file, text, sizeof text, 0);
  std::string_view line(text, size > 0 ? static_cast<std::size_t>(size) : 0);
  line = line.substr(0, line.find('\n'));
  constexpr std::string_view name = "curl: ";
  if (line.starts_with(name)) line.remove_prefix(name.size());
  return line.empty() ? "curl has ended without an answer" : std::string(line);
}

std::optional<WebAnswer> answer_of(std::string_view text) {
  while (text.ends_with('\n')) text.remove_suffix(1);
  const std::size_t begin = text.rfind('\n');
  const std::string_view line = begin == text.npos ? text : text.substr(begin + 1);
  WebAnswer answer;
  const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), answer.status);
  if (error != std::errc{} || answer.status == 0 || *end != ' ') return {};
  answer.location = line.substr(static_cast<std::size_t>(end - line.data()) + 1);
  return answer;
}

}  // namespace

std::optional<std::string> curl_config_of_head(const std::string& url) {
  const bool https = url.starts_with("https://"), http = url.starts_with("http://");
  const bool printable = std::all_of(url.begin(), url.end(), [](char c) {
    return static_cast<unsigned char>(c) > 0x20 && c != 0x7F;
  });
  if (!(https || http) || !printable || url.size() > CurlClient::max_url) return {};
  std::string quoted;
  for (const char c : url) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return "url = \"" + quoted + "\"\nproto = \"" + (https ? "=https" : "=http") +
         "\"\nhead\ngloboff\nsilent\nshow-error\nconnect-timeout = 10\nmax-time = " +
         std::to_string(CurlClient::longest.count()) +
         "\nuser-agent = \"gridtap\"\nwrite-out = \"" + std::string(write_out) + "\"\n";
}

// One request. It keeps itself alive while handlers are on their way, and is silent once ended.
class CurlClient::Request : public std::enable_shared_from_this<Request> {
 public:
  Request(Loop& loop, OnAnswer on_answer)
      : on_answer_(std::move(on_answer)),
        output_(loop.context()),
        process_(loop.context()),
        timer_(loop.context()) {}
  ~Request() {
    if (errors_ >= 0) ::close(errors_);
  }

  void start(pid_t child, const Outputs& outputs) {
    child_ = child;
    errors_ = outputs.errors;
    output_.assign(outputs.out[0]);
    std::error_code ignored;
    process_.assign(descriptor_of(child), ignored);
    timer_.expires_after(killed_after);
    timer_.async_wait([self = shared_from_this()](std::error_code error) {
      if (!error) self->kill_child();
    });
    read();
  }

  // Without an answer.
  void end() {
    on_answer_ = nullptr;
    kill_child();
  }

  void answer(const Result<WebAnswer>& result) {
    const OnAnswer on_answer = std::exchange(on_answer_, nullptr);
    if (on_answer) on_answer(result);
  }

 private:
  // One that has ended meanwhile has no number any more, and -1 means every process.
  void kill_child() const {
    if (child_ > 0) ::kill(child_, SIGKILL);
  }

  void read() {
    output_.async_read_some(asio::buffer(chunk_),
                            [self = shared_from_this()](std::error_code error, std::size_t size) {
                              if (error) return self->await_end();
                              self->text_.append(self->chunk_, size);
                              if (self->text_.size() > max_answer)
                                self->text_.erase(0, self->text_.size() - max_answer);
                              self->read();
                            });
  }

  // Its output has ended, and so does it.
  void await_end() {
    process_.async_wait(asio::posix::stream_descriptor::wait_read,
                        [self = shared_from_this()](std::error_code) { self->ended(); });
  }

  void ended() {
    timer_.cancel();
    int status = 0;
    const bool gone = ::waitpid(std::exchange(child_, -1), &status, 0) > 0;
    const auto heard = answer_of(text_);
    const bool good = gone && WIFEXITED(status) && WEXITSTATUS(status) == 0 && heard;
    if (good) return answer(*heard);
    const bool killed = gone && WIFSIGNALED(status);
    answer(failed(Fault::io, killed ? "no answer in time" : first_line_of(errors_)));
  }

  OnAnswer on_answer_;
  asio::posix::stream_descriptor output_, process_;
  asio::steady_timer timer_;
  pid_t child_ = -1;
  int errors_ = -1;
  char chunk_[4096];
  std::string text_;
};

CurlClient::CurlClient(Loop& loop, std::string program)
    : loop_(loop), program_(std::move(program)) {}

CurlClient::~CurlClient() {
  if (request_) request_->end();
}

void CurlClient::head(const std::string& url, OnAnswer on_answer) {
  const auto config = curl_config_of_head(url);
  request_ = std::make_shared<Request>(loop_, std::move(on_answer));
  const auto fails = [&](Fault fault, std::string why) {
    loop_.post([request = request_, error = Error{fault, std::move(why)}] {
      request->answer(tl::unexpected<Error>(error));
    });
  };
  if (!config) return fails(Fault::config, "no address of a web server: " + url);
  const Outputs outputs;
  const int input = outputs.whole() ? file_of(*config) : -1;
  pid_t child = -1;
  const int error = input < 0 ? EMFILE : spawn(child, program_, input, outputs);
  if (input >= 0) ::close(input);
  if (outputs.out[1] >= 0) ::close(outputs.out[1]);
  if (error == 0) return request_->start(child, outputs);
  if (outputs.out[0] >= 0) ::close(outputs.out[0]);
  if (outputs.errors >= 0) ::close(outputs.errors);
  fails(Fault::io, error == ENOENT
                       ? "the program " + program_ + " is not there: sudo apt-get install curl"
                       : program_ + " cannot be started: " + std::strerror(error));
}

}  // namespace gridtap::io
