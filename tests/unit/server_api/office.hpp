#pragma once

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <future>
#include <map>
#include <memory>
#include <string>

#include "server/api/application.hpp"
#include "server/api/phone_routes.hpp"
#include "server/domain/outcomes.hpp"
#include "tests/contract/sample_field.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_dir.hpp"

namespace terreno::tests {

namespace json = boost::json;

inline constexpr const char* kPassword = "nopal verde 77";

/// A whole server but for HTTP, with two companies. Company 1 has a user of each role, login = role's name.
class Office {
 public:
  explicit Office(ApiOptions options = {}) {
    options.log_requests = false;
    options.console_dir = folder.path() / "console";
    options.basemap_dir = folder.path() / "basemap";
    options.metrics_token = "the token of the metrics";
    application = make_application(*storage, phones, files, hub, clock, options);
    const std::string hash = hash_password(kPassword);
    add_user(company, 901, "supervisor", Role::Supervisor, hash);
    add_user(company, 902, "analyst", Role::Analyst, hash);
    add_user(company, 903, "admin", Role::Admin, hash);
    add_user(company, 904, "gestor", Role::Gestor, hash);
    add_user(other, 903, "foreign", Role::Admin, hash);
    storage->set_outcomes(company.id(), default_outcomes());
    storage->add_form(company.id(), {"cobranza", "1", "Cobranza", "<form/>"}).value();
    company.add_gestor(1);
    company.add_gestor(2);
    other.add_gestor(1);
  }

  static Request request(std::string method, std::string target, std::string body = {}) {
    Request made;
    made.method = std::move(method);
    made.remote = "10.0.0.1";
    made.headers["x-terreno"] = "1";
    const std::size_t mark = target.find('?');
    made.path = target.substr(0, mark);
    while (mark != std::string::npos && target.find('=') != std::string::npos) {
      const std::string pair = target.substr(target.find_last_of("?&") + 1);
      made.query[pair.substr(0, pair.find('='))] = pair.substr(pair.find('=') + 1);
      target.resize(target.find_last_of("?&"));
    }
    made.body.assign(body.begin(), body.end());
    return made;
  }

  Response call(Request made) {
    std::promise<Response> promise;
    application->handle(std::move(made),
                        [&promise](Response response) { promise.set_value(std::move(response)); });
    return promise.get_future().get();
  }

  /// The session cookie of a fresh login, "name=value".
  std::string log_in(const std::string& login) {
    const Response response = call(request("POST", "/api/login", credentials(login, kPassword)));
    return header(response, "Set-Cookie").substr(0, header(response, "Set-Cookie").find(';'));
  }

  static std::string credentials(const std::string& login, const std::string& password) {
    return json::serialize(json::object{{"login", login}, {"password", password}});
  }

  /// As the user with this login; one session each.
  Response as(const std::string& login, std::string method, std::string target, std::string body = {}) {
    if (!cookies_.contains(login)) cookies_[login] = log_in(login);
    Request made = request(std::move(method), std::move(target), std::move(body));
    made.headers["cookie"] = cookies_[login];
    return call(std::move(made));
  }
  json::value get(const std::string& target, const std::string& login = "supervisor") {
    return json::parse(as(login, "GET", target).body);
  }

  static std::string header(const Response& response, std::string_view name) {
    for (const auto& [key, value] : response.headers) {
      if (key == name) return value;
    }
    return {};
  }

  static Uuid user_id(std::uint32_t company_number, std::uint32_t number) {
    return numbered_id(2, company_number * 1000 + number);
  }

  TempDir folder;
  ManualClock clock;
  std::unique_ptr<Storage> storage = open_storage();
  SampleCompany company{*storage, 1};
  SampleCompany other{*storage, 2};
  EvidenceFiles files{folder.path() / "evidence"};
  FormCache forms{[this](const Uuid& tenant, std::string_view form, std::string_view version) {
    return storage->find_form(tenant, form, version);
  }};
  LiveHub hub{*storage, clock};
  SystemClock real_clock;
  PhoneRoutes phones{*storage,
                     files,
                     clock,
                     forms,
                     [this](const CommittedBatch& batch, const BatchEffects& effects) {
                       hub.publish(batch.tenant_id, batch.gestor_id, effects);
                     },
                     phone_options()};
  std::unique_ptr<Application> application;

 private:
  /// Codes live by the real clock, as in the program.
  PhoneOptions phone_options() const {
    PhoneOptions options;
    options.real_clock = &real_clock;
    return options;
  }

  std::unique_ptr<Storage> open_storage() const {
    SqliteOptions options;
    options.path = folder.file("terreno.db");
    return open_sqlite_storage(options);
  }

  void add_user(const SampleCompany& of, std::uint32_t number, const std::string& login, Role role,
                const std::string& hash) {
    User user;
    user.id = user_id(of.id() == company.id() ? 1 : 2, number);
    user.tenant_id = of.id();
    user.login = login;
    user.name = "Persona " + login;
    user.role = role;
    user.password_hash = hash;
    storage->add_user(user).value();
  }

  std::map<std::string, std::string> cookies_;
};

}  // namespace terreno::tests
