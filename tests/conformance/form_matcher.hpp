#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

namespace terreno::test {

/// An XForm as the recorded assertions see it: libxml2's XPath, with "x" for the namespace of XForms.
class FormMatcher {
 public:
  /// Throws std::runtime_error for what is no XML.
  explicit FormMatcher(const std::string& xml);
  ~FormMatcher();
  FormMatcher(const FormMatcher&) = delete;
  FormMatcher& operator=(const FormMatcher&) = delete;

  /// Nodes that an expression finds; throws for a broken expression.
  std::size_t count(const std::string& xpath) const;
  /// What it finds, written as XML without namespaces' declarations; texts and attributes as their values.
  std::set<std::string> written(const std::string& xpath) const;
  /// The whole form, or its first element of this local name, with attributes in alphabetical order.
  std::string text(const std::string& element = "") const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace terreno::test
