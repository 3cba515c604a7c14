#include <doctest/doctest.h>

#include <set>
#include <thread>

#include "tests/contract/engines.hpp"
#include "tests/contract/sample_field.hpp"
#include "tests/support/temp_dir.hpp"

using namespace terreno;
using namespace terreno::server;
using namespace terreno::tests;

namespace {

constexpr VisitFilter kAllVisits{{0, kMorning * 2}, std::nullopt, std::nullopt, 5000, 0};
constexpr std::size_t kPlenty = 1 << 20;

Uuid visit_id(std::uint32_t number) { return numbered_id(4, number); }

}  // namespace

TEST_CASE("a batch is applied once however often it comes") {
  for (const Engine& engine : engines()) {
    CAPTURE(engine.name);
    const TempDir folder;
    const auto storage = engine.open(folder.path());
    SampleCompany company(*storage, 1);
    company.add_gestor(1);
    const Uuid case_id = company.add_case(1, 1);
    SamplePhone phone = company.enrol(1);
    const Uuid shift = numbered_id(5, 1);
    const PreparedBatch batch =
        phone.batch({ShiftStarted{shift, kMorning - 3'600'000}, sample_visit(visit_id(1), case_id),
                     sample_chunk(shift, kMorning - 600'000)});

    const BatchEffects first = apply(*storage, batch).value();
    CHECK(first.head == phone.head());
    CHECK(first.new_visits == std::vector{visit_id(1)});
    CHECK(first.shift_changed);
    REQUIRE(first.position);
    CHECK(first.position->captured_at_ms == kMorning - 600'000 + 290'000);
    for (int again = 0; again < 3; ++again) {
      const BatchEffects repeated = apply(*storage, batch).value();
      CHECK(repeated.head == phone.head());
      CHECK(repeated.new_visits.empty());
      CHECK_FALSE(repeated.position);
    }
    CHECK(storage->visits(company.id(), kAllVisits).size() == 1);
    CHECK(storage->track(company.id(), company.gestor_id(1), {0, kMorning * 2}).size() == 30);
    CHECK(storage->battery(company.id(), company.gestor_id(1), {0, kMorning * 2}).size() == 2);
    CHECK(
        storage->track(company.id(), company.gestor_id(1), {kMorning - 600'000, kMorning - 590'000}).size() ==
        1);
  }
}

TEST_CASE("batches that overlap what is held give only what is new") {
  for (const Engine& engine : engines()) {
    CAPTURE(engine.name);
    const TempDir folder;
    const auto storage = engine.open(folder.path());
    SampleCompany company(*storage, 1);
    company.add_gestor(1);
    SamplePhone phone = company.enrol(1);
    const ChainHead start = phone.head();
    const std::vector<EntryBody> three = {sample_visit(visit_id(1), {}), sample_visit(visit_id(2), {}),
                                          sample_visit(visit_id(3), {})};
    const PreparedBatch whole = phone.batch(three);
    SamplePhone early = phone;
    early.continue_from(start);
    apply(*storage, early.batch({three[0], three[1]})).value();
    CHECK(apply(*storage, whole)->new_visits == std::vector{visit_id(3)});
    early.continue_from(start);
    CHECK(apply(*storage, early.batch({three[0]}))->head == whole.head);
    CHECK(storage->visits(company.id(), kAllVisits).size() == 3);
  }
}

TEST_CASE("a chain that says something else, or skips, is a fork and changes nothing") {
  for (const Engine& engine : engines()) {
    CAPTURE(engine.name);
    const TempDir folder;
    const auto storage = engine.open(folder.path());
    SampleCompany company(*storage, 1);
    company.add_gestor(1);
    SamplePhone phone = company.enrol(1);
    SamplePhone clone = phone;
    apply(*storage, phone.batch({sample_visit(visit_id(1), {})})).value();
    const auto is_fork = [&](PreparedBatch batch) {
      const auto applied = apply(*storage, std::move(batch));
      return !applied.ok() && applied.error().code == ErrorCode::ChainFork;
    };
    CHECK(is_fork(clone.batch({sample_visit(visit_id(2), {})})));
    CHECK(is_fork(clone.batch({sample_visit(visit_id(3), {})})));
    phone.batch({sample_visit(visit_id(4), {})});
    CHECK_MESSAGE(is_fork(phone.batch({sample_visit(visit_id(5), {})})), "an entry is missing between");
    CHECK(storage->visits(company.id(), kAllVisits).size() == 1);

    const std::uint32_t epoch = storage->open_epoch(company.id(), phone.device().id, 1);
    CHECK(epoch == 2);
    CHECK_MESSAGE(storage->open_epoch(company.id(), phone.device().id, 1) == 2, "not used yet: given again");
    CHECK_MESSAGE(storage->open_epoch(company.id(), phone.device().id, 7) == 8,
                  "always above the phone's own");
    CHECK(is_fork(clone.batch({sample_visit(visit_id(6), {})})));
    clone.continue_from({8, 0, {}});
    const auto resent =
        apply(*storage, clone.batch({sample_visit(visit_id(1), {}), sample_visit(visit_id(2), {})}));
    CHECK_MESSAGE(resent.value().new_visits == std::vector{visit_id(2)},
                  "a visit sent again is still one visit");
    CHECK(resent->quarantined.empty());
  }
}

TEST_CASE("a visit whose id is taken by another one is kept aside and blocks nothing") {
  for (const Engine& engine : engines()) {
    CAPTURE(engine.name);
    const TempDir folder;
    const auto storage = engine.open(folder.path());
    SampleCompany company(*storage, 1);
    company.add_gestor(1);
    SamplePhone phone = company.enrol(1);
    apply(*storage, phone.batch({sample_visit(visit_id(1), {})})).value();
    VisitFinished other = sample_visit(visit_id(1), {});
    other.outcome.note = "otra cosa";
    PreparedBatch batch = phone.batch({other, sample_visit(visit_id(2), {})});
    batch.entries.push_back(phone.batch({ShiftStarted{}}).entries[0]);
    batch.entries.back().body.reset();
    batch.entries.back().quarantine_code = ErrorCode::MalformedBytes;
    batch.head = phone.head();

    const BatchEffects applied = apply(*storage, batch).value();
    const std::vector<Quarantined> expected = {{2, ErrorCode::Conflict}, {4, ErrorCode::MalformedBytes}};
    CHECK(applied.quarantined == expected);
    CHECK(applied.new_visits == std::vector{visit_id(2)});
    CHECK_MESSAGE(apply(*storage, batch)->quarantined == expected, "told again when the answer was lost");
    CHECK(storage->quarantined_count(company.id()) == 2);
    const auto held = storage->quarantined(company.id(), 10, 0);
    REQUIRE(held.size() == 2);
    CHECK(held[0].seq == 4);
    CHECK(held[0].code == ErrorCode::MalformedBytes);
    CHECK(held[0].kind == EntryKind::ShiftStarted);
    CHECK(held[1].seq == 2);
    CHECK(held[1].kind == EntryKind::VisitFinished);
    CHECK(held[1].gestor_id == company.gestor_id(1));
    CHECK(held[1].device_id == phone.device().id);
    CHECK(held[1].wall_ms == kMorning);
    CHECK(held[1].size > 100);
    CHECK(storage->quarantined(company.id(), 1, 1).at(0).seq == 2);
    CHECK(storage->find_visit(company.id(), visit_id(1))->visit.outcome.note.empty());
  }
}

TEST_CASE("a visit is read back whole, with verdict, marks, evidence and the case's new state") {
  for (const Engine& engine : engines()) {
    CAPTURE(engine.name);
    const TempDir folder;
    const auto storage = engine.open(folder.path());
    SampleCompany company(*storage, 1);
    company.add_gestor(1);
    const Uuid case_id = company.add_case(1, 1);
    SamplePhone phone = company.enrol(1);
    const std::uint64_t cursor =
        storage->changes_after(company.id(), company.gestor_id(1), 0, kPlenty).cursor;
    VisitFinished visit = sample_visit(visit_id(1), case_id);
    visit.answers = {{"who", "nobody"}};
    EvidenceRef photo;
    photo.sha256 = sha256(as_bytes("photo"));
    photo.media_type = "image/jpeg";
    photo.size = 5;
    visit.evidence = {photo};
    PreparedBatch batch = phone.batch({visit});
    batch.entries[0].server_verdict.answer = GateAnswer::Outside;
    batch.entries[0].server_verdict.distance_m = 312.5;
    batch.entries[0].marks = {{"verdict_differs", "inside -> outside"}, {"short_visit", "20 s"}};
    batch.entries[0].case_becomes = CaseState::Promised;

    const BatchEffects effects = apply(*storage, batch).value();
    CHECK(effects.changed_cases == std::vector{case_id});
    const VisitRecord held = storage->find_visit(company.id(), visit_id(1)).value();
    CHECK(held.visit == visit);
    CHECK(held.gestor_id == company.gestor_id(1));
    CHECK(held.device_id == phone.device().id);
    CHECK(held.server_verdict == batch.entries[0].server_verdict);
    CHECK(held.marks == batch.entries[0].marks);
    CHECK(storage->evidence_of_visit(company.id(), visit_id(1)).at(0).ref == photo);
    storage->set_evidence_progress(company.id(), photo.sha256, EvidenceState::Receiving, 3);
    CHECK(storage->find_evidence(company.id(), photo.sha256)->received_bytes == 3);

    const CaseRecord record = storage->find_case(company.id(), case_id).value();
    CHECK(record.item.state == CaseState::Promised);
    CHECK(record.last_visit_at_ms == visit.finished_at_ms);
    const auto changes = storage->changes_after(company.id(), company.gestor_id(1), cursor, kPlenty).changes;
    REQUIRE(changes.size() == 1);
    CHECK(std::get<Case>(changes[0]).state == CaseState::Promised);

    PreparedBatch weaker = phone.batch({sample_visit(visit_id(2), case_id, kMorning + 1000)});
    weaker.entries[0].case_becomes = CaseState::Revisit;
    CHECK(apply(*storage, weaker)->changed_cases.empty());
    CHECK(storage->find_case(company.id(), case_id)->item.state == CaseState::Promised);
  }
}

TEST_CASE("visits are listed by day, gestor and case, the newest first") {
  for (const Engine& engine : engines()) {
    CAPTURE(engine.name);
    const TempDir folder;
    const auto storage = engine.open(folder.path());
    SampleCompany company(*storage, 1);
    company.add_gestor(1);
    company.add_gestor(2);
    const Uuid case_id = company.add_case(1, 1);
    SamplePhone one = company.enrol(1);
    SamplePhone two = company.enrol(2);
    apply(*storage, one.batch({sample_visit(visit_id(1), case_id, kMorning),
                               sample_visit(visit_id(2), {}, kMorning + 1000),
                               VisitCancelled{visit_id(9), case_id, {}, kMorning, kMorning, "no abren", {}}}))
        .value();
    apply(*storage, two.batch({sample_visit(visit_id(3), case_id, kMorning + 2000)})).value();
    const auto listed = [&](VisitFilter filter) {
      std::vector<Uuid> ids;
      for (const VisitRecord& record : storage->visits(company.id(), filter))
        ids.push_back(record.visit.visit_id);
      return ids;
    };
    VisitFilter filter = kAllVisits;
    CHECK(listed(filter) == std::vector{visit_id(3), visit_id(2), visit_id(1)});
    filter.limit = 1;
    filter.offset = 1;
    CHECK(listed(filter) == std::vector{visit_id(2)});
    filter = kAllVisits;
    filter.period = {kMorning, kMorning + 2000};
    CHECK(listed(filter) == std::vector{visit_id(2), visit_id(1)});
    filter.gestor_id = company.gestor_id(1);
    CHECK(listed(filter).size() == 2);
    filter.case_id = case_id;
    CHECK(listed(filter) == std::vector{visit_id(1)});
    filter.gestor_id.reset();
    filter.period = kAllVisits.period;
    CHECK(listed(filter) == std::vector{visit_id(3), visit_id(1)});
    const auto cancelled = storage->cancelled_visits(company.id(), kAllVisits);
    REQUIRE(cancelled.size() == 1);
    CHECK(cancelled[0].visit.reason == "no abren");
    CHECK(cancelled[0].gestor_id == company.gestor_id(1));
  }
}

TEST_CASE("the live row follows shift, position and battery, even of a phone from the future") {
  for (const Engine& engine : engines()) {
    CAPTURE(engine.name);
    const TempDir folder;
    const auto storage = engine.open(folder.path());
    SampleCompany company(*storage, 1);
    company.add_gestor(1);
    company.add_case(1, 1);
    SamplePhone phone = company.enrol(1);
    const Uuid shift = numbered_id(5, 1);
    const WallMs in_years = kMorning + 5LL * 365 * 86'400'000;
    const auto status = [&] {
      return storage->gestores(company.id(), {kMorning - 1000, kMorning + 1000}).at(0);
    };
    CHECK_FALSE(status().shift_started_at_ms);
    CHECK_FALSE(status().last_sync_at_ms);

    apply(*storage, phone.batch({ShiftStarted{shift, kMorning}, sample_chunk(shift, in_years),
                                 sample_visit(visit_id(1), {})}))
        .value();
    CHECK(status().shift_started_at_ms == kMorning);
    CHECK_FALSE(status().shift_ended_at_ms);
    CHECK(status().position->captured_at_ms == in_years + 290'000);
    CHECK(status().battery->percent == 79);
    CHECK(status().last_sync_at_ms == kMorning);
    CHECK(status().visits_today == 1);
    CHECK(status().open_cases == 1);

    PreparedBatch mended =
        phone.batch({sample_chunk(shift, kMorning + 10'000), ShiftEnded{shift, kMorning + 400'000}});
    mended.received_at_ms = kMorning + 500'000;
    apply(*storage, mended).value();
    CHECK_MESSAGE(status().position->captured_at_ms == kMorning + 300'000,
                  "a mended clock is believed again");
    CHECK(status().shift_ended_at_ms == kMorning + 400'000);
    PreparedBatch late = phone.batch({sample_chunk(shift, kMorning - 900'000)});
    CHECK_FALSE_MESSAGE(apply(*storage, late)->position, "older fixes do not move it back");
  }
}

TEST_CASE("one wild time among a chunk's samples hides none of the others") {
  for (const Engine& engine : engines()) {
    CAPTURE(engine.name);
    const TempDir folder;
    const auto storage = engine.open(folder.path());
    SampleCompany company(*storage, 1);
    company.add_gestor(1);
    SamplePhone phone = company.enrol(1);
    constexpr std::int64_t kDay = 86'400'000;
    // Satellites stamp the fixes, the phone's clock the battery: it was three days ahead, and once in 1970.
    std::vector<Fix> fixes;
    for (int i = 0; i < 30; ++i) fixes.push_back(sample_fix(kMorning + i * 10'000));
    fixes.push_back(sample_fix(kMorning + 9 * kDay));
    const std::vector<BatterySample> samples = {
        {1000, 90, false}, {kMorning, 80, false}, {kMorning + 3 * kDay, 79, false}};
    TrackChunk chunk;
    chunk.shift_id = numbered_id(5, 1);
    chunk.from_ms = 1000;
    chunk.to_ms = kMorning + 9 * kDay;
    chunk.packed = geo::pack_track(fixes, samples);
    apply(*storage, phone.batch({chunk})).value();

    const auto fixes_from = [&](WallMs from_ms) {
      return storage->track(company.id(), company.gestor_id(1), {from_ms, from_ms + kDay}).size();
    };
    const auto samples_from = [&](WallMs from_ms) {
      return storage->battery(company.id(), company.gestor_id(1), {from_ms, from_ms + kDay}).size();
    };
    CHECK(fixes_from(kMorning - 1000) == 30);
    CHECK(fixes_from(kMorning + 9 * kDay) == 1);
    CHECK(fixes_from(kMorning + 3 * kDay) == 0);
    CHECK(samples_from(kMorning - 1000) == 1);
    CHECK(samples_from(kMorning + 3 * kDay) == 1);
    CHECK(samples_from(0) == 1);
    CHECK_MESSAGE(storage->track(company.id(), company.gestor_id(1), {0, kMorning + 99 * kDay}).size() == 31,
                  "and none comes twice");
  }
}

TEST_CASE("many phones at once: every batch is there once, and reads see whole batches") {
  for (const Engine& engine : engines()) {
    CAPTURE(engine.name);
    const TempDir folder;
    const auto storage = engine.open(folder.path());
    SampleCompany company(*storage, 1);
    constexpr std::uint32_t kPhones = 8;
    constexpr std::uint32_t kBatches = 25;
    std::vector<SamplePhone> phones;
    for (std::uint32_t g = 0; g < kPhones; ++g) {
      company.add_gestor(g);
      phones.push_back(company.enrol(g));
    }
    std::atomic<bool> torn{false};
    std::vector<std::thread> threads;
    for (std::uint32_t g = 0; g < kPhones; ++g) {
      threads.emplace_back([&, g] {
        for (std::uint32_t b = 0; b < kBatches; ++b) {
          const std::uint32_t number = g * 1000 + b * 2;
          const PreparedBatch batch =
              phones[g].batch({sample_visit(visit_id(number), {}), sample_visit(visit_id(number + 1), {})});
          apply(*storage, batch).value();
          if (b % 3 == 0) apply(*storage, batch).value();
          VisitFilter filter = kAllVisits;
          filter.gestor_id = company.gestor_id(g);
          if (storage->visits(company.id(), filter).size() != (b + 1) * 2) torn = true;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK_FALSE(torn);
    std::set<Uuid> ids;
    for (const VisitRecord& record : storage->visits(company.id(), kAllVisits))
      ids.insert(record.visit.visit_id);
    CHECK(ids.size() == kPhones * kBatches * 2);
  }
}

TEST_CASE("one bad batch among many harms no other") {
  for (const Engine& engine : engines()) {
    CAPTURE(engine.name);
    const TempDir folder;
    const auto storage = engine.open(folder.path());
    SampleCompany company(*storage, 1);
    constexpr std::uint32_t kPhones = 40;
    std::vector<PreparedBatch> batches;
    for (std::uint32_t g = 0; g < kPhones; ++g) {
      company.add_gestor(g);
      SamplePhone phone = company.enrol(g);
      batches.push_back(phone.batch({sample_visit(visit_id(g), {})}));
      // Every fourth says one seq twice, which the domain never lets through: it throws inside the group.
      if (g % 4 == 0) batches.back().entries.push_back(batches.back().entries[0]);
    }
    std::vector<std::future<bool>> results;
    for (PreparedBatch& batch : batches) {
      auto promise = std::make_shared<std::promise<bool>>();
      results.push_back(promise->get_future());
      storage->apply_batch(std::move(batch), [promise](const Result<BatchEffects>& applied) {
        promise->set_value(applied.ok());
      });
    }
    for (std::uint32_t g = 0; g < kPhones; ++g) CHECK(results[g].get() == (g % 4 != 0));
    CHECK(storage->visits(company.id(), kAllVisits).size() == kPhones * 3 / 4);
  }
}
