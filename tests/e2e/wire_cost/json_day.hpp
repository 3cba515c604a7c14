#pragma once

#include <string>

#include "core/model/entries.hpp"

namespace terreno::tests {

/// An entry as a usual mobile API would send it: one JSON object with the same facts, names spelt out, no
/// blanks.
std::string to_json(const EntryBody& body);

}  // namespace terreno::tests
