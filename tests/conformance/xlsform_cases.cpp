#include "tests/conformance/xlsform_cases.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <regex>
#include <stdexcept>

#include "core/forms/form_file.hpp"
#include "core/forms/xlsform.hpp"
#include "tests/conformance/form_matcher.hpp"

namespace terreno::test {
namespace {

using namespace terreno::forms;

struct Message {
  bool error = true;
  std::regex pattern;
  std::vector<std::string> codes;
};

/// kind,pattern,codes: a comma inside a pattern is written ";", several codes stand between bars.
std::vector<Message> read_messages() {
  std::ifstream in(std::filesystem::path(TERRENO_SOURCE_DIR) / "tests/conformance/xlsform_messages.csv");
  if (!in) throw std::runtime_error("no xlsform_messages.csv");
  std::vector<Message> messages;
  std::string line;
  std::getline(in, line);  // the headings
  while (std::getline(in, line)) {
    const std::size_t first = line.find(',');
    const std::size_t last = line.rfind(',');
    std::string pattern = line.substr(first + 1, last - first - 1);
    std::replace(pattern.begin(), pattern.end(), ';', ',');
    Message message{line.substr(0, first) == "error", std::regex(pattern), {}};
    for (std::size_t at = last + 1; at < line.size();) {
      const std::size_t bar = std::min(line.find('|', at), line.size());
      message.codes.push_back(line.substr(at, bar - at));
      at = bar + 1;
    }
    messages.push_back(std::move(message));
  }
  return messages;
}

const Message* message_for(bool error, const std::string& text) {
  static const std::vector<Message> kMessages = read_messages();
  for (const Message& message : kMessages) {
    if (message.error == error && std::regex_search(text, message.pattern)) return &message;
  }
  return nullptr;
}

bool is_about(const FormIssue& issue, const Message& message) {
  return std::find(message.codes.begin(), message.codes.end(), issue.code) != message.codes.end();
}

/// "[row : 3] ..." gives 3.
std::optional<int> row_in(const std::string& text) {
  static const std::regex kRow(R"(\[row : (\d+)\])");
  std::smatch found;
  if (!std::regex_search(text, found, kRow)) return std::nullopt;
  return std::stoi(found[1]);
}

std::vector<Sheet> sheets_of(const Json& structure) {
  std::vector<Sheet> sheets;
  for (const auto& [name, rows] : structure.object()) {
    Sheet sheet{name, {{1, {}}}};
    std::map<std::string, int> columns;
    for (const Json& row : rows.array()) {
      SheetRow made{static_cast<int>(sheet.rows.size()) + 1, {}};
      for (const auto& [heading, text] : row.object()) {
        const auto [column, fresh] = columns.emplace(heading, static_cast<int>(columns.size()));
        if (fresh) sheet.rows.front().cells.push_back({column->second, heading});
        made.cells.push_back({column->second, text.text()});
      }
      sheet.rows.push_back(std::move(made));
    }
    sheets.push_back(std::move(sheet));
  }
  return sheets;
}

XlsFormResult convert(const Json& row) {
  XlsFormOptions options;
  options.language = Language::English;
  options.form_id = "data";
  options.root_name = row["name"].is_text() ? row["name"].text() : "test_name";
  if (row["md"].is_text()) return convert_sheets(read_markdown_sheets(row["md"].text()).value(), options);
  return convert_sheets(sheets_of(row["ss_structure"]), options);
}

std::string told(const XlsFormResult& result, bool errors) {
  std::string made;
  for (const FormIssue& issue : result.issues) {
    if (issue.error == errors)
      made += "\n      " + issue.sheet + ":" + std::to_string(issue.row) + " [" + issue.column + "] " +
              issue.code + ": " + issue.message;
  }
  return made.empty() ? " nothing" : made;
}

/// Empty when one of our issues is what the text says.
std::string unmatched(const XlsFormResult& result, bool error, const std::string& text) {
  const Message* const message = message_for(error, text);
  if (!message) return "no code of ours for '" + text + "'";
  const auto row = row_in(text);
  const bool found = std::any_of(result.issues.begin(), result.issues.end(), [&](const FormIssue& issue) {
    return issue.error == error && is_about(issue, *message) && (!row || issue.row == *row);
  });
  return found ? "" : "'" + text.substr(0, 200) + "' but we say" + told(result, error);
}

std::string refusal_failure(const Json& row, const XlsFormResult& result) {
  if (result.ok()) return "converted but must be refused: " + row["error__contains"].array().at(0).text();
  for (const Json& text : row["error__contains"].array()) {
    std::string failure = unmatched(result, true, text.text());
    if (!failure.empty()) return failure;
  }
  return {};
}

std::string contains_failure(const Json& row, const char* key, const std::string& text, bool wanted) {
  if (row[key].is_null()) return {};
  for (const Json& piece : row[key].array()) {
    if ((text.find(piece.text()) != std::string::npos) != wanted)
      return std::string(key) + ": " + piece.text() + "\n" + text;
  }
  return {};
}

std::string xpath_failure(const Json& row, const FormMatcher& form) {
  if (!row["xml__xpath_match"].is_null()) {
    for (const Json& xpath : row["xml__xpath_match"].array()) {
      const std::size_t count = form.count(xpath.text());
      if (count != 1) return std::to_string(count) + " matches of " + xpath.text();
    }
  }
  if (!row["xml__xpath_count"].is_null()) {
    for (const Json& pair : row["xml__xpath_count"].array()) {
      const std::size_t count = form.count(pair.array().at(0).text());
      if (static_cast<double>(count) != pair.array().at(1).number())
        return std::to_string(count) + " matches of " + pair.array().at(0).text();
    }
  }
  if (row["xml__xpath_exact"].is_null()) return {};
  for (const Json& pair : row["xml__xpath_exact"].array()) {
    std::set<std::string> wanted;
    for (const Json& text : pair.array().at(1).array()) wanted.insert(text.text());
    const auto got = form.written(pair.array().at(0).text());
    if (got == wanted) continue;
    std::string all;
    for (const std::string& each : got) all += "\n      " + each;
    return "other matches of " + pair.array().at(0).text() + ":" + all;
  }
  return {};
}

std::string form_failure(const Json& row, const std::string& xml) {
  const FormMatcher form(xml);
  if (std::string failure = xpath_failure(row, form); !failure.empty()) return failure;
  for (const auto& [key, element, wanted] : {std::tuple{"xml__contains", "", true},
                                             {"xml__excludes", "", false},
                                             {"model__contains", "model", true},
                                             {"model__excludes", "model", false},
                                             {"itext__contains", "itext", true},
                                             {"itext__excludes", "itext", false},
                                             {"instance__contains", "instance", true}}) {
    std::string failure = row[key].is_null() ? "" : contains_failure(row, key, form.text(element), wanted);
    if (!failure.empty()) return failure;
  }
  return {};
}

std::string warnings_failure(const Json& row, const XlsFormResult& result) {
  if (!row["warnings__contains"].is_null()) {
    for (const Json& text : row["warnings__contains"].array()) {
      std::string failure = unmatched(result, false, text.text());
      if (!failure.empty()) return failure;
    }
  }
  if (!row["actual_warnings"].is_null()) {
    for (const Json& text : row["actual_warnings"].array()) {
      std::string failure = unmatched(result, false, text.text());
      if (!failure.empty()) return failure;
    }
  }
  return {};
}

}  // namespace

std::string xlsform_case_id(const Json& row) {
  std::uint32_t hash = 2166136261U;  // FNV-1a
  const std::string content = row["md"].is_text() ? row["md"].text()
                              : row["error__contains"].is_null()
                                  ? ""
                                  : row["error__contains"].array().at(0).text();
  for (const char c : content) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  const std::string& test = row["test"].text();
  static const char* const kDigits = "0123456789abcdef";
  std::string mark;
  for (unsigned shift = 0; shift < 24; shift += 4) mark += kDigits[(hash >> shift) & 0xFU];
  return test.substr(test.find('.') + 1) + "#" + mark;
}

std::string xlsform_case_failure(const Json& row) {
  const XlsFormResult result = convert(row);
  if (!row["error__contains"].is_null()) return refusal_failure(row, result);
  if (!result.ok()) return "refused:" + told(result, true);
  if (std::string failure = form_failure(row, result.xform_xml); !failure.empty()) return failure;
  return warnings_failure(row, result);
}

}  // namespace terreno::test
