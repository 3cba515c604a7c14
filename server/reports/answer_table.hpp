#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/base/texts.hpp"
#include "core/forms/form_outline.hpp"
#include "server/reports/table_writer.hpp"
#include "server/storage/storage.hpp"

namespace terreno::server {

/// What stands above the answers.
enum class TableHead : std::uint8_t { PathAndLabel, Path, Label };

/// The answers of visits as tables: one row a visit, and for each repeat a table of its instances. Versions
/// of a form are merged by the questions' paths, in the order of the newest; what no version knows stands in
/// a last column, so that nothing is left out.
class AnswerTables {
 public:
  /// The choices that occurred, by path: what split columns are made of.
  using Choices = std::map<std::string, std::set<std::string>, std::less<>>;

  /// `outlines` newest version first. `split` holds the questions whose choices get a column each.
  AnswerTables(const std::vector<forms::FormOutline>& outlines, const Choices& split, Language language);

  /// Begins every table: the visits', then the repeats' in the form's order.
  void begin(TableWriter& writer, TableHead head) const;
  /// Appends a visit's rows.
  void add(const AnsweredVisit& visit, TableWriter& writer) const;

  /// Number of the table of the repeat with this path; 0 for the empty path; nothing when there is none.
  std::optional<std::size_t> table_of(std::string_view repeat) const;
  /// The widest table's columns.
  std::size_t columns() const;

 private:
  struct Column {
    std::string path;
    std::string label;
  };
  struct Question {
    forms::AnswerKind kind = forms::AnswerKind::Text;
    std::size_t column = 0;
    std::vector<std::string> split;  ///< its choices, in the columns that follow
  };
  struct Table {
    std::string repeat;
    std::vector<Column> columns;
    std::map<std::string, Question, std::less<>> questions;
  };
  using Row = std::vector<Cell>;

  Table make_table(const std::string& repeat, const std::vector<forms::OutlineQuestion>& questions,
                   const Choices& split) const;
  void add_fixed(Table& table, std::initializer_list<const char*> names) const;
  Row visit_row(const AnsweredVisit& visit) const;
  Row instance_row(const Table& table, const AnsweredVisit& visit, std::string_view instance) const;
  static void put(Row& row, const Question& question, const AnsweredVisit& visit, const FormAnswer& answer);

  const Language language_;
  std::vector<Table> tables_;
};

/// Notes the choices of a visit's answers to questions of several choices.
void note_choices(const AnsweredVisit& visit, AnswerTables::Choices& choices);

/// The questions of several choices, each without choices yet.
AnswerTables::Choices questions_of_choices(const std::vector<forms::FormOutline>& outlines);

}  // namespace terreno::server
