#include "server/domain/case_import.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <map>
#include <optional>
#include <span>

#include "core/forms/utf8.hpp"
#include "server/domain/csv_reader.hpp"

namespace terreno::server {
namespace {

enum class Field : std::uint8_t {
  Key,
  Purpose,
  Name,
  Address,
  Lat,
  Lon,
  Phone,
  Kind,
  Reference,
  Radius,
  Precision,
  Due,
  Gestor,
  Form,
  Note,
  Data
};

struct FieldName {
  std::string_view name;
  Field field;
};

// Headings as people write them, already folded by fold_heading().
constexpr FieldName kFieldNames[] = {{"key", Field::Key},
                                     {"clave", Field::Key},
                                     {"purpose", Field::Purpose},
                                     {"proposito", Field::Purpose},
                                     {"name", Field::Name},
                                     {"nombre", Field::Name},
                                     {"address", Field::Address},
                                     {"direccion", Field::Address},
                                     {"domicilio", Field::Address},
                                     {"lat", Field::Lat},
                                     {"latitud", Field::Lat},
                                     {"lon", Field::Lon},
                                     {"longitud", Field::Lon},
                                     {"phone", Field::Phone},
                                     {"telefono", Field::Phone},
                                     {"kind", Field::Kind},
                                     {"tipo", Field::Kind},
                                     {"reference", Field::Reference},
                                     {"referencia", Field::Reference},
                                     {"radius_m", Field::Radius},
                                     {"radio", Field::Radius},
                                     {"radio_m", Field::Radius},
                                     {"precision", Field::Precision},
                                     {"due", Field::Due},
                                     {"vence", Field::Due},
                                     {"gestor", Field::Gestor},
                                     {"form", Field::Form},
                                     {"formulario", Field::Form},
                                     {"note", Field::Note},
                                     {"nota", Field::Note}};

constexpr std::array<std::pair<Field, std::string_view>, 6> kNeeded = {{{Field::Key, "key"},
                                                                        {Field::Purpose, "purpose"},
                                                                        {Field::Name, "name"},
                                                                        {Field::Address, "address"},
                                                                        {Field::Lat, "lat"},
                                                                        {Field::Lon, "lon"}}};

template <typename T>
struct Word {
  std::string_view word;
  T value;
};

constexpr Word<Purpose> kPurposes[] = {{"collection", Purpose::Collection},
                                       {"cobranza", Purpose::Collection},
                                       {"validation", Purpose::Validation},
                                       {"validacion", Purpose::Validation}};
constexpr Word<PlaceKind> kKinds[] = {{"home", PlaceKind::Home},        {"domicilio", PlaceKind::Home},
                                      {"casa", PlaceKind::Home},        {"business", PlaceKind::Business},
                                      {"negocio", PlaceKind::Business}, {"workplace", PlaceKind::Workplace},
                                      {"trabajo", PlaceKind::Workplace}};
constexpr Word<PinPrecision> kPrecisions[] = {{"verified", PinPrecision::Verified},
                                              {"verificado", PinPrecision::Verified},
                                              {"rooftop", PinPrecision::Rooftop},
                                              {"techo", PinPrecision::Rooftop},
                                              {"interpolated", PinPrecision::Interpolated},
                                              {"interpolado", PinPrecision::Interpolated},
                                              {"street", PinPrecision::Street},
                                              {"calle", PinPrecision::Street},
                                              {"approximate", PinPrecision::Approximate},
                                              {"aproximado", PinPrecision::Approximate}};

constexpr std::size_t kMaxKey = 64;
constexpr std::size_t kMaxText = 400;
constexpr std::size_t kMaxDataColumns = 60;
constexpr double kMinRadius_m = 10;
constexpr double kMaxRadius_m = 2'000;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

/// Lower case without Spanish and Portuguese accents, for headings and code words.
std::string fold_heading(std::string_view raw) {
  static constexpr std::pair<std::string_view, char> kAccents[] = {
      {"á", 'a'}, {"é", 'e'}, {"í", 'i'}, {"ó", 'o'}, {"ú", 'u'}, {"Á", 'a'}, {"É", 'e'}, {"Í", 'i'},
      {"Ó", 'o'}, {"Ú", 'u'}, {"ã", 'a'}, {"õ", 'o'}, {"ç", 'c'}, {"Ç", 'c'}, {"ñ", 'n'}, {"Ñ", 'n'}};
  std::string_view rest = trimmed(raw);
  std::string folded;
  while (!rest.empty()) {
    const auto* accent = std::find_if(std::begin(kAccents), std::end(kAccents),
                                      [rest](const auto& pair) { return rest.starts_with(pair.first); });
    if (accent != std::end(kAccents)) {
      folded.push_back(accent->second);
      rest.remove_prefix(accent->first.size());
      continue;
    }
    const char c = rest.front();
    folded.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
    rest.remove_prefix(1);
  }
  return folded;
}

bool longer_than(std::size_t characters, std::string_view text) {
  return text.size() > characters && forms::utf8_characters(text).size() > characters;
}

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

/// The last millisecond of a day yyyy-mm-dd, in the tenant's own time.
std::optional<WallMs> parse_due(std::string_view text, std::int32_t utc_offset_minutes) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto part = [text](std::size_t from, std::size_t size) -> int {
    int value = -1;
    const char* end = text.data() + from + size;
    return std::from_chars(text.data() + from, end, value).ptr == end ? value : -1;
  };
  const int year = part(0, 4);
  const int month = part(5, 2);
  const int day = part(8, 2);
  if (year < 2000 || month < 1 || day < 1) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  const auto days = std::chrono::sys_days(date).time_since_epoch() + std::chrono::days{1};
  return std::chrono::milliseconds(days).count() - std::int64_t{60'000} * utc_offset_minutes - 1;
}

struct Column {
  std::string heading;  ///< as the file has it
  std::optional<Field> field;
  std::string data_name;  ///< of a Data column
};

/// Reads one file. A reader of one line collects problems instead of stopping at the first.
class CaseCsv {
 public:
  CaseCsv(const ImportWorld& world, Language language) : world_(world), language_(language) {}

