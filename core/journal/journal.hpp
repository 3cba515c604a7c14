#pragma once

#include <cstdint>

#include "core/base/clock.hpp"
#include "core/model/entries.hpp"
#include "core/store/device_store.hpp"

namespace terreno {

/// The phone's append-only log: the only writer of journal entries. Holds no state of its own, so that any
/// number of objects over one store agree. Same thread rule as the store.
class Journal {
 public:
  /// Both must outlive the object.
  Journal(DeviceStore& store, const Clock& clock) : store_(store), clock_(clock) {}

  /// Appends one entry at the head and returns its seq. Inside the caller's Transaction it commits with it,
  /// else by itself. NotEnrolled (thrown) before there is an epoch; TooLarge (thrown) over kMaxEntryBytes.
  std::uint64_t append(const EntryBody& body);

  /// Opens the epoch that the server gave after a fork: every entry that it has not confirmed is appended
  /// anew, in order, with new seq and hash and the same payload and times. InvalidArgument (thrown) when
  /// `epoch` is not above the current one.
  void start_epoch(std::uint32_t epoch);

 private:
  DeviceStore& store_;
  const Clock& clock_;
};

}  // namespace terreno
