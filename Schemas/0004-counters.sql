-- The database of dropdb, version 4: the kernel's own counters of loss, for what was lost before it was a packet buffer.

-- Dictionaries ----------------------------------------------------------------------------------------------

-- A counter of one boot: what is counted, and where.
CREATE TABLE counter (
  id INTEGER PRIMARY KEY,
  boot INTEGER NOT NULL REFERENCES boot,
  -- NULL for what the kernel counts for all namespaces together.
  netns INTEGER REFERENCES netns,
  -- 'interface', 'softnet', 'qdisc', 'snmp', 'netstat', 'snmp6'
  source TEXT NOT NULL,
  -- An interface, a CPU, a queueing discipline; NULL for what a whole namespace or host counts.
  scope TEXT,
  name TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX counter_key ON counter (boot, ifnull(netns, 0), source, ifnull(scope, ''), name);

-- What happened ---------------------------------------------------------------------------------------------

-- By how much a counter rose between two looks at it. One that did not rise has no row.
CREATE TABLE rise (
  -- When the first of the two looks was taken, to the second, in nanoseconds since the epoch.
  ts INTEGER NOT NULL CHECK (ts >= 0),
  -- How long after it the second was.
  seconds INTEGER NOT NULL CHECK (seconds > 0),
  counter INTEGER NOT NULL REFERENCES counter,
  delta INTEGER NOT NULL CHECK (delta > 0),
  PRIMARY KEY (ts, seconds, counter)
) STRICT, WITHOUT ROWID;

-- The public views ------------------------------------------------------------------------------------------

CREATE VIEW counters AS
SELECT
  strftime('%Y-%m-%dT%H:%M:%S', rise.ts / 1000000000, 'unixepoch')
    || printf('.%06dZ', rise.ts % 1000000000 / 1000) AS time,
  rise.ts AS ts,
  rise.seconds AS seconds,
  counter.source AS source,
  counter.scope AS scope,
  (SELECT coalesce(name, CAST(inode AS TEXT)) FROM netns WHERE id = counter.netns) AS netns,
  counter.name AS name,
  rise.delta AS delta,
  (SELECT release FROM kernel WHERE id = boot.kernel) AS kernel,
  boot.boot_id AS boot,
  (SELECT name FROM host WHERE id = boot.host) AS host
FROM rise
LEFT JOIN counter ON counter.id = rise.counter
LEFT JOIN boot ON boot.id = counter.boot;
