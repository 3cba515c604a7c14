#pragma once

#include <span>

#include "server/api/router.hpp"

namespace terreno::server {

/// Every route of the server with who may call it; schema/openapi.yaml describes the same table.
std::span<const Route> all_routes();

// The handlers, by what they are about. Each is a plain function; it throws Error for what it refuses.

// login_routes.cpp
Response log_in(Call& call);
Response log_out(Call& call);
Response show_me(Call& call);

// gestor_routes.cpp
Response list_gestores(Call& call);
Response show_track(Call& call);
Response list_trails(Call& call);

// case_routes.cpp
Response list_cases(Call& call);
Response map_cases(Call& call);
Response show_case(Call& call);
Response assign_case(Call& call);
Response reopen_case(Call& call);
Response import_cases(Call& call);

// visit_routes.cpp
Response list_visits(Call& call);
Response show_visit(Call& call);
Response show_evidence(Call& call);

// form_routes.cpp
Response list_forms(Call& call);
Response show_form(Call& call);
Response show_xform(Call& call);
Response show_form_source(Call& call);
Response upload_form(Call& call);
Response apply_form(Call& call);
Response set_form_use(Call& call);

// answer_routes.cpp
Response export_answers_csv(Call& call);
Response export_answers_xlsx(Call& call);

// review_routes.cpp
Response list_cancelled_visits(Call& call);
Response list_quarantined(Call& call);

// summary_routes.cpp
Response show_summary(Call& call);

// user_routes.cpp
Response list_users(Call& call);
Response add_user(Call& call);
Response set_user_active(Call& call);
Response set_user_password(Call& call);
Response make_code(Call& call);
Response list_phones(Call& call);
Response revoke_phone(Call& call);

// operation_routes.cpp
Response show_health(Call& call);
Response show_readiness(Call& call);
Response show_metrics(Call& call);
Response show_basemap(Call& call);

}  // namespace terreno::server
