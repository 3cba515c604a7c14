#include "server/api/case_intake.hpp"

#include <set>

namespace terreno::server {

Intake take_cases(Storage& storage, const Tenant& tenant, std::string_view csv, bool skip_bad,
                  Language language, WallMs now_ms) {
  std::set<std::string, std::less<>> logins;
  for (const User& user : storage.users(tenant.id)) {
    if (user.active && user.role == Role::Gestor) logins.insert(user.login);
  }
  const auto forms = storage.form_ids(tenant.id);
  ImportWorld world;
  world.is_gestor = [&logins](std::string_view login) { return logins.contains(login); };
  world.is_form = [&forms](std::string_view form_id) { return forms.contains(form_id); };
  world.form_uses = storage.form_uses(tenant.id);
  world.utc_offset_minutes = tenant.policy.utc_offset_minutes;
  world.collection_gate = tenant.policy.collection_gate;
  world.validation_gate = tenant.policy.validation_gate;

  Intake intake;
  intake.table = read_cases_csv(csv, world, language);
  const CaseTable& table = intake.table;
  if (table.unreadable || (!table.problems.empty() && !skip_bad)) return intake;
  intake.counts = storage.import_cases(tenant.id, table.cases, now_ms);
  intake.imported = true;
  return intake;
}

}  // namespace terreno::server
