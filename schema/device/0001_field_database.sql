-- The phone's database. core/store embeds the files of this folder in order and runs each that
-- PRAGMA user_version says is missing. A file that has been released is never edited: a change is a new file.
--
-- Times are milliseconds since 1970 UTC as the phone's clock claimed them. Identifiers are 16 raw bytes.

CREATE TABLE identity (
  one           INTEGER PRIMARY KEY CHECK (one = 1),
  public_key    BLOB NOT NULL CHECK (length(public_key) = 32),
  secret_key    BLOB NOT NULL CHECK (length(secret_key) = 64),
  -- NULL while the enrolment is under way.
  device_id     BLOB CHECK (length(device_id) = 16),
  token         TEXT,
  server_key    BLOB CHECK (length(server_key) = 32),
  gestor_id     BLOB CHECK (length(gestor_id) = 16),
  gestor_name   TEXT
) STRICT;

-- What the tenant decides and replaces as a whole: 'policy' and 'outcomes', as core/codec's bytes.
CREATE TABLE tenant_value (
  name   TEXT PRIMARY KEY,
  bytes  BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE form (
  form_id    TEXT NOT NULL,
  version    TEXT NOT NULL,
  title      TEXT NOT NULL,
  xform_xml  TEXT NOT NULL,
  -- 1 for the version that new visits use.
  newest     INTEGER NOT NULL CHECK (newest IN (0, 1)),
  PRIMARY KEY (form_id, version)
) STRICT;
CREATE UNIQUE INDEX form_newest ON form (form_id) WHERE newest = 1;

-- `bytes` is the case as core/codec has it; the columns before it only order, filter and search.
CREATE TABLE field_case (
  row      INTEGER PRIMARY KEY,
  id       BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
  key      TEXT NOT NULL,
  state    INTEGER NOT NULL,
  due_ms   INTEGER,
  lat      REAL NOT NULL,
  lon      REAL NOT NULL,
  folded   TEXT NOT NULL,
  bytes    BLOB NOT NULL
) STRICT;
CREATE INDEX field_case_due ON field_case (due_ms IS NULL, due_ms, key);

-- Append-only; core/journal is its only writer.
CREATE TABLE journal (
  epoch    INTEGER NOT NULL,
  seq      INTEGER NOT NULL CHECK (seq > 0),
  kind     INTEGER NOT NULL,
  version  INTEGER NOT NULL,
  wall_ms  INTEGER NOT NULL,
  mono_ms  INTEGER NOT NULL,
  boot_id  INTEGER NOT NULL,
  payload  BLOB NOT NULL,
  hash     BLOB NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (epoch, seq)
) STRICT;

CREATE TABLE sync_state (
  one              INTEGER PRIMARY KEY CHECK (one = 1),
  epoch            INTEGER NOT NULL,
  -- Up to here the server has confirmed the journal of this epoch; all of earlier epochs is confirmed.
  confirmed_seq    INTEGER NOT NULL,
  confirmed_hash   BLOB NOT NULL CHECK (length(confirmed_hash) = 32),
  change_cursor    INTEGER NOT NULL,
  last_success_ms  INTEGER
) STRICT;
INSERT INTO sync_state VALUES (1, 0, 0, zeroblob(32), 0, NULL);

CREATE TABLE quarantine (
  epoch  INTEGER NOT NULL,
  seq    INTEGER NOT NULL,
  code   INTEGER NOT NULL,
  PRIMARY KEY (epoch, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE shift (
  id             BLOB PRIMARY KEY CHECK (length(id) = 16),
  started_at_ms  INTEGER NOT NULL,
  ended_at_ms    INTEGER,
  fixes          INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
-- One open shift at most.
CREATE UNIQUE INDEX shift_open ON shift (ended_at_ms IS NULL) WHERE ended_at_ms IS NULL;

-- Fixes not yet in a track chunk, and the sealed ones of the last minutes, which the location gate reads.
CREATE TABLE fix_tail (
  row             INTEGER PRIMARY KEY,
  sealed          INTEGER NOT NULL DEFAULT 0,
  boot_id         INTEGER NOT NULL,
  captured_at_ms  INTEGER NOT NULL,
  mono_ms         INTEGER NOT NULL,
  lat             REAL NOT NULL,
  lon             REAL NOT NULL,
  accuracy_m      REAL NOT NULL,
  speed_mps       REAL,
  bearing_deg     REAL,
  altitude_m      REAL,
  mock            INTEGER NOT NULL
) STRICT;

CREATE TABLE battery_tail (
  row       INTEGER PRIMARY KEY,
  sealed    INTEGER NOT NULL DEFAULT 0,
  at_ms     INTEGER NOT NULL,
  percent   INTEGER NOT NULL,
  charging  INTEGER NOT NULL
) STRICT;

-- A visit under way. No reference to field_case: a case may be taken away while its visit is open.
CREATE TABLE visit_draft (
  visit_id       BLOB PRIMARY KEY CHECK (length(visit_id) = 16),
  case_id        BLOB NOT NULL UNIQUE,
  arrived_at_ms  INTEGER NOT NULL,
  answering      INTEGER NOT NULL CHECK (answering IN (0, 1)),
  form_id        TEXT NOT NULL,
  form_version   TEXT NOT NULL,
  case_bytes     BLOB NOT NULL,
  -- The VisitFinished that it grows into, as core/codec has it; answers stand in draft_answer meanwhile.
  visit_bytes    BLOB NOT NULL
) STRICT;

CREATE TABLE draft_answer (
  row       INTEGER PRIMARY KEY,
  visit_id  BLOB NOT NULL REFERENCES visit_draft (visit_id) ON DELETE CASCADE,
  path      TEXT NOT NULL,
  value     TEXT NOT NULL,
  UNIQUE (visit_id, path)
) STRICT;

CREATE TABLE finished_visit (
  visit_id        BLOB PRIMARY KEY CHECK (length(visit_id) = 16),
  case_id         BLOB NOT NULL,
  finished_at_ms  INTEGER NOT NULL,
  outcome_code    TEXT NOT NULL,
  becomes         INTEGER NOT NULL,
  epoch           INTEGER NOT NULL,
  seq             INTEGER NOT NULL
) STRICT;
CREATE INDEX finished_visit_case ON finished_visit (case_id);
CREATE INDEX finished_visit_entry ON finished_visit (epoch, seq);

-- Bytes of evidence stand in the database so that they commit, and are encrypted, with what names them.
CREATE TABLE evidence_file (
  row     INTEGER PRIMARY KEY,
  sha256  BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
  bytes   BLOB NOT NULL
) STRICT;

CREATE TABLE draft_evidence (
  visit_id  BLOB NOT NULL REFERENCES visit_draft (visit_id) ON DELETE CASCADE,
  sha256    BLOB NOT NULL,
  PRIMARY KEY (visit_id, sha256)
) STRICT, WITHOUT ROWID;

CREATE TABLE evidence_outbox (
  sha256          BLOB PRIMARY KEY CHECK (length(sha256) = 32),
  visit_id        BLOB NOT NULL,
  kind            INTEGER NOT NULL,
  question_path   TEXT NOT NULL,
  media_type      TEXT NOT NULL,
  size            INTEGER NOT NULL,
  captured_at_ms  INTEGER NOT NULL,
  -- 0 waits, 1 is with the server, 2 set aside because the server will never take it.
  state           INTEGER NOT NULL,
  sent_bytes      INTEGER NOT NULL DEFAULT 0,
  upload_url      TEXT NOT NULL DEFAULT '',
  refused_code    INTEGER
) STRICT;
CREATE INDEX evidence_outbox_waiting ON evidence_outbox (visit_id) WHERE state = 0;
