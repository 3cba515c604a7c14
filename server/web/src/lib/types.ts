// The shapes of the console API. Times are milliseconds UTC, money is whole cents, ids are UUID text.

export type Role = "gestor" | "supervisor" | "analyst" | "admin";
export type GestorState = "fresh" | "late" | "silent" | "off";
/** What is missing of a gestor on shift who is not fresh. */
export type Lacking = "contact" | "position";
export type CaseState =
  | "open"
  | "revisit"
  | "promised"
  | "resolved"
  | "unlocatable"
  | "escalated"
  | "cancelled";
export type Purpose = "collection" | "validation";
export type PlaceKind = "home" | "business" | "workplace";
export type ContactClass =
  | "direct"
  | "third_party"
  | "no_contact"
  | "not_locatable"
  | "blocked"
  | "validation";
export type GateAnswer = "inside" | "outside" | "inconclusive";
export type GateReason =
  | "inside"
  | "outside"
  | "wait_better_fix"
  | "move_closer"
  | "no_fix"
  | "stale_fix"
  | "pin_uncertain";

export interface Tenant {
  id: string;
  name: string;
  currency: string;
  utc_offset_minutes: number;
}

export interface User {
  id: string;
  name: string;
  login: string;
  role: Role;
  tenant: Tenant;
}

export interface UserRow {
  id: string;
  name: string;
  login: string;
  role: Role;
  active: boolean;
}

export interface Position {
  lat: number;
  lon: number;
  accuracy_m: number;
  at_ms: number;
  speed_mps: number | null;
  bearing_deg: number | null;
}

export interface Battery {
  percent: number;
  charging: boolean;
  at_ms: number;
}

export interface Gestor {
  id: string;
  name: string;
  state: GestorState;
  lacking: Lacking | null;
  shift: { started_at_ms: number; ended_at_ms: number | null } | null;
  position: Position | null;
  battery: Battery | null;
  last_sync_at_ms: number | null;
  visits_today: number;
  open_cases: number;
}

export interface GestoresAnswer {
  now_ms: number;
  day: string;
  gestores: Gestor[];
}

export interface Track {
  gestor_id: string;
  day: string;
  points: [lon: number, lat: number, at_ms: number, accuracy_m: number][];
  battery: [at_ms: number, percent: number][];
  travelled_m: number;
}

export interface CaseRow {
  id: string;
  key: string;
  purpose: Purpose;
  state: CaseState;
  party: { name: string };
  place: {
    kind: PlaceKind;
    address: string;
    reference: string;
    lat: number;
    lon: number;
    radius_m: number;
  };
  due_at_ms: number | null;
  gestor_id: string | null;
  gestor_name: string | null;
  last_visit_at_ms: number | null;
  revision: number;
}

export interface CaseDetail extends CaseRow {
  phone?: string;
  data: Record<string, string>;
  visits: VisitSummary[];
}

export interface OutcomeLabel {
  code: string;
  label_es: string;
  label_en: string;
  label_pt: string;
}

export interface Mark {
  code: string;
  detail: string;
}

export interface VerdictSummary {
  answer: GateAnswer;
  probability: number;
  distance_m: number;
  accuracy_m: number;
}

export interface Verdict extends VerdictSummary {
  reason: GateReason;
  position: { lat: number; lon: number } | null;
  text?: string;
}

export interface VisitSummary {
  id: string;
  case_id: string;
  case_key: string;
  party_name: string;
  address: string;
  gestor_id: string;
  gestor_name: string;
  purpose: Purpose;
  outcome: OutcomeLabel & { contact: ContactClass };
  arrived_at_ms: number;
  finished_at_ms: number;
  received_at_ms: number;
  verdict: VerdictSummary;
  marks: Mark[];
  evidence: { total: number; received: number };
  lat: number;
  lon: number;
}

export interface Answer {
  path: string;
  label: string;
  group_label: string | null;
  type: string;
  value: string;
  display: string;
  media_sha256: string | null;
}

