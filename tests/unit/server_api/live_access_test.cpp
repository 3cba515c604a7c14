#include <doctest/doctest.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "tests/unit/server_api/office.hpp"

using namespace terreno;
using namespace terreno::server;
using namespace terreno::tests;

namespace {

class Listener final : public LiveConnection {
 public:
  void send(std::shared_ptr<const std::string> message) override {
    const std::lock_guard lock(mutex_);
    heard_.push_back(*message);
    changed_.notify_all();
  }
  void close() override { closed_ = true; }
  bool closed() const override { return closed_; }

  bool hears(const std::string& part) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(5), [&] {
      for (const std::string& message : heard_) {
        if (message.find(part) != std::string::npos) return true;
      }
      return false;
    });
  }
  std::size_t count() {
    const std::lock_guard lock(mutex_);
    return heard_.size();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> heard_;
  std::atomic<bool> closed_{false};
};

Request upgrade(const std::string& cookie, const std::string& path = "/api/live") {
  Request request = Office::request("GET", path);
  request.headers["cookie"] = cookie;
  return request;
}

}  // namespace

TEST_CASE("Only a session of the office may watch live") {
  Office office;
  CHECK(office.application->refuse_live(upgrade(""))->status == 401);
  CHECK(office.application->refuse_live(upgrade(office.log_in("gestor")))->status == 403);
  CHECK(office.application->refuse_live(upgrade(office.log_in("admin"), "/api/other"))->status == 404);
  for (const char* login : {"supervisor", "analyst", "admin"}) {
    CHECK_FALSE(office.application->refuse_live(upgrade(office.log_in(login))));
  }
}

TEST_CASE("A committed batch reaches those of its company who watch, and nobody else") {
  Office office;
  const auto own = std::make_shared<Listener>();
  const auto foreign = std::make_shared<Listener>();
  office.application->open_live(upgrade(office.log_in("supervisor")), own);
  office.application->open_live(upgrade(office.log_in("foreign")), foreign);
  CHECK(own->hears(R"("type":"hello")"));
  SamplePhone phone = office.company.enrol(1);
  const Uuid case_id = office.company.add_case(1, 1);
  const ShiftStarted shift{numbered_id(6, 1), kMorning - 3'600'000};
  PreparedBatch batch = phone.batch(
      {shift, sample_chunk(shift.shift_id, kMorning - 3'000'000), sample_visit(numbered_id(7, 1), case_id)});
  batch.entries.back().case_becomes = CaseState::Revisit;
  const auto effects = apply(*office.storage, std::move(batch));
  REQUIRE(effects.ok());
  office.hub.publish(office.company.id(), office.company.gestor_id(1), *effects);
  CHECK(own->hears(R"("type":"shift")"));
  CHECK(own->hears(R"("type":"position")"));
  CHECK(own->hears(R"("party_name":"José Peña 1")"));
  CHECK(own->hears(R"("state":"revisit")"));
  CHECK(foreign->count() == 1);
}

TEST_CASE("Assigning a case tells those who watch") {
  Office office;
  const auto listener = std::make_shared<Listener>();
  office.application->open_live(upgrade(office.log_in("supervisor")), listener);
  const std::string id = office.company.add_case(1, 1).to_string();
  const std::string gestor = office.company.gestor_id(2).to_string();
  REQUIRE(
      office.as("supervisor", "POST", "/api/cases/" + id + "/assign", R"({"gestor_id":")" + gestor + "\"}")
          .status == 200);
  CHECK(listener->hears(R"("type":"case","id":")" + id));
}
