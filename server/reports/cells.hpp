#pragma once

#include <string_view>

#include "core/forms/form_outline.hpp"
#include "core/model/location.hpp"
#include "server/reports/table_writer.hpp"

namespace terreno::server {

/// An answer as a field: what is not of its kind stays text, and so does a number that would lose digits.
Cell answer_cell(forms::AnswerKind kind, std::string_view value);
Cell text_cell(std::string_view text);
/// The moment in local time; as text with the offset: 2026-11-21T10:05:00-06:00.
Cell moment_cell(WallMs at_ms, std::int32_t utc_offset_minutes);
/// "-06:00".
std::string offset_text(std::int32_t utc_offset_minutes);

}  // namespace terreno::server
