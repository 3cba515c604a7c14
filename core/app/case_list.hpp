#pragma once

#include <optional>
#include <vector>

#include "core/app/field_core.hpp"
#include "core/store/device_store.hpp"

namespace terreno {

/// The page of the case list that `query` asks for. `here` is where the phone was last, if known: distances
/// count from there unless the query names another point. InvalidArgument (thrown) for a limit outside
/// 1..1000 or a point off the globe.
std::vector<CaseSummary> list_cases(const DeviceStore& store, const CaseQuery& query,
                                    std::optional<GeoPoint> here);

}  // namespace terreno
