#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/app/field_core.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/sample_phone.hpp"
#include "tests/support/temp_dir.hpp"

namespace terreno::tests {

/// An enrolled phone with three cases of which the first is where fixes are put.
struct PhoneWorld {
  TempDir dir;
  ManualClock clock;
  KeyPair server_keys;
  std::unique_ptr<FieldCore> core;

  PhoneWorld() {
    {
      DeviceStore store(path());
      server_keys = enrol_sample(store);
      seed_sample(store);
    }
    reopen();
  }

  std::string path() const { return dir.file("phone.db"); }
  OpenOptions options() const {
    OpenOptions made;
    made.database_path = path();
    made.device_name = "Probe";
    made.app_version = "1";
    return made;
  }
  /// As after the death of the process: nothing but the file is left.
  void reopen() {
    core.reset();
    core = FieldCore::open(options(), clock);
  }

  Fix fix(double north_m, double accuracy_m) const {
    constexpr double kMetresPerDegree = 110'700;  // of latitude at 19.4°
    Fix made;
    made.captured_at_ms = clock.wall_ms();
    made.mono_ms = clock.mono_ms();
    made.point = sample_case(1).place.fence.centre;
    made.point.lat += north_m / kMetresPerDegree;
    made.accuracy_m = accuracy_m;
    return made;
  }
  /// Ten seconds of fixes there, two seconds apart.
  void stand_at(double north_m, double accuracy_m) {
    for (int i = 0; i < 5; ++i) {
      clock.advance(2'000);
      const Fix one = fix(north_m, accuracy_m);
      core->add_fixes(std::span(&one, 1)).value();
    }
  }

  Uuid case_id(int number = 1) const { return sample_case(number).id; }
  /// A visit of the first case with its form open.
  Uuid answering_visit() {
    if (!core->shift()) core->start_shift().value();
    stand_at(3, 8);
    const Uuid visit = core->arrive(case_id()).value().id;
    core->begin_form(visit).value();
    return visit;
  }
  void answer_promise(const Uuid& visit) {
    core->answer(visit, "outcome", "promise").value();
    core->answer(visit, "promise/amount", "1200.50").value();
    core->answer(visit, "promise/date", "2026-03-20").value();
    core->answer(visit, "promise/means", "transfer").value();
  }
  EvidenceRef attach(const Uuid& visit, const std::string& path, const std::string& content) {
    const std::string bytes = "\xFF\xD8\xFF" + content;
    return core->attach_evidence(visit, {EvidenceKind::Photo, path, "image/jpeg", as_bytes(bytes)}).value();
  }
};

}  // namespace terreno::tests
