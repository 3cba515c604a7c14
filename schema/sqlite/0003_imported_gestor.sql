-- Whom the last file that named somebody named, so that the same file again leaves alone what the console has
-- assigned since.
ALTER TABLE field_case ADD COLUMN imported_user_key INTEGER REFERENCES app_user;
UPDATE field_case SET imported_user_key = user_key;
