#pragma once

#include <string>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/texts.hpp"
#include "core/forms/sheet.hpp"

namespace terreno::forms {

/// One thing wrong (error) or doubtful (warning) in a workbook, said so that its author can mend it.
struct FormIssue {
  bool error = true;
  std::string code;     ///< key of its text in schema/texts/core.csv, for example "xlsform.name_taken"
  std::string sheet;    ///< "survey", "choices"...; empty when the whole file is meant
  int row = 0;          ///< 1-based as Excel shows it; 0 when no single row is meant
  std::string column;   ///< the column's heading as its author wrote it; empty when the whole row is meant
  std::string cell;     ///< "C7"; empty when no single cell is meant
  std::string message;  ///< what is wrong and what to write instead
};

struct XlsFormOptions {
  Language language = Language::Spanish;  ///< of the issues' messages
  std::string form_id;             ///< for a workbook whose settings name none, such as the file's name
  std::string root_name = "data";  ///< of the filled form's outermost element
};

struct XlsFormResult {
  std::string xform_xml;  ///< empty when there are errors
  std::string form_id;
  std::string version;
  std::string title;
  std::vector<FormIssue> issues;  ///< in the order of sheets and rows

  bool ok() const;  ///< no issue is an error
};

/// Turns an XLSForm into ODK XForm XML: a workbook (.xlsx or .xls), or its sheets as Markdown tables or CSV.
/// Which of them it is, the bytes say. Finds every issue in one pass and never throws for what the file
/// holds; limits.hpp bounds what it may unpack. The result is a pure function of its arguments. Any thread.
XlsFormResult convert_xlsform(ByteView file, const XlsFormOptions& options = {});

/// The same for sheets that are read already. Names of sheets count without their case.
XlsFormResult convert_sheets(const std::vector<Sheet>& sheets, const XlsFormOptions& options = {});

}  // namespace terreno::forms
