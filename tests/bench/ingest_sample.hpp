#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "core/codec/chain.hpp"
#include "core/codec/codec.hpp"
#include "core/forms/form_session.hpp"
#include "core/forms/visit_context.hpp"
#include "core/forms/xlsform.hpp"
#include "core/geo/gate.hpp"
#include "core/geo/track_codec.hpp"
#include "server/domain/enrolment.hpp"
#include "server/domain/form_cache.hpp"
#include "server/storage/storage.hpp"
#include "tests/bench/http_load.hpp"

namespace terreno::bench {

using namespace terreno::server;

inline constexpr WallMs kSampleNow = 1'773'331'200'000;
/// What the questionnaire of a sample visit knows of the case and the time.
inline FormContextRecord sample_context(const Case& item) {
  return {kSampleNow - 900'000, -360, 42, forms::case_prefill(item)};
}

/// The collection questionnaire that the product ships.
inline FormVersion shipped_form() {
  std::ifstream file(TERRENO_SOURCE_DIR "/schema/forms/visita_cobranza.xlsx", std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  const forms::XlsFormResult converted = forms::convert_xlsform(as_bytes(bytes));
  if (!converted.ok()) throw std::runtime_error("the shipped questionnaire does not convert");
  return {converted.form_id, converted.version, converted.title, converted.xform_xml};
}

/// Something that a question of this kind takes.
inline std::string plain_answer(const forms::QuestionView& question) {
  if (!question.choices.empty()) return question.choices.front().value;
  if (question.type == "integer" || question.type == "decimal" || question.type == "range") return "3";
  if (question.type == "date") return "2026-03-20";
  if (question.type == "text") return "sin novedad";
  return {};
}

/// Answers question after question, as a gestor in a hurry would.
inline std::vector<FormAnswer> filled(std::shared_ptr<const forms::CompiledForm> form,
                                      const forms::FormContext& context) {
  forms::FormSession session(std::move(form), context);
  for (int pass = 0; pass < 6; ++pass) {
    for (const forms::QuestionView& question : session.questions("es")) {
      if (question.is_group || question.read_only || !question.value.empty()) continue;
      const std::string answer = plain_answer(question);
      if (!answer.empty()) (void)session.answer(question.path, answer).ok();
    }
  }
  std::vector<FormAnswer> answers;
  for (const forms::Answer& answer : session.answers()) answers.push_back({answer.path, answer.value});
  return answers;
}

inline std::vector<Fix> walk_of(WallMs from_ms, int count) {
  std::vector<Fix> fixes;
  for (int i = 0; i < count; ++i) {
    Fix fix;
    fix.captured_at_ms = from_ms + i * 10'000;
    fix.point = {19.4326 + 1e-5 * (i * 7 % 11), -99.1332 + 2e-5 * i};
    fix.accuracy_m = 6 + i * 5 % 9;
    fix.speed_mps = 1.1;
    fixes.push_back(geo::quantised(fix));
  }
  return fixes;
}

/// A storage with one company, one gestor and 64 phones, and what those phones send.
class SampleServer {
 public:
  struct Phone {
    Device device;
    KeyPair keys;
    ChainHead head;
    std::string token;
    Case item;                        ///< as the storage gave it
    std::vector<FormAnswer> answers;  ///< the same at each visit
  };

  explicit SampleServer(const std::filesystem::path& folder) : storage(open_in(folder)) {
    Tenant tenant;
    tenant.id = id_of(1, 1);
    tenant.policy.tenant_name = "Demo";
    storage->add_tenant(tenant);
    const FormVersion form = shipped_form();
    storage->add_form(tenant.id, form).value();
    form_ = forms::compile_xform(form.xform_xml).value();
    for (std::uint32_t i = 0; i < 64; ++i) phones.push_back(enrol(tenant.id, i));
    for (std::uint32_t i = 0; i < phones.size(); ++i) take_case(tenant.id, i);
  }

  /// The next requests of a phone, signed, each with some visits and two track chunks for each visit.
  std::vector<SyncRequest> requests(std::uint32_t number, std::size_t count, std::size_t visits = 1) {
    Phone& phone = phones[number];
    std::vector<SyncRequest> made;
    for (std::size_t i = 0; i < count; ++i) {
      SyncRequest request;
      request.base = phone.head;
      request.phone_time_ms = kSampleNow;
      request.cursor = cursor_;
      for (std::size_t v = 0; v < visits; ++v) {
        append(phone, request, visit_of(phone));
        append(phone, request, chunk_of(phone));
        append(phone, request, chunk_of(phone));
      }
      request.head_signature = sign_head(phone.head, phone.device.id, phone.keys.secret_key);
      made.push_back(std::move(request));
    }
    return made;
  }

  Script script(std::uint32_t number, std::size_t count, std::size_t visits) {
    Script made;
    for (const SyncRequest& request : requests(number, count, visits)) {
      const Bytes body = codec::encode(request);
      made.push_back("POST /v1/sync HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " +
                     phones[number].token + "\r\nContent-Type: application/octet-stream\r\nContent-Length: " +
                     std::to_string(body.size()) + "\r\n\r\n" + std::string(as_text(body)));
    }
    return made;
  }

  std::unique_ptr<Storage> storage;
  FormCache forms{[this](const Uuid& tenant, std::string_view form_id, std::string_view version) {
    return storage->find_form(tenant, form_id, version);
  }};
  std::vector<Phone> phones;

 private:
  static std::unique_ptr<Storage> open_in(const std::filesystem::path& folder) {
    SqliteOptions options;
    options.path = (folder / "terreno.db").string();
    return open_sqlite_storage(options);
  }

  static Uuid id_of(std::uint8_t kind, std::uint32_t number) {
    Uuid id;
    id.bytes[0] = kind;
    for (std::size_t i = 0; i < 4; ++i) id.bytes[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
    return id;
  }

  Phone enrol(const Uuid& tenant_id, std::uint32_t number) {
    User user;
    user.id = id_of(2, number);
    user.tenant_id = tenant_id;
    user.login = "g" + std::to_string(number);
    user.name = "Gestor " + std::to_string(number);
    storage->add_user(user).value();
    Phone phone;
    phone.keys = make_key_pair();
    phone.token = random_token(32);
    phone.device.id = id_of(3, number);
    phone.device.public_key = phone.keys.public_key;
    phone.device.head.epoch = 1;
    const Sha256 code = enrolment_code_hash(user.login);
    storage->add_enrolment_code({code, tenant_id, user.id, kSampleNow + 1});
    phone.device = storage->enrol_device(code, token_hash(phone.token), phone.device, kSampleNow).value();
    phone.head = phone.device.head;
    return phone;
  }

  void take_case(const Uuid& tenant_id, std::uint32_t number) {
    CaseImport row;
    row.item.key = "MX-" + std::to_string(number);
    row.item.party.name = "Persona " + std::to_string(number);
    row.item.place.fence = {{19.4326, -99.1332}, 50, PinPrecision::Verified};
    row.item.form_id = form_->form_id();
    row.item.data = {{"balance", "15000"}, {"days_past_due", "45"}};
    row.gestor_login = "g" + std::to_string(number);
    storage->import_cases(tenant_id, {row}, kSampleNow);
    const ChangePage page =
        storage->changes_after(tenant_id, phones[number].device.gestor_id, 0, 100U << 20U);
    for (const Change& change : page.changes) {
      if (const auto* item = std::get_if<Case>(&change)) phones[number].item = *item;
    }
    const Phone& phone = phones[number];
    phones[number].answers = filled(
        form_, forms::visit_context(sample_context(phone.item), phone.device.id, phone.device.gestor_name));
    // A phone that is up to date: later answers bring only what its own visits change.
    cursor_ = page.cursor;
  }

  VisitFinished visit_of(const Phone& phone) {
    VisitFinished visit;
    visit.visit_id = id_of(4, ++visits_);
    visit.case_id = phone.item.id;
    visit.shift_id = id_of(5, 1);
    visit.form_context = sample_context(phone.item);
    visit.form_context.prefill = forms::prefill_read_by(*form_, visit.form_context.prefill);
    visit.arrived_at_ms = visit.form_context.now_ms;
    visit.finished_at_ms = kSampleNow - 300'000;
    visit.arrived_mono_ms = 1'000'000;
    visit.finished_mono_ms = 1'600'000;
    visit.fence = phone.item.place.fence;
    visit.arrival_fixes = walk_of(visit.arrived_at_ms - 50'000, 6);
    visit.verdict = geo::judge(visit.fence, TenantPolicy{}.collection_gate, visit.arrival_fixes,
                               visit.platform, visit.form_context.now_ms);
    visit.form_id = form_->form_id();
    visit.form_version = form_->version();
    visit.answers = phone.answers;
    visit.outcome.code = "nobody_in";
    return visit;
  }

  TrackChunk chunk_of(const Phone&) {
    const WallMs from_ms = kSampleNow - 86'400'000 + static_cast<WallMs>(++chunks_) * 1000;
    const std::vector<Fix> fixes = walk_of(from_ms, 30);
    const std::vector<BatterySample> battery = {{from_ms, 81, false}, {from_ms + 240'000, 80, false}};
    return {id_of(5, 1), from_ms, from_ms + 290'000, 30, 2, geo::pack_track(fixes, battery)};
  }

  static void append(Phone& phone, SyncRequest& request, const EntryBody& body) {
    JournalEntry entry;
    entry.epoch = phone.head.epoch;
    entry.seq = phone.head.seq + 1;
    entry.kind = codec::kind_of(body);
    entry.wall_ms = kSampleNow;
    entry.mono_ms = 2'000'000;
    entry.payload = codec::encode_body(body);
    phone.head = extend_chain(phone.head, {&entry, 1}).value();
    request.entries.push_back(std::move(entry));
  }

  std::shared_ptr<const forms::CompiledForm> form_;
  std::uint64_t cursor_ = 0;
  std::uint32_t visits_ = 0;
  std::uint32_t chunks_ = 0;
};

}  // namespace terreno::bench
