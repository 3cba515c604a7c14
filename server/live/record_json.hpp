#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string_view>

#include "server/domain/gestor_state.hpp"
#include "server/storage/storage.hpp"

namespace terreno::server {

// The shapes in which the console sees the field's records; live events and routes share them.

namespace json = boost::json;

std::string_view name_of(Role role) noexcept;
std::string_view name_of(Purpose purpose) noexcept;
std::string_view name_of(PlaceKind kind) noexcept;
std::string_view name_of(CaseState state) noexcept;
std::string_view name_of(ContactClass contact) noexcept;
std::string_view name_of(GateAnswer answer) noexcept;
std::string_view name_of(GateReason reason) noexcept;
std::string_view name_of(Platform platform) noexcept;
std::string_view name_of(EvidenceKind kind) noexcept;
std::string_view name_of(EvidenceState state) noexcept;
/// "unknown" for a kind that this program does not know.
std::string_view name_of(EntryKind kind) noexcept;

/// Nothing when no state has this name.
std::optional<CaseState> case_state_named(std::string_view name) noexcept;
std::optional<Role> role_named(std::string_view name) noexcept;

/// Adds "state" and "lacking" (null when nothing is).
void add_live_state(json::object& out, const LiveState& state);
json::value position_json(const std::optional<Fix>& fix);
json::value battery_json(const std::optional<BatterySample>& sample);

/// Names that visits and cases refer to; made once per answer.
struct TenantNames {
  std::shared_ptr<const TenantView> view;
  std::map<Uuid, std::string> users;

  std::string_view user(const Uuid& id) const;
};
TenantNames load_names(Storage& storage, const Uuid& tenant_id);

/// The verdict's part that lists show.
json::object verdict_json(const LocationVerdict& verdict);

/// A visit as lists and live events show it.
json::object visit_summary_json(Storage& storage, const TenantNames& names, const VisitRecord& record);

}  // namespace terreno::server
