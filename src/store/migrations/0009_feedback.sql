-- Surveys, and what customers say.

-- What customers are asked. The type says which scores can be given and what they come to.
CREATE TABLE survey (
  id          INTEGER PRIMARY KEY,
  key         TEXT NOT NULL,
  type        TEXT NOT NULL DEFAULT 'csat',         -- csat (1-5), nps (0-10), ces (1-7)
  question    TEXT NOT NULL DEFAULT '',
  question_zh TEXT NOT NULL DEFAULT '',
  about       TEXT NOT NULL DEFAULT 'customer',     -- customer, order, ticket
  active      INTEGER NOT NULL DEFAULT 1,
  description TEXT NOT NULL DEFAULT '',
  created_at  INTEGER NOT NULL,
  created_by  INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL,
  updated_by  INTEGER NOT NULL,
  version     INTEGER NOT NULL DEFAULT 1,
  deleted_at  INTEGER
) STRICT;
CREATE UNIQUE INDEX survey_key ON survey(key) WHERE deleted_at IS NULL;

-- A base that was founded before gets what a new one begins with.
INSERT INTO survey (id, key, type, question, question_zh, about, created_at, created_by, updated_at, updated_by)
SELECT s.column1, s.column2, s.column2, s.column3, s.column4, s.column5, u.created_at, u.id, u.created_at, u.id
FROM (VALUES
  (2020001, 'csat', 'How satisfied are you with how we handled this?', '您对我们这次的处理满意吗？', 'ticket'),
  (2020002, 'nps', 'How likely are you to recommend us to a friend or colleague?', '您有多大可能将我们推荐给朋友或同事？', 'customer'),
  (2020003, 'ces', 'How far do you agree: it was easy to get done what you came for?', '您在多大程度上同意：事情办得很省力？', 'order')
) AS s JOIN user AS u ON u.id = (SELECT min(id) FROM user);

