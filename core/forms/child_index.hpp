#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/forms/xpath_ast.hpp"

namespace terreno::forms {

struct FormModel;

/// The definitions of a form by parent and local name: what nearly every step of every path asks for.
class ChildIndex {
 public:
  /// Of all definitions that the model has now.
  void build(const FormModel& model);

  /// The first child of this local name, in document order, attributes among them; kNoDef when there is none.
  DefId first(DefId parent, NameId local) const;
  /// The next child of the same parent and local name.
  DefId next(DefId def) const { return next_[def]; }
  /// The child of exactly this name as written; `attribute` tells the two kinds apart.
  DefId exact(const FormModel& model, DefId parent, std::string_view qualified, bool attribute) const;

 private:
  std::size_t place_of(DefId parent, NameId local) const;

  struct Entry {
    DefId parent = kNoDef;
    NameId local = kNoName;
    DefId first = kNoDef;  ///< kNoDef where free
    DefId last = kNoDef;
  };
  std::vector<Entry> places_;  ///< open addressing; a power of two of them
  std::vector<DefId> next_;    ///< by definition
};

}  // namespace terreno::forms
