#include <doctest/doctest.h>
#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "core/store/device_store.hpp"
#include "tests/support/sample_phone.hpp"
#include "tests/support/temp_dir.hpp"

using namespace terreno;
using tests::TempDir;

namespace {

void run_sql(const std::string& path, const std::string& sql) {
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(path.c_str(), &db) == SQLITE_OK);
  char* message = nullptr;
  const int code = sqlite3_exec(db, sql.c_str(), nullptr, nullptr, &message);
  INFO(std::string(message == nullptr ? "" : message));
  CHECK(code == SQLITE_OK);
  sqlite3_free(message);
  sqlite3_close(db);
}

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

ErrorCode code_of_opening(const std::string& path) {
  try {
    const DeviceStore store(path);
  } catch (const Error& error) {
    return error.code;
  }
  FAIL("the database opened");
  return ErrorCode::Internal;
}

}  // namespace

TEST_CASE("a database that was closed comes back as it was") {
  const TempDir dir;
  {
    DeviceStore store(dir.file("phone.db"));
    tests::enrol_sample(store);
    tests::seed_sample(store, 3);
  }
  const DeviceStore store(dir.file("phone.db"));
  REQUIRE(store.identity().has_value());
  CHECK(store.identity()->gestor_name == "Lucía Gestora");
  CHECK(store.policy().tenant_name == "Demo");
  CHECK(store.chain_head() == ChainHead{1, 0, {}});
  CHECK(store.cases_by_due({}, 10, 0).size() == 3);
  CHECK(store.outcomes() == tests::sample_outcomes().outcomes);
  CHECK(store.current_form("visita") == tests::sample_form());
  CHECK(store.cursor() == 5);
}

TEST_CASE("a newer version's database is refused and not touched") {
  const TempDir dir;
  const std::string path = dir.file("phone.db");
  {
    DeviceStore store(path);
    tests::enrol_sample(store);
  }
  run_sql(path, "PRAGMA user_version = 999");
  const std::string before = bytes_of(path);
  CHECK(code_of_opening(path) == ErrorCode::DatabaseMismatch);
  CHECK(bytes_of(path) == before);
  run_sql(path, "PRAGMA user_version = 1");
  CHECK(DeviceStore(path).identity().has_value());
}

TEST_CASE("another program's database and a file that is none are refused") {
  const TempDir dir;
  run_sql(dir.file("other.db"), "CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)");
  CHECK(code_of_opening(dir.file("other.db")) == ErrorCode::DatabaseMismatch);
  run_sql(dir.file("marked.db"), "PRAGMA application_id = 42; CREATE TABLE theirs (a)");
  CHECK(code_of_opening(dir.file("marked.db")) == ErrorCode::DatabaseMismatch);
  std::ofstream(dir.file("text.db")) << std::string(4096, 'x');
  CHECK(code_of_opening(dir.file("text.db")) == ErrorCode::DatabaseMismatch);
  CHECK(code_of_opening(dir.file("no/such/folder.db")) == ErrorCode::Io);
}

TEST_CASE("a transaction that is not committed leaves nothing, also when it holds another") {
  const TempDir dir;
  DeviceStore store(dir.file("phone.db"));
  tests::enrol_sample(store);
  {
    DeviceStore::Transaction outer(store);
    tests::seed_sample(store, 2);
    CHECK(store.cases_by_due({}, 10, 0).size() == 2);
  }
  CHECK(store.cases_by_due({}, 10, 0).empty());
  {
    DeviceStore::Transaction outer(store);
    tests::seed_sample(store, 2);
    { DeviceStore::Transaction undone(store); }
    CHECK_THROWS_AS(outer.commit(), Error);
  }
  CHECK(store.cases_by_due({}, 10, 0).empty());
  tests::seed_sample(store, 2);
  CHECK(store.cases_by_due({}, 10, 0).size() == 2);
}

TEST_CASE("a phone enrols once, and with the key that it made") {
  const TempDir dir;
  DeviceStore store(dir.file("phone.db"));
  CHECK_FALSE(store.identity().has_value());
  CHECK_FALSE(store.enrolment_key().has_value());
  const KeyPair keys = make_key_pair();
  store.keep_enrolment_key(keys);
  CHECK(store.enrolment_key()->public_key == keys.public_key);
  EnrolResponse response;
  response.device_id.bytes[3] = 1;
  response.token = "t";
  store.enrol(response);
  CHECK(store.identity()->keys.secret_key == keys.secret_key);
  CHECK_FALSE(store.enrolment_key().has_value());
  CHECK_THROWS_AS(store.enrol(response), Error);
  CHECK_THROWS_AS(store.keep_enrolment_key(make_key_pair()), Error);
}
