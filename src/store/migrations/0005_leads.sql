-- Leads: who gets them.

-- A rule that gives leads away which belong to nobody. members holds one a line.
CREATE TABLE assignment (
  id          INTEGER PRIMARY KEY,
  key         TEXT NOT NULL,
  position    INTEGER NOT NULL,                     -- rules with lower ones are asked first
  filter      TEXT NOT NULL DEFAULT '',
  strategy    TEXT NOT NULL DEFAULT 'round_robin',
  members     TEXT NOT NULL DEFAULT '',
  fallback_id INTEGER REFERENCES user(id),          -- null: what no member can take stays
  active      INTEGER NOT NULL DEFAULT 1,
  description TEXT NOT NULL DEFAULT '',
  created_at  INTEGER NOT NULL,
  created_by  INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL,
  updated_by  INTEGER NOT NULL,
  version     INTEGER NOT NULL DEFAULT 1,
  deleted_at  INTEGER
) STRICT;
CREATE UNIQUE INDEX assignment_key ON assignment(key) WHERE deleted_at IS NULL;

-- Who got whom by which rule, and why. The last line of a rule is where its ring stands.
CREATE TABLE assignment_log (
  id            INTEGER PRIMARY KEY,
  assignment_id INTEGER NOT NULL REFERENCES assignment(id),
  customer_id   INTEGER NOT NULL REFERENCES customer(id),
  user_id       INTEGER NOT NULL REFERENCES user(id),
  at            INTEGER NOT NULL,
  why           TEXT NOT NULL,
  position      INTEGER,                            -- null: the fallback; else where in the ring the user sat
  credits       TEXT NOT NULL DEFAULT '',           -- what a weighted rule owed its members afterwards
  created_at    INTEGER NOT NULL,
  created_by    INTEGER NOT NULL,
  updated_at    INTEGER NOT NULL,
  updated_by    INTEGER NOT NULL,
  version       INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX assignment_log_rule ON assignment_log(assignment_id);
CREATE INDEX assignment_log_turn ON assignment_log(assignment_id) WHERE position IS NOT NULL;
CREATE INDEX assignment_log_month ON assignment_log(assignment_id, at, user_id);
CREATE INDEX assignment_log_customer ON assignment_log(customer_id);

CREATE VIEW v_assignment AS
SELECT a.key, a.position, a.filter, a.strategy, a.members, u.name AS fallback, a.active, a.description
FROM assignment AS a
LEFT JOIN user AS u ON u.id = a.fallback_id
WHERE a.deleted_at IS NULL;

CREATE VIEW v_assignment_log AS
SELECT strftime('%Y-%m-%dT%H:%M:%SZ', l.at / 1000, 'unixepoch') AS at, 'C' || c.no AS customer_ref, c.name AS customer,
       u.name AS user, a.key AS assignment, l.why
FROM assignment_log AS l
JOIN assignment AS a ON a.id = l.assignment_id
JOIN customer AS c ON c.id = l.customer_id
JOIN user AS u ON u.id = l.user_id;