  CaseTable read(std::string_view csv) {
    if (csv.size() > kMaxImportBytes) return unreadable(0, "import.too_large", {{"limit", "20 MB"}});
    if (const auto fault = find_encoding_fault(csv)) {
      return unreadable(fault->line, "import.not_utf8", {{"column", std::to_string(fault->column)}});
    }
    CsvReader reader(csv);
    const auto heading = reader.next();
    if (!heading) return unreadable(0, "import.empty", {});
    read_headings(*heading);
    if (table_.unreadable) return std::move(table_);
    while (const auto record = reader.next()) {
      if (++lines_ > kMaxImportLines) {
        return unreadable(record->line, "import.too_many_lines",
                          {{"limit", std::to_string(kMaxImportLines)}});
      }
      // What follows the quote has no lines any more, so that not even skipping them would make sense.
      if (const auto line = reader.open_quote_line()) return unreadable(*line, "import.open_quote", {});
      read_line(*record);
    }
    return std::move(table_);
  }

 private:
  using Arguments = std::initializer_list<std::pair<std::string_view, std::string>>;

  void add_problem(std::uint32_t line, std::string_view column, std::string_view key, Arguments arguments) {
    line_is_bad_ = true;
    ++table_.problem_count;
    if (table_.problems.size() >= kMaxImportProblems) return;
    table_.problems.push_back({line, std::string(column), text(language_, key, arguments)});
  }

  CaseTable unreadable(std::uint32_t line, std::string_view key, Arguments arguments) {
    table_.unreadable = true;
    table_.cases.clear();
    // The reason why nothing of it can be read must be among those that are told.
    if (table_.problems.size() >= kMaxImportProblems) table_.problems.pop_back();
    add_problem(line, "", key, arguments);
    return std::move(table_);
  }