-- An answer to a survey, also one that has not come yet; or what a customer says unasked.
CREATE TABLE feedback (
  id              INTEGER PRIMARY KEY,
  no              INTEGER NOT NULL,
  type            TEXT NOT NULL DEFAULT 'answer',   -- answer, complaint, suggestion, praise, question
  survey_id       INTEGER REFERENCES survey(id),    -- of an answer
  score           INTEGER,                          -- null: no answer yet, or no survey
  comment         TEXT NOT NULL DEFAULT '',
  customer_id     INTEGER REFERENCES customer(id),  -- null: nobody knows who said it
  contact_id      INTEGER REFERENCES customer(id),  -- null: nobody in particular
  order_id        INTEGER REFERENCES sales_order(id), -- null: of no order
  ticket_id       INTEGER REFERENCES ticket(id),      -- null: of no ticket
  channel         TEXT NOT NULL DEFAULT '',
  sent_on         TEXT,                             -- null: it came unasked
  answered_on     TEXT,                             -- null: asked, and no answer yet
  status          TEXT NOT NULL DEFAULT 'new',      -- new, acknowledged, acted, closed
  action          TEXT NOT NULL DEFAULT '',
  acknowledged_on TEXT,
  acted_on        TEXT,
  closed_on       TEXT,
  owner_id        INTEGER REFERENCES user(id),
  note            TEXT NOT NULL DEFAULT '',
  created_at      INTEGER NOT NULL,
  created_by      INTEGER NOT NULL,
  updated_at      INTEGER NOT NULL,
  updated_by      INTEGER NOT NULL,
  version         INTEGER NOT NULL DEFAULT 1,
  deleted_at      INTEGER,
  -- kept up
  name            TEXT NOT NULL DEFAULT '',
  verdict         TEXT NOT NULL DEFAULT '',         -- what the score says: promoter, satisfied …
  waiting_on      TEXT                              -- since when nothing was done about it; null: nothing has to be
) STRICT;
CREATE UNIQUE INDEX feedback_no ON feedback(no);
CREATE INDEX feedback_customer ON feedback(customer_id);
CREATE INDEX feedback_contact ON feedback(contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX feedback_order ON feedback(order_id) WHERE order_id IS NOT NULL;
CREATE INDEX feedback_ticket ON feedback(ticket_id) WHERE ticket_id IS NOT NULL;
CREATE INDEX feedback_survey ON feedback(survey_id);
CREATE INDEX feedback_type ON feedback(type) WHERE deleted_at IS NULL;
CREATE INDEX feedback_status ON feedback(status) WHERE deleted_at IS NULL;
CREATE INDEX feedback_verdict ON feedback(verdict) WHERE deleted_at IS NULL;
CREATE INDEX feedback_sent ON feedback(sent_on) WHERE deleted_at IS NULL;
CREATE INDEX feedback_answered ON feedback(answered_on) WHERE deleted_at IS NULL;
CREATE INDEX feedback_waiting ON feedback(waiting_on, id, owner_id) WHERE deleted_at IS NULL AND waiting_on IS NOT NULL;
CREATE INDEX feedback_owner ON feedback(owner_id);

-- The survey that a form asks, by its key; empty for none.
ALTER TABLE form ADD COLUMN survey TEXT NOT NULL DEFAULT '';

-- Views -----------------------------------------------------------------------------------------------------

CREATE VIEW v_survey AS
SELECT key, type, CASE type WHEN 'nps' THEN '0-10' WHEN 'ces' THEN '1-7' ELSE '1-5' END AS scale, question, question_zh,
       about, active, description
FROM survey
WHERE deleted_at IS NULL;

CREATE VIEW v_feedback AS
SELECT 'F' || f.no AS ref, f.type, s.key AS survey, s.type AS survey_type, f.score, f.verdict, f.comment,
       'C' || c.no AS customer_ref, c.name AS customer, 'C' || p.no AS contact_ref, p.name AS contact,
       'O' || o.no AS order_ref, 'K' || k.no AS ticket_ref, f.channel, f.sent_on, f.answered_on, f.status, f.action, f.acknowledged_on, f.acted_on,
       f.closed_on, f.waiting_on, u.name AS owner, strftime('%Y-%m-%dT%H:%M:%SZ', f.created_at / 1000, 'unixepoch') AS created_at
FROM feedback AS f
LEFT JOIN survey AS s ON s.id = f.survey_id
LEFT JOIN customer AS c ON c.id = f.customer_id
LEFT JOIN customer AS p ON p.id = f.contact_id
LEFT JOIN sales_order AS o ON o.id = f.order_id
LEFT JOIN ticket AS k ON k.id = f.ticket_id
LEFT JOIN user AS u ON u.id = f.owner_id
WHERE f.deleted_at IS NULL;

DROP VIEW v_custom_field;
-- One row per value: amounts in minor units beside their currency, other records by ref, users by name.
CREATE VIEW v_custom_field AS
SELECT * FROM (
  SELECT v.noun,
         CASE v.noun
           WHEN 'customer' THEN (SELECT 'C' || no FROM customer WHERE id = v.record_id AND deleted_at IS NULL)
           WHEN 'deal' THEN (SELECT 'D' || no FROM deal WHERE id = v.record_id AND deleted_at IS NULL)
           WHEN 'quote' THEN (SELECT 'Q' || no FROM quote WHERE id = v.record_id AND deleted_at IS NULL)
           WHEN 'order' THEN (SELECT 'O' || no FROM sales_order WHERE id = v.record_id AND deleted_at IS NULL)
           WHEN 'ticket' THEN (SELECT 'K' || no FROM ticket WHERE id = v.record_id AND deleted_at IS NULL)
           WHEN 'feedback' THEN (SELECT 'F' || no FROM feedback WHERE id = v.record_id AND deleted_at IS NULL)
           WHEN 'task' THEN (SELECT 'T' || no FROM task WHERE id = v.record_id AND deleted_at IS NULL)
           WHEN 'activity' THEN (SELECT 'A' || no FROM activity WHERE id = v.record_id AND deleted_at IS NULL)
           ELSE (SELECT 'P' || no FROM product WHERE id = v.record_id AND deleted_at IS NULL)
         END AS ref,
         f.key AS field, f.type, v.position,
         CASE f.type
           WHEN 'decimal' THEN v.int_value / 1000000.0
           WHEN 'datetime' THEN strftime('%Y-%m-%dT%H:%M:%SZ', v.int_value / 1000, 'unixepoch')
           WHEN 'user' THEN (SELECT name FROM user WHERE id = v.link_id)
           WHEN 'person' THEN (SELECT 'C' || no FROM customer WHERE id = v.link_id)
           WHEN 'company' THEN (SELECT 'C' || no FROM customer WHERE id = v.link_id)
           WHEN 'deal' THEN (SELECT 'D' || no FROM deal WHERE id = v.link_id)
           ELSE coalesce(v.int_value, v.text_value)
         END AS value,
         CASE f.type WHEN 'money' THEN v.text_value END AS currency
  FROM custom_value AS v
  JOIN field AS f ON f.id = v.field_id
  WHERE f.deleted_at IS NULL
) WHERE ref IS NOT NULL;
