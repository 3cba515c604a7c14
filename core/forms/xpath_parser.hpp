#pragma once

#include <string_view>

#include "core/base/result.hpp"
#include "core/forms/xml_tree.hpp"
#include "core/forms/xpath_ast.hpp"

namespace terreno::forms {

/// How names in an expression are meant.
struct XPathNames {
  NameTable& names;  ///< receives the names the expression uses
  const NamespaceMap* namespaces = nullptr;
  /// Forms: "a" matches an element of any namespace, and so does a prefix nobody declared. Off: XPath 1.0,
  /// where an unprefixed name is of the namespace that `namespaces` gives to "".
  bool unprefixed_matches_any = true;
};

/// Parses XPath 1.0 with the functions of OpenRosa. FormInvalid says what is wrong and at which character. A
/// function nobody knows or a wrong number of arguments fails only when it is called, for and/or/if may never
/// come to it: see call_faults().
Result<Expression> parse_xpath(std::string_view text, const XPathNames& names);

/// Every call that would fail: functions that do not exist, too few or too many arguments.
std::vector<std::string> call_faults(const Expression& expression);

}  // namespace terreno::forms