  void read_headings(const CsvRecord& record) {
    std::map<Field, std::string> seen;
    for (const std::string& cell : record.cells) {
      Column column{std::string(trimmed(cell)), std::nullopt, {}};
      const std::string folded = fold_heading(cell);
      const auto* known = std::find_if(std::begin(kFieldNames), std::end(kFieldNames),
                                       [&folded](const FieldName& row) { return row.name == folded; });
      if (folded.starts_with("data.") || folded.starts_with("dato.")) {
        column.field = Field::Data;
        column.data_name = folded.substr(5);
      } else if (known != std::end(kFieldNames)) {
        column.field = known->field;
        if (!seen.emplace(known->field, column.heading).second) {
          add_problem(record.line, column.heading, "import.heading_twice", {});
          table_.unreadable = true;
        }
      } else if (!folded.empty()) {
        add_problem(record.line, column.heading, "import.unknown_heading", {});
        table_.unreadable = true;
      }
      columns_.push_back(std::move(column));
    }
    for (const auto& [field, name] : kNeeded) {
      if (seen.contains(field)) continue;
      add_problem(record.line, name, "import.heading_missing", {});
      table_.unreadable = true;
    }
    const auto data_columns = std::count_if(columns_.begin(), columns_.end(),
                                            [](const Column& c) { return c.field == Field::Data; });
    if (static_cast<std::size_t>(data_columns) > kMaxDataColumns) {
      add_problem(record.line, "", "import.too_many_data", {{"limit", std::to_string(kMaxDataColumns)}});
      table_.unreadable = true;
    }
  }

  void read_line(const CsvRecord& record) {
    line_is_bad_ = false;
    CaseImport row;
    line_ = record.line;
    if (record.loose_quote) {
      add_problem(line_, "", "import.loose_quote",
                  {{"first", std::to_string(record.line)}, {"last", std::to_string(record.last_line)}});
    } else if (record.cells.size() > columns_.size()) {
      add_problem(
          line_, "", "import.too_many_cells",
          {{"found", std::to_string(record.cells.size())}, {"expected", std::to_string(columns_.size())}});
    } else {
      for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (!columns_[i].field) continue;
        column_ = columns_[i].heading;
        read_cell(row, columns_[i], i < record.cells.size() ? trimmed(record.cells[i]) : std::string_view());
      }
      check_whole(row);
    }
    if (line_is_bad_) {
      table_.bad_lines += record.last_line - record.line + 1;
    } else {
      table_.cases.push_back(std::move(row));
    }
  }

  void bad(std::string_view key, Arguments arguments = {}) { add_problem(line_, column_, key, arguments); }

  void read_cell(CaseImport& row, const Column& column, std::string_view cell) {
    Case& item = row.item;
    if (longer_than(kMaxText, cell)) return bad("import.too_long", {{"limit", std::to_string(kMaxText)}});
    switch (*column.field) {
      case Field::Key:
        return read_key(item, cell);
      case Field::Purpose:
        return read_word(cell, std::span(kPurposes), item.purpose, true, "cobranza, validación");
      case Field::Name:
        return read_needed(cell, item.party.name);
      case Field::Address:
        return read_needed(cell, item.place.address);
      case Field::Lat:
        return read_degrees(cell, 90, item.place.fence.centre.lat);
      case Field::Lon:
        return read_degrees(cell, 180, item.place.fence.centre.lon);
      case Field::Phone:
        item.party.phone = cell;
        return;
      case Field::Kind:
        return read_word(cell, std::span(kKinds), item.place.kind, false, "domicilio, negocio, trabajo");
      case Field::Reference:
        item.place.reference = cell;
        return;
      case Field::Radius:
        return read_radius(item, cell);
      case Field::Precision:
        return read_word(cell, std::span(kPrecisions), item.place.fence.precision, false,
                         "verificado, techo, interpolado, calle, aproximado");
      case Field::Due:
        return read_due(item, cell);
      case Field::Gestor:
        return read_gestor(row, cell);
      case Field::Form:
        return read_form(item, cell);
      case Field::Note:
        item.note = cell;
        return;
      case Field::Data:
        if (!cell.empty()) item.data[column.data_name] = cell;
        return;
    }
  }

