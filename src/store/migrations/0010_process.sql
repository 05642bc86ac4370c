-- What the stages of a sales process ask of their deals, and what deals did for them.

-- Each is an array of texts in JSON.
ALTER TABLE stage ADD COLUMN required  TEXT NOT NULL DEFAULT '[]'; -- fields that a deal has from this stage on
ALTER TABLE stage ADD COLUMN checklist TEXT NOT NULL DEFAULT '[]'; -- what is to be done before a deal moves on
ALTER TABLE stage ADD COLUMN tasks     TEXT NOT NULL DEFAULT '[]'; -- made when a deal comes in: TYPE: TITLE +DAYSd @USER
ALTER TABLE stage ADD COLUMN next      TEXT NOT NULL DEFAULT '[]'; -- keys of the stages that may follow; empty: any

-- What was ticked off for a deal in a stage, and which tasks the stage made for it.
CREATE TABLE deal_step (
  id       INTEGER PRIMARY KEY,
  deal_id  INTEGER NOT NULL REFERENCES deal(id),
  stage_id INTEGER NOT NULL REFERENCES stage(id),
  type     TEXT NOT NULL,                           -- check, task
  item     TEXT NOT NULL,
  done_at  INTEGER NOT NULL,
  done_by  INTEGER REFERENCES user(id)
) STRICT;
CREATE UNIQUE INDEX deal_step_item ON deal_step(deal_id, stage_id, type, item);
CREATE INDEX deal_step_stage ON deal_step(stage_id);

DROP VIEW v_stage;
CREATE VIEW v_stage AS
SELECT p.key AS pipeline, s.key AS stage, s.position, s.type, s.probability, s.category, s.rot_days,
       s.required, s.checklist, s.tasks, s.next
FROM stage AS s
JOIN pipeline AS p ON p.id = s.pipeline_id
WHERE s.deleted_at IS NULL AND p.deleted_at IS NULL;

CREATE VIEW v_deal_step AS
SELECT 'D' || d.no AS deal_ref, d.name AS deal, p.key AS pipeline, s.key AS stage, x.type, x.item,
       strftime('%Y-%m-%dT%H:%M:%SZ', x.done_at / 1000, 'unixepoch') AS done_at, u.name AS done_by
FROM deal_step AS x
JOIN deal AS d ON d.id = x.deal_id
JOIN stage AS s ON s.id = x.stage_id
JOIN pipeline AS p ON p.id = s.pipeline_id
LEFT JOIN user AS u ON u.id = x.done_by
WHERE d.deleted_at IS NULL;
