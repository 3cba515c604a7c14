#include "server/domain/csv_reader.hpp"

#include <algorithm>

namespace terreno::server {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

char detect_separator(std::string_view text) {
  const std::string_view first_line = text.substr(0, text.find_first_of("\r\n"));
  char best = ',';
  std::ptrdiff_t most = 0;
  for (const char candidate : {',', ';', '\t'}) {
    const auto count = std::count(first_line.begin(), first_line.end(), candidate);
    if (count > most) {
      most = count;
      best = candidate;
    }
  }
  return best;
}

/// Length of the UTF-8 sequence at the start of `text`; 0 when there is none (RFC 3629: no overlong forms, no
/// surrogates, nothing above U+10FFFF).
std::size_t utf8_length(std::string_view text) {
  const auto at = [text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const auto continues = [&](std::size_t i) { return i < text.size() && (at(i) & 0xC0) == 0x80; };
  const std::uint8_t lead = at(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return continues(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    if (!continues(1) || !continues(2)) return 0;
    if (lead == 0xE0 && at(1) < 0xA0) return 0;
    if (lead == 0xED && at(1) >= 0xA0) return 0;
    return 3;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    if (!continues(1) || !continues(2) || !continues(3)) return 0;
    if (lead == 0xF0 && at(1) < 0x90) return 0;
    if (lead == 0xF4 && at(1) >= 0x90) return 0;
    return 4;
  }
  return 0;
}

}  // namespace

CsvReader::CsvReader(std::string_view text) : rest_(text) {
  if (rest_.starts_with(kByteOrderMark)) rest_.remove_prefix(kByteOrderMark.size());
  separator_ = detect_separator(rest_);
}

std::optional<CsvRecord> CsvReader::next() {
  while (!rest_.empty()) {
    CsvRecord record = read_record();
    const bool blank = record.cells.size() == 1 && record.cells.front().empty();
    if (!blank) return record;
  }
  return std::nullopt;
}

CsvRecord CsvReader::read_record() {
  CsvRecord record;
  record.line = record.last_line = line_;
  std::string cell;
  while (!rest_.empty()) {
    const char c = rest_.front();
    if (c == '"' && cell.empty()) {
      cell = read_quoted(record.loose_quote);
      record.last_line = line_;
      continue;
    }
    rest_.remove_prefix(1);
    if (c == separator_) {
      record.cells.push_back(std::move(cell));
      cell.clear();
    } else if (c == '\n') {
      ++line_;
      break;
    } else if (c != '\r') {
      cell.push_back(c);
    }
  }
  record.cells.push_back(std::move(cell));
  return record;
}

std::string CsvReader::read_quoted(bool& loose) {
  const std::uint32_t opened_at = line_;
  std::string cell;
  rest_.remove_prefix(1);
  while (!rest_.empty()) {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    if (c == '"') {
      if (!rest_.starts_with('"')) {
        const std::string_view after = rest_.substr(std::min(rest_.find_first_not_of(' '), rest_.size()));
        const bool ends_cell =
            after.empty() || after.front() == separator_ || after.front() == '\r' || after.front() == '\n';
        loose = loose || !ends_cell;
        return cell;
      }
      rest_.remove_prefix(1);
    } else if (c == '\n') {
      ++line_;
    }
    cell.push_back(c);
  }
  open_quote_line_ = opened_at;
  return cell;
}

std::optional<EncodingFault> find_encoding_fault(std::string_view text) {
  std::uint32_t line = 1;
  std::size_t line_start = 0;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_length(text.substr(i));
    if (length == 0) {
      return EncodingFault{line, static_cast<std::uint32_t>(i - line_start + 1),
                           static_cast<std::uint8_t>(text[i])};
    }
    if (text[i] == '\n') {
      ++line;
      line_start = i + 1;
    }
    i += length;
  }
  return std::nullopt;
}

}  // namespace terreno::server
