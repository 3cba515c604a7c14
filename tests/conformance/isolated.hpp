#pragma once

#include <functional>
#include <string>

namespace terreno::test {

/// What `work` returns, run in a child process: a crash, an exception or more than `seconds` of processor
/// time becomes a text of its own and takes nothing else down.
std::string isolated(const std::function<std::string()>& work, unsigned seconds);

}  // namespace terreno::test
