#include "codec/pattern.hpp"

#include <array>

#include <re2/re2.h>

namespace gridtap {
namespace {

constexpr std::int64_t most_memory = 1 << 20;

RE2::Options options() {
  RE2::Options options;
  options.set_encoding(RE2::Options::EncodingLatin1);
  options.set_log_errors(false);
  options.set_dot_nl(true);
  options.set_max_mem(most_memory);
  return options;
}

}  // namespace

struct Pattern::Compiled {
  explicit Compiled(std::string_view text)
      : expression(re2::StringPiece(text.data(), text.size()), options()) {}
  RE2 expression;
};

Pattern::Pattern(std::unique_ptr<Compiled> compiled) : compiled_(std::move(compiled)) {
  names_.resize(static_cast<std::size_t>(compiled_->expression.NumberOfCapturingGroups()) + 1);
  for (const auto& [number, name] : compiled_->expression.CapturingGroupNames()) {
    names_[static_cast<std::size_t>(number)] = name;
  }
}
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

Result<Pattern> Pattern::make(std::string_view text) {
  auto compiled = std::make_unique<Compiled>(text);
  if (!compiled->expression.ok()) return failed(Fault::config, compiled->expression.error());
  if (compiled->expression.NumberOfCapturingGroups() > static_cast<int>(most_groups)) {
    return failed(Fault::config, "more than " + std::to_string(most_groups) + " groups");
  }
  return Pattern(std::move(compiled));
}

std::optional<Pattern::Match> Pattern::match_whole(std::string_view text) const {
  return match(text, true);
}

std::optional<Pattern::Match> Pattern::search(std::string_view text) const {
  return match(text, false);
}

std::optional<Pattern::Match> Pattern::match(std::string_view text, bool whole) const {
  std::array<re2::StringPiece, most_groups + 1> found;
  const re2::StringPiece input(text.data(), text.size());
  const auto anchor = whole ? RE2::ANCHOR_BOTH : RE2::UNANCHORED;
  const int count = static_cast<int>(names_.size());
  if (!compiled_->expression.Match(input, 0, text.size(), anchor, found.data(), count)) return {};
  Match match;
  match.begin = static_cast<std::size_t>(found[0].data() - text.data());
  match.end = match.begin + found[0].size();
  for (std::size_t n = 1; n < names_.size(); ++n) {
    if (names_[n].empty() || found[n].data() == nullptr) continue;
    match.groups.push_back({names_[n], {found[n].data(), found[n].size()}});
  }
  return match;
}

}  // namespace gridtap
