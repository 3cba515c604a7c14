#pragma once

#include "server/domain/world.hpp"

namespace terreno::server {

inline constexpr std::size_t kMaxBatchEntries = 4096;

/// Checks and interprets what a phone sent, ready to be written. TooLarge over a limit, ChainFork when the
/// entries do not follow one another, SignatureMismatch when the head is not the phone's word. An entry that
/// does not decode is quarantined and blocks nothing. Pure but for what it asks `world`.
Result<PreparedBatch> prepare_batch(const Device& device, SyncRequest&& request, const WorldView& world,
                                    WallMs now_ms);

}  // namespace terreno::server
