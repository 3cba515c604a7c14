#pragma once

#include <cstddef>
#include <cstdint>

namespace terreno::forms {

// Every size that outside bytes can claim is bounded here. Reaching one gives FormInvalid (or a FormIssue)
// that names the limit; none of them is near what a real questionnaire needs.

inline constexpr std::size_t kMaxXFormBytes = 32U << 20U;  ///< text of one XForm
inline constexpr std::size_t kMaxXmlDepth = 64;            ///< elements inside elements
inline constexpr std::size_t kMaxXmlNodes = 2'000'000;     ///< elements, attributes and texts of one document
inline constexpr std::size_t kMaxQuestions = 20'000;       ///< nodes of the primary instance, groups included
inline constexpr std::size_t kMaxRepeatInstances = 10'000;      ///< instances of all repeats in one filling
inline constexpr std::size_t kMaxExpressionBytes = 32U << 10U;  ///< text of one XPath expression
inline constexpr std::size_t kMaxExpressionDepth = 64;          ///< brackets inside brackets
inline constexpr std::size_t kMaxExpressionNodes =
    10'000;  ///< operators, steps and literals of one expression
inline constexpr std::size_t kMaxAnswerBytes = 64U << 10U;        ///< one answer's text
inline constexpr std::size_t kMaxTextBytes = 1U << 20U;           ///< one text that an expression makes
inline constexpr std::size_t kMaxLanguages = 32;                  ///< languages of one form
inline constexpr std::uint64_t kMaxEvaluationSteps = 20'000'000;  ///< nodes that one expression may look at

inline constexpr std::size_t kMaxListBytes = 64U << 20U;  ///< one file of choices or data
inline constexpr std::size_t kMaxListRows = 1'000'000;    ///< its rows
inline constexpr std::size_t kMaxListColumns = 256;       ///< its columns

inline constexpr std::size_t kMaxXlsxBytes = 16U << 20U;      ///< the .xlsx file itself
inline constexpr std::size_t kMaxZipEntries = 2'000;          ///< files inside it
inline constexpr std::size_t kMaxZipEntryBytes = 64U << 20U;  ///< one of them, unpacked
inline constexpr std::size_t kMaxSheetRows = 20'000;          ///< rows of one sheet
inline constexpr std::size_t kMaxSheetColumns = 512;          ///< columns of one sheet
inline constexpr std::size_t kMaxSheetCells = 1'000'000;      ///< cells with content of one sheet
inline constexpr std::size_t kMaxGroupDepth = 20;             ///< groups and repeats inside each other
inline constexpr std::size_t kMaxSheets = 64;                 ///< sheets of one workbook

}  // namespace terreno::forms
