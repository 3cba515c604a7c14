-- A chunk's fixes and its battery samples lie where their own times say, each run of them in a row of its own: they
-- come from two clocks, and one wild time must not hide the others. Older rows hold the range that the phone gave.
CREATE TABLE battery_chunk (
  user_key  INTEGER NOT NULL REFERENCES app_user,
  from_ms   INTEGER NOT NULL,
  to_ms     INTEGER NOT NULL,
  shift_id  BLOB    NOT NULL,
  entry_key INTEGER NOT NULL REFERENCES journal_entry,
  PRIMARY KEY (user_key, from_ms, to_ms, shift_id)
) STRICT, WITHOUT ROWID;
INSERT INTO battery_chunk SELECT user_key, from_ms, to_ms, shift_id, entry_key FROM track_chunk;
