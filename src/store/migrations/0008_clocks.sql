-- The clocks of tickets: what is promised for each, and what becomes of it.

ALTER TABLE ticket ADD COLUMN sla_id INTEGER REFERENCES sla(id);  -- null: nothing is promised
-- kept up: when a clock is due (null: nothing is promised, or it is paused), and when its promise was or will be broken
-- (null: it was kept, or the clock is paused)
ALTER TABLE ticket ADD COLUMN first_response_due_at INTEGER;
ALTER TABLE ticket ADD COLUMN first_response_late_at INTEGER;
ALTER TABLE ticket ADD COLUMN next_response_due_at INTEGER;
ALTER TABLE ticket ADD COLUMN next_response_late_at INTEGER;
ALTER TABLE ticket ADD COLUMN resolution_due_at INTEGER;
ALTER TABLE ticket ADD COLUMN resolution_late_at INTEGER;
ALTER TABLE ticket ADD COLUMN due_at INTEGER;          -- of the clock that runs out next; null: none runs
ALTER TABLE ticket ADD COLUMN at_risk_at INTEGER;      -- when three quarters of its time have passed
ALTER TABLE ticket ADD COLUMN late_at INTEGER;         -- of the promise that was, or will be, broken first
ALTER TABLE ticket ADD COLUMN response_s INTEGER;      -- working time until a person answered
ALTER TABLE ticket ADD COLUMN resolution_s INTEGER;    -- working time that the solution took; null: it is not solved
CREATE INDEX ticket_due ON ticket(due_at, id, owner_id) WHERE deleted_at IS NULL;
-- What is not closed, by the time that is left; what has no clock that runs comes last, by what presses most.
CREATE INDEX ticket_left ON ticket(due_at, priority_rank, received_at)
  WHERE deleted_at IS NULL AND closed_at IS NULL;
CREATE INDEX ticket_late ON ticket(late_at) WHERE deleted_at IS NULL AND late_at IS NOT NULL;
CREATE INDEX ticket_sla ON ticket(sla_id) WHERE sla_id IS NOT NULL;

-- What a policy and its calendar said until they were changed: what was promised before is measured by it.
CREATE TABLE sla_past (
  id      INTEGER PRIMARY KEY,
  sla_id  INTEGER NOT NULL REFERENCES sla(id),
  until   INTEGER NOT NULL,
  targets TEXT NOT NULL,
  zone    TEXT NOT NULL,                              -- '': time counted as it passes
  week    TEXT NOT NULL,
  days    TEXT NOT NULL
) STRICT;
CREATE INDEX sla_past_sla ON sla_past(sla_id);

DROP VIEW v_ticket;
CREATE VIEW v_ticket AS
SELECT 'K' || t.no AS ref, t.name, 'C' || c.no AS customer_ref, c.name AS customer, 'C' || e.no AS company_ref,
       e.name AS company, 'C' || p.no AS contact_ref, p.name AS contact, t.channel, t.type, t.category, t.priority, t.severity,
       t.step, t.wait, t.status, a.name AS assignee, g.name AS team, u.name AS owner, 'O' || o.no AS order_ref,
       'P' || d.no AS product_ref, d.name AS product, 'K' || f.no AS parent_ref, t.root_cause, t.solution, t.source,
       strftime('%Y-%m-%dT%H:%M:%SZ', t.received_at / 1000, 'unixepoch') AS received_at,
       strftime('%Y-%m-%dT%H:%M:%SZ', t.first_responded_at / 1000, 'unixepoch') AS first_responded_at,
       strftime('%Y-%m-%dT%H:%M:%SZ', t.resolved_at / 1000, 'unixepoch') AS resolved_at,
       strftime('%Y-%m-%dT%H:%M:%SZ', t.closed_at / 1000, 'unixepoch') AS closed_at,
       strftime('%Y-%m-%dT%H:%M:%SZ', t.paused_since / 1000, 'unixepoch') AS paused_since, t.replies, t.reopen_count,
       s.key AS sla,
       strftime('%Y-%m-%dT%H:%M:%SZ', t.first_response_due_at / 1000, 'unixepoch') AS first_response_due_at,
       strftime('%Y-%m-%dT%H:%M:%SZ', t.first_response_late_at / 1000, 'unixepoch') AS first_response_late_at,
       strftime('%Y-%m-%dT%H:%M:%SZ', t.resolution_due_at / 1000, 'unixepoch') AS resolution_due_at,
       strftime('%Y-%m-%dT%H:%M:%SZ', t.resolution_late_at / 1000, 'unixepoch') AS resolution_late_at,
       strftime('%Y-%m-%dT%H:%M:%SZ', t.due_at / 1000, 'unixepoch') AS due_at,
       strftime('%Y-%m-%dT%H:%M:%SZ', t.late_at / 1000, 'unixepoch') AS late_at, t.response_s, t.resolution_s
FROM ticket AS t
LEFT JOIN customer AS c ON c.id = t.customer_id
LEFT JOIN customer AS e ON e.id = t.company_id
LEFT JOIN customer AS p ON p.id = t.contact_id
LEFT JOIN user AS a ON a.id = t.assignee_id
LEFT JOIN team AS g ON g.id = t.team_id
LEFT JOIN user AS u ON u.id = t.owner_id
LEFT JOIN sales_order AS o ON o.id = t.order_id
LEFT JOIN product AS d ON d.id = t.product_id
LEFT JOIN ticket AS f ON f.id = t.parent_id
LEFT JOIN sla AS s ON s.id = t.sla_id
WHERE t.deleted_at IS NULL;
