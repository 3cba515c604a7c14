// made by tools/generate from schema/errors.csv; do not edit
export type ErrorCode =
  "Internal" |
  "Io" |
  "InvalidArgument" |
  "NotFound" |
  "AlreadyExists" |
  "Conflict" |
  "Unauthenticated" |
  "Forbidden" |
  "TooLarge" |
  "TooManyRequests" |
  "MalformedBytes" |
  "UnsupportedVersion" |
  "SignatureMismatch" |
  "ChainFork" |
  "NotEnrolled" |
  "AlreadyEnrolled" |
  "ShiftNotOpen" |
  "ShiftAlreadyOpen" |
  "VisitNotOpen" |
  "VisitAlreadyOpen" |
  "GateRefused" |
  "FormInvalid" |
  "AnswerInvalid" |
  "OutcomeInvalid" |
  "EvidenceInvalid" |
  "DatabaseMismatch" |
  "Unavailable" |
  "MethodNotAllowed" |
  "ImportRejected" |
  "DiskFull"
