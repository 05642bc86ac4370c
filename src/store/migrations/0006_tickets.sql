-- Tickets: what customers want from us, step by step.

-- What follows from stays in steps and from comments is kept up beside what people say.
CREATE TABLE ticket (
  id            INTEGER PRIMARY KEY,
  no            INTEGER NOT NULL,
  name          TEXT NOT NULL,
  customer_id   INTEGER REFERENCES customer(id),    -- null: nobody knows who
  company_id    INTEGER REFERENCES customer(id),    -- null: the customer is no person, or works nowhere
  contact_id    INTEGER REFERENCES customer(id),    -- null: nobody in particular
  description   TEXT NOT NULL DEFAULT '',
  channel       TEXT NOT NULL DEFAULT '',
  type          TEXT NOT NULL DEFAULT '',
  category      TEXT NOT NULL DEFAULT '',
  priority      TEXT NOT NULL DEFAULT 'normal',     -- low, normal, high, urgent
  severity      TEXT NOT NULL DEFAULT '',
  assignee_id   INTEGER REFERENCES user(id),        -- null: nobody works on it
  team_id       INTEGER REFERENCES team(id),        -- null: of no team
  owner_id      INTEGER REFERENCES user(id),        -- null: nobody answers for it
  order_id      INTEGER REFERENCES sales_order(id), -- null: about no order
  product_id    INTEGER REFERENCES product(id),     -- null: about no product
  parent_id     INTEGER REFERENCES ticket(id),      -- null: no known problem is behind it
  merged_into_id INTEGER REFERENCES ticket(id),     -- null: it is itself; else in the trash
  root_cause    TEXT NOT NULL DEFAULT '',
  solution      TEXT NOT NULL DEFAULT '',
  reason        TEXT NOT NULL DEFAULT '',           -- why it was called off or reopened
  source        TEXT NOT NULL DEFAULT '',
  created_at    INTEGER NOT NULL,
  created_by    INTEGER NOT NULL,
  updated_at    INTEGER NOT NULL,
  updated_by    INTEGER NOT NULL,
  version       INTEGER NOT NULL DEFAULT 1,
  deleted_at    INTEGER,
  -- kept up
  name_key      TEXT NOT NULL DEFAULT '',
  priority_rank INTEGER NOT NULL DEFAULT 3,         -- 1 presses most
  step          TEXT NOT NULL DEFAULT 'received',
  wait          TEXT NOT NULL DEFAULT 'none',       -- none, customer, third_party
  status        TEXT NOT NULL DEFAULT 'open',
  received_at   INTEGER NOT NULL DEFAULT 0,
  step_since    INTEGER NOT NULL DEFAULT 0,
  paused_since  INTEGER,                            -- null: waits for nobody outside
  first_responded_at INTEGER,                       -- null: no person has answered
  resolved_at   INTEGER,                            -- null: not solved, or not any more
  closed_at     INTEGER,                            -- null: open
  reopen_count  INTEGER NOT NULL DEFAULT 0,
  replies       INTEGER NOT NULL DEFAULT 0,         -- by people
  last_message_at INTEGER,                          -- null: the customer wrote nothing
  last_reply_at INTEGER                             -- null: we wrote nothing
) STRICT;
CREATE UNIQUE INDEX ticket_no ON ticket(no);
CREATE INDEX ticket_customer ON ticket(customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX ticket_company ON ticket(company_id) WHERE company_id IS NOT NULL;
CREATE INDEX ticket_contact ON ticket(contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX ticket_order ON ticket(order_id) WHERE order_id IS NOT NULL;
CREATE INDEX ticket_product ON ticket(product_id) WHERE product_id IS NOT NULL;
CREATE INDEX ticket_parent ON ticket(parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX ticket_merged ON ticket(merged_into_id) WHERE merged_into_id IS NOT NULL;
CREATE INDEX ticket_assignee ON ticket(assignee_id);
CREATE INDEX ticket_owner ON ticket(owner_id) WHERE owner_id IS NOT NULL;
CREATE INDEX ticket_team ON ticket(team_id) WHERE team_id IS NOT NULL;
CREATE INDEX ticket_name ON ticket(name_key) WHERE deleted_at IS NULL;
CREATE INDEX ticket_status ON ticket(status) WHERE deleted_at IS NULL;
CREATE INDEX ticket_step_name ON ticket(step) WHERE deleted_at IS NULL;
CREATE INDEX ticket_received ON ticket(received_at) WHERE deleted_at IS NULL;
CREATE INDEX ticket_rank ON ticket(priority_rank) WHERE deleted_at IS NULL;
-- What is not solved by what presses most and waits longest; what is not closed by what presses most.
CREATE INDEX ticket_open ON ticket(priority_rank, received_at)
  WHERE deleted_at IS NULL AND status IN ('open', 'waiting_customer', 'waiting_third_party');
CREATE INDEX ticket_active ON ticket(priority_rank) WHERE deleted_at IS NULL AND closed_at IS NULL;
CREATE INDEX ticket_responded ON ticket(first_responded_at) WHERE deleted_at IS NULL AND first_responded_at IS NOT NULL;
CREATE INDEX ticket_resolved ON ticket(resolved_at) WHERE deleted_at IS NULL AND resolved_at IS NOT NULL;
CREATE INDEX ticket_closed ON ticket(closed_at) WHERE deleted_at IS NULL AND closed_at IS NOT NULL;

-- A stay in a step, waiting or not. One ends when the next begins; exactly the last has no end.
CREATE TABLE ticket_step (
  id           INTEGER PRIMARY KEY,
  ticket_id    INTEGER NOT NULL REFERENCES ticket(id),
  step         TEXT NOT NULL,
  wait         TEXT NOT NULL DEFAULT 'none',
  is_cancelled INTEGER NOT NULL DEFAULT 0,
  entered_at   INTEGER NOT NULL,
  left_at      INTEGER,                             -- null: it is there
  by_id        INTEGER REFERENCES user(id)          -- null: nobody known brought it there
) STRICT;
CREATE INDEX ticket_step_ticket ON ticket_step(ticket_id);
CREATE INDEX ticket_step_entered ON ticket_step(entered_at, ticket_id);

-- What was written about a ticket.
CREATE TABLE ticket_comment (
  id           INTEGER PRIMARY KEY,
  ticket_id    INTEGER NOT NULL REFERENCES ticket(id),
  type         TEXT NOT NULL,                       -- reply: to the customer; message: from the customer; note: for us
  at           INTEGER NOT NULL,
  text         TEXT NOT NULL,
  channel      TEXT NOT NULL DEFAULT '',
  is_automatic INTEGER NOT NULL DEFAULT 0,          -- by no person: it is no answer
  author_id    INTEGER REFERENCES user(id),         -- null: none of us
  customer_id  INTEGER REFERENCES customer(id)      -- null: not by a customer, or nobody knows by whom
) STRICT;
CREATE INDEX ticket_comment_ticket ON ticket_comment(ticket_id, at);
CREATE INDEX ticket_comment_author ON ticket_comment(author_id, at) WHERE author_id IS NOT NULL;
CREATE INDEX ticket_comment_customer ON ticket_comment(customer_id) WHERE customer_id IS NOT NULL;

-- Visits, calls and whatever else happened for a ticket.
ALTER TABLE activity ADD COLUMN ticket_id INTEGER REFERENCES ticket(id);  -- null: for no ticket
CREATE INDEX activity_ticket ON activity(ticket_id) WHERE ticket_id IS NOT NULL;

-- Words ------------------------------------------------------------------------------------------------------

-- Every base has the same ids for them, below those of its own records.
INSERT INTO option (id, list, key, position) VALUES
  (1100001, 'ticket_channel', 'phone', 1),
  (1100004, 'ticket_channel', 'email', 2),
  (1100007, 'ticket_channel', 'web', 3),
  (1100010, 'ticket_channel', 'form', 4),
  (1100013, 'ticket_channel', 'wechat', 5),
  (1100016, 'ticket_channel', 'chat', 6),
  (1100019, 'ticket_channel', 'visit', 7),
  (1100022, 'ticket_channel', 'social', 8),
  (1100025, 'ticket_channel', 'other', 9),
  (1100028, 'ticket_type', 'question', 1),
  (1100031, 'ticket_type', 'incident', 2),
  (1100034, 'ticket_type', 'problem', 3),
  (1100037, 'ticket_type', 'complaint', 4),
  (1100040, 'ticket_type', 'suggestion', 5),
  (1100043, 'ticket_type', 'feature_request', 6),
  (1100046, 'ticket_type', 'return', 7),
  (1100049, 'ticket_type', 'repair', 8),
  (1100052, 'ticket_type', 'installation', 9),
  (1100055, 'ticket_type', 'other', 10),
  (1100058, 'ticket_category', 'product', 1),
  (1100061, 'ticket_category', 'delivery', 2),
  (1100064, 'ticket_category', 'billing', 3),
  (1100067, 'ticket_category', 'account', 4),
  (1100070, 'ticket_category', 'technical', 5),
  (1100073, 'ticket_category', 'service', 6),
  (1100076, 'ticket_category', 'other', 7),
  (1100079, 'ticket_severity', 'minor', 1),
  (1100082, 'ticket_severity', 'moderate', 2),
  (1100085, 'ticket_severity', 'major', 3),
  (1100088, 'ticket_severity', 'critical', 4);
INSERT INTO label (id, record_id, language, text, text_key) VALUES
  (1100002, 1100001, 'en', 'Telephone', 'telephone'), (1100003, 1100001, 'zh', '电话', '电话'),
  (1100005, 1100004, 'en', 'E-mail', 'e-mail'), (1100006, 1100004, 'zh', '邮件', '邮件'),
  (1100008, 1100007, 'en', 'Website', 'website'), (1100009, 1100007, 'zh', '网站', '网站'),
  (1100011, 1100010, 'en', 'Form', 'form'), (1100012, 1100010, 'zh', '表单', '表单'),
  (1100014, 1100013, 'en', 'WeChat', 'wechat'), (1100015, 1100013, 'zh', '微信', '微信'),
  (1100017, 1100016, 'en', 'Chat', 'chat'), (1100018, 1100016, 'zh', '在线客服', '在线客服'),
  (1100020, 1100019, 'en', 'Visit', 'visit'), (1100021, 1100019, 'zh', '上门', '上门'),
  (1100023, 1100022, 'en', 'Social media', 'social media'), (1100024, 1100022, 'zh', '社交媒体', '社交媒体'),
  (1100026, 1100025, 'en', 'Other', 'other'), (1100027, 1100025, 'zh', '其他', '其他'),
  (1100029, 1100028, 'en', 'Question', 'question'), (1100030, 1100028, 'zh', '咨询', '咨询'),
  (1100032, 1100031, 'en', 'Incident', 'incident'), (1100033, 1100031, 'zh', '故障', '故障'),
  (1100035, 1100034, 'en', 'Problem', 'problem'), (1100036, 1100034, 'zh', '问题', '问题'),
  (1100038, 1100037, 'en', 'Complaint', 'complaint'), (1100039, 1100037, 'zh', '投诉', '投诉'),
  (1100041, 1100040, 'en', 'Suggestion', 'suggestion'), (1100042, 1100040, 'zh', '建议', '建议'),
  (1100044, 1100043, 'en', 'Feature request', 'feature request'), (1100045, 1100043, 'zh', '功能需求', '功能需求'),
  (1100047, 1100046, 'en', 'Return', 'return'), (1100048, 1100046, 'zh', '退换货', '退换货'),
  (1100050, 1100049, 'en', 'Repair', 'repair'), (1100051, 1100049, 'zh', '维修', '维修'),
  (1100053, 1100052, 'en', 'Installation', 'installation'), (1100054, 1100052, 'zh', '安装', '安装'),
  (1100056, 1100055, 'en', 'Other', 'other'), (1100057, 1100055, 'zh', '其他', '其他'),
  (1100059, 1100058, 'en', 'Product', 'product'), (1100060, 1100058, 'zh', '产品', '产品'),
  (1100062, 1100061, 'en', 'Delivery', 'delivery'), (1100063, 1100061, 'zh', '物流', '物流'),
  (1100065, 1100064, 'en', 'Billing', 'billing'), (1100066, 1100064, 'zh', '账单', '账单'),
  (1100068, 1100067, 'en', 'Account', 'account'), (1100069, 1100067, 'zh', '账户', '账户'),
  (1100071, 1100070, 'en', 'Technical', 'technical'), (1100072, 1100070, 'zh', '技术', '技术'),
  (1100074, 1100073, 'en', 'Service', 'service'), (1100075, 1100073, 'zh', '服务', '服务'),
  (1100077, 1100076, 'en', 'Other', 'other'), (1100078, 1100076, 'zh', '其他', '其他'),
  (1100080, 1100079, 'en', 'Minor', 'minor'), (1100081, 1100079, 'zh', '轻微', '轻微'),
  (1100083, 1100082, 'en', 'Moderate', 'moderate'), (1100084, 1100082, 'zh', '一般', '一般'),
  (1100086, 1100085, 'en', 'Major', 'major'), (1100087, 1100085, 'zh', '严重', '严重'),
  (1100089, 1100088, 'en', 'Critical', 'critical'), (1100090, 1100088, 'zh', '致命', '致命');

-- Views ------------------------------------------------------------------------------------------------------

CREATE VIEW v_ticket AS
SELECT 'K' || t.no AS ref, t.name, 'C' || c.no AS customer_ref, c.name AS customer, 'C' || e.no AS company_ref,
       e.name AS company, 'C' || p.no AS contact_ref, p.name AS contact, t.channel, t.type, t.category, t.priority, t.severity,
       t.step, t.wait, t.status, a.name AS assignee, g.name AS team, u.name AS owner, 'O' || o.no AS order_ref,
       'P' || d.no AS product_ref, d.name AS product, 'K' || f.no AS parent_ref, t.root_cause, t.solution, t.source,
       strftime('%Y-%m-%dT%H:%M:%SZ', t.received_at / 1000, 'unixepoch') AS received_at,
       strftime('%Y-%m-%dT%H:%M:%SZ', t.first_responded_at / 1000, 'unixepoch') AS first_responded_at,
       strftime('%Y-%m-%dT%H:%M:%SZ', t.resolved_at / 1000, 'unixepoch') AS resolved_at,
       strftime('%Y-%m-%dT%H:%M:%SZ', t.closed_at / 1000, 'unixepoch') AS closed_at,
       strftime('%Y-%m-%dT%H:%M:%SZ', t.paused_since / 1000, 'unixepoch') AS paused_since, t.replies, t.reopen_count
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
WHERE t.deleted_at IS NULL;

-- seconds: how long it stayed; none for where a ticket is.
CREATE VIEW v_ticket_step AS
SELECT 'K' || t.no AS ticket_ref, s.step, s.wait, s.is_cancelled,
       strftime('%Y-%m-%dT%H:%M:%SZ', s.entered_at / 1000, 'unixepoch') AS entered_at,
       strftime('%Y-%m-%dT%H:%M:%SZ', s.left_at / 1000, 'unixepoch') AS left_at,
       (s.left_at - s.entered_at) / 1000 AS seconds, u.name AS "by"
FROM ticket_step AS s
JOIN ticket AS t ON t.id = s.ticket_id
LEFT JOIN user AS u ON u.id = s.by_id
WHERE t.deleted_at IS NULL;

CREATE VIEW v_ticket_comment AS
SELECT 'K' || t.no AS ticket_ref, m.type, strftime('%Y-%m-%dT%H:%M:%SZ', m.at / 1000, 'unixepoch') AS at, m.text, m.channel,
       m.is_automatic, u.name AS author, 'C' || c.no AS customer_ref, c.name AS customer
FROM ticket_comment AS m
JOIN ticket AS t ON t.id = m.ticket_id
LEFT JOIN user AS u ON u.id = m.author_id
LEFT JOIN customer AS c ON c.id = m.customer_id
WHERE t.deleted_at IS NULL;

DROP VIEW v_activity;
CREATE VIEW v_activity AS
SELECT 'A' || a.no AS ref, a.type, a.on_date, strftime('%Y-%m-%dT%H:%M:%SZ', a.at / 1000, 'unixepoch') AS at,
       a.direction, a.text, a.outcome, a.duration, a.purpose, 'C' || c.no AS customer_ref, c.name AS customer,
       'D' || d.no AS deal_ref, d.name AS deal, 'K' || t.no AS ticket_ref, u.name AS owner
FROM activity AS a
LEFT JOIN activity_customer AS l ON l.activity_id = a.id AND l.role = 'customer'
LEFT JOIN customer AS c ON c.id = l.customer_id
LEFT JOIN deal AS d ON d.id = a.deal_id
LEFT JOIN ticket AS t ON t.id = a.ticket_id
LEFT JOIN user AS u ON u.id = a.owner_id
WHERE a.deleted_at IS NULL;
