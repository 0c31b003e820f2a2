#pragma once
// The interfaces to the outside: lines, timers, the clock, the broker, the store, pins, the log.
// They have no fields. Callbacks come from the loop, never from inside a call, and none after
// close() or the end of the port.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/ip_address.hpp"
#include "core/part.hpp"

namespace gridtap {

struct Port {
  virtual ~Port() = default;
};

struct LineEvents {
  virtual void on_open() = 0;
  virtual void on_bytes(ByteView bytes) = 0;
  virtual void on_closed(const Error& why) = 0;  // also when open() failed

 protected:
  ~LineEvents() = default;
};

// A serial port, a socket, a file. `settings` are for serial ports; others ignore them.
struct Line : Port {
  virtual void open(SerialSettings settings, LineEvents& events) = 0;
  virtual void write(ByteView bytes) = 0;
  virtual void close() = 0;
  // Parity, framing and overrun errors that the port has counted since open; 0 if it does not
  // count them.
  virtual std::uint64_t errors() const { return 0; }
};

struct Timer : Port {
  virtual void set(Mono due) = 0;  // replaces what was set; Mono::max(): off
};

struct Clock : Port {
  virtual Now now() const = 0;
  virtual std::unique_ptr<Timer> timer(std::function<void()> due) = 0;
};

// One datagram of UDP. `on_link`: its sender has an address of a network that this machine is in.
struct Datagram {
  SocketAddress from;
  bool on_link = false;
  ByteView bytes;  // what is longer than the port takes is cut off
};

struct DatagramEvents {
  virtual void on_open() = 0;
  virtual void on_datagram(const Datagram& datagram) = 0;
  virtual void on_flood() = 0;  // more came than are read in that time: the others are lost
  virtual void on_closed(const Error& why) = 0;  // also when open() failed

 protected:
  ~DatagramEvents() = default;
};

// A UDP port of this machine. Datagrams are sent where there is room, else lost, as on any network.
struct DatagramPort : Port {
  virtual void open(DatagramEvents& events) = 0;
  virtual void send(const SocketAddress& to, ByteView bytes) = 0;
  virtual void close() = 0;
};

struct StreamEvents {
  virtual void on_open() = 0;  // clients may come from now on
  // Numbers are never used twice. What was sent to a client that went by itself may be lost.
  virtual void on_client(std::uint64_t client, const SocketAddress& from) = 0;
  virtual void on_bytes(std::uint64_t client, ByteView bytes) = 0;
  virtual void on_gone(std::uint64_t client) = 0;  // by itself; not after drop()
  virtual void on_closed(const Error& why) = 0;    // the port, with all clients; also when open()
                                                   // failed

 protected:
  ~StreamEvents() = default;
};

// A TCP port of this machine, for clients that get a stream of bytes, or ask. Numbers of clients
// that are gone are ignored everywhere.
struct StreamPort : Port {
  virtual void open(StreamEvents& events) = 0;
  // At once what fits, the rest as the far end takes it. The sender uses unread() to keep this
  // from growing.
  virtual void send(std::uint64_t client, ByteView bytes) = 0;
  // Bytes that wait for the far end to take them, those that the kernel holds included.
  virtual std::size_t unread(std::uint64_t client) const = 0;
  virtual void drop(std::uint64_t client) = 0;
  virtual void close() = 0;
};

// What a web server said. `location`: of a redirect; empty without one.
struct WebAnswer {
  int status = 0;
  std::string location = {};
};

// Asks web servers. One question at a time: REQUIRES: the answer to the last one has come.
struct WebClient : Port {
  using OnAnswer = std::function<void(const Result<WebAnswer>&)>;
  // The head of a page, without following it elsewhere. `url`: http or https.
  virtual void head(const std::string& url, OnAnswer on_answer) = 0;
};

struct WebField {
  std::string name, value;
};

// What a browser, a script or a scraper asks of us. Views live during the call.
struct WebRequest {
  std::string_view method, path, query, body;  // path: decoded, "/api/state"
  std::span<const WebField> fields;            // names in lower case
  std::string_view address;                    // of the client, numeric
  bool from_loopback = false, encrypted = false;

  // The value of the first field of that name, which is in lower case; empty without one.
  std::string_view field(std::string_view name) const;
};

struct WebReply {
  int status = 200;
  std::string_view type = {};  // "application/json"; lives as long as the program
  std::string body = {};
  std::string_view fixed = {};        // instead of body; lives as long as the program
  std::vector<WebField> fields = {};  // further ones
};

// Answers requests, each at once or later, by its number.
struct WebFace {
  virtual void on_request(std::uint64_t number, const WebRequest& request) = 0;
  // Who asked has gone: an answer would be thrown away, a stream has ended.
  virtual void on_gone(std::uint64_t number) = 0;

