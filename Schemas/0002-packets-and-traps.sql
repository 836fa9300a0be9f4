-- The database of dropdb, version 2: what a packet carries inside, its first bytes, hardware traps, and drops left
-- out on purpose.
--
-- Columns are only added, and only ones that may be NULL: rows that are there stay as they are, so a large database
-- is migrated without being written again. Enumerations are small integers here, because 0 and 1 take no room in a row.

-- What numbers mean -----------------------------------------------------------------------------------------

-- 1 for a reason that belongs to normal life, 0 for another; NULL where the capture that entered it could not tell.
ALTER TABLE reason ADD COLUMN routine INTEGER CHECK (routine IN (0, 1));

-- Dictionaries ----------------------------------------------------------------------------------------------

-- A trap by which a device drops (devlink), by name: its number means nothing after a reboot.
CREATE TABLE trap (
  id INTEGER PRIMARY KEY,
  -- 'blackhole_route', or the number where no name was announced.
  name TEXT NOT NULL,
  trap_group TEXT
) STRICT;
CREATE UNIQUE INDEX trap_key ON trap (name, ifnull(trap_group, ''));

ALTER TABLE site ADD COLUMN trap INTEGER REFERENCES trap;
DROP INDEX site_key;
CREATE UNIQUE INDEX site_key ON site (
  boot, ifnull(reason, -1), ifnull(location, 0), ifnull(interface, 0), ifnull(netns, 0), ifnull(protocol, -1),
  origin, ifnull(trap, 0)
);

-- The packet inside another. Found again by fingerprint and kept unique by the writer, as flow is.
CREATE TABLE inner_flow (
  id INTEGER PRIMARY KEY,
  fingerprint INTEGER NOT NULL,
  -- ICMP error, IPIP, GRE, VXLAN, Geneve.
  encapsulation INTEGER NOT NULL CHECK (encapsulation BETWEEN 0 AND 4),
  tunnel_id INTEGER,
  transport INTEGER,
  saddr TEXT,
  sport INTEGER,
  daddr TEXT,
  dport INTEGER
) STRICT;
CREATE INDEX inner_flow_fingerprint ON inner_flow (fingerprint);

-- The fingerprint of a flow that has none of these is what it was before there were any.
ALTER TABLE flow ADD COLUMN arp_op INTEGER;
-- The first (0), or a later one (1).
ALTER TABLE flow ADD COLUMN fragment INTEGER CHECK (fragment IN (0, 1));
-- Received (0), or sent (1).
ALTER TABLE flow ADD COLUMN direction INTEGER CHECK (direction IN (0, 1));
-- The socket's, of 64 bits without a sign: what is beyond 2^63 reads as negative.
ALTER TABLE flow ADD COLUMN cookie INTEGER;
ALTER TABLE flow ADD COLUMN inner_flow INTEGER REFERENCES inner_flow;

-- What happened ---------------------------------------------------------------------------------------------

-- The 32 bits of the sequence number taken as a signed number, which SQLite stores in four bytes rather than six.
ALTER TABLE event ADD COLUMN tcp_seq INTEGER;

-- The first bytes of packets, apart from event, so that events stay narrow and a range of them is read without these.
CREATE TABLE packet (
  -- The time of its event; the two leave together.
  time INTEGER PRIMARY KEY REFERENCES event ON DELETE CASCADE,
  -- What the bytes begin with, as pcap numbers it (https://www.tcpdump.org/linktypes.html).
  link INTEGER NOT NULL,
  -- How many of the bytes lie before the network header.
  network_offset INTEGER NOT NULL CHECK (network_offset >= 0),
  bytes BLOB NOT NULL
) STRICT;

-- The public views ------------------------------------------------------------------------------------------
--
-- New columns stand at the end of each, so that the others keep their places.

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
  site.reason AS reason_value,
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
  event.cpu AS cpu,
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

DROP VIEW tallies;
CREATE VIEW tallies AS
SELECT
  strftime('%Y-%m-%dT%H:%M:%S', tally.ts / 1000000000, 'unixepoch')
    || printf('.%06dZ', tally.ts % 1000000000 / 1000) AS time,
  tally.ts AS ts,
  tally.seconds AS seconds,
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
  (SELECT location FROM location WHERE id = site.location) AS location,
  coalesce(
    (SELECT name FROM ethertype WHERE number = site.protocol),
    iif(site.protocol IS NULL, NULL, printf('0x%04x', site.protocol))) AS protocol,
  (SELECT name FROM interface WHERE id = site.interface) AS interface,
  (SELECT coalesce(name, CAST(inode AS TEXT)) FROM netns WHERE id = site.netns) AS netns,
  tally.packets AS packets,
  tally.bytes AS bytes,
  tally.recorded AS recorded,
  (SELECT release FROM kernel WHERE id = boot.kernel) AS kernel,
  boot.boot_id AS boot,
  (SELECT name FROM host WHERE id = boot.host) AS host,
  site.origin AS origin,
  (SELECT name FROM trap WHERE id = site.trap) AS trap,
  (SELECT routine FROM reason WHERE kernel = boot.kernel AND value = site.reason) AS routine
FROM tally
LEFT JOIN site ON site.id = tally.site
LEFT JOIN boot ON boot.id = site.boot;

DROP VIEW reasons;
CREATE VIEW reasons AS
SELECT
  kernel.release AS kernel,
  reason.value AS value,
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
  capture.pid AS pid,
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

CREATE VIEW packets AS
SELECT
  strftime('%Y-%m-%dT%H:%M:%S', packet.time / 1000000000, 'unixepoch')
    || printf('.%06dZ', packet.time % 1000000000 / 1000) AS time,
  packet.time AS ts,
  CASE packet.link WHEN 1 THEN 'Ethernet' WHEN 101 THEN 'IP' ELSE CAST(packet.link AS TEXT) END AS link,
  packet.link AS link_type,
  packet.network_offset AS network_offset,
  packet.bytes AS bytes,
  packet.network_offset + (SELECT length FROM event WHERE time = packet.time) AS length
FROM packet;
