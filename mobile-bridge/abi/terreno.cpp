#include "mobile-bridge/abi/terreno.h"

#include <cmath>

#include "mobile-bridge/abi/documents.hpp"
#include "mobile-bridge/abi/guarded.hpp"
#include "mobile-bridge/abi/http_messages.hpp"

using terreno::Error;
using terreno::ErrorCode;
using terreno::FieldCore;
using terreno::Fix;
using terreno::Uuid;
using terreno::bridge::give_document;
using terreno::bridge::guarded;
using terreno::bridge::hand_out;
using terreno::bridge::needed;
using terreno::bridge::or_empty;
using terreno::bridge::refuse;
using terreno::bridge::taken_in;
using terreno::bridge::to_json;
using terreno::bridge::with_core;

namespace {

constexpr std::size_t kMostFixesAtOnce = 10'000;

Uuid id_of(const char* text) {
  auto id = Uuid::parse(needed(text, "The identifier is missing"));
  if (!id)
    throw Error{ErrorCode::InvalidArgument, "Not an identifier: 36 characters with hyphens are needed"};
  return *id;
}

std::optional<double> known(double value) {
  return std::isnan(value) ? std::nullopt : std::optional<double>(value);
}

Fix as_fix(const terreno_fix& flat) {
  Fix fix;
  fix.captured_at_ms = flat.captured_at_ms;
  fix.point = {flat.latitude, flat.longitude};
  fix.accuracy_m = flat.accuracy_m;
  fix.speed_mps = known(flat.speed_mps);
  fix.bearing_deg = known(flat.bearing_deg);
  fix.altitude_m = known(flat.altitude_m);
  fix.mock = flat.mock != 0;
  return fix;
}

terreno::OpenOptions as_options(const terreno_options* options) {
  if (options == nullptr) refuse("The options are missing");
  if (options->platform < TERRENO_PLATFORM_ANDROID || options->platform > TERRENO_PLATFORM_DESKTOP) {
    refuse("No such platform");
  }
  terreno::OpenOptions taken;
  taken.database_path = needed(options->database_path, "The path of the database is missing");
  taken.platform = static_cast<terreno::Platform>(options->platform);
  taken.language = terreno::language_from_tag(or_empty(options->language));
  taken.device_name = or_empty(options->device_name);
  taken.app_version = or_empty(options->app_version);
  return taken;
}

/// Empties the caller's struct first, so that it may be freed whatever happens.
template <typename Call>
std::int32_t give_request(terreno_core core, terreno_http_request* out, terreno_error* error,
                          Call&& call) noexcept {
  if (out != nullptr) *out = terreno_http_request{};
  return with_core(core, error, [&](FieldCore& field) {
    if (out == nullptr) refuse("Where to put the request is missing");
    call(field);
  });
}

}  // namespace

uint32_t terreno_abi_version(void) noexcept { return TERRENO_ABI_VERSION; }

int32_t terreno_open(const terreno_options* options, terreno_core* out_core, terreno_error* error) noexcept {
  if (out_core != nullptr) *out_core = 0;
  return guarded(error, [&] {
    if (out_core == nullptr) refuse("Where to put the handle is missing");
    auto open = std::make_shared<terreno::bridge::OpenCore>();
    open->core = FieldCore::open(as_options(options), open->clock);
    *out_core = terreno::bridge::keep(std::move(open));
  });
}

int32_t terreno_close(terreno_core core, terreno_error* error) noexcept {
  return guarded(error, [&] {
    const auto open = terreno::bridge::take(core);
    if (!open) refuse("This core is closed or was never opened");
    const std::lock_guard turn(open->turn);
    open->core.reset();
  });
}

int32_t terreno_set_language(terreno_core core, const char* language, terreno_error* error) noexcept {
  return with_core(core, error, [&](FieldCore& field) {
    field.set_language(terreno::language_from_tag(or_empty(language)));
  });
}

int32_t terreno_enrolment(terreno_core core, char** out_json, terreno_error* error) noexcept {
  return give_document(core, out_json, error, [](FieldCore& field) { return to_json(field.enrolment()); });
}

int32_t terreno_enrol_request(terreno_core core, const char* code, terreno_http_request* out_request,
                              terreno_error* error) noexcept {
  return give_request(core, out_request, error, [&](FieldCore& field) {
    hand_out(field.enrol_request(needed(code, "The code is missing")).value(), *out_request);
  });
}

