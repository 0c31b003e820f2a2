#include "mqtt/tls_probe.hpp"

#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <memory>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

namespace gridtap::mqtt {
namespace {

constexpr timeval patience{3, 0};  // for connecting, and for each answer

template <auto release>
struct Release {
  template <class T>
  void operator()(T* what) const {
    release(what);
  }
};
using Addresses = std::unique_ptr<addrinfo, Release<freeaddrinfo>>;
using Context = std::unique_ptr<SSL_CTX, Release<SSL_CTX_free>>;
using Session = std::unique_ptr<SSL, Release<SSL_free>>;

class Socket {
 public:
  explicit Socket(const addrinfo& address)
      : descriptor_(socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    connected_ = connect(descriptor_, address.ai_addr, address.ai_addrlen) == 0;
  }
  ~Socket() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  int descriptor() const { return descriptor_; }
  bool connected() const { return connected_; }

 private:
  int descriptor_;
  bool connected_ = false;
};

std::string newest_error() {
  const unsigned long code = ERR_peek_last_error();
  const char* const reason = ERR_reason_error_string(code);
  return reason == nullptr ? "unexpected eof" : reason;  // none: the line was closed
}

std::string load_files(SSL_CTX* context, const TlsOptions& options) {
  const bool ca = options.ca_file.empty()
                      ? SSL_CTX_set_default_verify_paths(context) == 1
                      : SSL_CTX_load_verify_file(context, options.ca_file.c_str()) == 1;
  if (!ca) return "no such file: " + options.ca_file;
  if (options.certificate_file.empty()) return {};
  if (SSL_CTX_use_certificate_chain_file(context, options.certificate_file.c_str()) != 1) {
    return "no such file: " + options.certificate_file;
  }
  if (SSL_CTX_use_PrivateKey_file(context, options.key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
    return "no such file: " + options.key_file;
  }
  return {};
}

std::string shake_hands(SSL* session, const std::string& host, int descriptor) {
  X509_VERIFY_PARAM* const rules = SSL_get0_param(session);
  if (X509_VERIFY_PARAM_set1_ip_asc(rules, host.c_str()) != 1) {
    SSL_set1_host(session, host.c_str());
    // What the macro SSL_set_tlsext_host_name does, without its old-style cast.
    SSL_ctrl(session, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
             const_cast<char*>(host.c_str()));
  }
  SSL_set_fd(session, descriptor);
  ERR_clear_error();
  if (SSL_connect(session) == 1) return {};
  const long verified = SSL_get_verify_result(session);
  return verified == X509_V_OK ? newest_error() : X509_verify_cert_error_string(verified);
}

Addresses look_up(const std::string& host, std::uint16_t port) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found) != 0) return {};
  return Addresses(found);
}

}  // namespace

std::string tls_trouble(const std::string& host, std::uint16_t port, const TlsOptions& options) {
  const Context context(SSL_CTX_new(TLS_client_method()));
  if (!context) return newest_error();
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(context.get(), options.insecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, nullptr);
  if (auto trouble = load_files(context.get(), options); !trouble.empty()) return trouble;
  const Addresses addresses = look_up(host, port);
  for (const addrinfo* each = addresses.get(); each != nullptr; each = each->ai_next) {
    const Socket socket(*each);
    if (!socket.connected()) continue;
    const Session session(SSL_new(context.get()));
    return session ? shake_hands(session.get(), host, socket.descriptor()) : newest_error();
  }
  return "cannot connect";
}

}  // namespace gridtap::mqtt
