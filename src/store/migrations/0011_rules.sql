-- Rules: what happens by itself, to what it happened, and who was told.

-- A rule that looks at records when something happens to them. actions holds one a line.
CREATE TABLE rule (
  id          INTEGER PRIMARY KEY,
  key         TEXT NOT NULL,
  position    INTEGER NOT NULL,                     -- rules with lower ones go first
  on_text     TEXT NOT NULL,                        -- the noun, and what happens: deal entered stage=proposal
  filter      TEXT NOT NULL DEFAULT '',
  actions     TEXT NOT NULL,
  once        INTEGER NOT NULL DEFAULT 0,           -- 1: once for each record
  active      INTEGER NOT NULL DEFAULT 1,
  description TEXT NOT NULL DEFAULT '',
  since_id    INTEGER NOT NULL DEFAULT 0,           -- the operation that made it what it is; what was before is none of its business
  created_at  INTEGER NOT NULL,
  created_by  INTEGER NOT NULL,                     -- for whom it acts
  updated_at  INTEGER NOT NULL,
  updated_by  INTEGER NOT NULL,
  version     INTEGER NOT NULL DEFAULT 1,
  deleted_at  INTEGER
) STRICT;
CREATE UNIQUE INDEX rule_key ON rule(key) WHERE deleted_at IS NULL;
CREATE INDEX rule_active ON rule(position) WHERE active = 1 AND deleted_at IS NULL;

-- What a rule did to a record, because of what. One line for a rule, a record and a cause.
CREATE TABLE rule_log (
  id         INTEGER PRIMARY KEY,
  rule_id    INTEGER NOT NULL REFERENCES rule(id),
  noun       TEXT NOT NULL,
  record_id  INTEGER NOT NULL,
  cause      TEXT NOT NULL,                         -- op:NUMBER, at:MILLISECONDS, once
  because_no INTEGER,                               -- the number of the operation that caused it; null: time did
  op_id      INTEGER NOT NULL,                      -- the operation that did it
  depth      INTEGER NOT NULL,                      -- how many rules followed one upon another, this one too
  at         INTEGER NOT NULL,
  outcome    TEXT NOT NULL,                         -- done, pending, failed, stopped
  what       TEXT NOT NULL DEFAULT '',
  why        TEXT NOT NULL DEFAULT '',              -- of what failed
  created_at INTEGER NOT NULL,
  created_by INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  updated_by INTEGER NOT NULL,
  version    INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX rule_log_rule ON rule_log(rule_id);
CREATE INDEX rule_log_record ON rule_log(record_id, rule_id, cause);
CREATE INDEX rule_log_op ON rule_log(op_id);
CREATE INDEX rule_log_pending ON rule_log(id) WHERE outcome = 'pending';

-- What a user was told.
CREATE TABLE notification (
  id          INTEGER PRIMARY KEY,
  no          INTEGER NOT NULL,
  user_id     INTEGER NOT NULL REFERENCES user(id),
  noun        TEXT NOT NULL,
  record_id   INTEGER NOT NULL,
  customer_id INTEGER REFERENCES customer(id),      -- null: the record has none
  text        TEXT NOT NULL,
  at          INTEGER NOT NULL,
  read_at     INTEGER                               -- null: not yet
) STRICT;
CREATE INDEX notification_user ON notification(user_id);
CREATE INDEX notification_unread ON notification(user_id) WHERE read_at IS NULL;
CREATE INDEX notification_no ON notification(no);
CREATE INDEX notification_record ON notification(record_id);
CREATE INDEX notification_customer ON notification(customer_id) WHERE customer_id IS NOT NULL;

CREATE VIEW v_rule AS
SELECT r.key, r.position, r.on_text AS "on", r.filter, r.actions, r.once, r.active, r.description, u.name AS owner
FROM rule AS r
JOIN user AS u ON u.id = r.created_by
WHERE r.deleted_at IS NULL;

CREATE VIEW v_rule_log AS
SELECT strftime('%Y-%m-%dT%H:%M:%SZ', l.at / 1000, 'unixepoch') AS at, r.key AS rule, l.noun,
       CASE l.noun WHEN 'customer' THEN 'C' || (SELECT no FROM customer WHERE id = l.record_id)
                   WHEN 'deal' THEN 'D' || (SELECT no FROM deal WHERE id = l.record_id)
                   WHEN 'order' THEN 'O' || (SELECT no FROM sales_order WHERE id = l.record_id)
                   WHEN 'ticket' THEN 'K' || (SELECT no FROM ticket WHERE id = l.record_id)
                   WHEN 'task' THEN 'T' || (SELECT no FROM task WHERE id = l.record_id)
                   WHEN 'activity' THEN 'A' || (SELECT no FROM activity WHERE id = l.record_id)
                   WHEN 'product' THEN 'P' || (SELECT no FROM product WHERE id = l.record_id) END AS ref,
       l.because_no AS because, o.no AS op, l.depth, l.outcome, l.what, l.why
FROM rule_log AS l
JOIN rule AS r ON r.id = l.rule_id
LEFT JOIN op AS o ON o.id = l.op_id;

CREATE VIEW v_notification AS
SELECT n.no, u.name AS user, n.noun, n.text, strftime('%Y-%m-%dT%H:%M:%SZ', n.at / 1000, 'unixepoch') AS at,
       strftime('%Y-%m-%dT%H:%M:%SZ', n.read_at / 1000, 'unixepoch') AS read_at
FROM notification AS n
JOIN user AS u ON u.id = n.user_id;
