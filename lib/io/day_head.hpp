#pragma once
// The columns of a day file, as its first line names them, and lines that are made to fit them: a
// file goes on after a restart that knows its columns in another order, or not all of them yet.
// Pure.

#include <string>
#include <string_view>

namespace gridtap::io {

// The columns of the first, then those of the second that it has not.
std::string joined_head(std::string_view first, std::string_view second);

// The same lines under another head, which has all columns of theirs; fields that they do not have
// are empty. Fields of lines are never in quotes, those of heads may be (RFC 4180).
std::string lines_under(std::string_view head, std::string_view lines, std::string_view their_head);

}  // namespace gridtap::io
