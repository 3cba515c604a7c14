#include "server/api/routes.hpp"
#include "server/live/record_json.hpp"

namespace terreno::server {
namespace {

json::object phone_json(const Device& phone) {
  return json::object{{"id", phone.id.to_string()},
                      {"name", phone.name},
                      {"platform", name_of(phone.platform)},
                      {"app_version", phone.app_version},
                      {"enrolled_at_ms", phone.enrolled_at_ms},
                      {"revoked", phone.revoked}};
}

}  // namespace

Response list_phones(Call& call) {
  json::array phones;
  for (const Device& phone : call.services.storage.devices(call.tenant.id, call.id_parameter(0))) {
    phones.push_back(phone_json(phone));
  }
  return json_response({{"phones", std::move(phones)}});
}

Response revoke_phone(Call& call) {
  call.services.storage.revoke_device(call.tenant.id, call.id_parameter(0));
  return empty_response();
}

}  // namespace terreno::server
