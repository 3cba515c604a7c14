#pragma once

#include <string_view>

#include "core/base/result.hpp"
#include "core/forms/xml_tree.hpp"
#include "core/forms/xpath_ast.hpp"
#include "core/forms/xpath_lexer.hpp"

namespace terreno::forms {

/// How names in an expression are meant.
struct XPathNames {
  NameTable& names;  ///< receives the names the expression uses
  const NamespaceMap* namespaces = nullptr;
  /// Forms: "a" matches an element of any namespace, and so does a prefix nobody declared. Off: XPath 1.0,
  /// where an unprefixed name is of the namespace that `namespaces` gives to "".
  bool unprefixed_matches_any = true;
};

/// Parses expressions, one after the other, into common code.
class XPathParser {
 public:
  /// Both must outlive the parser.
  XPathParser(const XPathNames& names, ExpressionCode& code) : names_(names), code_(code) {}

  /// Parses XPath 1.0 with the functions of OpenRosa and gives the root's node. FormInvalid says what is
  /// wrong and at which character. A function nobody knows or a wrong number of arguments fails only when it
  /// is called, for and/or/if may never come to it: see call_faults().
  Result<ExprId> parse(std::string_view text);

 private:
  class Run;
  XPathNames names_;
  ExpressionCode& code_;
  // What parse() needs again and again, kept for its memory.
  std::vector<Token> tokens_;
  std::vector<Step> steps_;
  std::vector<ExprId> operands_;
};

/// One expression alone.
Result<Expression> parse_xpath(std::string_view text, const XPathNames& names);

/// Every call among the nodes from `first` on that would fail: functions that do not exist, too few or too
/// many arguments.
std::vector<std::string> call_faults(const ExpressionCode& code, ExprId first, ExprId end);
std::vector<std::string> call_faults(const Expression& expression);

}  // namespace terreno::forms
