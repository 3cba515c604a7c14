// made by tools/generate from schema/errors.csv; do not edit
// clang-format off
#pragma once

#include <cstdint>

namespace terreno {

/// Stable numbers: they cross the C interface and the wire.
enum class ErrorCode : std::uint16_t {
  Internal = 1,  ///< a broken invariant; a bug
  Io = 2,  ///< the disk or the database failed
  InvalidArgument = 3,  ///< the caller gave something outside the stated range
  NotFound = 4,  ///< no such thing for this caller
  AlreadyExists = 5,  ///< the same key is there with other content
  Conflict = 6,  ///< somebody changed it meanwhile
  Unauthenticated = 7,  ///< no valid credential
  Forbidden = 8,  ///< the credential does not allow this
  TooLarge = 9,  ///< over a stated limit
  TooManyRequests = 10,  ///< over a stated rate
  MalformedBytes = 11,  ///< bytes from outside that do not decode
  UnsupportedVersion = 12,  ///< written by a newer version; an upgrade is needed
  SignatureMismatch = 13,  ///< hash or signature does not verify
  ChainFork = 14,  ///< the journal does not continue what the server holds
  NotEnrolled = 15,  ///< the phone has no company yet
  AlreadyEnrolled = 16,  ///< the phone belongs to a company already
  ShiftNotOpen = 17,  ///< the action needs an open shift
  ShiftAlreadyOpen = 18,  ///< a shift is open already
  VisitNotOpen = 19,  ///< the visit is finished or cancelled or was never begun
  VisitAlreadyOpen = 20,  ///< another visit is open
  GateRefused = 21,  ///< the location gate does not allow the visit
  FormInvalid = 22,  ///< the form definition cannot be used
  AnswerInvalid = 23,  ///< an answer breaks a constraint or is missing
  OutcomeInvalid = 24,  ///< the outcome lacks what it asks for
  EvidenceInvalid = 25,  ///< the file is not what it claims
  DatabaseMismatch = 26,  ///< the database belongs to another version or key
  Unavailable = 27,  ///< starting or stopping or overloaded
  MethodNotAllowed = 28,  ///< the route exists but not for this method
  ImportRejected = 29,  ///< the file has bad lines
  DiskFull = 30,  ///< no space left
};

struct ErrorTraits {
  ErrorCode code;
  const char* name;
  int http_status;
  bool retryable;
};

inline constexpr ErrorTraits kErrorTraits[] = {
    {ErrorCode::Internal, "Internal", 500, false},
    {ErrorCode::Io, "Io", 500, true},
    {ErrorCode::InvalidArgument, "InvalidArgument", 400, false},
    {ErrorCode::NotFound, "NotFound", 404, false},
    {ErrorCode::AlreadyExists, "AlreadyExists", 409, false},
    {ErrorCode::Conflict, "Conflict", 409, true},
    {ErrorCode::Unauthenticated, "Unauthenticated", 401, false},
    {ErrorCode::Forbidden, "Forbidden", 403, false},
    {ErrorCode::TooLarge, "TooLarge", 413, false},
    {ErrorCode::TooManyRequests, "TooManyRequests", 429, true},
    {ErrorCode::MalformedBytes, "MalformedBytes", 400, false},
    {ErrorCode::UnsupportedVersion, "UnsupportedVersion", 426, false},
    {ErrorCode::SignatureMismatch, "SignatureMismatch", 409, false},
    {ErrorCode::ChainFork, "ChainFork", 409, false},
    {ErrorCode::NotEnrolled, "NotEnrolled", 409, false},
    {ErrorCode::AlreadyEnrolled, "AlreadyEnrolled", 409, false},
    {ErrorCode::ShiftNotOpen, "ShiftNotOpen", 409, false},
    {ErrorCode::ShiftAlreadyOpen, "ShiftAlreadyOpen", 409, false},
    {ErrorCode::VisitNotOpen, "VisitNotOpen", 409, false},
    {ErrorCode::VisitAlreadyOpen, "VisitAlreadyOpen", 409, false},
    {ErrorCode::GateRefused, "GateRefused", 409, false},
    {ErrorCode::FormInvalid, "FormInvalid", 422, false},
    {ErrorCode::AnswerInvalid, "AnswerInvalid", 422, false},
    {ErrorCode::OutcomeInvalid, "OutcomeInvalid", 422, false},
    {ErrorCode::EvidenceInvalid, "EvidenceInvalid", 422, false},
    {ErrorCode::DatabaseMismatch, "DatabaseMismatch", 409, false},
    {ErrorCode::Unavailable, "Unavailable", 503, true},
    {ErrorCode::MethodNotAllowed, "MethodNotAllowed", 405, false},
    {ErrorCode::ImportRejected, "ImportRejected", 422, false},
    {ErrorCode::DiskFull, "DiskFull", 507, true},
};

}  // namespace terreno
