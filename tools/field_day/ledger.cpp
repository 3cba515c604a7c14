#include "tools/field_day/ledger.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace terreno::field_day {

Ledger::Ledger(const std::string& path)
    : file_(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644)) {
  if (file_ < 0) throw Error(ErrorCode::Io, "cannot write the ledger " + path);
}

Ledger::~Ledger() { ::close(file_); }

void Ledger::confirmed(const FinishedVisit& visit, const std::string& case_key,
                       const std::vector<Sha256>& files) {
  std::string line = visit.id.to_string() + ' ' + visit.outcome_code + ' ' + case_key;
  for (const Sha256& file : files) line += ' ' + to_hex(file);
  line += '\n';
  // One write of less than a page is all or nothing when the process dies.
  if (::write(file_, line.data(), line.size()) != static_cast<ssize_t>(line.size()) || ::fsync(file_) != 0)
    throw Error(ErrorCode::Io, "the ledger could not be written");
}

}  // namespace terreno::field_day
