#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/forms/data_table.hpp"
#include "core/forms/node_tree.hpp"
#include "core/forms/xml_tree.hpp"

namespace terreno::forms {

/// The rows under `root` as a table when they are rows: elements of one name, each holding nothing but plain
/// values. Nothing when the document is of any other shape.
std::shared_ptr<const DataTable> table_of_rows(const pugi::xml_node& root, NameTable& names,
                                               const NamespaceMap& scope);

/// The document of a secondary instance written in XML: a table when it can be, else nodes. `holder` is the
/// element around it.
NodeTree read_xml_list(const pugi::xml_node& holder, NameTable& names, const NamespaceMap& scope);

/// A file that an instance names: CSV, GeoJSON or XML by the end of its name. FormInvalid says what is wrong
/// and in which line; over the limits of limits.hpp TooLarge.
Result<NodeTree> read_list_file(std::string_view file_name, std::string_view content, NameTable& names);

/// A list without rows, for a file that is not there.
NodeTree empty_list(NameTable& names);

}  // namespace terreno::forms
