-- The journal of a run over folders. Times are UTC; seconds are of wall time. See docs/bulk.md.

-- Each start of the program over this journal.
CREATE TABLE runs (
  run INTEGER PRIMARY KEY,
  began TEXT NOT NULL,
  ended TEXT,                 -- NULL while it goes on, and where it was cut short
  program TEXT NOT NULL,      -- version of the program
  tool TEXT NOT NULL,         -- recognisers, models and data, as in the reports (JSON)
  options TEXT NOT NULL,      -- how pages were read and results written (JSON)
  exit INTEGER                -- the exit code
);

-- Each file that was ever found, by its absolute path (a BLOB where it is not UTF-8).
CREATE TABLE inputs (
  path NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,         -- of its results in the folder, without ending
  folded TEXT,                -- the name in small letters; NULL before it is settled
  size INTEGER NOT NULL,
  modified INTEGER NOT NULL,  -- nanoseconds since 1970
  run INTEGER NOT NULL,       -- that found it last
  state TEXT NOT NULL,        -- settling (may still be written), waiting, done, failed (before its content was known),
                              -- elsewhere (another shard's)
  attempts INTEGER NOT NULL DEFAULT 0,
  document INTEGER,           -- its content; NULL before that is known
  recipe TEXT,                -- what its results were made with
  products TEXT,              -- what the names of its results end in (JSON array of text)
  products_bytes INTEGER,
  error TEXT                  -- why it failed (JSON)
) WITHOUT ROWID;
CREATE INDEX inputs_folded ON inputs (folded);
CREATE INDEX inputs_document ON inputs (document);

-- Each content, whatever files hold it.
CREATE TABLE documents (
  document INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE,
  bytes INTEGER NOT NULL,
  pages INTEGER,              -- NULL where it could not be opened
  opened TEXT,                -- remarks made when it was opened (JSON)
  state TEXT NOT NULL,        -- open, read, partly, failed
  recipe TEXT,                -- what its state was found with
  seconds REAL,               -- to restore, extract and write it, its pages apart
  error TEXT,                 -- why it failed (JSON)
  failed_checks INTEGER NOT NULL DEFAULT 0,
  warnings INTEGER NOT NULL DEFAULT 0,
  score REAL NOT NULL DEFAULT 0, -- how much a person should look at it, from 0 to 1
  reasons TEXT                -- why (JSON array of text)
);

-- Each page that was seen.
CREATE TABLE pages (
  document INTEGER NOT NULL,
  page INTEGER NOT NULL,
  state TEXT NOT NULL,        -- seen, failed
  recipe TEXT NOT NULL,       -- what it was seen with
  attempts INTEGER NOT NULL,
  seconds REAL NOT NULL,      -- of the last attempt
  kind TEXT,                  -- of the error
  error TEXT,
  PRIMARY KEY (document, page)
) WITHOUT ROWID;

-- What was on it, so that it need not be seen again: JSON, compressed (zstd).
CREATE TABLE outcomes (
  document INTEGER NOT NULL,
  page INTEGER NOT NULL,
  outcome BLOB NOT NULL,
  PRIMARY KEY (document, page)
);
