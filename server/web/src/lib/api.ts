import type { FeatureCollection, LineString, MultiLineString, Point } from "geojson";
import type { ErrorCode } from "./error_codes";
import type {
  CancelledVisit,
  CaseDetail,
  CaseRow,
  CaseState,
  EnrolmentCode,
  FormIntake,
  FormIssue,
  FormRow,
  FormUse,
  GestoresAnswer,
  ImportProblem,
  ImportResult,
  QuarantinedEntry,
  Role,
  Summary,
  Track,
  User,
  UserRow,
  Visit,
  VisitSummary,
} from "./types";

/** Whatever kept a call from answering: the server's own error, or no server at all. */
export class ApiError extends Error {
  constructor(
    readonly code: ErrorCode | "Network",
    message: string,
    readonly status = 0,
    readonly retry_after_s: number | null = null,
    readonly problems: ImportProblem[] = [],
    readonly issues: FormIssue[] = [],
    /** Of the whole file; `problems` holds the first of them. */
    readonly problem_count = problems.length,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

let on_session_lost: () => void = () => {};

/** Called once the server no longer knows the session, from whichever call notices first. */
export function when_session_lost(listener: () => void): void {
  on_session_lost = listener;
}

type Query = Record<string, string | number | undefined | null>;

function with_query(path: string, query: Query): string {
  const filled = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== "");
  if (filled.length === 0) return path;
  return `${path}?${new URLSearchParams(filled.map(([key, value]) => [key, String(value)]))}`;
}

async function failure(response: Response): Promise<ApiError> {
  let code: ErrorCode = response.status === 401 ? "Unauthenticated" : "Internal";
  let message = response.statusText;
  let problems: ImportProblem[] = [];
  let issues: FormIssue[] = [];
  let problem_count = 0;
  try {
    const body = (await response.json()) as {
      error?: { code: ErrorCode; message: string };
      errors?: ImportProblem[];
      issues?: FormIssue[];
      error_count?: number;
    };
    if (body.error) ({ code, message } = body.error);
    problems = body.errors ?? [];
    issues = body.issues ?? [];
    problem_count = body.error_count ?? 0;
  } catch {
    // A proxy's page instead of the server's JSON: the status alone has to do.
  }
  const wait = Number.parseInt(response.headers.get("retry-after") ?? "", 10);
  const wait_s = Number.isNaN(wait) ? null : wait;
  return new ApiError(code, message, response.status, wait_s, problems, issues, problem_count);
}

async function call(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: "same-origin", ...init });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new ApiError("Network", String(cause));
  }
  if (response.ok) return response;
  if (response.status === 401 && !path.startsWith("/api/login") && !path.startsWith("/api/me")) on_session_lost();
  throw await failure(response);
}

async function get<T>(path: string, query: Query = {}): Promise<T> {
  return (await call(with_query(path, query))).json() as Promise<T>;
}

