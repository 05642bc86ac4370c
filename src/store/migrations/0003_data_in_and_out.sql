-- Foreign files, clean data, no duplicates.

-- Duplicates ------------------------------------------------------------------------------------------------

-- Forms -----------------------------------------------------------------------------------------------------

-- Imports ---------------------------------------------------------------------------------------------------

-- Privacy ---------------------------------------------------------------------------------------------------

-- Folders of cards and entries ------------------------------------------------------------------------------

-- What a folder that is kept in step looked like when it was last; as a cursor, no business data and not logged.
CREATE TABLE vdir_item (
  folder    TEXT NOT NULL,
  name      TEXT NOT NULL,
  noun      TEXT NOT NULL,
  record_id INTEGER NOT NULL,
  -- What the record said, and a mark of the bytes of the file. A file that belongs to no record says nothing.
  ours      TEXT NOT NULL,
  theirs    TEXT NOT NULL,
  PRIMARY KEY (folder, name)
) STRICT, WITHOUT ROWID;
