#pragma once

#include <string>
#include <vector>

#include "core/app/field_core.hpp"

namespace terreno::field_day {

/// What a phone has confirmed to its gestor, kept outside the phone: after finish_visit() has returned, the
/// visit's line is on the disk. A test holds the server against it. One per phone.
class Ledger {
 public:
  /// Appends to the file. Throws Io.
  explicit Ledger(const std::string& path);
  ~Ledger();
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  /// "<visit id> <outcome> <case key> <sha256 of each file>..."
  void confirmed(const FinishedVisit& visit, const std::string& case_key, const std::vector<Sha256>& files);

 private:
  int file_;
};

}  // namespace terreno::field_day
