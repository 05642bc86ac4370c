-- Quotes, orders, payments, deliveries.

-- Products --------------------------------------------------------------------------------------------------

ALTER TABLE product ADD COLUMN type TEXT NOT NULL DEFAULT 'good';  -- good, service, subscription
ALTER TABLE product ADD COLUMN cost INTEGER;                       -- null: not known
ALTER TABLE product ADD COLUMN cost_currency TEXT NOT NULL DEFAULT '';
ALTER TABLE product ADD COLUMN tax_rate INTEGER;                   -- null: none stated; millionths of a percent

-- Quotes -----------------------------------------------------------------------------------------------------

-- An offer. Its versions name the first one; what was sent is never changed, another version takes its place.
CREATE TABLE quote (
  id            INTEGER PRIMARY KEY,
  no            INTEGER NOT NULL,
  name          TEXT NOT NULL,
  customer_id   INTEGER NOT NULL REFERENCES customer(id),
  contact_id    INTEGER REFERENCES customer(id),    -- null: nobody in particular
  deal_id       INTEGER REFERENCES deal(id),        -- null: of no deal
  version_of_id INTEGER REFERENCES quote(id),       -- null: the first version
  revision      INTEGER NOT NULL DEFAULT 1,
  status        TEXT NOT NULL DEFAULT 'draft',      -- expired: sent, and the day is past; nowhere written
  currency      TEXT NOT NULL,
  tax           TEXT NOT NULL DEFAULT 'added',      -- added, included
  discount      TEXT NOT NULL DEFAULT '',           -- off the whole: an amount, or percent with their sign
  shipping      INTEGER NOT NULL DEFAULT 0,
  sent_on       TEXT,                               -- null: the customer has not got it
  valid_until   TEXT,                               -- null: without an end
  decided_on    TEXT,                               -- null: open; else accepted, rejected or void since
  reason        TEXT NOT NULL DEFAULT '',           -- why it was rejected or made void
  owner_id      INTEGER REFERENCES user(id),
  terms         TEXT NOT NULL DEFAULT '',
  note          TEXT NOT NULL DEFAULT '',
  created_at    INTEGER NOT NULL,
  created_by    INTEGER NOT NULL,
  updated_at    INTEGER NOT NULL,
  updated_by    INTEGER NOT NULL,
  version       INTEGER NOT NULL DEFAULT 1,
  deleted_at    INTEGER,
  -- kept up
  name_key      TEXT NOT NULL DEFAULT '',
  lines         TEXT NOT NULL DEFAULT '',           -- as people write them, one a line
  subtotal      INTEGER NOT NULL DEFAULT 0,
  discount_amount INTEGER NOT NULL DEFAULT 0,
  tax_amount    INTEGER NOT NULL DEFAULT 0,
  total         INTEGER NOT NULL DEFAULT 0,
  total_base    INTEGER,                            -- null: no rate is known
  margin        INTEGER                             -- null: a cost is not known
) STRICT;
CREATE UNIQUE INDEX quote_no ON quote(no);
CREATE INDEX quote_customer ON quote(customer_id);
CREATE INDEX quote_contact ON quote(contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX quote_deal ON quote(deal_id) WHERE deal_id IS NOT NULL;
CREATE INDEX quote_version ON quote(version_of_id) WHERE version_of_id IS NOT NULL;
CREATE INDEX quote_status ON quote(status) WHERE deleted_at IS NULL;
CREATE INDEX quote_total ON quote(total_base) WHERE deleted_at IS NULL;
CREATE INDEX quote_name ON quote(name_key) WHERE deleted_at IS NULL;
CREATE INDEX quote_valid ON quote(valid_until, id, owner_id) WHERE deleted_at IS NULL AND status = 'sent';
CREATE INDEX quote_until ON quote(valid_until) WHERE deleted_at IS NULL;
CREATE INDEX quote_sent ON quote(sent_on) WHERE deleted_at IS NULL;
CREATE INDEX quote_owner ON quote(owner_id);

CREATE TABLE quote_line (
  id          INTEGER PRIMARY KEY,
  quote_id    INTEGER NOT NULL REFERENCES quote(id),
  position    INTEGER NOT NULL,
  product_id  INTEGER REFERENCES product(id),       -- null: a line of free text
  description TEXT NOT NULL DEFAULT '',
  quantity    INTEGER NOT NULL DEFAULT 1000,
  unit        TEXT NOT NULL DEFAULT '',
  unit_price  INTEGER NOT NULL DEFAULT 0,
  discount    INTEGER NOT NULL DEFAULT 0,
  tax_rate    INTEGER NOT NULL DEFAULT 0,
  cost        INTEGER,                              -- null: not known; of one
  is_shipped  INTEGER NOT NULL DEFAULT 1            -- whether it has to be sent: a service has not
) STRICT;
CREATE INDEX quote_line_quote ON quote_line(quote_id, position);
CREATE INDEX quote_line_product ON quote_line(product_id) WHERE product_id IS NOT NULL;

-- Orders -----------------------------------------------------------------------------------------------------

-- An order; the word itself is taken by SQL. Whether it is paid and delivered follows from payments and shipments.
CREATE TABLE sales_order (
  id            INTEGER PRIMARY KEY,
  no            INTEGER NOT NULL,
  name          TEXT NOT NULL,
  customer_id   INTEGER NOT NULL REFERENCES customer(id),
  contact_id    INTEGER REFERENCES customer(id),    -- null: nobody in particular
  deal_id       INTEGER REFERENCES deal(id),        -- null: of no deal
  quote_id      INTEGER REFERENCES quote(id),       -- null: of no quote
  status        TEXT NOT NULL DEFAULT 'draft',
  currency      TEXT NOT NULL,
  rate          INTEGER,                            -- null: not confirmed, or none known; else frozen, thousand-millionths
  tax           TEXT NOT NULL DEFAULT 'added',      -- added, included
  discount      TEXT NOT NULL DEFAULT '',           -- off the whole: an amount, or percent with their sign
  shipping      INTEGER NOT NULL DEFAULT 0,
  ordered_on    TEXT NOT NULL,
  confirmed_on  TEXT,                               -- null: never confirmed
  due_on        TEXT,                               -- null: nobody said when it is to be paid
  promised_on   TEXT,                               -- null: no day of delivery was promised
  closed_on     TEXT,                               -- null: open; else completed, cancelled or returned since
  reason        TEXT NOT NULL DEFAULT '',           -- why it was cancelled or returned
  owner_id      INTEGER REFERENCES user(id),
  source        TEXT NOT NULL DEFAULT '',
  campaign      TEXT NOT NULL DEFAULT '',
  terms         TEXT NOT NULL DEFAULT '',
  note          TEXT NOT NULL DEFAULT '',
  created_at    INTEGER NOT NULL,
  created_by    INTEGER NOT NULL,
  updated_at    INTEGER NOT NULL,
  updated_by    INTEGER NOT NULL,
  version       INTEGER NOT NULL DEFAULT 1,
  deleted_at    INTEGER,
  -- kept up
  name_key      TEXT NOT NULL DEFAULT '',
  lines         TEXT NOT NULL DEFAULT '',           -- as people write them, one a line
  subtotal      INTEGER NOT NULL DEFAULT 0,
  discount_amount INTEGER NOT NULL DEFAULT 0,
  tax_amount    INTEGER NOT NULL DEFAULT 0,
  total         INTEGER NOT NULL DEFAULT 0,
  total_base    INTEGER,                            -- null: no rate is known
  margin        INTEGER,                            -- null: a cost is not known
  paid          INTEGER NOT NULL DEFAULT 0,         -- confirmed payments less refunds
  balance       INTEGER NOT NULL DEFAULT 0,         -- what is still to come, of an order that counts
  balance_base  INTEGER,                            -- null: no rate is known
  overdue_on    TEXT,                               -- null: nothing is due; else the day of the first unpaid part
  remind_on     TEXT,                               -- null: nothing is due; else the day from which that part is spoken of
  awaited_on    TEXT,                               -- null: nothing was promised, or all has arrived; else the promised day
  payment_status    TEXT NOT NULL DEFAULT 'unpaid',
  fulfilment_status TEXT NOT NULL DEFAULT 'unfulfilled'
) STRICT;
CREATE UNIQUE INDEX sales_order_no ON sales_order(no);
CREATE INDEX sales_order_customer ON sales_order(customer_id);
CREATE INDEX sales_order_contact ON sales_order(contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX sales_order_deal ON sales_order(deal_id) WHERE deal_id IS NOT NULL;
CREATE INDEX sales_order_quote ON sales_order(quote_id) WHERE quote_id IS NOT NULL;
CREATE INDEX sales_order_status ON sales_order(status) WHERE deleted_at IS NULL;
CREATE INDEX sales_order_payment ON sales_order(payment_status) WHERE deleted_at IS NULL;
CREATE INDEX sales_order_fulfilment ON sales_order(fulfilment_status) WHERE deleted_at IS NULL;
CREATE INDEX sales_order_ordered ON sales_order(ordered_on) WHERE deleted_at IS NULL;
CREATE INDEX sales_order_due ON sales_order(due_on) WHERE deleted_at IS NULL;
CREATE INDEX sales_order_total ON sales_order(total_base) WHERE deleted_at IS NULL;
CREATE INDEX sales_order_name ON sales_order(name_key) WHERE deleted_at IS NULL;
CREATE INDEX sales_order_overdue ON sales_order(overdue_on, id, owner_id) WHERE deleted_at IS NULL AND overdue_on IS NOT NULL;
CREATE INDEX sales_order_remind ON sales_order(remind_on, id, owner_id, overdue_on) WHERE deleted_at IS NULL AND remind_on IS NOT NULL;
CREATE INDEX sales_order_awaited ON sales_order(awaited_on, id, owner_id) WHERE deleted_at IS NULL AND awaited_on IS NOT NULL;
-- What is owed, whoever owes it.
CREATE INDEX sales_order_unpaid ON sales_order(customer_id) WHERE deleted_at IS NULL AND payment_status IN ('unpaid', 'partially_paid');
CREATE INDEX sales_order_owner ON sales_order(owner_id);

CREATE TABLE order_line (
  id          INTEGER PRIMARY KEY,
  order_id    INTEGER NOT NULL REFERENCES sales_order(id),
  position    INTEGER NOT NULL,
  product_id  INTEGER REFERENCES product(id),       -- null: a line of free text
  description TEXT NOT NULL DEFAULT '',
  quantity    INTEGER NOT NULL DEFAULT 1000,
  unit        TEXT NOT NULL DEFAULT '',
  unit_price  INTEGER NOT NULL DEFAULT 0,
  discount    INTEGER NOT NULL DEFAULT 0,
  tax_rate    INTEGER NOT NULL DEFAULT 0,
  cost        INTEGER,                              -- null: not known; of one
  is_shipped  INTEGER NOT NULL DEFAULT 1            -- whether it has to be sent: a service has not
) STRICT;
CREATE INDEX order_line_order ON order_line(order_id, position);
CREATE INDEX order_line_product ON order_line(product_id) WHERE product_id IS NOT NULL;

-- A part of an order that is due on a day (回款计划).
CREATE TABLE installment (
  id          INTEGER PRIMARY KEY,
  order_id    INTEGER NOT NULL REFERENCES sales_order(id),
  position    INTEGER NOT NULL,
  due_on      TEXT NOT NULL,
  amount      INTEGER NOT NULL,
  remind_days INTEGER NOT NULL DEFAULT 3,
  note        TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX installment_order ON installment(order_id, position);
CREATE INDEX installment_due ON installment(due_on);

-- Money that came, or went back (a refund), in the currency of the order.
CREATE TABLE payment (
  id             INTEGER PRIMARY KEY,
  order_id       INTEGER NOT NULL REFERENCES sales_order(id),
  installment_id INTEGER REFERENCES installment(id),  -- null: for the part that is due first
  type           TEXT NOT NULL DEFAULT 'payment',   -- payment, refund
  status         TEXT NOT NULL DEFAULT 'confirmed', -- pending, confirmed, failed
  received_on    TEXT NOT NULL,
  amount         INTEGER NOT NULL,                  -- never below nothing
  amount_base    INTEGER,                           -- null: no rate is known; else at the rate of its day
  method         TEXT NOT NULL DEFAULT 'bank_transfer',
  reference      TEXT NOT NULL DEFAULT '',
  note           TEXT NOT NULL DEFAULT '',
  confirmed_by   INTEGER REFERENCES user(id),       -- null: not confirmed
  confirmed_at   INTEGER,                           -- null: not confirmed
  created_at     INTEGER NOT NULL,
  created_by     INTEGER NOT NULL
) STRICT;
CREATE INDEX payment_order ON payment(order_id);
CREATE INDEX payment_installment ON payment(installment_id) WHERE installment_id IS NOT NULL;
CREATE INDEX payment_received ON payment(received_on);

CREATE TABLE shipment (
  id           INTEGER PRIMARY KEY,
  order_id     INTEGER NOT NULL REFERENCES sales_order(id),
  position     INTEGER NOT NULL,
  status       TEXT NOT NULL DEFAULT 'preparing',
  carrier      TEXT NOT NULL DEFAULT '',
  tracking     TEXT NOT NULL DEFAULT '',
  shipped_on   TEXT,                                -- null: still here
  delivered_on TEXT,                                -- null: not there yet
  note         TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX shipment_order ON shipment(order_id, position);
CREATE INDEX shipment_tracking ON shipment(tracking) WHERE tracking <> '';

CREATE TABLE shipment_line (
  id            INTEGER PRIMARY KEY,
  shipment_id   INTEGER NOT NULL REFERENCES shipment(id),
  order_id      INTEGER NOT NULL REFERENCES sales_order(id),
  order_line_id INTEGER NOT NULL REFERENCES order_line(id),
  quantity      INTEGER NOT NULL                    -- thousandths
) STRICT;
CREATE UNIQUE INDEX shipment_line_line ON shipment_line(shipment_id, order_line_id);
CREATE INDEX shipment_line_order ON shipment_line(order_line_id);

-- Views -----------------------------------------------------------------------------------------------------

CREATE VIEW v_quote AS
SELECT 'Q' || q.no AS ref, q.name, 'C' || c.no AS customer_ref, c.name AS customer, 'D' || d.no AS deal_ref, q.revision,
       'Q' || f.no AS version_of_ref, q.status, q.currency, q.subtotal, q.discount_amount, q.tax_amount, q.shipping,
       q.total, q.total_base, q.sent_on, q.valid_until, q.decided_on, q.reason, u.name AS owner,
       strftime('%Y-%m-%dT%H:%M:%SZ', q.created_at / 1000, 'unixepoch') AS created_at
FROM quote AS q
LEFT JOIN customer AS c ON c.id = q.customer_id
LEFT JOIN deal AS d ON d.id = q.deal_id
LEFT JOIN quote AS f ON f.id = q.version_of_id
LEFT JOIN user AS u ON u.id = q.owner_id
WHERE q.deleted_at IS NULL;

-- Amounts are minor units of the quote's currency, quantities thousandths, rates hundredths of a percent.
CREATE VIEW v_quote_line AS
SELECT 'Q' || q.no AS quote_ref, l.position, 'P' || p.no AS product_ref, p.sku, coalesce(p.name, l.description) AS name,
       l.quantity, l.unit, l.unit_price, q.currency, l.discount, l.tax_rate, l.cost
FROM quote_line AS l
JOIN quote AS q ON q.id = l.quote_id
LEFT JOIN product AS p ON p.id = l.product_id
WHERE q.deleted_at IS NULL;

CREATE VIEW v_order AS
SELECT 'O' || o.no AS ref, o.name, 'C' || c.no AS customer_ref, c.name AS customer, 'D' || d.no AS deal_ref,
       'Q' || q.no AS quote_ref, o.status,
       o.payment_status, o.fulfilment_status, o.currency, o.subtotal, o.discount_amount, o.tax_amount, o.shipping,
       o.total, o.total_base, o.paid, o.balance, o.balance_base, o.overdue_on, o.ordered_on, o.confirmed_on, o.due_on,
       o.promised_on, o.closed_on, u.name AS owner, o.source, o.campaign,
       strftime('%Y-%m-%dT%H:%M:%SZ', o.created_at / 1000, 'unixepoch') AS created_at
FROM sales_order AS o
LEFT JOIN customer AS c ON c.id = o.customer_id
LEFT JOIN deal AS d ON d.id = o.deal_id
LEFT JOIN quote AS q ON q.id = o.quote_id
LEFT JOIN user AS u ON u.id = o.owner_id
WHERE o.deleted_at IS NULL;

-- Amounts are minor units of the order's currency, quantities thousandths, rates hundredths of a percent.
CREATE VIEW v_order_line AS
SELECT 'O' || o.no AS order_ref, l.position, 'P' || p.no AS product_ref, p.sku, coalesce(p.name, l.description) AS name,
       l.quantity, l.unit, l.unit_price, o.currency, l.discount, l.tax_rate, l.cost
FROM order_line AS l
JOIN sales_order AS o ON o.id = l.order_id
LEFT JOIN product AS p ON p.id = l.product_id
WHERE o.deleted_at IS NULL;

CREATE VIEW v_payment AS
SELECT 'O' || o.no AS order_ref, p.type, p.status, p.received_on, p.amount, o.currency, p.amount_base, p.method,
       p.reference, u.name AS confirmed_by
FROM payment AS p
JOIN sales_order AS o ON o.id = p.order_id
LEFT JOIN user AS u ON u.id = p.confirmed_by
WHERE o.deleted_at IS NULL;

CREATE VIEW v_shipment AS
SELECT 'O' || o.no AS order_ref, s.position, s.status, s.carrier, s.tracking, s.shipped_on, s.delivered_on
FROM shipment AS s
JOIN sales_order AS o ON o.id = s.order_id
WHERE o.deleted_at IS NULL;
