#include "tools/field_day/visitor.hpp"

#include <algorithm>
#include <cstdlib>

#include "tools/field_day/pictures.hpp"

namespace terreno::field_day {
namespace {

constexpr std::int64_t kDay_ms = 86'400'000;

bool is_signature(const forms::QuestionView& question) {
  return question.appearance.find("signature") != std::string::npos ||
         question.path.find("signature") != std::string::npos ||
         question.path.find("firma") != std::string::npos;
}

bool path_has(const forms::QuestionView& question, std::string_view word) {
  return question.path.find(word) != std::string::npos;
}

}  // namespace

Visitor::Visitor(const Gestor& gestor, const World& world, SimPhone& phone, const std::string& ledger_path)
    : gestor_(gestor),
      world_(world),
      phone_(phone),
      ledger_(ledger_path),
      dice_(town::Dice(gestor.seed).child("visits", static_cast<std::uint64_t>(phone.now_ms()))) {}

std::string Visitor::local_day_text(int days_from_today) const {
  return date_text((phone_.now_ms() + std::int64_t{60'000} * world_.utc_offset_minutes) / kDay_ms +
                   days_from_today);
}

double Visitor::local_hour() const {
  const std::int64_t local = phone_.now_ms() + std::int64_t{60'000} * world_.utc_offset_minutes;
  return static_cast<double>(local % kDay_ms) / 3'600'000;
}

bool Visitor::is_saturday() const {
  const std::int64_t local = phone_.now_ms() + std::int64_t{60'000} * world_.utc_offset_minutes;
  return (local / kDay_ms + 4) % 7 == 6;  // 1970-01-01 was a Thursday
}

bool Visitor::visit(const Errand& errand, const Nearer& nearer) {
  FieldCore& core = phone_.core();
  const auto listed = core.cases({CaseOrder::ByDue, std::nullopt, errand.item.key, false, 20, 0});
  const auto mine = std::find_if(listed.begin(), listed.end(),
                                 [&](const CaseSummary& each) { return each.item.key == errand.item.key; });
  if (mine == listed.end()) return false;  // taken back meanwhile
  const auto arrived = core.arrive(mine->item.id);
  if (!arrived) return false;
  const Uuid visit_id = arrived->id;
  if (!wait_for_gate(visit_id, nearer)) return false;
  if (const auto begun = phone_.core().begin_form(visit_id); !begun) {
    give_up(visit_id, "El formulario no abrió: " + begun.error().message,
            begun.error().code == ErrorCode::GateRefused);
    return false;
  }
  return fill_and_finish(visit_id, errand);
}

bool Visitor::wait_for_gate(const Uuid& visit_id, const Nearer& nearer) {
  phone_.pass(patience_.first_s * dice_.uniform(0.7, 1.5));
  for (int attempt = 0; attempt < patience_.attempts; ++attempt) {
    phone_.flush();
    const auto gate = phone_.core().check_location(visit_id).value();
    if (gate.may_begin) return true;
    if (attempt + 1 == patience_.attempts) break;
    nearer(gate.verdict);
    phone_.pass(patience_.between_s);
  }
  static const std::vector<std::string> reasons = {"El punto del mapa no corresponde al domicilio.",
                                                   "El teléfono no me ubica en el lugar.",
                                                   "Estoy en la puerta y la aplicación no me deja iniciar."};
  give_up(visit_id, dice_.pick(reasons), true);
  return false;
}

void Visitor::give_up(const Uuid& visit_id, const std::string& reason, bool by_gate) {
  const auto cancelled = phone_.core().cancel_visit(visit_id, reason);
  if (!cancelled) world_.tally.breach("a visit could not be cancelled: " + cancelled.error().message);
  ++(by_gate ? world_.tally.refused : world_.tally.cancelled);
  world_.labels.visit(gestor_, visit_id, true);
}

bool Visitor::fill_and_finish(const Uuid& visit_id, const Errand& errand) {
  VisitScript script = write_script(errand, local_hour(), is_saturday(), dice_);
  script.intent.here = errand.door;
  script.dwell_s = std::min(script.dwell_s, longest_visit_s_);
  const WallMs begun_ms = phone_.now_ms();
  if (dice_.chance(fragility_)) {
    phone_.pass(script.dwell_s * dice_.uniform(0.1, 0.8));
    phone_.power_cycle(dice_.uniform(60, 600));
    ++world_.tally.resumed;
  }
  FormFiller filler(phone_.core(), visit_id, script.intent, dice_,
                    [this](int days) { return local_day_text(days); });
  const auto filled = filler.fill([&](const auto& question) { return photograph(question, errand); },
                                  [&](double seconds) { phone_.pass(seconds); });
  if (!filled || !*filled) {
    const std::string why = filled ? filler.complaint() : filled.error().message;
    world_.tally.breach("the form of " + errand.item.key + " could not be filled: " + why);
    give_up(visit_id, "No se pudo completar el formulario.", false);
    return false;
  }
  phone_.pass_until(begun_ms + static_cast<WallMs>(script.dwell_s * 1000));
  return finish(visit_id, errand, outcome_of(visit_id, errand, script), filler.files());
}

Outcome Visitor::outcome_of(const Uuid& visit_id, const Errand& errand, const VisitScript& script) {
  FieldCore& core = phone_.core();
  Outcome outcome = core.suggested_outcome(visit_id).value();
  if (outcome.code.empty()) outcome.code = script.outcome;
  const auto catalogue = core.outcomes(errand.item.purpose);
  const auto meant = std::find_if(catalogue.begin(), catalogue.end(),
                                  [&](const OutcomeDefinition& each) { return each.code == outcome.code; });
  // An agreement's first instalment is what was promised.
  if (meant != catalogue.end() && meant->asks_promise && !outcome.promise) {
    const double amount =
        std::strtod(script.intent.values.at("agreement/instalment_amount").c_str(), nullptr);
    outcome.promise = PromiseToPay{static_cast<Cents>(amount * 100),
                                   local_day_text(script.intent.days.at("agreement/first_date")), "transfer"};
  }
  if (errand.item.purpose == Purpose::Collection && dice_.chance(0.2))
    outcome.note = "Se registró la visita en bitácora.";
  return outcome;
}

bool Visitor::finish(const Uuid& visit_id, const Errand& errand, Outcome outcome, std::vector<Sha256> files) {
  auto finished = phone_.core().finish_visit(visit_id, outcome);
  if (!finished && finished.error().code == ErrorCode::OutcomeInvalid) {
    // The outcome wants a photo that the form did not ask for.
    const Bytes photo = facade_picture(errand.home_seed, errand.number, false, dice_);
    const auto kept = phone_.core().attach_evidence(visit_id, {EvidenceKind::Photo, "", "image/png", photo});
    if (kept) files.push_back(kept->sha256);
    finished = phone_.core().finish_visit(visit_id, outcome);
  }
  if (!finished) {
    world_.tally.breach("the visit to " + errand.item.key + " could not be finished with " + outcome.code +
                        ": " + finished.error().message);
    give_up(visit_id, "No se pudo cerrar la visita.", false);
    return false;
  }
  ledger_.confirmed(*finished, errand.item.key, files);
  ++world_.tally.visits;
  world_.labels.visit(gestor_, visit_id, false);
  phone_.sync();
  return true;
}

void Visitor::finish_open_visits() {
  for (const OpenVisit& open : phone_.core().open_visits()) {
    ++world_.tally.resumed;
    const auto item = phone_.core().find_case(open.case_id);
    const Errand* errand = item ? world_.company.find(item->key) : nullptr;
    if (open.stage == VisitStage::Answering && errand != nullptr) {
      fill_and_finish(open.id, *errand);
    } else {
      give_up(open.id, "El teléfono se apagó durante la visita.", false);
    }
  }
}

Picture Visitor::photograph(const forms::QuestionView& question, const Errand& errand) {
  on_photo_();
  if (is_signature(question)) return {EvidenceKind::Signature, "image/png", signature_picture(dice_)};
  const bool business = errand.item.place.kind == PlaceKind::Business;
  if (path_has(question, "street") || path_has(question, "calle"))
    return {EvidenceKind::Photo, "image/png", street_picture(errand.home_seed, dice_)};
  if (path_has(question, "proof") || path_has(question, "comprobante") || path_has(question, "receipt") ||
      path_has(question, "recibo"))
    return {EvidenceKind::Photo, "image/png", document_picture(dice_)};
  return {EvidenceKind::Photo, "image/png", facade_picture(errand.home_seed, errand.number, business, dice_)};
}

}  // namespace terreno::field_day
