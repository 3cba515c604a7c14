#include <algorithm>
#include <boost/json.hpp>
#include <initializer_list>

#include "mobile-bridge/abi/documents.hpp"

namespace terreno::bridge {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxDocument = 64 * 1024;

/// Thrown inside this file only: a document is read in one go and fails as a whole.
Error wrong(std::string_view member, std::string_view why) {
  return Error{ErrorCode::InvalidArgument, "'" + std::string(member) + "' " + std::string(why)};
}

json::object parsed(std::string_view text) {
  if (text.size() > kMaxDocument) throw Error{ErrorCode::TooLarge, "A document of over 64 KiB"};
  json::error_code problem;
  json::value value = json::parse(text, problem);
  if (problem) throw Error{ErrorCode::InvalidArgument, "Not JSON: " + problem.message()};
  if (!value.is_object()) throw Error{ErrorCode::InvalidArgument, "A JSON object is needed here"};
  return std::move(value.as_object());
}

/// A member that nobody reads is a misspelling, and it would be lost in silence.
void allow_only(const json::object& object, std::initializer_list<std::string_view> members) {
  for (const auto& member : object) {
    const std::string_view name(member.key().data(), member.key().size());
    if (std::find(members.begin(), members.end(), name) == members.end())
      throw wrong(name, "is not known here");
  }
}

/// Nothing when absent or null.
const json::value* member(const json::object& object, std::string_view name) {
  const json::value* found = object.if_contains({name.data(), name.size()});
  return found == nullptr || found->is_null() ? nullptr : found;
}

std::string text_member(const json::object& object, std::string_view name, bool required) {
  const json::value* found = member(object, name);
  if (found == nullptr && !required) return {};
  if (found == nullptr || !found->is_string()) throw wrong(name, "must be a text");
  return {found->get_string().data(), found->get_string().size()};
}

std::int64_t whole_member(const json::object& object, std::string_view name, std::int64_t otherwise) {
  const json::value* found = member(object, name);
  if (found == nullptr) return otherwise;
  if (!found->is_int64()) throw wrong(name, "must be a whole number");
  return found->get_int64();
}

bool bool_member(const json::object& object, std::string_view name, bool otherwise) {
  const json::value* found = member(object, name);
  if (found == nullptr) return otherwise;
  if (!found->is_bool()) throw wrong(name, "must be true or false");
  return found->get_bool();
}

double number_member(const json::object& object, std::string_view name) {
  const json::value* found = member(object, name);
  if (found == nullptr || !found->is_number()) throw wrong(name, "must be a number");
  return found->to_number<double>();
}

const json::object* object_member(const json::object& object, std::string_view name) {
  const json::value* found = member(object, name);
  if (found == nullptr) return nullptr;
  if (!found->is_object()) throw wrong(name, "must be an object");
  return &found->get_object();
}

std::uint32_t count_member(const json::object& object, std::string_view name, std::uint32_t otherwise) {
  const std::int64_t value = whole_member(object, name, otherwise);
  if (value < 0 || value > 1'000'000) throw wrong(name, "is out of range");
  return static_cast<std::uint32_t>(value);
}

CaseOrder order_member(const json::object& object) {
  const std::string order = text_member(object, "order", false);
  if (order.empty() || order == "due") return CaseOrder::ByDue;
  if (order == "distance") return CaseOrder::ByDistance;
  throw wrong("order", "must be \"due\" or \"distance\"");
}

CaseQuery read_case_query(const json::object& object) {
  allow_only(object, {"order", "near", "text", "include_closed", "limit", "offset"});
  CaseQuery query;
  query.order = order_member(object);
  if (const json::object* near = object_member(object, "near")) {
    allow_only(*near, {"latitude", "longitude"});
    query.near_point = GeoPoint{number_member(*near, "latitude"), number_member(*near, "longitude")};
  }
  query.text = text_member(object, "text", false);
  query.include_closed = bool_member(object, "include_closed", false);
  query.limit = count_member(object, "limit", query.limit);
  query.offset = count_member(object, "offset", query.offset);
  return query;
}

Outcome read_outcome(const json::object& object) {
  allow_only(object, {"code", "note", "promise", "payment"});
  Outcome outcome;
  outcome.code = text_member(object, "code", true);
  outcome.note = text_member(object, "note", false);
  if (const json::object* promise = object_member(object, "promise")) {
    allow_only(*promise, {"amount", "date", "means"});
    outcome.promise = PromiseToPay{whole_member(*promise, "amount", 0), text_member(*promise, "date", true),
                                   text_member(*promise, "means", false)};
  }
  if (const json::object* payment = object_member(object, "payment")) {
    allow_only(*payment, {"amount", "method", "receipt"});
    outcome.payment = Payment{whole_member(*payment, "amount", 0), text_member(*payment, "method", true),
                              text_member(*payment, "receipt", false)};
  }
  return outcome;
}

template <typename T, typename Read>
Result<T> read_document(std::string_view text, Read read) {
  try {
    return read(parsed(text));
  } catch (const Error& error) {
    return error;
  }
}

}  // namespace

Result<CaseQuery> case_query_from_json(std::string_view text) {
  return read_document<CaseQuery>(text, read_case_query);
}

Result<Outcome> outcome_from_json(std::string_view text) {
  return read_document<Outcome>(text, read_outcome);
}

Result<Purpose> purpose_from_name(std::string_view name) {
  if (name == "collection") return Purpose::Collection;
  if (name == "validation") return Purpose::Validation;
  return wrong("purpose", "must be \"collection\" or \"validation\"");
}

Result<EvidenceKind> evidence_kind_from_name(std::string_view name) {
  if (name == "photo") return EvidenceKind::Photo;
  if (name == "signature") return EvidenceKind::Signature;
  if (name == "audio") return EvidenceKind::Audio;
  if (name == "document") return EvidenceKind::Document;
  return wrong("kind", "must be \"photo\", \"signature\", \"audio\" or \"document\"");
}

}  // namespace terreno::bridge
