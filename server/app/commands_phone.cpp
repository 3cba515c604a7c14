#include <iostream>

#include "server/app/arguments.hpp"
#include "server/app/cli_text.hpp"
#include "server/app/commands.hpp"
#include "server/app/data_dir.hpp"

namespace terreno::server {
namespace {

User user_named(Storage& storage, const std::string& login) {
  auto user = storage.find_user_by_login(login);
  if (!user) throw Error(ErrorCode::NotFound, cli_text("cli.no_user", {{"login", login}}));
  return std::move(*user);
}

}  // namespace

int phone_list(const Words& words) {
  const Arguments arguments(words, {"data", "login"}, {});
  const DataDir data(arguments.need("data"));
  const auto storage = data.open_storage();
  const User user = user_named(*storage, arguments.need("login"));
  for (const Device& phone : storage->devices(user.tenant_id, user.id)) {
    std::cout << phone.id.to_string() << "  " << phone.name << "  " << phone.app_version
              << (phone.revoked ? "  " + cli_text("cli.phone_out") : "") << "\n";
  }
  return 0;
}

int phone_revoke(const Words& words) {
  const Arguments arguments(words, {"data", "login", "phone"}, {});
  const DataDir data(arguments.need("data"));
  const auto storage = data.open_storage();
  const User user = user_named(*storage, arguments.need("login"));
  const std::string wanted = arguments.need("phone");
  for (const Device& phone : storage->devices(user.tenant_id, user.id)) {
    if (phone.id.to_string() != wanted) continue;
    storage->revoke_device(user.tenant_id, phone.id);
    std::cout << cli_text("cli.phone_revoked", {{"phone", phone.name}, {"login", user.login}}) << "\n";
    return 0;
  }
  throw Error(ErrorCode::NotFound, cli_text("cli.no_phone", {{"phone", wanted}, {"login", user.login}}));
}

}  // namespace terreno::server
