-- Leads: whether they are any, who gets them.

-- Qualification ---------------------------------------------------------------------------------------------

ALTER TABLE customer ADD COLUMN disqualified_on TEXT;                         -- null: nobody found that it is no lead
ALTER TABLE customer ADD COLUMN disqualified_reason TEXT NOT NULL DEFAULT '';
CREATE INDEX customer_disqualified ON customer(disqualified_on, id, owner_id) WHERE deleted_at IS NULL AND disqualified_on IS NOT NULL;

-- A base that is new gets the same at its founding.
INSERT INTO option (id, list, key, position)
SELECT column1, 'disqualified_reason', column2, column3 FROM (VALUES
  (2000000, 'no_budget', 1),
  (2000006, 'no_need', 2),
  (2000012, 'no_authority', 3),
  (2000018, 'bad_timing', 4),
  (2000024, 'wrong_contact', 5),
  (2000030, 'competitor', 6),
  (2000036, 'duplicate', 7),
  (2000042, 'spam', 8),
  (2000048, 'out_of_territory', 9),
  (2000054, 'other', 10))
WHERE EXISTS (SELECT 1 FROM user);
INSERT INTO label (id, record_id, language, text, text_key)
SELECT column1, column2, column3, column4, column5 FROM (VALUES
  (2000002, 2000000, 'en', 'No budget', 'no budget'), (2000004, 2000000, 'zh', '没有预算', '没有预算'),
  (2000008, 2000006, 'en', 'No need', 'no need'), (2000010, 2000006, 'zh', '没有需求', '没有需求'),
  (2000014, 2000012, 'en', 'No authority', 'no authority'), (2000016, 2000012, 'zh', '没有决策权', '没有决策权'),
  (2000020, 2000018, 'en', 'Bad timing', 'bad timing'), (2000022, 2000018, 'zh', '时机不对', '时机不对'),
  (2000026, 2000024, 'en', 'Wrong contact', 'wrong contact'), (2000028, 2000024, 'zh', '联系人不对', '联系人不对'),
  (2000032, 2000030, 'en', 'Competitor', 'competitor'), (2000034, 2000030, 'zh', '竞争对手', '竞争对手'),
  (2000038, 2000036, 'en', 'Duplicate', 'duplicate'), (2000040, 2000036, 'zh', '重复', '重复'),
  (2000044, 2000042, 'en', 'Spam', 'spam'), (2000046, 2000042, 'zh', '垃圾信息', '垃圾信息'),
  (2000050, 2000048, 'en', 'Out of territory', 'out of territory'), (2000052, 2000048, 'zh', '不在业务区域', '不在业务区域'),
  (2000056, 2000054, 'en', 'Other', 'other'), (2000058, 2000054, 'zh', '其他', '其他'))
WHERE EXISTS (SELECT 1 FROM user);

-- Points that rules of scoring gave when somebody last counted: they follow from the rules and from what happened, and are
-- in no log.
ALTER TABLE customer ADD COLUMN score INTEGER;                                -- null: no rule ever gave any
ALTER TABLE customer ADD COLUMN score_fit INTEGER;
ALTER TABLE customer ADD COLUMN score_engagement INTEGER;
ALTER TABLE customer ADD COLUMN scored_at INTEGER;
CREATE INDEX customer_score ON customer(score) WHERE deleted_at IS NULL;

-- Assignment ------------------------------------------------------------------------------------------------

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

-- Scores ----------------------------------------------------------------------------------------------------

-- A rule that gives points to customers, for what they are or for what happened.
CREATE TABLE score (
  id          INTEGER PRIMARY KEY,
  key         TEXT NOT NULL,
  points      INTEGER NOT NULL DEFAULT 0,
  side        TEXT NOT NULL DEFAULT 'fit',          -- fit, engagement
  event       TEXT NOT NULL DEFAULT '',             -- '': what a customer is
  filter      TEXT NOT NULL DEFAULT '',             -- of customers or events; forms by their names
  cap         INTEGER,                              -- null: no end
  decay       INTEGER,                              -- null: never; else days
  active      INTEGER NOT NULL DEFAULT 1,
  description TEXT NOT NULL DEFAULT '',
  created_at  INTEGER NOT NULL,
  created_by  INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL,
  updated_by  INTEGER NOT NULL,
  version     INTEGER NOT NULL DEFAULT 1,
  deleted_at  INTEGER
) STRICT;
CREATE UNIQUE INDEX score_key ON score(key) WHERE deleted_at IS NULL;

CREATE VIEW v_score AS
SELECT key, points, side, event, filter, cap, decay, active, description FROM score WHERE deleted_at IS NULL;

-- Public pools ----------------------------------------------------------------------------------------------

