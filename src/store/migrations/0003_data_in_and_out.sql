-- Foreign files, clean data, no duplicates.

-- Duplicates ------------------------------------------------------------------------------------------------

-- Two customers of whom somebody said that they are two, however alike they look. The lower id comes first.
CREATE TABLE not_duplicate (
  id          INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer(id),
  other_id    INTEGER NOT NULL REFERENCES customer(id)
) STRICT;
CREATE UNIQUE INDEX not_duplicate_pair ON not_duplicate(customer_id, other_id);
CREATE INDEX not_duplicate_other ON not_duplicate(other_id);

-- Forms -----------------------------------------------------------------------------------------------------

-- Imports ---------------------------------------------------------------------------------------------------

-- E-mail ----------------------------------------------------------------------------------------------------

-- What a message says beyond the activity that it is. Its Message-ID is an identity of the activity in the system
-- 'mail', which keeps it from coming in twice.
CREATE TABLE letter (
  id          INTEGER PRIMARY KEY,
  activity_id INTEGER NOT NULL REFERENCES activity(id),
  thread      TEXT NOT NULL,                        -- the Message-ID of the first message of the conversation
  ancestors   TEXT NOT NULL DEFAULT '',             -- those of the messages above it, the oldest first, blanks between
  subject     TEXT NOT NULL DEFAULT '',
  text        TEXT NOT NULL DEFAULT ''              -- all of its text, where the activity has only what was new in it
) STRICT;
CREATE UNIQUE INDEX letter_activity ON letter(activity_id);
CREATE INDEX letter_thread ON letter(thread);

-- Privacy ---------------------------------------------------------------------------------------------------

-- Somebody whose data was erased on request. The customer is the row that stays behind, without any of them.
CREATE TABLE erasure (
  id          INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer(id),
  reason      TEXT NOT NULL DEFAULT '',
  created_at  INTEGER NOT NULL,
  created_by  INTEGER NOT NULL
) STRICT;
CREATE INDEX erasure_customer ON erasure(customer_id);

-- The addresses that must not come back, by their SHA-256.
CREATE TABLE erased_address (
  id         INTEGER PRIMARY KEY,
  erasure_id INTEGER NOT NULL REFERENCES erasure(id),
  channel    TEXT NOT NULL,                         -- email, phone, handle, external_id
  hash       TEXT NOT NULL
) STRICT;
CREATE INDEX erased_address_hash ON erased_address(hash, channel);
CREATE INDEX erased_address_erasure ON erased_address(erasure_id);
