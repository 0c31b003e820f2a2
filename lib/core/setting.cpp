#include "core/setting.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "core/json_text.hpp"
#include "core/letter_case.hpp"

namespace gridtap {
namespace {

// Words longer than this are not compared: they are not a slip of the pen.
constexpr std::size_t longest_word = 64;

bool same(char a, char b) { return lower(a) == lower(b); }

// Levenshtein's distance whatever the case, with two neighbours swapped counted as one slip
// (optimal string alignment).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = last[j - 1] + (same(a[i - 1], b[j - 1]) ? 0 : 1);
      row[j] = std::min({change, last[j] + 1, row[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && same(a[i - 1], b[j - 2]) && same(a[i - 2], b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before = std::exchange(last, row);
  }
  return last.back();
}

}  // namespace

std::string to_text(const Problem& problem, std::string_view file) {
  std::string text(file);
  if (problem.place.line > 0) {
    text += ':' + std::to_string(problem.place.line) + ':' + std::to_string(problem.place.column);
  }
  text += ": ";
  if (!problem.key.empty()) text += problem.key + ": ";
  return printable(text + problem.text);
}

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& known) {
  if (word.size() > longest_word) return {};
  std::string_view best;
  std::size_t least = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const std::string_view candidate : known) {
    const std::size_t found = distance(word, candidate);
    if (found >= least || found >= candidate.size()) continue;
    least = found;
    best = candidate;
  }
  return best;
}

}  // namespace gridtap