 protected:
  ~WebFace() = default;
};

// Listens for requests. Numbers that are gone are ignored everywhere.
struct WebServer : Port {
  virtual void start(WebFace& face) = 0;
  virtual void answer(std::uint64_t number, WebReply reply) = 0;
  // Instead of an answer: the head of what goes on until one side ends it. False: there are too
  // many streams, and that was answered.
  virtual bool stream(std::uint64_t number, WebReply head) = 0;
  // More of a stream, shared by all who get the same. Who reads too slowly is closed: on_gone().
  // A text of any length goes where nothing is unread.
  virtual void send(std::uint64_t number, std::shared_ptr<const std::string> text) = 0;
  // Bytes of a stream that wait for the far end to take them.
  virtual std::size_t unread(std::uint64_t number) const = 0;
  virtual void end(std::uint64_t number) = 0;  // of a stream
};

// Listens to the effects of a device: the broker side, JSON lines, another device's rules.
struct Sink : Port {
  virtual void on_effect(std::string_view device, const Effect& effect, Now now) = 0;
};

struct Message {
  std::string_view topic, payload;
  bool retain = true;
  std::uint8_t qos = 0;
};

// A message that the broker has brought. `expires`: who sent it does not want it to count after
// that (the message expiry interval of MQTT 5).
struct Arrival {
  std::string_view topic, payload;
  bool retained = false;
  std::optional<Mono> expires = {};
};

// What a connection to the broker can do. MQTT 5 answers a message that it does not allow with the
// reason; MQTT 3.1.1 drops it in silence.
struct BrokerSession {
  bool tells_denials = true;
};

// A topic (or filter) that the broker does not let us write (or read), with its reason in words.
struct Denial {
  enum class Access : std::uint8_t { write, read };
  Access access = Access::write;
  std::string_view topic, reason;
};

struct BrokerEvents {
  virtual void on_connected(const BrokerSession& session) = 0;
  virtual void on_disconnected(const Error& why) = 0;
  virtual void on_ready() = 0;  // after a refused publish: room again
  virtual void on_message(const Arrival& message) = 0;
  // They came faster than they were read; of each topic the newest was not dropped.
  virtual void on_dropped(std::uint64_t messages) = 0;
  virtual void on_denied(const Denial& denial) = 0;
  // A feature or limit of this broker that affects us: what it is, what follows, and the remedy.
  virtual void on_problem(std::string_view text) = 0;

 protected:
  ~BrokerEvents() = default;
};

// Reconnects indefinitely, publishes only while connected. Does not queue: the caller keeps the
// latest value and publishes it again after on_ready() or on_connected(). What the broker's limits
// forbid for good is left out, reported once by on_problem(), and counts as published.
struct Broker : Port {
  virtual void start(BrokerEvents& events) = 0;
  // `own`: what we publish ourselves comes back too (with MQTT 3.1.1 it always does).
  virtual void subscribe(std::string_view filter, bool own) = 0;
  virtual bool publish(const Message& message) = 0;  // false: not now
  virtual void stop() = 0;                           // bounded, then disconnected
};

// What survives a restart. put() is written within half an hour and at the end; `soon` asks for
// seconds. get() of an unknown key is empty.
struct Store : Port {
  virtual std::string get(std::string_view key) const = 0;
  virtual void put(std::string_view key, std::string text, bool soon = false) = 0;
};

// The output lines of relays, known by their position in the configuration. On is what a person
// means by it, whatever the polarity of the line. A line is taken by the first set() that succeeds;
// one that was lost is given back and taken again by the next. Calls take microseconds.
struct Pins : Port {
  // Drives the line and returns the level read back, or why it cannot be driven: who holds it, what
  // is missing, what helps. A line that was not held never has another level in between.
  virtual Result<bool> set(std::size_t pin, bool on) = 0;
  // The level that the line has now, or why it was lost or is not held.
  virtual Result<bool> read(std::size_t pin) = 0;
};

enum class Level : std::uint8_t { debug, info, warning, error };

// One line for a person: which device, what is wrong, what helps. Never a secret.
struct Log : Port {
  virtual void write(Level level, std::string_view device, std::string_view text) = 0;
};

}  // namespace gridtap