  void read_needed(std::string_view cell, std::string& value) {
    if (cell.empty()) return bad("import.missing");
    value = cell;
  }

  void read_key(Case& item, std::string_view cell) {
    if (cell.empty()) return bad("import.missing");
    if (longer_than(kMaxKey, cell)) return bad("import.too_long", {{"limit", std::to_string(kMaxKey)}});
    item.key = cell;
    const auto [first, added] = keys_.emplace(item.key, line_);
    if (!added) bad("import.key_twice", {{"line", std::to_string(first->second)}});
  }

  template <typename T, std::size_t N>
  void read_word(std::string_view cell, std::span<const Word<T>, N> words, T& value, bool needed,
                 std::string_view choices) {
    if (cell.empty()) {
      if (needed) bad("import.missing");
      return;
    }
    const std::string folded = fold_heading(cell);
    const auto found =
        std::find_if(words.begin(), words.end(), [&](const Word<T>& w) { return w.word == folded; });
    if (found == words.end()) {
      return bad("import.unknown_word", {{"value", std::string(cell)}, {"choices", std::string(choices)}});
    }
    value = found->value;
  }

  void read_degrees(std::string_view cell, double most, double& value) {
    if (cell.empty()) return bad("import.missing");
    const auto number = parse_number(cell);
    if (!number && cell.find(',') != std::string_view::npos) {
      std::string dotted(cell);
      std::replace(dotted.begin(), dotted.end(), ',', '.');
      return bad("import.decimal_comma", {{"value", std::string(cell)}, {"dotted", dotted}});
    }
    if (!number) return bad("import.not_a_number", {{"value", std::string(cell)}});
    if (std::abs(*number) > most) {
      return bad("import.out_of_range", {{"value", std::string(cell)},
                                         {"least", std::to_string(-static_cast<int>(most))},
                                         {"most", std::to_string(static_cast<int>(most))}});
    }
    value = *number;
  }

  void read_radius(Case& item, std::string_view cell) {
    if (cell.empty()) return;
    const auto number = parse_number(cell);
    if (!number || *number < kMinRadius_m || *number > kMaxRadius_m) {
      return bad("import.out_of_range", {{"value", std::string(cell)}, {"least", "10"}, {"most", "2000"}});
    }
    item.place.fence.radius_m = *number;
  }

  void read_due(Case& item, std::string_view cell) {
    if (cell.empty()) return;
    item.due_at_ms = parse_due(cell, world_.utc_offset_minutes);
    if (!item.due_at_ms) bad("import.not_a_date", {{"value", std::string(cell)}});
  }

  void read_gestor(CaseImport& row, std::string_view cell) {
    if (cell.empty()) return;
    row.gestor_login = fold_heading(cell);
    if (!world_.is_gestor(row.gestor_login)) bad("import.unknown_gestor", {{"value", std::string(cell)}});
  }

  void read_form(Case& item, std::string_view cell) {
    if (cell.empty()) return;
    item.form_id = cell;
    if (!world_.is_form(item.form_id)) bad("import.unknown_form", {{"value", std::string(cell)}});
  }

  void check_whole(CaseImport& row) {
    Case& item = row.item;
    column_ = "lat, lon";
    // 0, 0 lies in the ocean: it is what an empty pin becomes in many systems.
    if (!line_is_bad_ && item.place.fence.centre == GeoPoint{0, 0}) bad("import.no_place");
    if (item.form_id.empty()) item.form_id = world_.form_uses.at(form_use_of(item.purpose, item.place.kind));
  }

  const ImportWorld& world_;
  Language language_;
  CaseTable table_;
  std::vector<Column> columns_;
  std::map<std::string, std::uint32_t> keys_;  ///< and the line where each stood first
  std::uint32_t lines_ = 0;
  std::uint32_t line_ = 0;
  std::string_view column_;
  bool line_is_bad_ = false;
};

}  // namespace

CaseTable read_cases_csv(std::string_view csv, const ImportWorld& world, Language language) {
  return CaseCsv(world, language).read(csv);
}

}  // namespace terreno::server
