-- Foreign files, clean data, no duplicates.

-- Duplicates ------------------------------------------------------------------------------------------------

-- Two customers of whom somebody said that they are two, however alike they look. The lower id comes first.
CREATE TABLE not_duplicate (
  id          INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customer(id),
  other_id    INTEGER NOT NULL REFERENCES customer(id)
) STRICT;
CREATE UNIQUE INDEX not_duplicate_pair ON not_duplicate(customer_id, other_id);
CREATE INDEX not_duplicate_other ON not_duplicate(other_id);

-- Forms -----------------------------------------------------------------------------------------------------

-- Imports ---------------------------------------------------------------------------------------------------

-- Privacy ---------------------------------------------------------------------------------------------------
