#pragma once

#include <string>
#include <vector>

#include "core/base/bytes.hpp"

namespace terreno::forms {

/// One thing wrong (error) or doubtful (warning) in a workbook, said so that its author can mend it.
struct FormIssue {
  bool error = true;
  std::string sheet;    ///< "survey", "choices", "settings"; empty when the whole file is meant
  int row = 0;          ///< 1-based as Excel shows it; 0 when no single row is meant
  std::string column;   ///< the column's heading; empty when the whole row is meant
  std::string message;  ///< what is wrong and what to write instead
};

struct XlsFormResult {
  std::string xform_xml;  ///< empty when there are errors
  std::string form_id;
  std::string version;
  std::string title;
  std::vector<FormIssue> issues;  ///< in the order of sheets and rows

  bool ok() const;  ///< no issue is an error
};

/// Turns an XLSForm workbook (.xlsx) into ODK XForm XML. Finds every issue in one pass and never throws for
/// what the workbook holds; limits.hpp bounds what it may unpack. The result is a pure function of the bytes.
/// Any thread.
XlsFormResult convert_xlsform(ByteView xlsx);

}  // namespace terreno::forms
