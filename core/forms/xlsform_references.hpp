#pragma once

#include "core/forms/xlsform_model.hpp"
#include "core/forms/xml_element.hpp"

namespace terreno::forms {

/// How ${name} becomes a path.
struct ReferenceStyle {
  bool from_current = false;       ///< inside a filter over choices, where "." is a choice
  bool beside_the_repeat = false;  ///< of choices that are answers of a repeat: all its instances
};

/// Replaces each ${name} by its path as seen from `item`: relative inside a common repeat, else absolute,
/// with a space on both sides. Names that lead nowhere have been told already and stay as they are.
std::string with_paths(const XlsForm& form, std::size_t item, std::string_view text,
                       ReferenceStyle style = {});

/// The same for an expression, which is checked; faults are told with its cell.
std::string checked_expression(XlsForm& form, std::size_t item, const FormCell& cell,
                               ReferenceStyle style = {});

/// A text with <output/> in place of ${name} and of instance('...') expressions.
std::vector<XmlElement> with_outputs(const XlsForm& form, std::size_t item, std::string_view text);

}  // namespace terreno::forms
