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

-- What people outside may send, and what becomes of it. entries and defaults hold one a line.
CREATE TABLE form (
  id            INTEGER PRIMARY KEY,
  key           TEXT NOT NULL,
  label         TEXT NOT NULL DEFAULT '',
  entries       TEXT NOT NULL DEFAULT '',
  defaults      TEXT NOT NULL DEFAULT '',
  on_duplicate  TEXT NOT NULL DEFAULT 'update_blank',
  assign        TEXT NOT NULL DEFAULT '',
  source        TEXT NOT NULL DEFAULT '',
  campaign      TEXT NOT NULL DEFAULT '',
  next          TEXT NOT NULL DEFAULT '',
  due           TEXT NOT NULL DEFAULT '',           -- read anew for each submission: `today`
  double_opt_in INTEGER NOT NULL DEFAULT 0,
  confirm_hours INTEGER NOT NULL DEFAULT 48,
  honeypot      TEXT NOT NULL DEFAULT '',
  min_seconds   INTEGER NOT NULL DEFAULT 0,
  consent       TEXT NOT NULL DEFAULT '',
  consent_version TEXT NOT NULL DEFAULT '',
  region        TEXT NOT NULL DEFAULT '',
  thanks        TEXT NOT NULL DEFAULT '',
  active        INTEGER NOT NULL DEFAULT 1,
  description   TEXT NOT NULL DEFAULT '',
  created_at    INTEGER NOT NULL,
  created_by    INTEGER NOT NULL,
  updated_at    INTEGER NOT NULL,
  updated_by    INTEGER NOT NULL,
  version       INTEGER NOT NULL DEFAULT 1,
  deleted_at    INTEGER
) STRICT;
CREATE UNIQUE INDEX form_key ON form(key) WHERE deleted_at IS NULL;

-- Everything that was ever sent by a form, whatever became of it. payload and errors are JSON.
CREATE TABLE form_submission (
  id           INTEGER PRIMARY KEY,
  no           INTEGER NOT NULL,
  form_id      INTEGER NOT NULL REFERENCES form(id),
  received_at  INTEGER NOT NULL,
  outcome      TEXT NOT NULL,
  identity     TEXT NOT NULL DEFAULT '',            -- what the sender calls it, or the file that it came in
  payload_key  INTEGER NOT NULL,                    -- a hash of the payload, by which an equal one is found
  payload      TEXT NOT NULL,
  errors       TEXT NOT NULL DEFAULT '',
  campaign     TEXT NOT NULL DEFAULT '',
  customer_id  INTEGER REFERENCES customer(id),     -- null: it is about nobody in the base
  assignee_id  INTEGER REFERENCES user(id),         -- null: it was nobody's turn
  token_hash   TEXT NOT NULL DEFAULT '',            -- of what its sender confirms the address with
  expires_at   INTEGER,                             -- null: nothing has to be confirmed
  confirmed_at INTEGER,                             -- null: it was not confirmed
  consent      TEXT NOT NULL DEFAULT '',            -- the text that its sender agreed to
  consent_version TEXT NOT NULL DEFAULT '',
  created_at   INTEGER NOT NULL,
  created_by   INTEGER NOT NULL,
  updated_at   INTEGER NOT NULL,
  updated_by   INTEGER NOT NULL,
  version      INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE UNIQUE INDEX form_submission_no ON form_submission(no);
CREATE INDEX form_submission_form ON form_submission(form_id);
CREATE INDEX form_submission_outcome ON form_submission(form_id, outcome);
CREATE INDEX form_submission_identity ON form_submission(form_id, identity) WHERE identity <> '';
CREATE INDEX form_submission_payload ON form_submission(form_id, payload_key);
CREATE INDEX form_submission_customer ON form_submission(customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX form_submission_turn ON form_submission(form_id) WHERE assignee_id IS NOT NULL;
CREATE INDEX form_submission_token ON form_submission(token_hash) WHERE token_hash <> '';

CREATE VIEW v_form_submission AS
SELECT s.no, f.key AS form, strftime('%Y-%m-%dT%H:%M:%SZ', s.received_at / 1000, 'unixepoch') AS received_at, s.outcome,
       'C' || c.no AS customer_ref, c.name AS customer, s.campaign, u.name AS assignee, s.payload, s.errors,
       s.consent_version, strftime('%Y-%m-%dT%H:%M:%SZ', s.confirmed_at / 1000, 'unixepoch') AS confirmed_at
FROM form_submission AS s
JOIN form AS f ON f.id = s.form_id
LEFT JOIN customer AS c ON c.id = s.customer_id
LEFT JOIN user AS u ON u.id = s.assignee_id;

-- Imports ---------------------------------------------------------------------------------------------------

-- What was chosen of how a file is imported. It holds for the next file with the same header and noun.
CREATE TABLE import_choice (
  id         INTEGER PRIMARY KEY,
  header     TEXT NOT NULL,                         -- a hash of the names of the columns, folded
  noun       TEXT NOT NULL DEFAULT '',              -- '': none was said
  file       TEXT NOT NULL DEFAULT '',
  columns    TEXT NOT NULL DEFAULT '',              -- one a line
  choices    TEXT NOT NULL,                         -- JSON
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX import_choice_header ON import_choice(header, noun);

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

-- Folders of cards and entries ------------------------------------------------------------------------------

-- What a folder that is kept in step looked like when it was last; as a cursor, no business data and not logged.
CREATE TABLE vdir_item (
  folder    TEXT NOT NULL,
  name      TEXT NOT NULL,
  noun      TEXT NOT NULL,
  record_id INTEGER NOT NULL,
  -- What the record said, and a mark of the bytes of the file. A file that belongs to no record says nothing.
  ours      TEXT NOT NULL,
  theirs    TEXT NOT NULL,
  PRIMARY KEY (folder, name)
) STRICT, WITHOUT ROWID;
