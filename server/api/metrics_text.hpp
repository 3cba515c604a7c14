#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace terreno::server {

// Prometheus' text format, version 0.0.4. Every family has one head before its samples.

std::string metric_number(double value);
void append_head(std::string& out, std::string_view name, std::string_view type, std::string_view help);
/// `labels` as they are printed: a="b",c="d". Their values are ours and hold no quotes.
void append_line(std::string& out, std::string_view name, std::string_view labels, const std::string& value);
/// A family of one sample without labels.
void append_single(std::string& out, std::string_view name, std::string_view type, std::string_view help,
                   std::uint64_t value);

/// What /proc says of this process, under the names that Prometheus' own clients use.
void append_process(std::string& out);

}  // namespace terreno::server