int32_t terreno_on_enrol_response(terreno_core core, const terreno_http_response* response,
                                  terreno_error* error) noexcept {
  return with_core(core, error,
                   [&](FieldCore& field) { field.on_enrol_response(taken_in(response).value()).value(); });
}

int32_t terreno_cases(terreno_core core, const char* query_json, char** out_json,
                      terreno_error* error) noexcept {
  return give_document(core, out_json, error, [&](FieldCore& field) {
    if (query_json == nullptr) return to_json(field.cases({}));
    return to_json(field.cases(terreno::bridge::case_query_from_json(query_json).value()));
  });
}

int32_t terreno_case(terreno_core core, const char* case_id, char** out_json, terreno_error* error) noexcept {
  return give_document(core, out_json, error,
                       [&](FieldCore& field) { return to_json(field.find_case(id_of(case_id)).value()); });
}

int32_t terreno_outcomes(terreno_core core, const char* purpose, char** out_json,
                         terreno_error* error) noexcept {
  return give_document(core, out_json, error, [&](FieldCore& field) {
    const auto which = terreno::bridge::purpose_from_name(needed(purpose, "The purpose is missing"));
    return to_json(field.outcomes(which.value()));
  });
}

int32_t terreno_start_shift(terreno_core core, char** out_json, terreno_error* error) noexcept {
  return give_document(core, out_json, error,
                       [](FieldCore& field) { return to_json(std::optional(field.start_shift().value())); });
}

int32_t terreno_end_shift(terreno_core core, terreno_error* error) noexcept {
  return with_core(core, error, [](FieldCore& field) { field.end_shift().value(); });
}

int32_t terreno_shift(terreno_core core, char** out_json, terreno_error* error) noexcept {
  return give_document(core, out_json, error, [](FieldCore& field) { return to_json(field.shift()); });
}

int32_t terreno_add_fixes(terreno_core core, const terreno_fix* fixes, size_t count, size_t* out_kept,
                          terreno_error* error) noexcept {
  if (out_kept != nullptr) *out_kept = 0;
  return with_core(core, error, [&](FieldCore& field) {
    if (fixes == nullptr && count > 0) refuse("The fixes are missing");
    if (count > kMostFixesAtOnce) throw Error{ErrorCode::TooLarge, "More than 10,000 fixes in one call"};
    std::vector<Fix> taken;
    taken.reserve(count);
    for (size_t i = 0; i < count; ++i) taken.push_back(as_fix(fixes[i]));
    const size_t kept = field.add_fixes(taken).value();
    if (out_kept != nullptr) *out_kept = kept;
  });
}

int32_t terreno_add_battery(terreno_core core, const terreno_battery* sample, terreno_error* error) noexcept {
  return with_core(core, error, [&](FieldCore& field) {
    if (sample == nullptr) refuse("The sample is missing");
    if (sample->percent < 0 || sample->percent > 100) refuse("A battery holds 0..100 percent");
    field.add_battery({sample->at_ms, static_cast<std::uint8_t>(sample->percent), sample->charging != 0})
        .value();
  });
}

int32_t terreno_arrive(terreno_core core, const char* case_id, char** out_json,
                       terreno_error* error) noexcept {
  return give_document(core, out_json, error,
                       [&](FieldCore& field) { return to_json(field.arrive(id_of(case_id)).value()); });
}

int32_t terreno_check_location(terreno_core core, const char* visit_id, char** out_json,
                               terreno_error* error) noexcept {
  return give_document(core, out_json, error, [&](FieldCore& field) {
    return to_json(field.check_location(id_of(visit_id)).value());
  });
}

int32_t terreno_begin_form(terreno_core core, const char* visit_id, char** out_json,
                           terreno_error* error) noexcept {
  return give_document(core, out_json, error,
                       [&](FieldCore& field) { return to_json(field.begin_form(id_of(visit_id)).value()); });
}

int32_t terreno_form(terreno_core core, const char* visit_id, char** out_json,
                     terreno_error* error) noexcept {
  return give_document(core, out_json, error,
                       [&](FieldCore& field) { return to_json(field.form(id_of(visit_id)).value()); });
}

