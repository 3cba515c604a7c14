#include "server/domain/reconcile.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "core/forms/recheck.hpp"
#include "core/forms/visit_context.hpp"
#include "core/geo/distance.hpp"
#include "core/geo/gate.hpp"
#include "core/model/outcome_rules.hpp"
#include "server/domain/marks.hpp"

namespace terreno::server {
namespace {

// The fixes cross the wire quantised (11 cm, whole seconds), so the last digits may differ on an honest
// phone.
constexpr double kProbabilityTolerance = 0.02;
constexpr double kDistanceTolerance_m = 2.0;
constexpr double kFenceTolerance_m = 1.0;
constexpr std::size_t kPathsInDetail = 3;

using Marks = std::vector<Mark>;

// Times from outside may be anything: the difference stays far from where arithmetic would overflow.
std::int64_t span_ms(std::int64_t from_ms, std::int64_t to_ms) {
  constexpr std::int64_t kLongest = std::int64_t{1} << 60;
  std::int64_t span = 0;
  if (__builtin_sub_overflow(to_ms, from_ms, &span)) return to_ms < from_ms ? -kLongest : kLongest;
  return std::clamp(span, -kLongest, kLongest);
}

/// `at_ms` later by `by_ms`, held where arithmetic would overflow.
WallMs moved(WallMs at_ms, std::int64_t by_ms) {
  WallMs later_ms = 0;
  if (!__builtin_add_overflow(at_ms, by_ms, &later_ms)) return later_ms;
  return by_ms < 0 ? std::numeric_limits<WallMs>::min() : std::numeric_limits<WallMs>::max();
}

struct WallSpan {
  WallMs from_ms = 0;
  WallMs to_ms = 0;
};

std::string rounded(double value) { return std::to_string(std::llround(value)); }

std::string minutes(std::int64_t span_ms) {
  return rounded(static_cast<double>(span_ms) / 60'000.0) + " min";
}

const char* name_of(GateAnswer answer) {
  constexpr std::array<const char*, 3> kNames = {"inside", "outside", "inconclusive"};
  return kNames.at(static_cast<std::size_t>(answer));
}

void mark_place(const VisitFinished& visit, const LocationVerdict& server, const GatePolicy& gate,
                Marks& marks) {
  const LocationVerdict& phone = visit.verdict;
  const bool same = server.answer == phone.answer &&
                    std::abs(server.probability - phone.probability) <= kProbabilityTolerance &&
                    std::abs(server.distance_m - phone.distance_m) <= kDistanceTolerance_m;
  if (!same) {
    marks.push_back({marks::kVerdictDiffers, std::string(name_of(phone.answer)) + " -> " +
                                                 name_of(server.answer) + ", " + rounded(server.distance_m) +
                                                 " m"});
  }
  if (!geo::may_begin(server, gate)) {
    marks.push_back({marks::kGateRefused,
                     std::string(name_of(server.answer)) + ", " + rounded(server.distance_m) + " m"});
  }
  const auto mocked = std::count_if(visit.arrival_fixes.begin(), visit.arrival_fixes.end(),
                                    [](const Fix& fix) { return fix.mock; });
  if (mocked > 0) {
    marks.push_back(
        {marks::kMockFix, std::to_string(mocked) + "/" + std::to_string(visit.arrival_fixes.size())});
  }
}

// The monotonic clock tells the time on site unless the phone was started anew meanwhile.
std::int64_t time_on_site_ms(const VisitFinished& visit) {
  const std::int64_t mono_ms = span_ms(visit.arrived_mono_ms, visit.finished_mono_ms);
  return mono_ms >= 0 ? mono_ms : span_ms(visit.arrived_at_ms, visit.finished_at_ms);
}

void mark_times(const VisitFinished& visit, std::int64_t skew_ms, Marks& marks) {
  const std::int64_t wall_ms = span_ms(visit.arrived_at_ms, visit.finished_at_ms);
  const std::int64_t mono_ms = span_ms(visit.arrived_mono_ms, visit.finished_mono_ms);
  if (std::llabs(skew_ms) > kClockSkewMs) marks.push_back({marks::kClockSkew, minutes(skew_ms)});
  if (mono_ms >= 0 && std::llabs(wall_ms - mono_ms) > kClockJumpMs) {
    marks.push_back({marks::kClockJump, minutes(wall_ms - mono_ms)});
  }
  if (wall_ms < 0) marks.push_back({marks::kTimeOrder, minutes(wall_ms)});
  const std::int64_t on_site_ms = time_on_site_ms(visit);
  if (on_site_ms >= 0 && on_site_ms < kShortVisitMs) {
    marks.push_back({marks::kShortVisit, std::to_string(on_site_ms / 1000) + " s"});
  }
}

/// From arrival to end by the phone's wall clock. Where that clock was moved meanwhile, the clock that never
/// jumps tells how much longer it was, on either side.
WallSpan span_of(const VisitFinished& visit) {
  const std::int64_t mono_ms =
      std::max<std::int64_t>(span_ms(visit.arrived_mono_ms, visit.finished_mono_ms), 0);
  return {std::min(visit.arrived_at_ms, moved(visit.finished_at_ms, -mono_ms)),
          std::max(visit.finished_at_ms, moved(visit.arrived_at_ms, mono_ms))};
}

/// Fixes that were kept from another day would be judged well at their own time. That time is the satellites'
/// or the phone's, which may be years apart on an honest phone: it must fit the visit by the phone's clock as
/// it stands or as the server's corrects it.
void mark_fix_time(const VisitFinished& visit, const GatePolicy& gate, std::int64_t skew_ms, Marks& marks) {
  const WallSpan span = span_of(visit);
  const auto fits = [&](WallMs at_ms, std::int64_t older_ms) {
    const auto within = [&](WallMs time_ms) {
      return time_ms >= moved(span.from_ms, -older_ms - kFixTimeToleranceMs) &&
             time_ms <= moved(span.to_ms, kFixTimeToleranceMs);
    };
    return within(at_ms) || within(moved(at_ms, skew_ms));
  };
  WallMs wrong_ms = visit.form_context.now_ms;
  bool all_fit = fits(wrong_ms, 0);
  if (all_fit && !visit.arrival_fixes.empty()) {
    const auto newest =
        std::max_element(visit.arrival_fixes.begin(), visit.arrival_fixes.end(),
                         [](const Fix& a, const Fix& b) { return a.captured_at_ms < b.captured_at_ms; });
    wrong_ms = newest->captured_at_ms;
    all_fit = fits(wrong_ms, std::max<std::int64_t>(gate.max_fix_age_ms, 0));
  }
  if (!all_fit) marks.push_back({marks::kFixesOfOtherTime, minutes(span_ms(wrong_ms, visit.arrived_at_ms))});
}

void mark_case(const Device& device, const VisitFinished& visit, const std::optional<CaseRecord>& held,
               const WorldView& world, Marks& marks) {
  if (!held) {
    marks.push_back({marks::kCaseUnknown, {}});
    return;
  }
  if (held->gestor_id != device.gestor_id) {
    const bool was_his = world.had_case(device.gestor_id, visit.case_id);
    marks.push_back({was_his ? marks::kCaseReassigned : marks::kOthersCase, {}});
  }
  if (held->item.state == CaseState::Cancelled) marks.push_back({marks::kCaseCancelled, {}});
  const Fence& own = held->item.place.fence;
  const double moved_m = geo::geodesic_m(own.centre, visit.fence.centre);
  if (moved_m > kFenceTolerance_m || std::abs(own.radius_m - visit.fence.radius_m) > kFenceTolerance_m) {
    marks.push_back({marks::kFenceDiffers, rounded(moved_m) + " m, radius " + rounded(visit.fence.radius_m) +
                                               " m / " + rounded(own.radius_m) + " m"});
  }
}

void mark_outcome(const VisitFinished& visit, const OutcomeDefinition* definition, Marks& marks) {
  if (definition == nullptr) {
    marks.push_back({marks::kOutcomeUnknown, visit.outcome.code});
    return;
  }
  const FormContextRecord& context = visit.form_context;
  const auto today = local_day(context.now_ms, context.utc_offset_minutes);
  if (const auto fault = find_fault(*definition, visit.outcome, visit.evidence, today)) {
    marks.push_back({marks::kOutcomeIncomplete, name_of(*fault)});
  }
}

const char* mark_of(forms::FormDifference::Kind kind) {
  using Kind = forms::FormDifference::Kind;
  switch (kind) {
    case Kind::CalculatedDiffers:
      return marks::kFormCalculatedDiffers;
    case Kind::NotRelevant:
      return marks::kFormNotRelevant;
    case Kind::ConstraintBroken:
      return marks::kFormConstraintBroken;
    case Kind::RequiredMissing:
      return marks::kFormRequiredMissing;
    case Kind::UnknownQuestion:
      return marks::kFormUnknownQuestion;
  }
  return marks::kFormUnknownQuestion;
}

// One mark a kind, naming the first paths: a broken form must not bury the visit under hundreds of marks.
void mark_differences(const std::vector<forms::FormDifference>& differences, Marks& marks) {
  struct Named {
    const char* code;
    std::string detail;
    std::size_t count = 0;
  };
  std::vector<Named> named;
  for (const forms::FormDifference& difference : differences) {
    const char* code = mark_of(difference.kind);
    auto found = std::find_if(named.begin(), named.end(), [code](const Named& n) { return n.code == code; });
    if (found == named.end()) found = named.insert(named.end(), {code, {}, 0});
    if (++found->count <= kPathsInDetail) {
      found->detail += (found->count > 1 ? ", " : "") + difference.path;
    }
  }
  for (Named& name : named) {
    if (name.count > kPathsInDetail) name.detail += " +" + std::to_string(name.count - kPathsInDetail);
    marks.push_back({name.code, std::move(name.detail)});
  }
}

std::string cut(std::string_view text) {
  if (text.size() <= kMaxDifferenceBytes) return std::string(text);
  std::size_t end = kMaxDifferenceBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;  // no half character
  return std::string(text.substr(0, end)) + "…";
}

std::vector<AnswerDifference> recorded(const std::vector<forms::FormDifference>& differences) {
  std::vector<AnswerDifference> out;
  for (const forms::FormDifference& one : differences) {
    if (out.size() >= kMaxDifferences) break;
    out.push_back({mark_of(one.kind), one.path, cut(one.submitted), cut(one.expected)});
  }
  return out;
}

void mark_form(const Device& device, const VisitFinished& visit, const std::optional<CaseRecord>& held,
               const WorldView& world, VisitReview& review) {
  // A visit without a questionnaire claims none and has no answers to judge.
  if (visit.form_id.empty() && visit.answers.empty()) return;
  const auto form = world.form(visit.form_id, visit.form_version);
  if (!form) {
    review.marks.push_back({marks::kFormUnknown, visit.form_id + " " + visit.form_version});
    return;
  }
  const forms::FormContext context =
      forms::visit_context(visit.form_context, held ? held->item : Case{}, device.id, device.gestor_name);
  std::vector<forms::Answer> answers;
  answers.reserve(visit.answers.size());
  for (const FormAnswer& answer : visit.answers) answers.push_back({answer.path, answer.value});
  const auto differences = forms::recheck(*form, answers, context);
  mark_differences(differences, review.marks);
  review.differences = recorded(differences);
}

}  // namespace

VisitReview review_visit(const Device& device, const VisitFinished& visit, const WorldView& world,
                         const ClockPair& clocks) {
  VisitReview review;
  const TenantPolicy& policy = world.policy();
  const GatePolicy& gate =
      visit.purpose == Purpose::Collection ? policy.collection_gate : policy.validation_gate;
  review.verdict =
      geo::judge(visit.fence, gate, visit.arrival_fixes, visit.platform, visit.form_context.now_ms);
  const std::optional<CaseRecord> held = world.find_case(visit.case_id);
  const OutcomeDefinition* outcome = world.outcome(visit.outcome.code);
  if (outcome != nullptr) review.case_becomes = outcome->becomes;
  const std::int64_t skew_ms = span_ms(clocks.server_ms, clocks.phone_ms);
  mark_place(visit, review.verdict, gate, review.marks);
  mark_times(visit, skew_ms, review.marks);
  mark_fix_time(visit, gate, skew_ms, review.marks);
  mark_case(device, visit, held, world, review.marks);
  mark_outcome(visit, outcome, review.marks);
  mark_form(device, visit, held, world, review);
  return review;
}

}  // namespace terreno::server
