#include "codec/axdr.hpp"

#include <algorithm>
#include <array>
#include <type_traits>

namespace gridtap {
namespace {

constexpr std::int8_t unknown = -1, container = -2, counted_bytes = -3, counted_bits = -4;

// Content bytes by tag, or one of the marks above.
constexpr std::array<std::int8_t, 256> content_sizes = [] {
  std::array<std::int8_t, 256> sizes{};
  for (std::int8_t& size : sizes) size = unknown;
  const auto set = [&](AxdrTag tag, std::int8_t size) {
    sizes[static_cast<std::size_t>(tag)] = size;
  };
  set(AxdrTag::null_data, 0);
  for (const AxdrTag tag : {AxdrTag::array, AxdrTag::structure}) set(tag, container);
  for (const AxdrTag tag :
       {AxdrTag::boolean, AxdrTag::bcd, AxdrTag::enumeration, AxdrTag::int8, AxdrTag::uint8}) {
    set(tag, 1);
  }
  for (const AxdrTag tag : {AxdrTag::int16, AxdrTag::uint16}) set(tag, 2);
  for (const AxdrTag tag : {AxdrTag::int32, AxdrTag::uint32, AxdrTag::float32, AxdrTag::time}) {
    set(tag, 4);
  }
  for (const AxdrTag tag : {AxdrTag::int64, AxdrTag::uint64, AxdrTag::float64}) set(tag, 8);
  for (const AxdrTag tag : {AxdrTag::octet_string, AxdrTag::visible_string, AxdrTag::utf8_string}) {
    set(tag, counted_bytes);
  }
  set(AxdrTag::bit_string, counted_bits);
  set(AxdrTag::date_time, 12);
  set(AxdrTag::date, 5);
  return sizes;
}();

// An array or structure that is being read.
struct Open {
  std::uint32_t node;
  std::uint32_t left;  // values still to come
};

class Parser {
 public:
  Parser(ByteView bytes, AxdrNode* nodes)
      : begin_(bytes.data()), at_(begin_), end_(begin_ + bytes.size()), nodes_(nodes) {}

  Fault parse() {
    do {
      if (const Fault fault = value(); fault != no_fault) return fault;
      close_full();
      if (depth_ > 0) open_[depth_ - 1].left -= fixed_values(open_[depth_ - 1].left - 1);
    } while (depth_ > 0);
    return no_fault;
  }

  static constexpr Fault no_fault = Fault::config;  // never returned for a value

  std::size_t used() const { return static_cast<std::size_t>(at_ - begin_); }
  std::size_t nodes() const { return count_; }

 private:
  std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }

  Fault value() {
    if (at_ == end_) return Fault::truncated;
    if (count_ == max_axdr_nodes) return Fault::overlong;
    const std::uint8_t tag = *at_++;
    const std::int8_t size = content_sizes[tag];
    if (size < 0) return special(tag, size);
    return push(tag, static_cast<std::uint32_t>(size));
  }

  // Values of fixed size, one after another: most lists are made of them. Stops before anything
  // else, and before the end; returns how many there were.
  std::uint32_t fixed_values(std::uint32_t most) {
    const std::uint8_t* at = at_;
    const std::uint8_t* const end = end_;
    const std::uint32_t before = count_;
    const std::uint32_t last = before + std::min(most, std::uint32_t{max_axdr_nodes} - before);
    std::uint32_t count = before;
    for (AxdrNode* node = nodes_ + before; count != last && at != end; ++node) {
      const std::int8_t size = content_sizes[*at];
      if (size < 0 || size >= end - at) break;
      *node = {at + 1, static_cast<std::uint32_t>(size), ++count, AxdrTag{*at}};
      at += size + 1;
    }
    at_ = at;
    count_ = count;
    return count - before;
  }

  Fault push(std::uint8_t tag, std::uint32_t size) {
    if (size > left()) return Fault::truncated;
    nodes_[count_] = {at_, size, count_ + 1, AxdrTag{tag}};
    ++count_;
    at_ += size;
    return no_fault;
  }

  Fault special(std::uint8_t tag, std::int8_t form) {
    if (form == unknown) {
      --at_;
      return Fault::unsupported;
    }
    if (at_ == end_) return Fault::truncated;
    std::uint32_t count = *at_;
    if (count < 0x80) {
      ++at_;
    } else if (const Fault fault = long_count(count); fault != no_fault) {
      return fault;
    }
    if (form == counted_bytes) return push(tag, count);
    if (form == counted_bits) return push(tag, count / 8 + (count % 8 != 0 ? 1 : 0));
    return open(tag, count);
  }

