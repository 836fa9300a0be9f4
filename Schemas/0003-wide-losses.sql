-- The database of dropdb, version 3: losses become coarse with age, as tallies do.

-- What happened ---------------------------------------------------------------------------------------------

-- The width of the bucket. Not part of the key: what is noted for the first second of a bucket later is added to it.
ALTER TABLE loss ADD COLUMN seconds INTEGER NOT NULL DEFAULT 1 CHECK (seconds > 0);

-- The public views ------------------------------------------------------------------------------------------

DROP VIEW losses;
CREATE VIEW losses AS
SELECT
  strftime('%Y-%m-%dT%H:%M:%S', loss.ts / 1000000000, 'unixepoch')
    || printf('.%06dZ', loss.ts % 1000000000 / 1000) AS time,
  loss.ts AS ts,
  loss.seconds AS seconds,
  loss.cause AS cause,
  loss.packets AS packets,
  loss.capture AS capture
FROM loss;
