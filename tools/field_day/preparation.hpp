#pragma once

#include <map>
#include <string>

#include "tools/field_day/company.hpp"
#include "tools/field_day/options.hpp"

namespace terreno::field_day {

/// Writes the company's files into the folder and, when the server's program is given, puts them into the
/// server. Throws Error with what the server's program said.
void prepare_company(const Options& options, const Company& company, const std::string& base_map);

/// Login → enrolment code, as prepare_company() wrote them. Throws Error.
std::map<std::string, std::string> read_codes(const std::string& folder);

}  // namespace terreno::field_day
