#pragma once

#include <cstdint>
#include <memory>
#include <mutex>

#include "core/app/field_core.hpp"

namespace terreno::bridge {

/// One open core. `turn` is held during each call, since a FieldCore takes one at a time.
struct OpenCore {
  SystemClock clock;
  std::mutex turn;
  std::unique_ptr<FieldCore> core;  ///< empty once closed
};

// The one table of open cores in this process. Any thread may call these.

/// A number that was never given before and is never 0.
std::uint64_t keep(std::shared_ptr<OpenCore> open);
/// Nothing when the number was closed or never given.
std::shared_ptr<OpenCore> find(std::uint64_t handle);
/// Takes the number out; nothing when it was not in.
std::shared_ptr<OpenCore> take(std::uint64_t handle);

}  // namespace terreno::bridge
