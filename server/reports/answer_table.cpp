#include "server/reports/answer_table.hpp"

#include <algorithm>
#include <array>

#include "core/model/media_format.hpp"
#include "server/reports/cells.hpp"

namespace terreno::server {
namespace {

using forms::AnswerKind;
using forms::OutlineQuestion;

constexpr std::array<const char*, 4> kGeoParts = {"lat", "lon", "altitude", "accuracy"};

template <typename Use>
void each_word(std::string_view text, Use use) {
  while (!text.empty()) {
    const std::size_t space = text.find(' ');
    if (space != 0) use(text.substr(0, space));
    text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
  }
}

/// The questions of one table in the newest version's order; what only earlier versions ask stands behind
/// what they asked before it.
std::vector<OutlineQuestion> merged(const std::vector<forms::FormOutline>& outlines,
                                    const std::string& repeat) {
  std::vector<OutlineQuestion> all;
  for (const forms::FormOutline& outline : outlines) {
    std::size_t next = 0;
    for (const OutlineQuestion& question : outline.questions) {
      if (question.repeat != repeat) continue;
      const auto found = std::find_if(all.begin(), all.end(),
                                      [&](const OutlineQuestion& q) { return q.path == question.path; });
      if (found != all.end()) {
        next = static_cast<std::size_t>(found - all.begin()) + 1;
      } else {
        all.insert(all.begin() + static_cast<std::ptrdiff_t>(next++), question);
      }
    }
  }
  return all;
}

/// The file of an answer by its hash, under which the server keeps it. The answer holds the name that the
/// phone gave it.
std::string file_name(const VisitFinished& visit, const FormAnswer& answer) {
  for (const EvidenceRef& file : visit.evidence) {
    if (answer.value != evidence_file_name(file)) continue;
    const MediaFormat* format = find_media_format(file.media_type);
    return to_hex(file.sha256) + "." + std::string(format == nullptr ? "bin" : format->extension);
  }
  return answer.value;
}

std::string_view verdict_name(GateAnswer answer) {
  constexpr std::array<std::string_view, 3> kNames = {"inside", "outside", "inconclusive"};
  return kNames.at(static_cast<std::size_t>(answer));
}

std::string marks_text(const std::vector<Mark>& marks) {
  std::string out;
  for (const Mark& mark : marks) {
    out.append(out.empty() ? "" : "; ").append(mark.code);
    if (!mark.detail.empty()) out.append(" (").append(mark.detail).append(")");
  }
  return out;
}

}  // namespace

AnswerTables::AnswerTables(const std::vector<forms::FormOutline>& outlines, const Choices& split,
                           Language language)
    : language_(language) {
  tables_.push_back(make_table("", merged(outlines, ""), split));
  add_fixed(tables_.front(), {"other_answers"});
  std::set<std::string> known;
  for (const forms::FormOutline& outline : outlines) {
    for (const std::string& repeat : outline.repeats) {
      if (known.insert(repeat).second) tables_.push_back(make_table(repeat, merged(outlines, repeat), split));
    }
  }
}

void AnswerTables::add_fixed(Table& table, std::initializer_list<const char*> names) const {
  for (const char* name : names) {
    table.columns.push_back({name, text(language_, std::string("export.") + name)});
  }
}

AnswerTables::Table AnswerTables::make_table(const std::string& repeat,
                                             const std::vector<OutlineQuestion>& questions,
                                             const Choices& split) const {
  Table table;
  table.repeat = repeat;
  if (repeat.empty()) {
    add_fixed(table, {"visit_id", "case_key", "gestor", "arrived_at", "finished_at", "utc_offset",
                      "form_version", "verdict", "phone_verdict", "visit_outcome", "marks"});
  } else {
    add_fixed(table, {"visit_id", "instance", "parent"});
  }
  for (const OutlineQuestion& asked : questions) {
    Question& question = table.questions[asked.path];
    question.kind = asked.kind;
    question.column = table.columns.size();
    const std::string label = asked.label.empty() ? asked.path : asked.label;
    if (asked.kind == AnswerKind::Geopoint) {
      for (const char* part : kGeoParts) {
        table.columns.push_back(
            {asked.path + "_" + part, label + " – " + text(language_, std::string("export.") + part)});
      }
      continue;
    }
    table.columns.push_back({asked.path, label});
    const auto choices = split.find(asked.path);
    if (asked.kind != AnswerKind::Choices || choices == split.end()) continue;
    for (const std::string& choice : choices->second) {
      question.split.push_back(choice);
      table.columns.push_back({asked.path + "/" + choice, label + " – " + choice});
    }
  }
  return table;
}

void AnswerTables::begin(TableWriter& writer, TableHead head) const {
  for (const Table& table : tables_) {
    std::vector<std::string> paths;
    std::vector<std::string> labels;
    for (const Column& column : table.columns) {
      paths.push_back(column.path);
      labels.push_back(column.label);
    }
    std::vector<std::vector<std::string>> rows;
    if (head != TableHead::Label) rows.push_back(std::move(paths));
    if (head != TableHead::Path) rows.push_back(std::move(labels));
    writer.begin(table.repeat.empty() ? text(language_, "export.visits") : table.repeat, rows);
  }
}

void AnswerTables::put(Row& row, const Question& question, const AnsweredVisit& visit,
                       const FormAnswer& answer) {
  if (question.kind == AnswerKind::Geopoint) {
    std::size_t part = 0;
    each_word(answer.value, [&](std::string_view word) {
      if (part < kGeoParts.size()) row[question.column + part++] = answer_cell(AnswerKind::Number, word);
    });
    return;
  }
  if (question.kind == AnswerKind::Media) {
    row[question.column] = text_cell(file_name(visit.visit, answer));
    return;
  }
  row[question.column] = answer_cell(question.kind, answer.value);
  for (std::size_t i = 0; i < question.split.size(); ++i) {
    bool chosen = false;
    each_word(answer.value, [&](std::string_view word) { chosen = chosen || word == question.split[i]; });
    row[question.column + 1 + i] = answer_cell(AnswerKind::Number, chosen ? "1" : "0");
  }
}

AnswerTables::Row AnswerTables::visit_row(const AnsweredVisit& answered) const {
  const VisitFinished& visit = answered.visit;
  const std::int32_t offset = visit.form_context.utc_offset_minutes;
  const Table& table = tables_.front();
  Row row(table.columns.size());
  row[0] = text_cell(visit.visit_id.to_string());
  row[1] = text_cell(answered.case_key);
  row[2] = text_cell(answered.gestor_name);
  row[3] = moment_cell(visit.arrived_at_ms, offset);
  row[4] = moment_cell(visit.finished_at_ms, offset);
  row[5] = text_cell("UTC" + offset_text(offset));
  row[6] = text_cell(visit.form_version);
  row[7] = text_cell(verdict_name(answered.server_verdict.answer));
  row[8] = text_cell(verdict_name(visit.verdict.answer));
  row[9] = text_cell(visit.outcome.code);
  row[10] = text_cell(marks_text(answered.marks));
  return row;
}

AnswerTables::Row AnswerTables::instance_row(const Table& table, const AnsweredVisit& visit,
                                             std::string_view instance) const {
  Row row(table.columns.size());
  row[0] = text_cell(visit.visit.visit_id.to_string());
  row[1] = text_cell(instance);
  row[2] = text_cell(forms::instance_of(instance.substr(0, instance.rfind('['))));
  return row;
}

void AnswerTables::add(const AnsweredVisit& visit, TableWriter& writer) const {
  Row own = visit_row(visit);
  std::string others;
  // Instances stand in the order of their first answer; a visit has few.
  std::vector<std::map<std::string_view, std::size_t>> places(tables_.size());
  std::vector<std::vector<Row>> rows(tables_.size());
  const auto instance_of_table = [&](std::size_t number, std::string_view instance) -> Row& {
    const auto [place, added] = places[number].emplace(instance, rows[number].size());
    if (added) rows[number].push_back(instance_row(tables_[number], visit, instance));
    return rows[number][place->second];
  };
  for (const FormAnswer& answer : visit.visit.answers) {
    const std::string path = forms::without_places(answer.path);
    const std::string_view instance = forms::instance_of(answer.path);
    const auto number = table_of(forms::without_places(instance));
    const bool is_instance = !instance.empty() && instance.size() == answer.path.size();
    if (number && *number > 0 && is_instance) {
      instance_of_table(*number, instance);
      continue;
    }
    const auto question = number ? tables_[*number].questions.find(path) : tables_.front().questions.end();
    if (!number || question == tables_[*number].questions.end()) {
      others.append(others.empty() ? "" : "; ").append(answer.path).append("=").append(answer.value);
    } else {
      put(*number == 0 ? own : instance_of_table(*number, instance), question->second, visit, answer);
    }
  }
  own.back() = text_cell(others);
  writer.row(0, own);
  for (std::size_t number = 1; number < tables_.size(); ++number) {
    for (const Row& row : rows[number]) writer.row(number, row);
  }
}

std::optional<std::size_t> AnswerTables::table_of(std::string_view repeat) const {
  for (std::size_t i = 0; i < tables_.size(); ++i) {
    if (tables_[i].repeat == repeat) return i;
  }
  return std::nullopt;
}

std::size_t AnswerTables::columns() const {
  std::size_t most = 0;
  for (const Table& table : tables_) most = std::max(most, table.columns.size());
  return most;
}

AnswerTables::Choices questions_of_choices(const std::vector<forms::FormOutline>& outlines) {
  AnswerTables::Choices found;
  for (const forms::FormOutline& outline : outlines) {
    for (const OutlineQuestion& question : outline.questions) {
      if (question.kind == AnswerKind::Choices) found[question.path];
    }
  }
  return found;
}

void note_choices(const AnsweredVisit& visit, AnswerTables::Choices& choices) {
  for (const FormAnswer& answer : visit.visit.answers) {
    const auto question = choices.find(forms::without_places(answer.path));
    if (question == choices.end()) continue;
    each_word(answer.value, [&](std::string_view word) {
      if (question->second.size() < 200) question->second.emplace(word);
    });
  }
}

}  // namespace terreno::server
