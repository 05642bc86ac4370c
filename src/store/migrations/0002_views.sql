-- The published, read-only surface for people who write SQL. Columns are only ever added. Refs, days and ISO
-- instants instead of ids and milliseconds; amounts in minor units beside their currency.

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
       strftime('%Y-%m-%dT%H:%M:%SZ', c.updated_at / 1000, 'unixepoch') AS updated_at
FROM customer AS c
LEFT JOIN customer AS e ON e.id = c.company_id
LEFT JOIN user AS u ON u.id = c.owner_id
WHERE c.deleted_at IS NULL;

CREATE VIEW v_deal AS
SELECT 'D' || d.no AS ref, d.name, 'C' || c.no AS customer_ref, c.name AS customer, p.key AS pipeline, s.key AS stage,
       d.status, d.amount, d.currency, d.amount_base, d.probability, d.category, d.expected_close_on, d.opened_on,
       d.closed_on, u.name AS owner, d.source, d.type, d.lost_reason, d.last_activity_on, d.open_tasks, d.rotting_on,
       strftime('%Y-%m-%dT%H:%M:%SZ', d.created_at / 1000, 'unixepoch') AS created_at
FROM deal AS d
JOIN pipeline AS p ON p.id = d.pipeline_id
JOIN stage AS s ON s.id = d.stage_id
LEFT JOIN customer AS c ON c.id = d.customer_id
LEFT JOIN user AS u ON u.id = d.owner_id
WHERE d.deleted_at IS NULL;

CREATE VIEW v_task AS
SELECT 'T' || t.no AS ref, t.title, t.type, t.status, t.priority, t.due_on, t.due_time, t.zone, t.repeat,
       'C' || c.no AS customer_ref, c.name AS customer, 'D' || d.no AS deal_ref, d.name AS deal, u.name AS assignee,
       strftime('%Y-%m-%dT%H:%M:%SZ', t.completed_at / 1000, 'unixepoch') AS completed_at
FROM task AS t
LEFT JOIN customer AS c ON c.id = t.customer_id
LEFT JOIN deal AS d ON d.id = t.deal_id
LEFT JOIN user AS u ON u.id = t.assignee_id
WHERE t.deleted_at IS NULL;

CREATE VIEW v_activity AS
SELECT 'A' || a.no AS ref, a.type, a.on_date, strftime('%Y-%m-%dT%H:%M:%SZ', a.at / 1000, 'unixepoch') AS at,
       a.direction, a.text, a.outcome, a.duration, a.purpose, 'C' || c.no AS customer_ref, c.name AS customer,
       'D' || d.no AS deal_ref, d.name AS deal, u.name AS owner
FROM activity AS a
LEFT JOIN activity_customer AS l ON l.activity_id = a.id AND l.role = 'customer'
LEFT JOIN customer AS c ON c.id = l.customer_id
LEFT JOIN deal AS d ON d.id = a.deal_id
LEFT JOIN user AS u ON u.id = a.owner_id
WHERE a.deleted_at IS NULL;

CREATE VIEW v_product AS
SELECT 'P' || no AS ref, sku, name, category, price, currency, unit, active FROM product WHERE deleted_at IS NULL;

CREATE VIEW v_user AS
SELECT u.name, u.email, m.name AS manager, t.name AS team, u.scope, u.status
FROM user AS u
LEFT JOIN user AS m ON m.id = u.manager_id
LEFT JOIN team AS t ON t.id = u.team_id
WHERE u.deleted_at IS NULL;

CREATE VIEW v_stage AS
SELECT p.key AS pipeline, s.key AS stage, s.position, s.type, s.probability, s.category, s.rot_days
FROM stage AS s
JOIN pipeline AS p ON p.id = s.pipeline_id
WHERE s.deleted_at IS NULL AND p.deleted_at IS NULL;

CREATE VIEW v_tag AS
SELECT g.noun, g.record_id, t.name AS tag FROM tagging AS g JOIN tag AS t ON t.id = g.tag_id WHERE t.deleted_at IS NULL;

CREATE VIEW v_forecast AS
SELECT f.taken_on, f.from_on, date(f.to_on, '-1 day') AS last_on, f.filter, u.name AS owner, f.closed, f.committed,
       f.best_case, f.pipeline, f.closed + f.weighted / 100.0 AS weighted, f.deals, f.without_amount
FROM forecast_snapshot AS f
LEFT JOIN user AS u ON u.id = f.owner_id;

-- One row per value: amounts in minor units beside their currency, other records by ref, users by name.
CREATE VIEW v_custom_field AS
SELECT * FROM (
  SELECT v.noun,
         CASE v.noun
           WHEN 'customer' THEN (SELECT 'C' || no FROM customer WHERE id = v.record_id AND deleted_at IS NULL)
           WHEN 'deal' THEN (SELECT 'D' || no FROM deal WHERE id = v.record_id AND deleted_at IS NULL)
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

CREATE VIEW v_operation AS
SELECT o.no, strftime('%Y-%m-%dT%H:%M:%SZ', o.at / 1000, 'unixepoch') AS at, u.name AS actor, o.via, o.kind, o.title,
       o.command, o.active
FROM op AS o
LEFT JOIN user AS u ON u.id = o.actor_id;
