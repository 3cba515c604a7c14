/* made by tools/generate from schema/errors.csv; do not edit */
/* clang-format off */
#ifndef TERRENO_ERROR_CODES_H
#define TERRENO_ERROR_CODES_H

typedef enum terreno_error_code {
  TERRENO_OK = 0,
  TERRENO_ERROR_INTERNAL = 1, /* a broken invariant; a bug */
  TERRENO_ERROR_IO = 2, /* the disk or the database failed */
  TERRENO_ERROR_INVALID_ARGUMENT = 3, /* the caller gave something outside the stated range */
  TERRENO_ERROR_NOT_FOUND = 4, /* no such thing for this caller */
  TERRENO_ERROR_ALREADY_EXISTS = 5, /* the same key is there with other content */
  TERRENO_ERROR_CONFLICT = 6, /* somebody changed it meanwhile */
  TERRENO_ERROR_UNAUTHENTICATED = 7, /* no valid credential */
  TERRENO_ERROR_FORBIDDEN = 8, /* the credential does not allow this */
  TERRENO_ERROR_TOO_LARGE = 9, /* over a stated limit */
  TERRENO_ERROR_TOO_MANY_REQUESTS = 10, /* over a stated rate */
  TERRENO_ERROR_MALFORMED_BYTES = 11, /* bytes from outside that do not decode */
  TERRENO_ERROR_UNSUPPORTED_VERSION = 12, /* written by a newer version; an upgrade is needed */
  TERRENO_ERROR_SIGNATURE_MISMATCH = 13, /* hash or signature does not verify */
  TERRENO_ERROR_CHAIN_FORK = 14, /* the journal does not continue what the server holds */
  TERRENO_ERROR_NOT_ENROLLED = 15, /* the phone has no company yet */
  TERRENO_ERROR_ALREADY_ENROLLED = 16, /* the phone belongs to a company already */
  TERRENO_ERROR_SHIFT_NOT_OPEN = 17, /* the action needs an open shift */
  TERRENO_ERROR_SHIFT_ALREADY_OPEN = 18, /* a shift is open already */
  TERRENO_ERROR_VISIT_NOT_OPEN = 19, /* the visit is finished or cancelled or was never begun */
  TERRENO_ERROR_VISIT_ALREADY_OPEN = 20, /* another visit is open */
  TERRENO_ERROR_GATE_REFUSED = 21, /* the location gate does not allow the visit */
  TERRENO_ERROR_FORM_INVALID = 22, /* the form definition cannot be used */
  TERRENO_ERROR_ANSWER_INVALID = 23, /* an answer breaks a constraint or is missing */
  TERRENO_ERROR_OUTCOME_INVALID = 24, /* the outcome lacks what it asks for */
  TERRENO_ERROR_EVIDENCE_INVALID = 25, /* the file is not what it claims */
  TERRENO_ERROR_DATABASE_MISMATCH = 26, /* the database belongs to another version or key */
  TERRENO_ERROR_UNAVAILABLE = 27, /* starting or stopping or overloaded */
  TERRENO_ERROR_METHOD_NOT_ALLOWED = 28, /* the route exists but not for this method */
  TERRENO_ERROR_IMPORT_REJECTED = 29, /* the file has bad lines */
  TERRENO_ERROR_DISK_FULL = 30, /* no space left */
} terreno_error_code;

#endif
