#pragma once

#include <string>
#include <vector>

#include "server/storage/storage.hpp"

namespace terreno::server {

// Each takes the words after its name and returns the program's exit code. Expected failures throw Error or
// UsageError; main() prints them.

using Words = std::vector<std::string>;

int serve(const Words& words);
int admin_create(const Words& words);
int user_add(const Words& words);
int enrolment_code(const Words& words);
int phone_list(const Words& words);
int phone_revoke(const Words& words);
int import_cases(const Words& words);
int form_add(const Words& words);
int form_check(const Words& words);
int form_convert(const Words& words);
int form_fill(const Words& words);
int form_list(const Words& words);
int form_use(const Words& words);
int form_answers(const Words& words);
int tenant_policy(const Words& words);
int tenant_basemap(const Words& words);

/// The tenant of that name, or the only one there is when `name` is empty. Throws NotFound.
Tenant tenant_named(Storage& storage, const std::string& name);

}  // namespace terreno::server
