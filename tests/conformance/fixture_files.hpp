#pragma once

#include <filesystem>
#include <string>

namespace terreno::test {

enum class FixtureKind { Form, List, Other };

/// What a file of the fixtures is for us: a form, a list that forms read, or neither.
FixtureKind fixture_kind(const std::filesystem::path& file);

/// Loads the file; empty when that works, else why it was refused. Throws nothing that a file can cause.
std::string fixture_refusal(const std::filesystem::path& file);

}  // namespace terreno::test
