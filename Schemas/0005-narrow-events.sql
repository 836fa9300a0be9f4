-- The database of dropdb, version 5: narrower events, and NULL where an import was not told.
--
-- The rows of event are the only ones that are written anew, in the place of the old ones: by Swift
-- (Sources/DropStore/Writing/EventMove.swift), thousands at a time, so that the file hardly grows meanwhile.

-- Dictionaries ----------------------------------------------------------------------------------------------

-- What refers to the tables by name refers to the new ones.
PRAGMA legacy_alter_table = ON;
ALTER TABLE task RENAME TO task_of_4;
ALTER TABLE event RENAME TO event_of_4;
PRAGMA legacy_alter_table = OFF;
DROP INDEX task_key;

-- Who ran, and on which CPU. What is idle or interrupts is one task for each CPU anyway, and others stay on few.
CREATE TABLE task (
  id INTEGER PRIMARY KEY,
  boot INTEGER NOT NULL REFERENCES boot,
  -- NULL where an import was not told, as cpu is.
  pid INTEGER,
  comm TEXT,
  cpu INTEGER
) STRICT;
CREATE UNIQUE INDEX task_key ON task (boot, ifnull(pid, -1), ifnull(comm, ''), ifnull(cpu, -1));

-- What happened ---------------------------------------------------------------------------------------------

-- One recorded drop, as in version 1 but for its CPU.
CREATE TABLE event (
  -- Nanoseconds since the epoch; a drop at a time already taken stands 1 ns later.
  time INTEGER PRIMARY KEY CHECK (time >= 0),
  path INTEGER NOT NULL REFERENCES path,
  flow INTEGER NOT NULL REFERENCES flow,
  task INTEGER NOT NULL REFERENCES task,
  length INTEGER,
  -- The 32 bits of the sequence number taken as a signed number, which SQLite stores in four bytes rather than six.
  tcp_seq INTEGER
) STRICT;

-- The public views ------------------------------------------------------------------------------------------

DROP VIEW drops;
CREATE VIEW drops AS
SELECT
  strftime('%Y-%m-%dT%H:%M:%S', event.time / 1000000000, 'unixepoch')
    || printf('.%06dZ', event.time % 1000000000 / 1000) AS time,
  event.time AS ts,
  coalesce(
    (SELECT name FROM reason WHERE kernel = boot.kernel AND value = site.reason),
    coalesce(
      (SELECT name FROM subsystem WHERE kernel = boot.kernel AND number = site.reason >> 16),
      site.reason >> 16)
      || ':' || (site.reason & 65535)) AS reason,
  coalesce(
    (SELECT subsystem FROM reason WHERE kernel = boot.kernel AND value = site.reason),
    (SELECT name FROM subsystem WHERE kernel = boot.kernel AND number = site.reason >> 16),
    CAST(site.reason >> 16 AS TEXT)) AS subsystem,
  -- What an import knows by its name alone has a number beyond the kernel's 32 bits.
  iif(site.reason >> 32, NULL, site.reason) AS reason_value,
  (SELECT location FROM location WHERE id = site.location) AS location,
  (SELECT symbol FROM location WHERE id = site.location) AS symbol,
  (SELECT module FROM location WHERE id = site.location) AS module,
  coalesce(
    (SELECT name FROM ethertype WHERE number = site.protocol),
    iif(site.protocol IS NULL, NULL, printf('0x%04x', site.protocol))) AS protocol,
  coalesce(
    (SELECT name FROM ip_protocol WHERE number = flow.transport),
    CAST(flow.transport AS TEXT)) AS transport,
  flow.saddr AS saddr,
  flow.sport AS sport,
  flow.daddr AS daddr,
  flow.dport AS dport,
  flow.icmp_type AS icmp_type,
  flow.icmp_code AS icmp_code,
  CASE
    WHEN flow.tcp_flags = 0 THEN 'none'
    WHEN flow.tcp_flags > 0 THEN substr(
      iif(flow.tcp_flags & 1, '|FIN', '') || iif(flow.tcp_flags & 2, '|SYN', '')
        || iif(flow.tcp_flags & 4, '|RST', '') || iif(flow.tcp_flags & 8, '|PSH', '')
        || iif(flow.tcp_flags & 16, '|ACK', '') || iif(flow.tcp_flags & 32, '|URG', '')
        || iif(flow.tcp_flags & 64, '|ECE', '') || iif(flow.tcp_flags & 128, '|CWR', ''),
      2)
  END AS tcp_flags,
  flow.vlan AS vlan,
  event.length AS length,
  (SELECT name FROM interface WHERE id = site.interface) AS interface,
  (SELECT ifindex FROM interface WHERE id = site.interface) AS ifindex,
  (SELECT coalesce(name, CAST(inode AS TEXT)) FROM netns WHERE id = site.netns) AS netns,
  (SELECT pid FROM task WHERE id = event.task) AS pid,
  (SELECT comm FROM task WHERE id = event.task) AS comm,
  path.context AS context,
  (SELECT coalesce(path, CAST(inode AS TEXT)) FROM cgroup WHERE id = flow.cgroup) AS cgroup,
  flow.uid AS uid,
  flow.mark AS mark,
  (SELECT cpu FROM task WHERE id = event.task) AS cpu,
  site.origin AS origin,
  path.stack AS stack,
  (SELECT release FROM kernel WHERE id = boot.kernel) AS kernel,
  boot.boot_id AS boot,
  (SELECT name FROM host WHERE id = boot.host) AS host,
  CASE flow.arp_op WHEN 1 THEN 'request' WHEN 2 THEN 'reply' ELSE CAST(flow.arp_op AS TEXT) END AS arp_op,
  CASE flow.fragment WHEN 0 THEN 'first' WHEN 1 THEN 'later' END AS fragment,
  CASE flow.direction WHEN 0 THEN 'received' WHEN 1 THEN 'sent' END AS direction,
  flow.cookie AS cookie,
  event.tcp_seq & 4294967295 AS tcp_seq,
  (SELECT
    CASE encapsulation
      WHEN 0 THEN 'ICMP error' WHEN 1 THEN 'IPIP' WHEN 2 THEN 'GRE' WHEN 3 THEN 'VXLAN' WHEN 4 THEN 'Geneve'
    END FROM inner_flow WHERE id = flow.inner_flow) AS encapsulation,
  (SELECT tunnel_id FROM inner_flow WHERE id = flow.inner_flow) AS tunnel_id,
  (SELECT
    coalesce((SELECT name FROM ip_protocol WHERE number = inner_flow.transport), CAST(transport AS TEXT))
    FROM inner_flow WHERE id = flow.inner_flow) AS inner_transport,
  (SELECT saddr FROM inner_flow WHERE id = flow.inner_flow) AS inner_saddr,
  (SELECT sport FROM inner_flow WHERE id = flow.inner_flow) AS inner_sport,
  (SELECT daddr FROM inner_flow WHERE id = flow.inner_flow) AS inner_daddr,
  (SELECT dport FROM inner_flow WHERE id = flow.inner_flow) AS inner_dport,
  (SELECT name FROM trap WHERE id = site.trap) AS trap,
  (SELECT trap_group FROM trap WHERE id = site.trap) AS trap_group,
  (SELECT routine FROM reason WHERE kernel = boot.kernel AND value = site.reason) AS routine