  Fault long_count(std::uint32_t& count) {
    const std::uint8_t form = *at_;
    if (form != 0x81 && form != 0x82 && form != 0x84) return Fault::bad_syntax;
    Cursor cursor({at_, end_});
    const auto read = take_axdr_count(cursor);
    if (!read) return Fault::truncated;
    at_ = end_ - cursor.rest().size();
    count = *read;
    return no_fault;
  }

  // Every value takes at least one byte, so a count can be judged at once.
  Fault open(std::uint8_t tag, std::uint32_t count) {
    if (count > left()) return Fault::truncated;
    if (depth_ == max_axdr_depth) return Fault::overlong;
    nodes_[count_] = {nullptr, count, count_ + 1, AxdrTag{tag}};
    // It is one of the values that the one around it waits for, once it is full itself.
    open_[depth_++] = {count_++, count + 1};
    return no_fault;
  }

  void close_full() {
    while (depth_ > 0 && --open_[depth_ - 1].left == 0) {
      nodes_[open_[depth_ - 1].node].end = count_;
      --depth_;
    }
  }

  const std::uint8_t* begin_;
  const std::uint8_t* at_;
  const std::uint8_t* end_;
  AxdrNode* nodes_;
  std::uint32_t count_ = 0;
  std::size_t depth_ = 0;
  std::array<Open, max_axdr_depth> open_;
};

Error said(Fault fault, std::size_t at) {
  const std::string place = " at byte " + std::to_string(at) + " of the list";
  if (fault == Fault::unsupported) return {fault, "unknown type" + place};
  if (fault == Fault::overlong) return {fault, "too deep or too many values" + place};
  if (fault == Fault::bad_syntax) return {fault, "a count of unknown form" + place};
  return {fault, "a count or length beyond the end" + place};
}

std::uint64_t big_endian(ByteView bytes) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : bytes) value = value << 8 | byte;
  return value;
}

// The node's content, as large as given by its tag.
template <class Number>
Number fixed(const AxdrNode& node) {
  std::make_unsigned_t<Number> value = 0;
  for (std::size_t n = 0; n < sizeof(Number); ++n) {
    value = static_cast<decltype(value)>((n == 0 ? 0 : value << 8) | node.data[n]);
  }
  return static_cast<Number>(value);
}

}  // namespace

Result<std::size_t> AxdrTree::parse(ByteView bytes) {
  Parser parser(bytes, nodes_.data());
  const Fault fault = parser.parse();
  size_ = fault == Parser::no_fault ? parser.nodes() : 0;
  if (fault != Parser::no_fault) return tl::unexpected<Error>(said(fault, parser.used()));
  return parser.used();
}

std::optional<std::uint32_t> take_axdr_count(Cursor& cursor) {
  Cursor ahead = cursor;
  const auto first = ahead.u8();
  if (!first) return {};
  const std::size_t size = *first & 0x7Fu;
  std::optional<ByteView> bytes;
  if (*first < 0x80) {
    cursor = ahead;
    return *first;
  }
  if (size == 1 || size == 2 || size == 4) bytes = ahead.take(size);
  if (!bytes) return {};
  cursor = ahead;
  return static_cast<std::uint32_t>(big_endian(*bytes));
}

std::optional<std::int64_t> axdr_rarer_integer(const AxdrNode& node) {
  switch (node.tag) {
    case AxdrTag::uint32:
      return std::int64_t{fixed<std::uint32_t>(node)};
    case AxdrTag::uint16:
      return fixed<std::uint16_t>(node);
    case AxdrTag::uint8:
      return fixed<std::uint8_t>(node);
    case AxdrTag::int32:
      return fixed<std::int32_t>(node);
    case AxdrTag::int16:
      return fixed<std::int16_t>(node);
    case AxdrTag::int8:
      return fixed<std::int8_t>(node);
    case AxdrTag::int64:
      return fixed<std::int64_t>(node);
    case AxdrTag::uint64: {
      const auto value = fixed<std::uint64_t>(node);
      return value <= INT64_MAX ? std::optional(static_cast<std::int64_t>(value)) : std::nullopt;
    }
    default:
      return {};
  }
}

}  // namespace gridtap
