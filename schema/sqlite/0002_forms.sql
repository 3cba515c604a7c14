-- Who brought a questionnaire and when, what each purpose uses, how often each version was filled, and every single
-- thing in which a filled one differs from what the server makes of the same answers.

ALTER TABLE form ADD COLUMN added_at_ms INTEGER;            -- unknown for what schema 1 held
ALTER TABLE form ADD COLUMN added_by TEXT NOT NULL DEFAULT '';
ALTER TABLE form ADD COLUMN file_name TEXT NOT NULL DEFAULT '';

-- The author's own file, as it was given.
CREATE TABLE form_source (
  form_key INTEGER PRIMARY KEY REFERENCES form,
  content  BLOB NOT NULL                -- zstd
) STRICT;

-- Which questionnaire new cases get when they name none. Without a row: the default one of the purpose.
CREATE TABLE form_use (
  tenant_key INTEGER NOT NULL REFERENCES tenant,
  use        INTEGER NOT NULL,          -- 0 collection, 1 validation of a home, 2 of a business
  form_id    TEXT    NOT NULL,
  PRIMARY KEY (tenant_key, use)
) STRICT, WITHOUT ROWID;

-- The versions that visits were filled under, also those that the server does not hold.
CREATE TABLE visit_form (
  visit_form_key   INTEGER PRIMARY KEY,
  tenant_key       INTEGER NOT NULL REFERENCES tenant,
  form_id          TEXT    NOT NULL,
  version          TEXT    NOT NULL,
  visits           INTEGER NOT NULL,
  last_visit_at_ms INTEGER NOT NULL,
  UNIQUE (tenant_key, form_id, version)
) STRICT;
ALTER TABLE visit ADD COLUMN visit_form_key INTEGER REFERENCES visit_form;

CREATE TABLE visit_difference (
  entry_key INTEGER NOT NULL REFERENCES visit,
  position  INTEGER NOT NULL,
  code      TEXT    NOT NULL,           -- of the mark that counts it
  path      TEXT    NOT NULL,
  submitted TEXT    NOT NULL,
  expected  TEXT    NOT NULL,
  PRIMARY KEY (entry_key, position)
) STRICT, WITHOUT ROWID;
