-- Service: when a team works, what is promised for which tickets, and what is said again.

-- The hours of a week in a zone, and the days that differ, one a line.
CREATE TABLE calendar (
  id          INTEGER PRIMARY KEY,
  key         TEXT NOT NULL,
  zone        TEXT NOT NULL,
  week        TEXT NOT NULL,
  days        TEXT NOT NULL DEFAULT '',
  description TEXT NOT NULL DEFAULT '',
  created_at  INTEGER NOT NULL,
  created_by  INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL,
  updated_by  INTEGER NOT NULL,
  version     INTEGER NOT NULL DEFAULT 1,
  deleted_at  INTEGER
) STRICT;
CREATE UNIQUE INDEX calendar_key ON calendar(key) WHERE deleted_at IS NULL;

-- What is promised for the tickets that its filter selects. targets holds one priority a line.
CREATE TABLE sla (
  id          INTEGER PRIMARY KEY,
  key         TEXT NOT NULL,
  position    INTEGER NOT NULL,                     -- policies with lower ones are asked first
  filter      TEXT NOT NULL DEFAULT '',             -- '': for whatever no other one is for
  calendar_id INTEGER REFERENCES calendar(id),      -- null: time counts as it passes
  targets     TEXT NOT NULL DEFAULT '',
  active      INTEGER NOT NULL DEFAULT 1,
  description TEXT NOT NULL DEFAULT '',
  created_at  INTEGER NOT NULL,
  created_by  INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL,
  updated_by  INTEGER NOT NULL,
  version     INTEGER NOT NULL DEFAULT 1,
  deleted_at  INTEGER
) STRICT;
CREATE UNIQUE INDEX sla_key ON sla(key) WHERE deleted_at IS NULL;
CREATE INDEX sla_calendar ON sla(calendar_id);

-- A base that is new gets the same at its founding, in the zone of its founder.
INSERT INTO calendar (id, key, zone, week, created_at, created_by, updated_at, updated_by)
SELECT 2010000, 'standard', 'UTC', 'mon-fri 09:00-18:00', created_at, id, created_at, id FROM user ORDER BY id LIMIT 1;
INSERT INTO sla (id, key, position, calendar_id, targets, created_at, created_by, updated_at, updated_by)
SELECT 2010002, 'standard', 1, 2010000,
       'urgent first=30m resolution=2h' || char(10) || 'high first=1h resolution=4h' || char(10)
       || 'normal first=8h resolution=24h' || char(10) || 'low first=24h resolution=72h',
       created_at, id, created_at, id
FROM user ORDER BY id LIMIT 1;

CREATE VIEW v_calendar AS
SELECT key, zone, week, days, description FROM calendar WHERE deleted_at IS NULL;

CREATE VIEW v_sla AS
SELECT s.key, s.position, s.filter, c.key AS calendar, s.targets, s.active, s.description
FROM sla AS s
LEFT JOIN calendar AS c ON c.id = s.calendar_id
WHERE s.deleted_at IS NULL;

-- What is said again: canned replies, whose values stand in braces, and articles of knowledge.
CREATE TABLE article (
  id          INTEGER PRIMARY KEY,
  key         TEXT NOT NULL,
  title       TEXT NOT NULL DEFAULT '',
  type        TEXT NOT NULL DEFAULT 'article',      -- reply, article
  status      TEXT NOT NULL DEFAULT 'draft',        -- draft, published, archived
  language    TEXT NOT NULL DEFAULT '',
  topic       TEXT NOT NULL DEFAULT '',
  body        TEXT NOT NULL DEFAULT '',             -- Markdown
  created_at  INTEGER NOT NULL,
  created_by  INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL,
  updated_by  INTEGER NOT NULL,
  version     INTEGER NOT NULL DEFAULT 1,
  deleted_at  INTEGER
) STRICT;
CREATE UNIQUE INDEX article_key ON article(key) WHERE deleted_at IS NULL;

-- Which articles helped which tickets.
CREATE TABLE ticket_article (
  id         INTEGER PRIMARY KEY,
  ticket_id  INTEGER NOT NULL REFERENCES ticket(id),
  article_id INTEGER NOT NULL REFERENCES article(id)
) STRICT;
CREATE UNIQUE INDEX ticket_article_ticket ON ticket_article(ticket_id, article_id);
CREATE INDEX ticket_article_article ON ticket_article(article_id);

CREATE VIEW v_article AS
SELECT a.key, a.title, a.type, a.status, a.language, a.topic, a.body,
       (SELECT count(*) FROM ticket_article AS l JOIN ticket AS t ON t.id = l.ticket_id
        WHERE l.article_id = a.id AND t.deleted_at IS NULL) AS tickets
FROM article AS a
WHERE a.deleted_at IS NULL;

CREATE VIEW v_ticket_article AS
SELECT 'K' || t.no AS ticket_ref, a.key AS article
FROM ticket_article AS l
JOIN ticket AS t ON t.id = l.ticket_id
JOIN article AS a ON a.id = l.article_id
WHERE t.deleted_at IS NULL AND a.deleted_at IS NULL;