export interface EvidenceFile {
  sha256: string;
  kind: "photo" | "signature" | "audio" | "document";
  question_path: string;
  media_type: string;
  size: number;
  state: "expected" | "receiving" | "received";
  received_bytes: number;
}

export interface GateFix {
  lat: number;
  lon: number;
  accuracy_m: number;
  at_ms: number;
  mock: boolean;
}

export interface Visit extends Omit<VisitSummary, "verdict" | "evidence"> {
  platform: string;
  battery_percent: number | null;
  form: { id: string; version: string; title: string };
  answers: Answer[];
  differences: AnswerDifference[];
  outcome_detail: {
    promise: { amount: number; date: string; means: string } | null;
    payment: { amount: number; method: string; receipt: string } | null;
    note: string;
  };
  place: { lat: number; lon: number; radius_m: number; address: string };
  verdict: Verdict;
  server_verdict: Verdict;
  fixes: GateFix[];
  evidence: EvidenceFile[];
}

/** One thing that the server makes otherwise of the same answers. */
export interface AnswerDifference {
  code: string;
  path: string;
  label: string;
  submitted: string;
  expected: string;
}

export type FormUse = "collection" | "validation_home" | "validation_business";

export interface FormVersionRow {
  version: string;
  title: string;
  held: boolean;
  current: boolean;
  added_at_ms: number | null;
  added_by: string;
  file_name: string;
  visits: number;
  last_visit_at_ms: number | null;
}

export interface FormRow {
  id: string;
  title: string;
  uses: FormUse[];
  visits: number;
  versions: FormVersionRow[];
}

export interface FormIssue {
  error: boolean;
  sheet: string;
  row: number;
  column: string;
  message: string;
}

export interface FormIntake {
  id: string;
  version: string;
  title: string;
  issues: FormIssue[];
}

export interface Summary {
  visits: number;
  cancelled: number;
  contacts: number;
  right_party_contacts: number;
  promises: number;
  promised_cents: number;
  gate_refusals: number;
  travelled_m: number;
  gestores_on_shift: number;
  by_outcome: (OutcomeLabel & { count: number })[];
  by_hour: { hour: number; visits: number; contacts: number }[];
  quarantined: number;
}

/** A visit that was given up. */
export interface CancelledVisit {
  id: string;
  case_id: string | null;
  case_key: string;
  party_name: string;
  address: string;
  gestor_id: string;
  gestor_name: string;
  arrived_at_ms: number;
  cancelled_at_ms: number;
  received_at_ms: number;
  reason: string;
  /** The gate's last answer; null when it was not asked or had no fix. */
  verdict: VerdictSummary | null;
  gate_refused: boolean;
}

/** What a phone sent and the server could not apply. */
export interface QuarantinedEntry {
  gestor_id: string;
  gestor_name: string;
  device_id: string;
  device_name: string;
  epoch: number;
  seq: number;
  kind: string;
  wall_ms: number;
  received_at_ms: number;
  size: number;
  code: string;
}

export interface ImportProblem {
  line: number;
  column: string;
  reason: string;
}

export interface ImportResult {
  added: number;
  updated: number;
  unchanged: number;
  skipped: number;
  /** Of the whole file; `errors` holds the first of them. */
  error_count: number;
  errors: ImportProblem[];
}

export interface EnrolmentCode {
  code: string;
  expires_in_s: number;
}

export type LiveEvent =
  | { type: "hello"; now_ms: number }
  | { type: "tick"; now_ms: number }
  | {
      type: "position";
      gestor_id: string;
      position: Position;
      battery: Battery | null;
      now_ms: number;
      /** Of somebody on shift who has just been heard. */
      state: GestorState;
      lacking: Lacking | null;
    }
  | { type: "shift"; gestor_id: string }
  | { type: "visit"; visit: VisitSummary }
  | { type: "case"; id: string; state: CaseState };
