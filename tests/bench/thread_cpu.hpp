#pragma once

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

namespace terreno::bench {

/// CPU seconds of this process's living threads, by their names; those of one name together. A thread that
/// has no name of its own counts under `unnamed`.
inline std::map<std::string, double> cpu_of_threads(const std::string& unnamed) {
  std::map<std::string, double> cpu_s;
  for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task")) {
    std::string name;
    std::getline(std::ifstream(thread.path() / "comm") >> std::ws, name);
    if (name == program_invocation_short_name) name = unnamed;
    double run_ns = 0;
    std::ifstream(thread.path() / "schedstat") >> run_ns;
    cpu_s[name] += run_ns * 1e-9;
  }
  return cpu_s;
}

}  // namespace terreno::bench