-- Where customers go whom nobody follows up, and from where members claim them. members holds one a line; days are numbers,
-- or by level: 30;A=60;C=never.
CREATE TABLE pool (
  id            INTEGER PRIMARY KEY,
  key           TEXT NOT NULL,
  filter        TEXT NOT NULL DEFAULT '',
  members       TEXT NOT NULL DEFAULT '',           -- '': everybody
  no_follow_up  TEXT NOT NULL DEFAULT '',
  no_deal       TEXT NOT NULL DEFAULT '',
  no_won        TEXT NOT NULL DEFAULT '',
  exempt_open_deal INTEGER NOT NULL DEFAULT 1,
  exempt_won    INTEGER NOT NULL DEFAULT 1,
  warn          INTEGER,
  cool_down     INTEGER,
  claim_per_day INTEGER,                            -- null: as many as they like
  own_limit     INTEGER,                            -- null: as many as they like
  zone          TEXT NOT NULL DEFAULT '',
  active        INTEGER NOT NULL DEFAULT 1,
  description   TEXT NOT NULL DEFAULT '',
  created_at    INTEGER NOT NULL,
  created_by    INTEGER NOT NULL,
  updated_at    INTEGER NOT NULL,
  updated_by    INTEGER NOT NULL,
  version       INTEGER NOT NULL DEFAULT 1,
  deleted_at    INTEGER
) STRICT;
CREATE UNIQUE INDEX pool_key ON pool(key) WHERE deleted_at IS NULL;

ALTER TABLE customer ADD COLUMN pool_id INTEGER REFERENCES pool(id);          -- null: in none
ALTER TABLE customer ADD COLUMN pooled_on TEXT;
ALTER TABLE customer ADD COLUMN locked INTEGER NOT NULL DEFAULT 0;
CREATE INDEX customer_pool ON customer(pool_id) WHERE pool_id IS NOT NULL;

-- Who went into a pool and out of it, and why. Its last line of a customer and a user says since when they may not claim.
CREATE TABLE pool_log (
  id          INTEGER PRIMARY KEY,
  pool_id     INTEGER NOT NULL REFERENCES pool(id),
  customer_id INTEGER NOT NULL REFERENCES customer(id),
  from_id     INTEGER REFERENCES user(id),          -- null: nobody had them
  to_id       INTEGER REFERENCES user(id),          -- null: into the pool
  reason      TEXT NOT NULL,                        -- recycle, release, claim, give
  at          INTEGER NOT NULL,
  why         TEXT NOT NULL DEFAULT '',
  created_at  INTEGER NOT NULL,
  created_by  INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL,
  updated_by  INTEGER NOT NULL,
  version     INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX pool_log_pool ON pool_log(pool_id);
CREATE INDEX pool_log_customer ON pool_log(customer_id);
CREATE INDEX pool_log_left ON pool_log(customer_id, from_id) WHERE to_id IS NULL;
CREATE INDEX pool_log_claimed ON pool_log(pool_id, to_id, at) WHERE reason = 'claim';

CREATE VIEW v_pool AS
SELECT key, filter, members, no_follow_up, no_deal, no_won, exempt_open_deal, exempt_won, warn, cool_down, claim_per_day,
       own_limit, zone, active, description
FROM pool WHERE deleted_at IS NULL;

CREATE VIEW v_pool_log AS
SELECT strftime('%Y-%m-%dT%H:%M:%SZ', l.at / 1000, 'unixepoch') AS at, 'C' || c.no AS customer_ref, c.name AS customer,
       p.key AS pool, l.reason, f.name AS from_user, t.name AS to_user, l.why
FROM pool_log AS l
JOIN pool AS p ON p.id = l.pool_id
JOIN customer AS c ON c.id = l.customer_id
LEFT JOIN user AS f ON f.id = l.from_id
LEFT JOIN user AS t ON t.id = l.to_id;

-- The view of customers, with what is new at its end.
DROP VIEW v_customer;
CREATE VIEW v_customer AS
SELECT 'C' || c.no AS ref, c.type, c.name, 'C' || e.no AS company_ref, e.name AS company, c.title, c.lifecycle, c.level,
       c.source, u.name AS owner, c.industry, c.employees, c.annual_revenue, c.revenue_currency, c.city, c.region,
       c.country, c.birthday, c.note,
       (SELECT address FROM email WHERE customer_id = c.id ORDER BY position LIMIT 1) AS email,
       (SELECT CASE e164 WHEN '' THEN raw ELSE e164 END FROM phone WHERE customer_id = c.id ORDER BY position LIMIT 1)
         AS phone,
       c.last_activity_on, strftime('%Y-%m-%dT%H:%M:%SZ', c.next_task_at / 1000, 'unixepoch') AS next_task_at,
       c.open_tasks, c.open_deals, c.quiet_on,
       strftime('%Y-%m-%dT%H:%M:%SZ', c.created_at / 1000, 'unixepoch') AS created_at,
       strftime('%Y-%m-%dT%H:%M:%SZ', c.updated_at / 1000, 'unixepoch') AS updated_at,
       c.disqualified_on, c.disqualified_reason, c.score, c.score_fit, c.score_engagement,
       g.key AS pool, c.pooled_on, c.locked
FROM customer AS c
LEFT JOIN customer AS e ON e.id = c.company_id
LEFT JOIN user AS u ON u.id = c.owner_id
LEFT JOIN pool AS g ON g.id = c.pool_id
WHERE c.deleted_at IS NULL;