int32_t terreno_answer(terreno_core core, const char* visit_id, const char* path, const char* value,
                       char** out_json, terreno_error* error) noexcept {
  return give_document(core, out_json, error, [&](FieldCore& field) {
    return to_json(
        field.answer(id_of(visit_id), needed(path, "The path is missing"), or_empty(value)).value());
  });
}

int32_t terreno_add_repeat(terreno_core core, const char* visit_id, const char* path, char** out_json,
                           terreno_error* error) noexcept {
  return give_document(core, out_json, error, [&](FieldCore& field) {
    return to_json(field.add_repeat(id_of(visit_id), needed(path, "The path is missing")).value());
  });
}

int32_t terreno_remove_repeat(terreno_core core, const char* visit_id, const char* path, char** out_json,
                              terreno_error* error) noexcept {
  return give_document(core, out_json, error, [&](FieldCore& field) {
    return to_json(field.remove_repeat(id_of(visit_id), needed(path, "The path is missing")).value());
  });
}

int32_t terreno_attach_evidence(terreno_core core, const char* visit_id, const terreno_evidence* evidence,
                                char** out_json, terreno_error* error) noexcept {
  return give_document(core, out_json, error, [&](FieldCore& field) {
    if (evidence == nullptr) refuse("The evidence is missing");
    if (evidence->bytes == nullptr && evidence->size > 0) refuse("The evidence's bytes are missing");
    terreno::EvidenceInput input;
    input.kind =
        terreno::bridge::evidence_kind_from_name(needed(evidence->kind, "The kind is missing")).value();
    input.question_path = or_empty(evidence->question_path);
    input.media_type = needed(evidence->media_type, "The media type is missing");
    input.bytes = {evidence->bytes, evidence->size};
    return to_json(field.attach_evidence(id_of(visit_id), input).value());
  });
}

int32_t terreno_suggested_outcome(terreno_core core, const char* visit_id, char** out_json,
                                  terreno_error* error) noexcept {
  return give_document(core, out_json, error, [&](FieldCore& field) {
    return to_json(field.suggested_outcome(id_of(visit_id)).value());
  });
}

int32_t terreno_finish_visit(terreno_core core, const char* visit_id, const char* outcome_json,
                             char** out_json, terreno_error* error) noexcept {
  return give_document(core, out_json, error, [&](FieldCore& field) {
    const auto outcome = terreno::bridge::outcome_from_json(needed(outcome_json, "The outcome is missing"));
    return to_json(field.finish_visit(id_of(visit_id), outcome.value()).value());
  });
}

int32_t terreno_cancel_visit(terreno_core core, const char* visit_id, const char* reason,
                             terreno_error* error) noexcept {
  return with_core(core, error, [&](FieldCore& field) {
    field.cancel_visit(id_of(visit_id), needed(reason, "The reason is missing")).value();
  });
}

int32_t terreno_open_visits(terreno_core core, char** out_json, terreno_error* error) noexcept {
  return give_document(core, out_json, error, [](FieldCore& field) { return to_json(field.open_visits()); });
}

int32_t terreno_finished_visits(terreno_core core, uint32_t limit, char** out_json,
                                terreno_error* error) noexcept {
  return give_document(core, out_json, error,
                       [&](FieldCore& field) { return to_json(field.finished_visits(limit)); });
}

int32_t terreno_next_request(terreno_core core, int32_t eager, terreno_http_request* out_request,
                             terreno_error* error) noexcept {
  return give_request(core, out_request, error, [&](FieldCore& field) {
    if (auto request = field.next_request(eager != 0)) hand_out(std::move(*request), *out_request);
  });
}

int32_t terreno_on_response(terreno_core core, const terreno_http_response* response,
                            terreno_error* error) noexcept {
  return with_core(core, error, [&](FieldCore& field) { field.on_response(taken_in(response).value()); });
}

int32_t terreno_on_failure(terreno_core core, int32_t failure, terreno_error* error) noexcept {
  return with_core(core, error, [&](FieldCore& field) {
    if (failure < TERRENO_NO_CONNECTION || failure > TERRENO_INTERRUPTED) refuse("No such failure");
    field.on_failure(static_cast<terreno::NetworkFailure>(failure));
  });
}

int32_t terreno_sync_status(terreno_core core, char** out_json, terreno_error* error) noexcept {
  return give_document(core, out_json, error, [](FieldCore& field) { return to_json(field.sync_status()); });
}