FROM event
LEFT JOIN path ON path.id = event.path
LEFT JOIN site ON site.id = path.site
LEFT JOIN boot ON boot.id = site.boot
LEFT JOIN flow ON flow.id = event.flow;

DROP VIEW reasons;
CREATE VIEW reasons AS
SELECT
  kernel.release AS kernel,
  iif(reason.value >> 32, NULL, reason.value) AS value,
  reason.subsystem AS subsystem,
  reason.name AS name,
  reason.symbol AS symbol,
  reason.sentinel AS sentinel,
  kernel.version AS kernel_version,
  kernel.btf_hash AS btf,
  reason.routine AS routine
FROM reason
LEFT JOIN kernel ON kernel.id = reason.kernel;

DROP VIEW captures;
CREATE VIEW captures AS
SELECT
  capture.id AS id,
  strftime('%Y-%m-%dT%H:%M:%S', capture.started / 1000000000, 'unixepoch')
    || printf('.%06dZ', capture.started % 1000000000 / 1000) AS start,
  strftime('%Y-%m-%dT%H:%M:%S', capture.ended / 1000000000, 'unixepoch')
    || printf('.%06dZ', capture.ended % 1000000000 / 1000) AS "end",
  host.name AS host,
  kernel.release AS kernel,
  boot.boot_id AS boot,
  capture.program AS program,
  -- An import is no process of its own.
  nullif(capture.pid, -1) AS pid,
  capture.options AS options,
  capture.counted AS counted,
  capture.recorded AS recorded,
  -- Of a cause that is not known here, it is not known that it was intended: lost.
  (SELECT ifnull(sum(packets), 0) FROM capture_loss
    WHERE capture_loss.capture = capture.id AND cause NOT IN ('sampled', 'filtered')) AS lost,
  -- Not json_group_object: SQLite 3.40 does not let views use JSON functions where the schema is not trusted.
  (SELECT '{' || ifnull(group_concat('"' || cause || '":' || packets, ','), '') || '}'
    FROM capture_loss WHERE capture_loss.capture = capture.id) AS lost_by_cause,
  capture.started AS start_ts,
  capture.ended AS end_ts,
  capture.last_seen AS last_seen_ts,
  host.machine_id AS machine_id,
  kernel.version AS kernel_version,
  kernel.machine AS machine,
  kernel.btf_hash AS btf,
  (SELECT ifnull(sum(packets), 0) FROM capture_loss
    WHERE capture_loss.capture = capture.id AND cause IN ('sampled', 'filtered')) AS left_out
FROM capture
LEFT JOIN boot ON boot.id = capture.boot
LEFT JOIN kernel ON kernel.id = boot.kernel
LEFT JOIN host ON host.id = boot.host;
