// What one gestor's day costs on the wire: 8 h with a fix every 10 s and 15 collection visits without photos,
// counted at the phone's socket, both ways, with request and status lines and headers.
#include <doctest/doctest.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "core/codec/codec.hpp"
#include "tests/e2e/wire_cost/json_day.hpp"
#include "tests/e2e/wire_cost/phone_office.hpp"
#include "tools/field_day/collection_talk.hpp"
#include "tools/field_day/form_filler.hpp"
#include "tools/field_day/sim_phone.hpp"
#include "tools/field_day/walker.hpp"

using namespace terreno;
using namespace terreno::field_day;

namespace {

constexpr WallMs kMorning = 1'795'271'400'000;  // 2026-11-21 08:30 in Mexico City
constexpr double kShift_s = 8 * 3'600;
constexpr int kVisits = 15;
constexpr std::uint64_t kBudget = 60'000;

/// Fifteen collection cases at well known pins, since the day's cost is asked for and not the gate's
/// refusals.
Company small_company(const town::Town& town) {
  Company company = build_company(town, {.seed = 3, .gestores = 1, .cases = 60, .cheats = 0, .traces = ""});
  std::erase_if(company.errands,
                [](const Errand& errand) { return errand.item.purpose != Purpose::Collection; });
  company.errands.resize(kVisits);
  for (Errand& errand : company.errands) errand.item.place.fence = {errand.door, 120, PinPrecision::Verified};
  company.gestores.front().travel = town::Travel::OnFoot;
  return company;
}

/// Outcomes of a usual day, those that need no photo.
const std::vector<std::string>& outcomes() {
  static const std::vector<std::string> codes = {"promise",   "third_confirms", "refuses",  "promise",
                                                 "paid_part", "moved",          "hardship", "agreement"};
  return codes;
}

class GestorsDay {
 public:
  GestorsDay(const town::Town& town, const Company& company, const std::string& server,
             const std::string& database)
      : town_(town),
        company_(company),
        phone_({database, server, Platform::Android, "Moto G54", 11, kMorning - 600'000}, pace_, tally_),
        walker_(town, company.gestores.front()) {
    phone_.always_online();
    phone_.carry(walker_);
  }

  SimPhone& phone() { return phone_; }
  const Tally& tally() const { return tally_; }

  void morning(const std::string& code) {
    phone_.enrol(code);
    phone_.sync(true);
    phone_.pass_until(kMorning);
  }

  void work() {
    phone_.core().start_shift().value();
    for (int i = 0; i < kVisits; ++i) {
      visit(company_.errands[static_cast<std::size_t>(i)],
            outcomes()[static_cast<std::size_t>(i) % outcomes().size()]);
      phone_.pass_until(kMorning + static_cast<WallMs>(kShift_s * 1000 * (i + 1) / kVisits) - 60'000);
    }
    phone_.pass_until(kMorning + static_cast<WallMs>(kShift_s * 1000));
    phone_.flush();
    phone_.core().end_shift().value();
    phone_.sync();
  }

 private:
  void visit(const Errand& errand, const std::string& outcome) {
    walker_.set_off(errand.curb, town_.to_plane(errand.door));
    while (!walker_.arrived()) phone_.pass(10);
    phone_.pass(40);
    phone_.flush();
    FieldCore& core = phone_.core();
    const Uuid case_id =
        core.cases({CaseOrder::ByDue, std::nullopt, errand.item.key, true, 1, 0}).at(0).item.id;
    const Uuid visit_id = core.arrive(case_id).value().id;
    // An outlier now and then: the gate asks for a better fix.
    for (int i = 0; i < 20 && !core.check_location(visit_id).value().may_begin; ++i) {
      phone_.pass(20);
      phone_.flush();
    }
    core.begin_form(visit_id).value();
    Intent intent;
    intent.thoroughness = 0.4;
    collection_answers(errand, outcome, intent, dice_);
    FormFiller filler(core, visit_id, intent, dice_, [](int days) { return date_text(20'778 + days); });
    const bool filled =
        filler.fill([](const auto&) { return Picture{}; }, [&](double seconds) { phone_.pass(seconds); })
            .value();
    REQUIRE_MESSAGE(filled, filler.complaint());
    phone_.pass(240);
    Outcome told = core.suggested_outcome(visit_id).value();
    CHECK(told.code == outcome);
    core.finish_visit(visit_id, told).value();
    phone_.sync();
  }

  const town::Town& town_;
  const Company& company_;
  Pace pace_{std::nullopt};
  Tally tally_;
  town::Dice dice_{21};
  SimPhone phone_;
  Walker walker_;
};

/// The office's clock: it follows the phone's, which does not exist yet when the office opens.
class OfficeClock final : public Clock {
 public:
  void follow(const Clock& clock) { followed_ = &clock; }
  WallMs wall_ms() const override { return followed_ ? followed_->wall_ms() : kMorning - 600'000; }
  MonoMs mono_ms() const override { return wall_ms() - kMorning + 3'600'000; }
  std::uint64_t boot_id() const override { return 1; }

 private:
  const Clock* followed_ = nullptr;
};

void print_row(const char* what, std::uint64_t up, std::uint64_t down) {
  std::printf("%-44s %9llu %9llu %9llu\n", what, static_cast<unsigned long long>(up),
              static_cast<unsigned long long>(down), static_cast<unsigned long long>(up + down));
}

}  // namespace

TEST_CASE("the day of one gestor costs at most 60 KB on the wire") {
  const town::Town town = town::build_town(1);
  const Company company = small_company(town);
  OfficeClock clock;
  tests::PhoneOffice office(company, clock);
  const tests::TempDir folder;
  GestorsDay day(town, company, office.url(), folder.file("phone.db"));
  clock.follow(day.phone().clock());

  day.morning(office.enrolment_code(company.gestores.front().login));
  const Traffic morning = day.phone().traffic();
  day.work();
  const Traffic whole = day.phone().traffic();
  const Traffic cost{whole.sent - morning.sent, whole.received - morning.received,
                     whole.requests - morning.requests};

  std::size_t json = 0, packed_track = 0, fixes = 0, chunks = 0, visit_bytes = 0;
  for (const EntryBody& body : office.received()) {
    json += tests::to_json(body).size();
    if (const auto* chunk = std::get_if<TrackChunk>(&body)) {
      packed_track += chunk->packed.size();
      fixes += chunk->fix_count;
      ++chunks;
    }
    if (std::holds_alternative<VisitFinished>(body)) visit_bytes += codec::encode_body(body).size();
  }
  // The JSON day is given the same number of requests, with headers as small as ours and a short answer each.
  const std::uint64_t json_headers = cost.requests * 300;

  std::printf("\nbytes on the wire                                   up      down      both\n");
  print_row("morning: enrolment, 15 cases, forms", morning.sent, morning.received);
  print_row("the day: 8 h, a fix every 10 s, 15 visits", cost.sent, cost.received);
  std::printf("  of it %zu fixes in %zu chunks: %zu bytes (%.2f a fix); %llu requests\n", fixes, chunks,
              packed_track, static_cast<double>(packed_track) / static_cast<double>(fixes),
              static_cast<unsigned long long>(cost.requests));
  std::printf("  %d visits: %zu bytes before zstd\n", kVisits, visit_bytes);
  print_row("the same day as JSON", json + json_headers, cost.requests * 120);
  std::printf("ratio JSON : Terreno = %.1f\n\n",
              static_cast<double>(json + json_headers + cost.requests * 120) /
                  static_cast<double>(cost.sent + cost.received));

  CHECK(office.visits() == kVisits);
  CHECK(fixes >= static_cast<std::size_t>(kShift_s / 10) - 5);
  CHECK(day.tally().refusals == 0);
  CHECK(day.phone().core().sync_status().pending_entries == 0);
  CHECK(cost.sent + cost.received <= kBudget);
}
