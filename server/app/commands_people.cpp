#include <algorithm>
#include <iostream>

#include "core/base/crypto.hpp"
#include "server/app/arguments.hpp"
#include "server/app/cli_text.hpp"
#include "server/app/commands.hpp"
#include "server/app/data_dir.hpp"
#include "server/app/hidden_line.hpp"
#include "server/app/tenant_seed.hpp"
#include "server/domain/enrolment.hpp"
#include "server/domain/login_rules.hpp"
#include "server/domain/password_rules.hpp"

namespace terreno::server {
namespace {

std::string asked_login(const Arguments& arguments) {
  const std::string typed = arguments.need("login");
  const auto login = usable_login(typed);
  if (!login) throw UsageError(cli_text("cli.bad_login", {{"login", typed}}));
  return *login;
}

Role role_named(const std::string& name) {
  if (name == "gestor") return Role::Gestor;
  if (name == "supervisor") return Role::Supervisor;
  if (name == "analyst") return Role::Analyst;
  if (name == "admin") return Role::Admin;
  throw UsageError(cli_text("cli.unknown_role", {{"role", name}}));
}

/// Never from the command line, where every user of the machine could read it: from a file or from the
/// standard input.
std::string read_password(const Arguments& arguments, const std::string& login) {
  std::string password;
  if (arguments.has("password-file")) {
    password = read_file(arguments.need("password-file"), 4096);
    password.erase(password.find_last_not_of("\r\n") + 1);
  } else {
    std::cerr << cli_text("cli.password_prompt") << std::flush;
    password = read_hidden_line();
  }
  switch (judge_password(password, login)) {
    case PasswordFault::None:
      return password;
    case PasswordFault::TooShort:
      throw UsageError(cli_text("password.too_short", {{"least", std::to_string(kMinPassword)}}));
    case PasswordFault::TooLong:
      throw UsageError(cli_text("password.too_long", {{"most", std::to_string(kMaxPassword)}}));
    case PasswordFault::TooCommon:
      break;
  }
  throw UsageError(cli_text("password.too_common"));
}

User new_user(const Arguments& arguments, const Uuid& tenant_id, Role role, const Clock& clock) {
  User user;
  user.id = make_uuid_v7(clock);
  user.tenant_id = tenant_id;
  user.login = asked_login(arguments);
  user.name = arguments.get("name", user.login);
  if (!usable_name(user.name)) {
    throw UsageError(cli_text("cli.bad_name", {{"limit", std::to_string(kMaxNameBytes)}}));
  }
  user.role = role;
  return user;
}

void check_free(Storage& storage, const std::string& login) {
  if (storage.find_user_by_login(login)) {
    throw Error(ErrorCode::AlreadyExists, cli_text("cli.login_taken", {{"login", login}}));
  }
}

}  // namespace

Tenant tenant_named(Storage& storage, const std::string& name) {
  const std::vector<Tenant> tenants = storage.tenants();
  if (name.empty() && tenants.size() == 1) return tenants.front();
  const auto found =
      std::find_if(tenants.begin(), tenants.end(), [&](const Tenant& t) { return t.name == name; });
  if (found != tenants.end()) return *found;
  if (!name.empty()) throw Error(ErrorCode::NotFound, cli_text("cli.no_tenant", {{"tenant", name}}));
  throw UsageError(cli_text(tenants.empty() ? "cli.no_tenant_yet" : "cli.which_tenant"));
}

int admin_create(const Words& words) {
  const Arguments arguments(words, {"data", "tenant", "login", "name", "password-file"}, {});
  const SystemClock clock;
  const std::string tenant_name = arguments.need("tenant");
  const std::string login = asked_login(arguments);
  const DataDir data(arguments.need("data"), DataDir::Absent::Make);
  const auto storage = data.open_storage();
  check_free(*storage, login);
  const std::string password_hash = hash_password(read_password(arguments, login));
  const std::vector<Tenant> tenants = storage->tenants();
  const auto held =
      std::find_if(tenants.begin(), tenants.end(), [&](const Tenant& t) { return t.name == tenant_name; });
  const Tenant tenant =
      held != tenants.end() ? *held : add_tenant_with_defaults(*storage, tenant_name, clock);
  User user = new_user(arguments, tenant.id, Role::Admin, clock);
  user.password_hash = password_hash;
  storage->add_user(user).value();
  std::cout << cli_text("cli.admin_made", {{"login", user.login}, {"tenant", tenant.name}}) << "\n";
  return 0;
}

int user_add(const Words& words) {
  const Arguments arguments(words, {"data", "tenant", "login", "name", "role", "password-file"}, {});
  const SystemClock clock;
  const DataDir data(arguments.need("data"));
  const auto storage = data.open_storage();
  const Tenant tenant = tenant_named(*storage, arguments.get("tenant"));
  User user = new_user(arguments, tenant.id, role_named(arguments.get("role", "gestor")), clock);
  check_free(*storage, user.login);
  // A gestor works with the phone alone and needs no password; everyone else logs in to the console.
  if (user.role != Role::Gestor || arguments.has("password-file")) {
    user.password_hash = hash_password(read_password(arguments, user.login));
  }
  storage->add_user(user).value();
  std::cout << cli_text("cli.user_made", {{"login", user.login}}) << "\n";
  return 0;
}

int enrolment_code(const Words& words) {
  const Arguments arguments(words, {"data", "login"}, {});
  const DataDir data(arguments.need("data"));
  const auto storage = data.open_storage();
  const std::string login = asked_login(arguments);
  const auto user = storage->find_user_by_login(login);
  if (!user || !user->active || user->role != Role::Gestor) {
    throw Error(ErrorCode::NotFound, cli_text("cli.no_gestor", {{"login", login}}));
  }
  const std::string code = make_enrolment_code();
  const SystemClock clock;
  storage->add_enrolment_code(
      {enrolment_code_hash(code), user->tenant_id, user->id, clock.wall_ms() + kEnrolmentCodeLifeMs});
  std::cout << code << "\n";
  return 0;
}

}  // namespace terreno::server
