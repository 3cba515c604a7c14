#include "core/app/case_list.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "core/geo/distance.hpp"
#include "core/store/text_fold.hpp"

namespace terreno {
namespace {

constexpr std::uint32_t kMaxLimit = 1'000;

void check(const CaseQuery& query) {
  if (query.limit < 1 || query.limit > kMaxLimit) {
    throw Error(ErrorCode::InvalidArgument, "a case list gives 1 to 1000 cases at a time");
  }
  if (query.near_point &&
      !(std::abs(query.near_point->lat) <= 90 && std::abs(query.near_point->lon) <= 180)) {
    throw Error(ErrorCode::InvalidArgument, "the point to order cases from is not on the globe");
  }
}

/// Rows of the page, nearest first. The plane around the phone orders all pins in microseconds; the exact
/// distance is only worked out for the page.
std::vector<std::int64_t> nearest_rows(const std::vector<CasePin>& pins, const GeoPoint& from,
                                       std::size_t offset, std::size_t limit) {
  const geo::LocalFrame frame(from);
  std::vector<std::pair<double, std::int64_t>> order;
  order.reserve(pins.size());
  for (const CasePin& pin : pins) order.emplace_back(frame.distance_m(pin.point), pin.row);
  const std::size_t end = std::min(order.size(), offset + limit);
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(end), order.end());
  std::vector<std::int64_t> rows;
  for (std::size_t i = offset; i < end; ++i) rows.push_back(order[i].second);
  return rows;
}

}  // namespace

std::vector<CaseSummary> list_cases(const DeviceStore& store, const CaseQuery& query,
                                    std::optional<GeoPoint> here) {
  check(query);
  const std::optional<GeoPoint> from = query.near_point ? query.near_point : here;
  const CaseFilter filter{search_words(query.text), query.include_closed};
  std::vector<CaseRecord> records;
  if (query.order == CaseOrder::ByDistance && from) {
    records = store.cases_at(nearest_rows(store.case_pins(filter), *from, query.offset, query.limit));
  } else {
    records = store.cases_by_due(filter, query.limit, query.offset);
  }
  std::vector<CaseSummary> page;
  page.reserve(records.size());
  for (CaseRecord& record : records) {
    std::optional<double> distance_m;
    if (from) distance_m = geo::geodesic_m(*from, record.item.place.fence.centre);
    page.push_back(CaseSummary{std::move(record.item), distance_m, record.visits});
  }
  return page;
}

}  // namespace terreno
