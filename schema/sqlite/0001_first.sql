-- The server's memory. Every table of the field hangs on a tenant; big tables refer to tenants, users and devices
-- by small integer keys, so that an index entry costs few bytes. Times are milliseconds since 1970 UTC.

CREATE TABLE tenant (
  tenant_key INTEGER PRIMARY KEY,
  id         BLOB    NOT NULL UNIQUE,
  name       TEXT    NOT NULL,
  policy     BLOB    NOT NULL,            -- codec: TenantPolicy
  outcomes   BLOB    NOT NULL,            -- codec: OutcomeCatalogue
  revision   INTEGER NOT NULL DEFAULT 0   -- last one given in this tenant's change feed
) STRICT;

CREATE TABLE app_user (
  user_key      INTEGER PRIMARY KEY,
  tenant_key    INTEGER NOT NULL REFERENCES tenant,
  id            BLOB    NOT NULL UNIQUE,
  login         TEXT    NOT NULL UNIQUE,
  name          TEXT    NOT NULL,
  role          INTEGER NOT NULL,
  password_hash TEXT    NOT NULL,
  active        INTEGER NOT NULL
) STRICT;
CREATE INDEX app_user_of_tenant ON app_user (tenant_key, name);

CREATE TABLE session (
  token_hash      BLOB    PRIMARY KEY,
  user_key        INTEGER NOT NULL REFERENCES app_user,
  created_at_ms   INTEGER NOT NULL,
  last_used_at_ms INTEGER NOT NULL,
  expires_at_ms   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_of_user ON session (user_key);
CREATE INDEX session_by_expiry ON session (expires_at_ms);

CREATE TABLE enrolment_code (
  code_hash     BLOB    PRIMARY KEY,
  tenant_key    INTEGER NOT NULL REFERENCES tenant,
  user_key      INTEGER NOT NULL REFERENCES app_user,
  expires_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX enrolment_code_by_expiry ON enrolment_code (expires_at_ms);

CREATE TABLE device (
  device_key     INTEGER PRIMARY KEY,
  tenant_key     INTEGER NOT NULL REFERENCES tenant,
  user_key       INTEGER NOT NULL REFERENCES app_user,
  id             BLOB    NOT NULL UNIQUE,
  token_hash     BLOB    NOT NULL UNIQUE,
  public_key     BLOB    NOT NULL,
  platform       INTEGER NOT NULL,
  name           TEXT    NOT NULL,
  app_version    TEXT    NOT NULL,
  enrolled_at_ms INTEGER NOT NULL,
  revoked        INTEGER NOT NULL DEFAULT 0,
  epoch          INTEGER NOT NULL,        -- epoch, seq and hash are the head of what is held
  seq            INTEGER NOT NULL,
  hash           BLOB    NOT NULL
) STRICT;
CREATE INDEX device_of_user ON device (user_key);

CREATE TABLE form (
  form_key   INTEGER PRIMARY KEY,
  tenant_key INTEGER NOT NULL REFERENCES tenant,
  form_id    TEXT    NOT NULL,
  version    TEXT    NOT NULL,
  title      TEXT    NOT NULL,
  xform      BLOB    NOT NULL,            -- zstd of the XForm
  xform_size INTEGER NOT NULL,
  UNIQUE (tenant_key, form_id, version)
) STRICT;

CREATE TABLE field_case (
  case_key         INTEGER PRIMARY KEY,
  tenant_key       INTEGER NOT NULL REFERENCES tenant,
  id               BLOB    NOT NULL,
  key              TEXT    NOT NULL,
  state            INTEGER NOT NULL,      -- the truth; the item's own is as old as its last import
  user_key         INTEGER REFERENCES app_user,
  item             BLOB    NOT NULL,      -- codec: Case
  due_at_ms        INTEGER,
  revision         INTEGER NOT NULL,
  updated_at_ms    INTEGER NOT NULL,
  last_visit_at_ms INTEGER,
  UNIQUE (tenant_key, id),
  UNIQUE (tenant_key, key)
) STRICT;
CREATE INDEX field_case_of_user ON field_case (user_key, state);
CREATE INDEX field_case_by_state ON field_case (tenant_key, state);

-- Key, name and address of each case (rowid: case_key), found by beginnings of words whatever case and accents.
CREATE VIRTUAL TABLE case_search USING fts5 (words, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');

-- What each gestor's phone has to learn: one row per thing, moved to a new revision when it changes.
CREATE TABLE feed (
  tenant_key INTEGER NOT NULL,
  user_key   INTEGER NOT NULL,            -- 0: every gestor of the tenant
  kind       INTEGER NOT NULL,            -- 0 case, 1 form, 2 outcomes, 3 policy
  object_key INTEGER NOT NULL,            -- case_key, form_key or 0
  revision   INTEGER NOT NULL,
  removed    INTEGER NOT NULL,
  PRIMARY KEY (tenant_key, user_key, kind, object_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX feed_by_revision ON feed (tenant_key, user_key, revision);

-- Every entry of every phone as it was signed; visits, chunks and the rest are indices into this table.
CREATE TABLE journal_entry (
  entry_key      INTEGER PRIMARY KEY,
  device_key     INTEGER NOT NULL REFERENCES device,
  epoch          INTEGER NOT NULL,
  seq            INTEGER NOT NULL,
  kind           INTEGER NOT NULL,
  version        INTEGER NOT NULL,
  wall_ms        INTEGER NOT NULL,
  mono_ms        INTEGER NOT NULL,
  boot_id        INTEGER NOT NULL,
  received_at_ms INTEGER NOT NULL,
  hash           BLOB    NOT NULL,
  payload        BLOB    NOT NULL,
  UNIQUE (device_key, epoch, seq)
) STRICT;

-- The phone's last signature of each epoch: with the entries it proves the chain to a third party.
CREATE TABLE signed_head (
  device_key INTEGER NOT NULL REFERENCES device,
  epoch      INTEGER NOT NULL,
  seq        INTEGER NOT NULL,
  signature  BLOB    NOT NULL,
  PRIMARY KEY (device_key, epoch)
) STRICT, WITHOUT ROWID;

CREATE TABLE visit (
  entry_key          INTEGER PRIMARY KEY REFERENCES journal_entry,
  tenant_key         INTEGER NOT NULL REFERENCES tenant,
  id                 BLOB    NOT NULL,
  case_id            BLOB    NOT NULL,
  user_key           INTEGER NOT NULL REFERENCES app_user,
  outcome            TEXT    NOT NULL,
  finished_at_ms     INTEGER NOT NULL,
  received_at_ms     INTEGER NOT NULL,
  server_answer      INTEGER NOT NULL,
  server_reason      INTEGER NOT NULL,
  server_probability REAL    NOT NULL,
  server_distance_m  REAL    NOT NULL,
  server_accuracy_m  REAL    NOT NULL,
  server_bearing_deg REAL    NOT NULL,
  server_lat         REAL    NOT NULL,
  server_lon         REAL    NOT NULL,
  UNIQUE (tenant_key, id)
) STRICT;
CREATE INDEX visit_by_time ON visit (tenant_key, finished_at_ms);
CREATE INDEX visit_of_user ON visit (user_key, finished_at_ms);
CREATE INDEX visit_of_case ON visit (tenant_key, case_id, finished_at_ms);

CREATE TABLE visit_mark (
  entry_key INTEGER NOT NULL REFERENCES visit,
  position  INTEGER NOT NULL,
  code      TEXT    NOT NULL,
  detail    TEXT    NOT NULL,
  PRIMARY KEY (entry_key, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE cancelled_visit (
  entry_key       INTEGER PRIMARY KEY REFERENCES journal_entry,
  tenant_key      INTEGER NOT NULL REFERENCES tenant,
  id              BLOB    NOT NULL,
  case_id         BLOB    NOT NULL,
  user_key        INTEGER NOT NULL REFERENCES app_user,
  cancelled_at_ms INTEGER NOT NULL,
  received_at_ms  INTEGER NOT NULL,
  UNIQUE (tenant_key, id)
) STRICT;
CREATE INDEX cancelled_visit_by_time ON cancelled_visit (tenant_key, cancelled_at_ms);

CREATE TABLE evidence (
  evidence_key   INTEGER PRIMARY KEY,
  tenant_key     INTEGER NOT NULL REFERENCES tenant,
  sha256         BLOB    NOT NULL,
  kind           INTEGER NOT NULL,
  question_path  TEXT    NOT NULL,
  media_type     TEXT    NOT NULL,
  size           INTEGER NOT NULL,
  captured_at_ms INTEGER NOT NULL,
  state          INTEGER NOT NULL,
  received_bytes INTEGER NOT NULL,
  UNIQUE (tenant_key, sha256)
) STRICT;

CREATE TABLE visit_evidence (
  evidence_key INTEGER NOT NULL REFERENCES evidence,
  entry_key    INTEGER NOT NULL REFERENCES visit,
  PRIMARY KEY (evidence_key, entry_key)
) STRICT, WITHOUT ROWID;

-- Where a gestor's fixes of some minutes lie. from_ms is at most a day before to_ms, whatever the phone's clock did.
CREATE TABLE track_chunk (
  user_key  INTEGER NOT NULL REFERENCES app_user,
  from_ms   INTEGER NOT NULL,
  to_ms     INTEGER NOT NULL,
  shift_id  BLOB    NOT NULL,
  entry_key INTEGER NOT NULL REFERENCES journal_entry,
  PRIMARY KEY (user_key, from_ms, to_ms, shift_id)
) STRICT, WITHOUT ROWID;

-- The live screen's row of each gestor.
CREATE TABLE gestor_state (
  user_key             INTEGER PRIMARY KEY REFERENCES app_user,
  tenant_key           INTEGER NOT NULL REFERENCES tenant,
  shift_id             BLOB,
  shift_started_at_ms  INTEGER,
  shift_ended_at_ms    INTEGER,
  fix_rank_ms          INTEGER,           -- the fix's time, or that of its arrival when the phone's clock ran ahead
  fix_at_ms            INTEGER,
  fix_mono_ms          INTEGER,
  fix_lat              REAL,
  fix_lon              REAL,
  fix_accuracy_m       REAL,
  fix_speed_mps        REAL,
  fix_bearing_deg      REAL,
  fix_altitude_m       REAL,
  fix_mock             INTEGER,
  battery_rank_ms      INTEGER,
  battery_at_ms        INTEGER,
  battery_percent      INTEGER,
  battery_charging     INTEGER,
  last_sync_at_ms      INTEGER
) STRICT;
CREATE INDEX gestor_state_of_tenant ON gestor_state (tenant_key);

-- Entries that are held but could not be applied; people look at them.
CREATE TABLE quarantine (
  entry_key  INTEGER PRIMARY KEY REFERENCES journal_entry,
  tenant_key INTEGER NOT NULL REFERENCES tenant,
  code       INTEGER NOT NULL
) STRICT;
CREATE INDEX quarantine_of_tenant ON quarantine (tenant_key);

-- The other branch of a chain that forked, kept as evidence.
CREATE TABLE fork_entry (
  device_key     INTEGER NOT NULL REFERENCES device,
  epoch          INTEGER NOT NULL,
  seq            INTEGER NOT NULL,
  hash           BLOB    NOT NULL,
  kind           INTEGER NOT NULL,
  version        INTEGER NOT NULL,
  wall_ms        INTEGER NOT NULL,
  mono_ms        INTEGER NOT NULL,
  boot_id        INTEGER NOT NULL,
  received_at_ms INTEGER NOT NULL,
  payload        BLOB    NOT NULL,
  PRIMARY KEY (device_key, epoch, seq, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE server_key (
  id         INTEGER PRIMARY KEY CHECK (id = 1),
  public_key BLOB NOT NULL,
  secret_key BLOB NOT NULL
) STRICT;

CREATE TABLE probe (
  id     INTEGER PRIMARY KEY CHECK (id = 1),
  count  INTEGER NOT NULL
) STRICT;
