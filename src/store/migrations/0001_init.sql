-- The first schema. Rules that hold everywhere:
--   * id is 63 bits, time-ordered and unique over all tables; no is the short number behind a ref.
--   * Instants are milliseconds UTC. Days are 'YYYY-MM-DD'. Money is minor units beside an ISO currency.
--   * An empty text means "not known". A column is nullable only where a number, a day or a record may be missing.
--   * Columns under "kept up" follow from other rows; they are recomputed, never logged.
--   * Uniqueness and hot indexes leave out the trash. Equal keys keep the order of ids, so the newest come first
--     without a sort.

CREATE TABLE migration (
  version    INTEGER PRIMARY KEY,
  applied_at INTEGER NOT NULL,
  program    TEXT NOT NULL
) STRICT;

CREATE TABLE setting (
  key   TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The last number given per noun, and the last id ('id').
CREATE TABLE counter (
  name TEXT PRIMARY KEY,
  last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who works with the base -----------------------------------------------------------------------------------

CREATE TABLE team (
  id         INTEGER PRIMARY KEY,
  name       TEXT NOT NULL,
  name_key   TEXT NOT NULL,
  manager_id INTEGER REFERENCES user(id),           -- null: nobody leads it
  created_at INTEGER NOT NULL,
  created_by INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by INTEGER NOT NULL,
  version    INTEGER NOT NULL DEFAULT 1,
  deleted_at INTEGER                                -- null: not in the trash; so in every table
) STRICT;
CREATE UNIQUE INDEX team_name ON team(name_key) WHERE deleted_at IS NULL;
CREATE INDEX team_manager ON team(manager_id) WHERE manager_id IS NOT NULL;

CREATE TABLE user (
  id         INTEGER PRIMARY KEY,
  name       TEXT NOT NULL,
  name_key   TEXT NOT NULL,
  email      TEXT NOT NULL DEFAULT '',
  manager_id INTEGER REFERENCES user(id),           -- null: reports to nobody
  team_id    INTEGER REFERENCES team(id),           -- null: in no team
  scope      TEXT NOT NULL DEFAULT 'all',
  status     TEXT NOT NULL DEFAULT 'active',
  created_at INTEGER NOT NULL,
  created_by INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by INTEGER NOT NULL,
  version    INTEGER NOT NULL DEFAULT 1,
  deleted_at INTEGER
) STRICT;
CREATE UNIQUE INDEX user_name ON user(name_key) WHERE deleted_at IS NULL;
CREATE INDEX user_manager ON user(manager_id) WHERE manager_id IS NOT NULL;
CREATE INDEX user_team ON user(team_id) WHERE team_id IS NOT NULL;

-- Words that a team may change ------------------------------------------------------------------------------

CREATE TABLE option (
  id        INTEGER PRIMARY KEY,
  list      TEXT NOT NULL,
  key       TEXT NOT NULL,
  position  INTEGER NOT NULL,
  active    INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE UNIQUE INDEX option_key ON option(list, key);

-- What people see of an option, a stage, a pipeline or a custom field, per language.
CREATE TABLE label (
  id        INTEGER PRIMARY KEY,
  record_id INTEGER NOT NULL,
  language  TEXT NOT NULL,
  text      TEXT NOT NULL,
  text_key  TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX label_record ON label(record_id, language);

-- Customers -------------------------------------------------------------------------------------------------

CREATE TABLE customer (
  id               INTEGER PRIMARY KEY,
  no               INTEGER NOT NULL,
  type             TEXT NOT NULL,
  name             TEXT NOT NULL,
  title            TEXT NOT NULL DEFAULT '',
  lifecycle        TEXT NOT NULL DEFAULT 'prospect',
  level            TEXT NOT NULL DEFAULT '',
  source           TEXT NOT NULL DEFAULT '',
  owner_id         INTEGER REFERENCES user(id),     -- null: nobody looks after the customer
  industry         TEXT NOT NULL DEFAULT '',
  employees        INTEGER,                         -- null: not known
  annual_revenue   INTEGER,                         -- null: not known
  revenue_currency TEXT NOT NULL DEFAULT '',
  tax_id           TEXT NOT NULL DEFAULT '',
  website          TEXT NOT NULL DEFAULT '',
  parent_id        INTEGER REFERENCES customer(id), -- null: belongs to no other company
  address          TEXT NOT NULL DEFAULT '',
  city             TEXT NOT NULL DEFAULT '',
  region           TEXT NOT NULL DEFAULT '',
  postal_code      TEXT NOT NULL DEFAULT '',
  country          TEXT NOT NULL DEFAULT '',
  birthday         TEXT NOT NULL DEFAULT '',
  gender           TEXT NOT NULL DEFAULT '',
  language         TEXT NOT NULL DEFAULT '',
  interests        TEXT NOT NULL DEFAULT '',
  needs            TEXT NOT NULL DEFAULT '',
  note             TEXT NOT NULL DEFAULT '',
  keep_in_touch    INTEGER,                         -- null: no wish; else days
  do_not_contact   INTEGER NOT NULL DEFAULT 0,
  merged_into_id   INTEGER REFERENCES customer(id), -- null: not merged; else the survivor, one hop
  created_at       INTEGER NOT NULL,
  created_by       INTEGER NOT NULL,
  updated_at       INTEGER NOT NULL,
  updated_by       INTEGER NOT NULL,
  version          INTEGER NOT NULL DEFAULT 1,
  deleted_at       INTEGER,
  -- kept up
  name_key         TEXT NOT NULL DEFAULT '',
  sort_key         TEXT NOT NULL DEFAULT '',
  company_id       INTEGER REFERENCES customer(id), -- null: no current employer
  last_activity_on TEXT,                            -- null: never
  next_task_at     INTEGER,                         -- null: no open task with a day
  open_tasks       INTEGER NOT NULL DEFAULT 0,
  open_deals       INTEGER NOT NULL DEFAULT 0,
  quiet_on         TEXT                             -- null: has no rhythm, a next step, or wants no contact
) STRICT;
CREATE UNIQUE INDEX customer_no ON customer(no);
CREATE INDEX customer_name ON customer(name_key) WHERE deleted_at IS NULL;
CREATE INDEX customer_sort ON customer(sort_key) WHERE deleted_at IS NULL;
CREATE INDEX customer_type ON customer(type) WHERE deleted_at IS NULL;
CREATE INDEX customer_owner ON customer(owner_id);
CREATE INDEX customer_lifecycle ON customer(lifecycle) WHERE deleted_at IS NULL;
CREATE INDEX customer_level ON customer(level) WHERE deleted_at IS NULL AND level <> '';
CREATE INDEX customer_source ON customer(source) WHERE deleted_at IS NULL AND source <> '';
CREATE INDEX customer_industry ON customer(industry) WHERE deleted_at IS NULL AND industry <> '';
CREATE INDEX customer_city ON customer(city) WHERE city <> '';
CREATE INDEX customer_country ON customer(country) WHERE deleted_at IS NULL AND country <> '';
CREATE INDEX customer_parent ON customer(parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX customer_company ON customer(company_id) WHERE company_id IS NOT NULL;
CREATE INDEX customer_merged ON customer(merged_into_id) WHERE merged_into_id IS NOT NULL;
CREATE INDEX customer_activity ON customer(last_activity_on) WHERE deleted_at IS NULL;
CREATE INDEX customer_quiet ON customer(quiet_on, id, owner_id) WHERE deleted_at IS NULL AND quiet_on IS NOT NULL;
CREATE INDEX customer_trash ON customer(id) WHERE deleted_at IS NOT NULL;

-- The primary address of each sort is the one with the lowest position.
CREATE TABLE email (
  id           INTEGER PRIMARY KEY,
  customer_id  INTEGER NOT NULL REFERENCES customer(id),
  position     INTEGER NOT NULL,
  address      TEXT NOT NULL,
  key          TEXT NOT NULL,
  label        TEXT NOT NULL DEFAULT '',
  validity     TEXT NOT NULL DEFAULT 'unverified',
  opted_out_at INTEGER                              -- null: may be written to
) STRICT;
CREATE INDEX email_customer ON email(customer_id, position);
CREATE INDEX email_key ON email(key);

CREATE TABLE phone (
  id           INTEGER PRIMARY KEY,
  customer_id  INTEGER NOT NULL REFERENCES customer(id),
  position     INTEGER NOT NULL,
  e164         TEXT NOT NULL DEFAULT '',
  raw          TEXT NOT NULL,
  key          TEXT NOT NULL,
  extension    TEXT NOT NULL DEFAULT '',
  label        TEXT NOT NULL DEFAULT '',
  validity     TEXT NOT NULL DEFAULT 'unverified',
  opted_out_at INTEGER                              -- null: may be called
) STRICT;
CREATE INDEX phone_customer ON phone(customer_id, position);
CREATE INDEX phone_key ON phone(key);

CREATE TABLE handle (
  id          INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer(id),
  position    INTEGER NOT NULL,
  kind        TEXT NOT NULL,
  value       TEXT NOT NULL,
  key         TEXT NOT NULL
) STRICT;
CREATE INDEX handle_customer ON handle(customer_id, position);
CREATE INDEX handle_key ON handle(key, kind);

-- Addresses beyond the main one, which stands in the customer's own row.
CREATE TABLE address (
  id          INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer(id),
  position    INTEGER NOT NULL,
  label       TEXT NOT NULL DEFAULT '',
  street      TEXT NOT NULL DEFAULT '',
  district    TEXT NOT NULL DEFAULT '',
  city        TEXT NOT NULL DEFAULT '',
  region      TEXT NOT NULL DEFAULT '',
  postal_code TEXT NOT NULL DEFAULT '',
  country     TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX address_customer ON address(customer_id, position);

CREATE TABLE employment (
  id          INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer(id),
  company_id  INTEGER NOT NULL REFERENCES customer(id),
  title       TEXT NOT NULL DEFAULT '',
  role        TEXT NOT NULL DEFAULT '',
  is_primary  INTEGER NOT NULL DEFAULT 1,
  started_on  TEXT,                                 -- null: not known
  ended_on    TEXT                                  -- null: still there
) STRICT;
CREATE INDEX employment_customer ON employment(customer_id);
CREATE INDEX employment_company ON employment(company_id);

CREATE TABLE relationship (
  id          INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer(id),
  other_id    INTEGER NOT NULL REFERENCES customer(id),
  type        TEXT NOT NULL,
  note        TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX relationship_customer ON relationship(customer_id);
CREATE INDEX relationship_other ON relationship(other_id);

-- An opt-out belongs to the address and outlives the record; only its hash is kept.
CREATE TABLE suppression (
  id         INTEGER PRIMARY KEY,
  channel    TEXT NOT NULL,
  hash       TEXT NOT NULL,
  reason     TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX suppression_hash ON suppression(hash, channel);

-- Sales -----------------------------------------------------------------------------------------------------

CREATE TABLE pipeline (
  id         INTEGER PRIMARY KEY,
  key        TEXT NOT NULL,
  position   INTEGER NOT NULL,
  is_default INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  created_by INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by INTEGER NOT NULL,
  version    INTEGER NOT NULL DEFAULT 1,
  deleted_at INTEGER
) STRICT;
CREATE UNIQUE INDEX pipeline_key ON pipeline(key) WHERE deleted_at IS NULL;

CREATE TABLE stage (
  id          INTEGER PRIMARY KEY,
  pipeline_id INTEGER NOT NULL REFERENCES pipeline(id),
  key         TEXT NOT NULL,
  position    INTEGER NOT NULL,
  type        TEXT NOT NULL,
  probability INTEGER NOT NULL,
  category    TEXT NOT NULL,
  rot_days    INTEGER NOT NULL DEFAULT 0,
  deleted_at  INTEGER
) STRICT;
CREATE UNIQUE INDEX stage_key ON stage(pipeline_id, key) WHERE deleted_at IS NULL;

CREATE TABLE product (
  id         INTEGER PRIMARY KEY,
  no         INTEGER NOT NULL,
  sku        TEXT NOT NULL DEFAULT '',
  name       TEXT NOT NULL,
  category   TEXT NOT NULL DEFAULT '',
  price      INTEGER,                               -- null: no list price
  currency   TEXT NOT NULL DEFAULT '',
  unit       TEXT NOT NULL DEFAULT '',
  active     INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  created_by INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by INTEGER NOT NULL,
  version    INTEGER NOT NULL DEFAULT 1,
  deleted_at INTEGER,
  -- kept up
  name_key   TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX product_no ON product(no);
CREATE UNIQUE INDEX product_sku ON product(sku) WHERE deleted_at IS NULL AND sku <> '';
CREATE INDEX product_name ON product(name_key) WHERE deleted_at IS NULL;

CREATE TABLE deal (
  id                 INTEGER PRIMARY KEY,
  no                 INTEGER NOT NULL,
  name               TEXT NOT NULL,
  customer_id        INTEGER REFERENCES customer(id), -- null: the customer is not known
  pipeline_id        INTEGER NOT NULL REFERENCES pipeline(id),
  stage_id           INTEGER NOT NULL REFERENCES stage(id),
  status             TEXT NOT NULL,
  stage_entered_on   TEXT NOT NULL,
  amount             INTEGER,                         -- null: not known
  currency           TEXT NOT NULL DEFAULT '',
  probability        INTEGER NOT NULL,
  probability_mode   TEXT NOT NULL DEFAULT 'stage',
  category           TEXT NOT NULL,
  category_mode      TEXT NOT NULL DEFAULT 'stage',
  expected_close_on  TEXT,                            -- null: nobody has said
  opened_on          TEXT NOT NULL,
  closed_on          TEXT,                            -- null: open
  closed_rate        INTEGER,                         -- null: open, or no rate was known; else frozen at the close
  closed_owner_id    INTEGER REFERENCES user(id),     -- null: open, or nobody; else who gets the credit
  last_open_stage_id INTEGER REFERENCES stage(id),    -- null: open
  owner_id           INTEGER REFERENCES user(id),     -- null: nobody works on it
  source             TEXT NOT NULL DEFAULT '',
  type               TEXT NOT NULL DEFAULT '',
  competitor         TEXT NOT NULL DEFAULT '',
  lost_reason        TEXT NOT NULL DEFAULT '',
  lost_note          TEXT NOT NULL DEFAULT '',
  note               TEXT NOT NULL DEFAULT '',
  created_at         INTEGER NOT NULL,
  created_by         INTEGER NOT NULL,
  updated_at         INTEGER NOT NULL,
  updated_by         INTEGER NOT NULL,
  version            INTEGER NOT NULL DEFAULT 1,
  deleted_at         INTEGER,
  -- kept up
  name_key           TEXT NOT NULL DEFAULT '',
  amount_base        INTEGER,                         -- null: no amount, or no rate
  last_activity_on   TEXT,                            -- null: never
  next_task_at       INTEGER,                         -- null: no open task with a day
  open_tasks         INTEGER NOT NULL DEFAULT 0,
  rotting_on         TEXT                             -- null: closed, or the stage does not rot
) STRICT;
CREATE UNIQUE INDEX deal_no ON deal(no);
CREATE INDEX deal_name ON deal(name_key) WHERE deleted_at IS NULL;
CREATE INDEX deal_status ON deal(status) WHERE deleted_at IS NULL;
CREATE INDEX deal_stage ON deal(stage_id);
CREATE INDEX deal_last_open_stage ON deal(last_open_stage_id) WHERE last_open_stage_id IS NOT NULL;
CREATE INDEX deal_pipeline ON deal(pipeline_id);
CREATE INDEX deal_customer ON deal(customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX deal_nobody ON deal(id) WHERE deleted_at IS NULL AND customer_id IS NULL;
CREATE INDEX deal_owner ON deal(owner_id);
CREATE INDEX deal_closed_owner ON deal(closed_owner_id) WHERE closed_owner_id IS NOT NULL;
CREATE INDEX deal_closed ON deal(closed_on) WHERE deleted_at IS NULL;
CREATE INDEX deal_opened ON deal(opened_on) WHERE deleted_at IS NULL;
CREATE INDEX deal_expected ON deal(expected_close_on) WHERE deleted_at IS NULL;
CREATE INDEX deal_amount ON deal(amount_base) WHERE deleted_at IS NULL;
CREATE INDEX deal_source ON deal(source) WHERE deleted_at IS NULL AND source <> '';
CREATE INDEX deal_rotting ON deal(rotting_on, id, owner_id) WHERE deleted_at IS NULL AND rotting_on IS NOT NULL;
CREATE INDEX deal_nextless ON deal(id, owner_id) WHERE deleted_at IS NULL AND status = 'open' AND open_tasks = 0;
CREATE INDEX deal_trash ON deal(id) WHERE deleted_at IS NOT NULL;

CREATE TABLE deal_person (
  id          INTEGER PRIMARY KEY,
  deal_id     INTEGER NOT NULL REFERENCES deal(id),
  customer_id INTEGER NOT NULL REFERENCES customer(id),
  role        TEXT NOT NULL DEFAULT '',
  is_primary  INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX deal_person_deal ON deal_person(deal_id, customer_id);
CREATE INDEX deal_person_customer ON deal_person(customer_id);

CREATE TABLE deal_line (
  id          INTEGER PRIMARY KEY,
  deal_id     INTEGER NOT NULL REFERENCES deal(id),
  position    INTEGER NOT NULL,
  product_id  INTEGER REFERENCES product(id),       -- null: a line of free text
  description TEXT NOT NULL DEFAULT '',
  quantity    INTEGER NOT NULL DEFAULT 1000,        -- thousandths
  unit_price  INTEGER,                              -- null: not priced; else minor units of the deal's currency
  discount    INTEGER NOT NULL DEFAULT 0            -- hundredths of a percent
) STRICT;
CREATE INDEX deal_line_deal ON deal_line(deal_id, position);
CREATE INDEX deal_line_product ON deal_line(product_id) WHERE product_id IS NOT NULL;

-- Every stay of a deal in a stage; exactly one without an end.
CREATE TABLE stage_interval (
  id         INTEGER PRIMARY KEY,
  deal_id    INTEGER NOT NULL REFERENCES deal(id),
  stage_id   INTEGER NOT NULL REFERENCES stage(id),
  entered_on TEXT NOT NULL,
  entered_at INTEGER NOT NULL,
  left_on    TEXT,                                  -- null: still there
  left_at    INTEGER,                               -- null: still there
  direction  TEXT NOT NULL,
  amount     INTEGER,                               -- null: not known; else at the entry
  probability INTEGER NOT NULL
) STRICT;
CREATE INDEX stage_interval_deal ON stage_interval(deal_id, id);
CREATE INDEX stage_interval_stage ON stage_interval(stage_id);

-- The other values whose past cannot be recovered later: owner, lifecycle; a deal's amount, expected close,
-- probability, category.
CREATE TABLE value_interval (
  id         INTEGER PRIMARY KEY,
  record_id  INTEGER NOT NULL,
  attribute  TEXT NOT NULL,
  value      ANY,                                   -- null: there was none
  started_at INTEGER NOT NULL,
  ended_at   INTEGER                                -- null: still so
) STRICT;
CREATE INDEX value_interval_record ON value_interval(record_id, attribute, id);

-- The days on which deals were expected to close are read through without their owners.
CREATE INDEX value_interval_close ON value_interval(record_id, id, value, started_at) WHERE attribute = 'expected_close';

-- What a forecast said on a day, a row per owner, in minor units of the base currency; the open deals weighted by
-- probability in hundredths of them.
CREATE TABLE forecast_snapshot (
  id             INTEGER PRIMARY KEY,
  taken_on       TEXT NOT NULL,
  from_on        TEXT,                              -- null: it has no beginning
  to_on          TEXT,                              -- null: it has no end; else the day after the last one
  filter         TEXT NOT NULL DEFAULT '',
  owner_id       INTEGER REFERENCES user(id),       -- null: deals of nobody
  closed         INTEGER NOT NULL,
  committed      INTEGER NOT NULL,
  best_case      INTEGER NOT NULL,
  pipeline       INTEGER NOT NULL,
  weighted       INTEGER NOT NULL,
  deals          INTEGER NOT NULL,
  without_amount INTEGER NOT NULL
) STRICT;
CREATE INDEX forecast_snapshot_taken ON forecast_snapshot(taken_on);
CREATE INDEX forecast_snapshot_owner ON forecast_snapshot(owner_id) WHERE owner_id IS NOT NULL;

-- How many units of the base currency one unit is worth, in thousand-millionths, from that day on.
CREATE TABLE rate (
  id       INTEGER PRIMARY KEY,
  currency TEXT NOT NULL,
  on_date  TEXT NOT NULL,
  rate     INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX rate_currency ON rate(currency, on_date);

-- Work ------------------------------------------------------------------------------------------------------

CREATE TABLE activity (
  id         INTEGER PRIMARY KEY,
  no         INTEGER NOT NULL,
  type       TEXT NOT NULL,
  at         INTEGER NOT NULL,
  on_date    TEXT NOT NULL,                         -- the day where it happened; never shifts with a zone
  direction  TEXT NOT NULL DEFAULT 'none',
  text       TEXT NOT NULL DEFAULT '',
  outcome    TEXT NOT NULL DEFAULT '',
  duration   INTEGER,                               -- null: not known; else seconds
  purpose    TEXT NOT NULL DEFAULT '',
  deal_id    INTEGER REFERENCES deal(id),           -- null: about no deal
  owner_id   INTEGER REFERENCES user(id),           -- null: nobody of us
  created_at INTEGER NOT NULL,
  created_by INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by INTEGER NOT NULL,
  version    INTEGER NOT NULL DEFAULT 1,
  deleted_at INTEGER
) STRICT;
CREATE UNIQUE INDEX activity_no ON activity(no);
CREATE INDEX activity_at ON activity(at) WHERE deleted_at IS NULL;
CREATE INDEX activity_type ON activity(type) WHERE deleted_at IS NULL;
CREATE INDEX activity_deal ON activity(deal_id) WHERE deal_id IS NOT NULL;
CREATE INDEX activity_owner ON activity(owner_id) WHERE owner_id IS NOT NULL;

-- Who took part. role: customer (the one it was with), participant, employer (of the time).
CREATE TABLE activity_customer (
  id          INTEGER PRIMARY KEY,
  activity_id INTEGER NOT NULL REFERENCES activity(id),
  customer_id INTEGER NOT NULL REFERENCES customer(id),
  role        TEXT NOT NULL,
  -- kept up
  contact_on  TEXT                                  -- null: a mere note, or in the trash; else the day
) STRICT;
CREATE UNIQUE INDEX activity_customer_activity ON activity_customer(activity_id, customer_id);
CREATE INDEX activity_customer_customer ON activity_customer(customer_id, activity_id);
CREATE INDEX activity_customer_contact ON activity_customer(customer_id, contact_on) WHERE contact_on IS NOT NULL;

CREATE TABLE task (
  id           INTEGER PRIMARY KEY,
  no           INTEGER NOT NULL,
  title        TEXT NOT NULL,
  type         TEXT NOT NULL DEFAULT 'todo',
  status       TEXT NOT NULL DEFAULT 'open',
  priority     TEXT NOT NULL DEFAULT 'normal',
  due_on       TEXT,                                -- null: no day
  due_time     TEXT NOT NULL DEFAULT '',            -- 'HH:MM', or empty for the whole day
  zone         TEXT NOT NULL DEFAULT '',
  customer_id  INTEGER REFERENCES customer(id),     -- null: about no customer
  deal_id      INTEGER REFERENCES deal(id),         -- null: about no deal
  assignee_id  INTEGER REFERENCES user(id),         -- null: nobody yet
  repeat       TEXT NOT NULL DEFAULT '',
  note         TEXT NOT NULL DEFAULT '',
  completed_at INTEGER,                             -- null: not done
  completed_by INTEGER,                             -- null: not done
  planned_on   TEXT,                                -- null: never put off; else the day that its rule gave
  series_id    INTEGER,                             -- null: has not come again; else the first task of the series
  created_at   INTEGER NOT NULL,
  created_by   INTEGER NOT NULL,
  updated_at   INTEGER NOT NULL,
  updated_by   INTEGER NOT NULL,
  version      INTEGER NOT NULL DEFAULT 1,
  deleted_at   INTEGER,
  -- kept up
  due_at       INTEGER                              -- null: no day; else the instant at which it becomes overdue
) STRICT;
CREATE UNIQUE INDEX task_no ON task(no);
CREATE INDEX task_status ON task(status, due_at) WHERE deleted_at IS NULL;
CREATE INDEX task_due ON task(due_at) WHERE deleted_at IS NULL;
CREATE INDEX task_completed ON task(completed_at) WHERE completed_at IS NOT NULL;
CREATE INDEX task_assignee ON task(assignee_id, status, due_at);
CREATE INDEX task_customer ON task(customer_id, status) WHERE customer_id IS NOT NULL;
CREATE INDEX task_deal ON task(deal_id, status) WHERE deal_id IS NOT NULL;
CREATE INDEX task_series ON task(series_id) WHERE series_id IS NOT NULL;

-- When somebody wants to be reminded of a task: so long before it is due ('1h', '1d'), or at an instant.
CREATE TABLE reminder (
  id       INTEGER PRIMARY KEY,
  task_id  INTEGER NOT NULL REFERENCES task(id),
  position INTEGER NOT NULL,
  text     TEXT NOT NULL,
  -- kept up
  at       INTEGER                                  -- null: the task is not open, or has no day
) STRICT;
CREATE INDEX reminder_task ON reminder(task_id, position);
CREATE INDEX reminder_at ON reminder(at) WHERE at IS NOT NULL;

-- On any record ---------------------------------------------------------------------------------------------

CREATE TABLE tag (
  id          INTEGER PRIMARY KEY,
  name        TEXT NOT NULL,
  name_key    TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  keep_in_touch INTEGER,                            -- null: no wish; else days, for the customers with this label
  created_at  INTEGER NOT NULL,
  created_by  INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL,
  updated_by  INTEGER NOT NULL,
  version     INTEGER NOT NULL DEFAULT 1,
  deleted_at  INTEGER
) STRICT;
CREATE UNIQUE INDEX tag_name ON tag(name_key) WHERE deleted_at IS NULL;

CREATE TABLE tagging (
  id        INTEGER PRIMARY KEY,
  tag_id    INTEGER NOT NULL REFERENCES tag(id),
  noun      TEXT NOT NULL,
  record_id INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX tagging_tag ON tagging(tag_id, record_id);
CREATE INDEX tagging_record ON tagging(record_id);

CREATE TABLE field (
  id         INTEGER PRIMARY KEY,
  noun       TEXT NOT NULL,
  key        TEXT NOT NULL,
  type       TEXT NOT NULL,
  position   INTEGER NOT NULL,
  required   INTEGER NOT NULL DEFAULT 0,
  is_unique  INTEGER NOT NULL DEFAULT 0,
  default_text TEXT NOT NULL DEFAULT '',            -- read anew for each record: `today`
  least      TEXT NOT NULL DEFAULT '',
  most       TEXT NOT NULL DEFAULT '',
  help       TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  created_by INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by INTEGER NOT NULL,
  version    INTEGER NOT NULL DEFAULT 1,
  deleted_at INTEGER
) STRICT;
CREATE UNIQUE INDEX field_key ON field(noun, key) WHERE deleted_at IS NULL;

-- One of the value columns holds the value, two that of an amount; several rows for a multiple choice.
CREATE TABLE custom_value (
  id         INTEGER PRIMARY KEY,
  noun       TEXT NOT NULL,
  record_id  INTEGER NOT NULL,
  field_id   INTEGER NOT NULL REFERENCES field(id),
  position   INTEGER NOT NULL,
  int_value  INTEGER,                               -- null: the value is no number
  text_value TEXT,                                  -- null: no text, day, key or currency
  link_id    INTEGER                                -- null: no record
) STRICT;
CREATE INDEX custom_value_record ON custom_value(record_id, field_id, position);
CREATE INDEX custom_value_text ON custom_value(field_id, text_value, record_id);
CREATE INDEX custom_value_int ON custom_value(field_id, int_value, record_id);
CREATE INDEX custom_value_link ON custom_value(link_id, field_id) WHERE link_id IS NOT NULL;

CREATE TABLE external_id (
  id        INTEGER PRIMARY KEY,
  system    TEXT NOT NULL,
  object    TEXT NOT NULL,
  value     TEXT NOT NULL,
  record_id INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX external_id_value ON external_id(system, object, value);
CREATE INDEX external_id_record ON external_id(record_id);

CREATE TABLE attachment (
  id         INTEGER PRIMARY KEY,
  noun       TEXT NOT NULL,
  record_id  INTEGER NOT NULL,
  location   TEXT NOT NULL,
  title      TEXT NOT NULL DEFAULT '',
  bytes      INTEGER,                               -- null: a link
  sha256     TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  created_by INTEGER NOT NULL
) STRICT;
CREATE INDEX attachment_record ON attachment(record_id);

CREATE TABLE view (
  id          INTEGER PRIMARY KEY,
  key         TEXT NOT NULL,
  noun        TEXT NOT NULL,
  owner_id    INTEGER REFERENCES user(id),          -- null: nobody's, and so everybody's
  visibility  TEXT NOT NULL DEFAULT 'all',
  columns     TEXT NOT NULL DEFAULT '',
  filter      TEXT NOT NULL DEFAULT '',
  sort        TEXT NOT NULL DEFAULT '',
  description TEXT NOT NULL DEFAULT '',
  created_at  INTEGER NOT NULL,
  created_by  INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL,
  updated_by  INTEGER NOT NULL,
  version     INTEGER NOT NULL DEFAULT 1,
  deleted_at  INTEGER
) STRICT;
CREATE UNIQUE INDEX view_key ON view(key) WHERE deleted_at IS NULL;
CREATE INDEX view_owner ON view(owner_id) WHERE owner_id IS NOT NULL;

-- Where a repeated command stopped last time; not business data, not logged.
CREATE TABLE cursor (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Which records a repeated command saw last time; as a cursor, not logged.
CREATE TABLE cursor_member (
  cursor    TEXT NOT NULL,
  record_id INTEGER NOT NULL,
  PRIMARY KEY (cursor, record_id)
) STRICT, WITHOUT ROWID;

-- The operation log -----------------------------------------------------------------------------------------

CREATE TABLE op (
  id        INTEGER PRIMARY KEY,
  no        INTEGER NOT NULL,
  at        INTEGER NOT NULL,
  actor_id  INTEGER NOT NULL,
  via       TEXT NOT NULL,
  command   TEXT NOT NULL,
  title     TEXT NOT NULL,
  kind      TEXT NOT NULL,                          -- do, undo, redo
  target_id INTEGER,                                -- null: a do; else the do that is undone or redone, maybe forgotten
  active    INTEGER NOT NULL DEFAULT 1,             -- 1: its changes stand, and nothing has taken them back
  last_id   INTEGER NOT NULL                        -- the last id that the operation gave out; the first is its own
) STRICT;
CREATE UNIQUE INDEX op_no ON op(no);
CREATE INDEX op_target ON op(target_id) WHERE target_id IS NOT NULL;
CREATE INDEX op_actor ON op(actor_id);

-- insert: rows row_id..last_row_id of one table (the rows are their own image).
-- update: the changed columns of one row, before and after. delete: the whole row before.
CREATE TABLE op_change (
  id          INTEGER PRIMARY KEY,
  op_id       INTEGER NOT NULL REFERENCES op(id),
  action      TEXT NOT NULL,
  table_name  TEXT NOT NULL,
  row_id      INTEGER NOT NULL,
  last_row_id INTEGER NOT NULL,
  before      TEXT,                                 -- null for an insert
  after       TEXT                                  -- null for an insert or a delete
) STRICT;
CREATE INDEX op_change_op ON op_change(op_id);
CREATE INDEX op_change_row ON op_change(row_id);
CREATE INDEX op_change_delete ON op_change(op_id) WHERE action = 'delete';

-- Search: what was indexed, so that it can be taken out again, and the index itself.
CREATE TABLE search_doc (
  id           INTEGER PRIMARY KEY,                 -- the id of the record
  noun         TEXT NOT NULL,
  fold_version INTEGER NOT NULL,
  text         TEXT NOT NULL
) STRICT;
CREATE VIRTUAL TABLE search USING fts5(
  tokens, content='', columnsize=0, detail='none', prefix='1', tokenize="unicode61 remove_diacritics 0"
);
