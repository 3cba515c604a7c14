// Durable steps of the phone, each one commit with synchronous FULL, beside what the disk asks for any
// durable step: appending 4 KiB to a plain file and fdatasync.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <unistd.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "core/codec/codec.hpp"
#include "core/journal/journal.hpp"
#include "core/tracking/track_recorder.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/sample_phone.hpp"
#include "tests/support/temp_dir.hpp"

namespace {

using namespace terreno;

void append_4kib_fdatasync(benchmark::State& state) {
  const tests::TempDir dir;
  const int file = open(dir.file("plain").c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
  const std::vector<char> block(4096, 'x');
  for (auto _ : state) {
    if (write(file, block.data(), block.size()) != 4096 || fdatasync(file) != 0) {
      throw std::runtime_error("the disk failed");
    }
  }
  close(file);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(append_4kib_fdatasync)->UseRealTime();

struct Phone {
  tests::TempDir dir;
  tests::ManualClock clock;
  DeviceStore store{dir.file("phone.db")};
  Journal journal{store, clock};
  TrackRecorder tracks{store, clock};
  Phone() {
    tests::enrol_sample(store);
    tests::seed_sample(store);
    tracks.start_shift(Language::Spanish).value();
  }
};

/// About 2 KB: 50 answers, ten fixes, three photos.
VisitFinished usual_visit(const Clock& clock) {
  VisitFinished visit;
  visit.visit_id = make_uuid_v7(clock);
  visit.case_id = tests::sample_case(1).id;
  visit.form_id = "visita";
  visit.form_version = "2026-03-01";
  for (int i = 0; i < 50; ++i) {
    visit.answers.push_back({"group/question_" + std::to_string(i), "an answer " + std::to_string(i)});
  }
  Fix fix;
  fix.accuracy_m = 8;
  for (int i = 0; i < 10; ++i) {
    fix.captured_at_ms = clock.wall_ms() + i * 1'000;
    fix.point = {19.4 + i * 1e-5, -99.1};
    visit.arrival_fixes.push_back(fix);
  }
  visit.evidence.resize(3);
  visit.outcome.code = "promise";
  visit.outcome.promise = PromiseToPay{120'050, "2026-03-20", "transfer"};
  return visit;
}

void append_visit(benchmark::State& state) {
  Phone phone;
  const EntryBody visit = usual_visit(phone.clock);
  for (auto _ : state) phone.journal.append(visit);
  state.SetItemsProcessed(state.iterations());
  state.counters["bytes_an_entry"] = static_cast<double>(codec::encode_body(visit).size());
}
BENCHMARK(append_visit)->UseRealTime();

/// Journal entry, projection, case state and the draft's end, as one commit; arriving is not measured.
void finish_visit(benchmark::State& state) {
  Phone phone;
  for (auto _ : state) {
    state.PauseTiming();
    VisitDraft draft;
    draft.item = tests::sample_case(1);
    draft.visit = usual_visit(phone.clock);
    draft.visit.evidence.clear();
    phone.store.save_draft(draft);
    phone.store.replace_answers(draft.visit.visit_id, draft.visit.answers);
    state.ResumeTiming();
    DeviceStore::Transaction transaction(phone.store);
    phone.store.finish_draft(draft.visit, CaseState::Promised, phone.journal.append(draft.visit));
    transaction.commit();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(finish_visit)->UseRealTime();

void save_answer(benchmark::State& state) {
  Phone phone;
  VisitDraft draft;
  draft.item = tests::sample_case(1);
  draft.visit.case_id = draft.item.id;
  phone.store.save_draft(draft);
  int amount = 0;
  for (auto _ : state) {
    // Another value each time: SQLite writes nothing when a row stays as it was.
    phone.store.save_answer(draft.visit.visit_id, {"promise/amount", std::to_string(++amount)});
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(save_answer)->UseRealTime();

void add_fix(benchmark::State& state) {
  Phone phone;
  Fix fix;
  fix.point = {19.4, -99.1};
  fix.accuracy_m = 8;
  for (auto _ : state) {
    phone.clock.advance(1'000);
    fix.captured_at_ms = phone.clock.wall_ms();
    phone.tracks.add_fixes(std::span(&fix, 1), Language::Spanish).value();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(add_fix)->UseRealTime();

}  // namespace
