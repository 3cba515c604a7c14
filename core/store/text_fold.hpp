#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace terreno {

/// UTF-8 text as search compares it: lower case, without the accents of the Latin letters that Spanish,
/// Portuguese and English use (ñ becomes n, ç c), runs of anything but letters and digits as one space.
/// Letters of other scripts and malformed bytes stay as they are.
std::string fold_text(std::string_view text);

/// The words of a search, folded.
std::vector<std::string> search_words(std::string_view text);

}  // namespace terreno
