#include "server/live/live_hub.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>

#include "tests/contract/sample_field.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temp_dir.hpp"

using namespace terreno;
using namespace terreno::server;
using namespace terreno::tests;

namespace {

struct Peer {
  LiveSubscriber subscriber() {
    LiveSubscriber made;
    made.send = [this](std::shared_ptr<const std::string> message) {
      const std::lock_guard lock(mutex);
      if (!gone) heard.push_back(std::move(message));
      return !gone;
    };
    made.still_allowed = [this] { return allowed.load(); };
    made.close = [this] { closed = true; };
    return made;
  }
  bool wait_for(std::size_t count) {
    for (int i = 0; i < 1000; ++i) {
      {
        const std::lock_guard lock(mutex);
        if (heard.size() >= count) return true;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return false;
  }

  std::mutex mutex;
  std::vector<std::shared_ptr<const std::string>> heard;
  std::atomic<bool> allowed{true};
  std::atomic<bool> closed{false};
  bool gone = false;
};

struct Station {
  std::unique_ptr<Storage> open() const {
    SqliteOptions options;
    options.path = folder.file("terreno.db");
    return open_sqlite_storage(options);
  }
  TempDir folder;
  ManualClock clock;
  std::unique_ptr<Storage> storage = open();
  SampleCompany company{*storage, 1};
};

BatchEffects position_effects() {
  BatchEffects effects;
  effects.position = sample_fix(kMorning);
  return effects;
}

}  // namespace

TEST_CASE("An event's text is made once and shared by all who watch") {
  Station station;
  LiveHub hub(*station.storage, station.clock);
  Peer one;
  Peer two;
  hub.subscribe(station.company.id(), one.subscriber());
  hub.subscribe(station.company.id(), two.subscriber());
  hub.publish(station.company.id(), numbered_id(2, 1), position_effects());
  REQUIRE(one.wait_for(2));
  REQUIRE(two.wait_for(2));
  CHECK(one.heard.at(1) == two.heard.at(1));
  CHECK(one.heard.at(1)->find(R"("type":"position")") != std::string::npos);
  CHECK(one.heard.at(0)->find(R"("type":"hello")") != std::string::npos);
}

TEST_CASE("A peer that is gone is forgotten, and with the last one the tenant") {
  Station station;
  LiveHub hub(*station.storage, station.clock);
  Peer peer;
  hub.subscribe(station.company.id(), peer.subscriber());
  CHECK(hub.subscriber_count() == 1);
  {
    const std::lock_guard lock(peer.mutex);
    peer.gone = true;
  }
  hub.publish(station.company.id(), numbered_id(2, 1), position_effects());
  for (int i = 0; i < 1000 && hub.subscriber_count() > 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  CHECK(hub.subscriber_count() == 0);
}

TEST_CASE("Ticks come by themselves, and a session that ended is closed at the next one") {
  Station station;
  LiveHub hub(*station.storage, station.clock, 1);
  Peer peer;
  hub.subscribe(station.company.id(), peer.subscriber());
  REQUIRE(peer.wait_for(2));
  CHECK(peer.heard.at(1)->find(R"("type":"tick")") != std::string::npos);
  CHECK_FALSE(peer.closed);
  peer.allowed = false;
  for (int i = 0; i < 1000 && !peer.closed; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  CHECK(peer.closed);
}

TEST_CASE("Publishing where nobody watches asks the storage for nothing and a stop loses no thread") {
  Station station;
  for (int i = 0; i < 20; ++i) {
    LiveHub hub(*station.storage, station.clock);
    hub.publish(station.company.id(), numbered_id(2, 1), position_effects());
    Peer peer;
    hub.subscribe(station.company.id(), peer.subscriber());
    hub.publish_case(station.company.id(), numbered_id(9, 9));
    CHECK(hub.subscriber_count() == 1);
  }
}
