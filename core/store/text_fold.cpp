#include "core/store/text_fold.hpp"

#include <cstdint>

namespace terreno {
namespace {

// U+00C0..U+00FF without accents, lower case; '.' marks what is no letter (× and ÷), and the few that become
// two letters keep their first.
constexpr std::string_view kLatin1 = "aaaaaaaceeeeiiiidnooooo.ouuuuypsaaaaaaaceeeeiiiidnooooo.ouuuuypy";

// U+0300..U+036F stand after their letter in text that was decomposed (a Mac's file names, some keyboards).
bool is_combining_accent(std::uint32_t code) { return code >= 0x300 && code <= 0x36F; }

void add_space(std::string& out) {
  if (!out.empty() && out.back() != ' ') out += ' ';
}

void fold_ascii(char c, std::string& out) {
  if (c >= 'A' && c <= 'Z') {
    out += static_cast<char>(c - 'A' + 'a');
  } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
    out += c;
  } else {
    add_space(out);
  }
}

void fold_two_bytes(std::string_view pair, std::string& out) {
  const auto code =
      (static_cast<std::uint32_t>(pair[0] & 0x1F) << 6) | static_cast<std::uint32_t>(pair[1] & 0x3F);
  if (is_combining_accent(code)) return;
  if (code < 0xC0) {
    add_space(out);  // signs such as º, ¿, no-break space
  } else if (code <= 0xFF) {
    const char letter = kLatin1[code - 0xC0];
    if (letter == '.') {
      add_space(out);
    } else {
      out += letter;
    }
  } else {
    out += pair;
  }
}

bool continues(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
}

}  // namespace

std::string fold_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80) {
      fold_ascii(text[i], out);
    } else if ((byte & 0xE0) == 0xC0 && continues(text, i + 1)) {
      fold_two_bytes(text.substr(i, 2), out);
      ++i;
    } else {
      out += text[i];
    }
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::vector<std::string> search_words(std::string_view text) {
  const std::string folded = fold_text(text);
  std::vector<std::string> words;
  for (std::size_t from = 0; from < folded.size();) {
    const std::size_t space = folded.find(' ', from);
    const std::size_t end = space == std::string::npos ? folded.size() : space;
    words.push_back(folded.substr(from, end - from));
    from = end + 1;
  }
  return words;
}

}  // namespace terreno