async function post<T>(path: string, body: unknown): Promise<T> {
  const response = await call(path, {
    method: "POST",
    headers: { "content-type": "application/json", "x-terreno": "1" },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

export interface CaseQuery {
  state?: CaseState | "";
  gestor_id?: string;
  text?: string;
  limit?: number;
  offset?: number;
}

export interface VisitQuery {
  day?: string;
  gestor_id?: string;
  case_id?: string;
  limit?: number;
  offset?: number;
}

export type CasePoints = FeatureCollection<Point, { id: string; key: string; state: CaseState }>;
export type Trails = FeatureCollection<
  LineString | MultiLineString,
  { gestor_id: string; name: string; travelled_m: number }
>;

export interface AnswersQuery {
  from?: string;
  to?: string;
  version?: string;
  lang?: string;
  repeat?: string;
}

const form_path = (id: string, version: string): string =>
  `/api/forms/${encodeURIComponent(id)}/${encodeURIComponent(version)}`;

export const api = {
  me: async () => (await get<{ user: User }>("/api/me")).user,
  login: async (login: string, password: string) =>
    (await post<{ user: User }>("/api/login", { login, password })).user,
  logout: () => post<void>("/api/logout", {}),

  gestores: () => get<GestoresAnswer>("/api/gestores"),
  track: (id: string, day: string) => get<Track>(`/api/gestores/${encodeURIComponent(id)}/track`, { day }),
  trails: (day: string) => get<Trails>("/api/trails", { day }),
  summary: (day: string) => get<Summary>("/api/summary", { day }),
  case_points: () => get<CasePoints>("/api/map/cases"),
  /** The tenant's base map, or null when it has none. */
  basemap: async (): Promise<FeatureCollection | null> => {
    try {
      return await get<FeatureCollection>("/api/basemap");
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return null;
      throw error;
    }
  },

  cases: (query: CaseQuery) => get<{ total: number; cases: CaseRow[] }>("/api/cases", { ...query }),
  case: (id: string) => get<CaseDetail>(`/api/cases/${encodeURIComponent(id)}`),
  assign: (id: string, gestor_id: string) =>
    post<CaseRow>(`/api/cases/${encodeURIComponent(id)}/assign`, { gestor_id }),
  import_cases: async (csv: Blob, skip_bad: boolean): Promise<ImportResult> => {
    const response = await call(with_query("/api/cases/import", { skip_bad: skip_bad ? 1 : 0 }), {
      method: "POST",
      headers: { "content-type": "text/csv", "x-terreno": "1" },
      body: csv,
    });
    return (await response.json()) as ImportResult;
  },

  visits: async (query: VisitQuery) => (await get<{ visits: VisitSummary[] }>("/api/visits", { ...query })).visits,
  visit: (id: string, lang: string) => get<Visit>(`/api/visits/${encodeURIComponent(id)}`, { lang }),
  cancelled_visits: async (query: { day: string; limit?: number; offset?: number }) =>
    (await get<{ visits: CancelledVisit[] }>("/api/cancelled-visits", { ...query })).visits,
  quarantine: (query: { limit?: number; offset?: number }) =>
    get<{ total: number; entries: QuarantinedEntry[] }>("/api/quarantine", { ...query }),
  evidence_url: (sha256: string) => `/api/evidence/${sha256}`,

  forms: () => get<{ uses: { use: FormUse; form_id: string }[]; forms: FormRow[] }>("/api/forms"),
  form_repeats: async (id: string, version: string) =>
    (await get<{ repeats: string[] }>(form_path(id, version))).repeats,
  upload_form: async (file: File, hold: boolean): Promise<FormIntake> => {
    const response = await call(with_query("/api/forms", { file_name: file.name, hold: hold ? 1 : 0 }), {
      method: "POST",
      headers: { "content-type": "application/octet-stream", "x-terreno": "1" },
      body: file,
    });
    return (await response.json()) as FormIntake;
  },
  apply_form: (id: string, version: string) => post<void>(`${form_path(id, version)}/apply`, {}),
  set_form_use: (use: FormUse, form_id: string) =>
    post<{ cases: number }>(`/api/form-uses/${use}`, { form_id }),
  xform_url: (id: string, version: string) => `${form_path(id, version)}/xform`,
  form_source_url: (id: string, version: string) => `${form_path(id, version)}/source`,
  answers_url: (id: string, kind: "xlsx" | "csv", query: AnswersQuery) =>
    with_query(`/api/forms/${encodeURIComponent(id)}/answers.${kind}`, { ...query }),

  users: async () => (await get<{ users: UserRow[] }>("/api/users")).users,
  add_user: (user: { login: string; name: string; role: Role; password?: string }) =>
    post<unknown>("/api/users", user),
  set_active: (id: string, active: boolean) =>
    post<unknown>(`/api/users/${encodeURIComponent(id)}/active`, { active }),
  /** `current` is needed to change one's own. */
  set_password: (id: string, password: string, current?: string) =>
    post<unknown>(`/api/users/${encodeURIComponent(id)}/password`, { password, current }),
  enrolment_code: (id: string) =>
    post<EnrolmentCode>(`/api/users/${encodeURIComponent(id)}/enrolment-code`, {}),
};
