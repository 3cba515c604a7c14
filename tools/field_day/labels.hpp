#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "core/base/uuid.hpp"
#include "tools/field_day/company.hpp"

namespace terreno::field_day {

/// Who cheats, how, and with which visits: what detectors are to find, kept apart from everything that the
/// server sees. Safe from any thread.
class Labels {
 public:
  explicit Labels(const Company& company) : company_(company) {}
  void visit(const Gestor& gestor, const Uuid& visit_id, bool refused);
  /// {"gestores": [{"login", "name", "cheat", "visits": [...], "refused": [...]}]}; honest ones are left out.
  /// Replaces the file at once.
  void write(const std::string& path) const;

 private:
  struct Visits {
    std::vector<std::string> begun, refused;
  };
  const Company& company_;
  mutable std::mutex mutex_;
  std::map<std::string, Visits> visits_;  ///< by login
};

}  // namespace terreno::field_day
