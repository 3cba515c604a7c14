#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/uuid.hpp"
#include "core/model/location.hpp"

namespace terreno {

enum class Purpose : std::uint8_t { Collection = 0, Validation = 1 };
enum class PlaceKind : std::uint8_t { Home = 0, Business = 1, Workplace = 2 };

/// What has come of a case so far. Decides the colour of its pin.
enum class CaseState : std::uint8_t {
  Open = 0,         ///< not visited yet
  Revisit = 1,      ///< visited without a result; to be tried again
  Promised = 2,     ///< a promise to pay is open
  Resolved = 3,     ///< paid, agreed or validated
  Unlocatable = 4,  ///< the person or address was not found
  Escalated = 5,    ///< the office goes on: refusal, dispute, death, safety
  Cancelled = 6     ///< taken back by the tenant
};

struct Place {
  PlaceKind kind = PlaceKind::Home;
  std::string address;
  std::string reference;  ///< how to find it: 'portón verde, frente a la tienda'
  Fence fence;
  bool operator==(const Place&) const = default;
};

struct Party {
  std::string name;
  std::string phone;  ///< as imported; empty when unknown
  bool operator==(const Party&) const = default;
};

/// One thing to do at one place, as the gestor's phone holds it.
struct Case {
  Uuid id;
  std::string key;  ///< the tenant's own number of the account or application; unique in the tenant
  Purpose purpose = Purpose::Collection;
  CaseState state = CaseState::Open;
  Party party;
  Place place;
  std::string form_id;  ///< the questionnaire of its visits
  std::optional<WallMs> due_at_ms;
  std::string note;  ///< what the office wants the gestor to know
  /// What was declared or is owed, by the names that forms use: declared_income, balance, days_past_due...
  std::map<std::string, std::string> data;
  bool operator==(const Case&) const = default;
};

/// A questionnaire version as XForm XML (ODK XForms profile).
struct FormVersion {
  std::string form_id;
  std::string version;
  std::string title;
  std::string xform_xml;
  bool operator==(const FormVersion&) const = default;
};

enum class ContactClass : std::uint8_t {
  Direct = 0,
  ThirdParty = 1,
  NoContact = 2,
  NotLocatable = 3,
  Blocked = 4,
  Validation = 5
};

/// One row of a tenant's outcome catalogue.
struct OutcomeDefinition {
  std::string code;  ///< snake_case, stable
  std::string label_es;
  std::string label_en;
  std::string label_pt;
  Purpose purpose = Purpose::Collection;
  ContactClass contact = ContactClass::NoContact;
  bool right_party = false;
  bool asks_promise = false;
  bool asks_payment = false;
  bool asks_photo = false;
  CaseState becomes = CaseState::Revisit;
  bool operator==(const OutcomeDefinition&) const = default;
};

/// What the phone needs to know of its tenant, beside cases and forms.
struct TenantPolicy {
  std::string tenant_name;
  std::string currency = "MXN";
  std::int32_t utc_offset_minutes = -360;  ///< of the tenant's day; tracks and reports are cut by it
  GatePolicy collection_gate;
  GatePolicy validation_gate;
  std::int32_t sync_interval_s = 600;   ///< between syncs when nothing urgent waits
  std::int32_t chunk_interval_s = 300;  ///< how long a track chunk stays open
  bool operator==(const TenantPolicy&) const = default;
};

/// Money is whole cents of the tenant's currency.
using Cents = std::int64_t;

struct PromiseToPay {
  Cents amount = 0;   ///< > 0
  std::string date;   ///< yyyy-mm-dd, in the tenant's day
  std::string means;  ///< code of the means: transfer, cash_branch, store...
  bool operator==(const PromiseToPay&) const = default;
};

struct Payment {
  Cents amount = 0;  ///< > 0
  std::string method;
  std::string receipt;  ///< number on the receipt; may be empty
  bool operator==(const Payment&) const = default;
};

struct Outcome {
  std::string code;
  std::optional<PromiseToPay> promise;
  std::optional<Payment> payment;
  std::string note;
  bool operator==(const Outcome&) const = default;
};

/// One answered node of a questionnaire; `path` as core/forms has it ("promise/amount").
struct FormAnswer {
  std::string path;
  std::string value;
  bool operator==(const FormAnswer&) const = default;
};

enum class EvidenceKind : std::uint8_t { Photo = 0, Signature = 1, Audio = 2, Document = 3 };

/// A file that a visit names; its bytes travel apart.
struct EvidenceRef {
  std::array<std::uint8_t, 32> sha256{};
  EvidenceKind kind = EvidenceKind::Photo;
  std::string question_path;  ///< the question it answers; empty when it belongs to the visit as a whole
  std::string media_type;     ///< image/jpeg, image/png...
  std::uint64_t size = 0;     ///< bytes
  WallMs captured_at_ms = 0;
  bool operator==(const EvidenceRef&) const = default;
};

}  // namespace terreno
