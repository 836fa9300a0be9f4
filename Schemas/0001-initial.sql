-- The database of dropdb, version 1.
--
-- What the tables hold and why they are shaped so stands in Sources/DropStore/DESIGN.md, what the views show
-- in README.md beside this file. The views are the public contract; the tables may change by migration.
--
-- Rows of a dictionary are unique by an index over ifnull(…): SQLite takes two NULLs in a UNIQUE column for
-- different values, and unknown is NULL here.

-- ASCII 'drop': file(1) and our own check tell by it whose database this is.
PRAGMA application_id = 0x64726f70;

-- Where and by whom -----------------------------------------------------------------------------------------

CREATE TABLE host (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  machine_id TEXT
) STRICT;
CREATE UNIQUE INDEX host_key ON host (name, ifnull(machine_id, ''));

-- The release alone does not tell kernels apart: reason numbers change within one release.
CREATE TABLE kernel (
  id INTEGER PRIMARY KEY,
  release TEXT NOT NULL,
  version TEXT NOT NULL,
  machine TEXT NOT NULL,
  btf_hash TEXT
) STRICT;
CREATE UNIQUE INDEX kernel_key ON kernel (release, version, machine, ifnull(btf_hash, ''));

CREATE TABLE boot (
  id INTEGER PRIMARY KEY,
  boot_id TEXT NOT NULL UNIQUE,
  kernel INTEGER NOT NULL REFERENCES kernel,
  host INTEGER NOT NULL REFERENCES host
) STRICT;

-- One run of the program.
CREATE TABLE capture (
  id INTEGER PRIMARY KEY,
  boot INTEGER NOT NULL REFERENCES boot,
  -- Nanoseconds since the epoch, all three.
  started INTEGER NOT NULL,
  -- NULL while it runs, and after a death without goodbye until the next capture closes it at last_seen.
  ended INTEGER,
  -- The end of the newest thing stored.
  last_seen INTEGER NOT NULL,
  program TEXT NOT NULL,
  pid INTEGER NOT NULL,
  -- A JSON object. Not checked here: SQLite 3.40 rejects a schema with JSON functions where it is not trusted.
  options TEXT NOT NULL,
  -- Updated in each commit, so that they always agree with the rows of that commit.
  counted INTEGER NOT NULL DEFAULT 0 CHECK (counted >= 0),
  recorded INTEGER NOT NULL DEFAULT 0 CHECK (recorded >= 0)
) STRICT;

-- What a capture lost altogether. Outlives the rows of loss, as capture.counted outlives those of tally.
CREATE TABLE capture_loss (
  capture INTEGER NOT NULL REFERENCES capture,
  -- A plain word, so that it stands in JSON as it is.
  cause TEXT NOT NULL CHECK (cause NOT GLOB '*[^a-z_]*'),
  packets INTEGER NOT NULL CHECK (packets >= 0),
  PRIMARY KEY (capture, cause)
) STRICT, WITHOUT ROWID;

-- What numbers mean -----------------------------------------------------------------------------------------

-- The kernel's own names for its numbers, read from its BTF. No number has a name without its kernel.
CREATE TABLE reason (
  kernel INTEGER NOT NULL REFERENCES kernel,
  value INTEGER NOT NULL,
  subsystem TEXT NOT NULL,
  name TEXT NOT NULL,
  symbol TEXT NOT NULL,
  -- 1 for a boundary or a mask of the enum: not a reason to drop.
  sentinel INTEGER NOT NULL CHECK (sentinel IN (0, 1)),
  PRIMARY KEY (kernel, value)
) STRICT, WITHOUT ROWID;

-- Names a reason whose own name is unknown at least by where it comes from.
CREATE TABLE subsystem (
  kernel INTEGER NOT NULL REFERENCES kernel,
  -- The high 16 bits of a reason.
  number INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (kernel, number)
) STRICT, WITHOUT ROWID;

-- EtherTypes and IP protocols are assigned once for all (IEEE, IANA), so these two need no kernel.
CREATE TABLE ethertype (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL
) STRICT;
INSERT INTO ethertype VALUES
  (0x0800, 'IPv4'), (0x0806, 'ARP'), (0x86dd, 'IPv6'), (0x8035, 'RARP'), (0x8100, '802.1Q'),
  (0x88a8, '802.1ad'), (0x8847, 'MPLS'), (0x8848, 'MPLS multicast'), (0x8863, 'PPPoE discovery'),
  (0x8864, 'PPPoE'), (0x8809, 'LACP'), (0x888e, 'EAPOL'), (0x88cc, 'LLDP'), (0x88e5, 'MACsec'),
  (0x88f7, 'PTP'), (0x8906, 'FCoE'), (0x8914, 'FIP'), (0x8915, 'RoCE'), (0x894f, 'NSH');

CREATE TABLE ip_protocol (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL
) STRICT;
INSERT INTO ip_protocol VALUES
  (1, 'ICMP'), (2, 'IGMP'), (4, 'IPIP'), (6, 'TCP'), (17, 'UDP'), (33, 'DCCP'), (41, 'IPv6'), (47, 'GRE'),
  (50, 'ESP'), (51, 'AH'), (58, 'ICMPv6'), (88, 'EIGRP'), (89, 'OSPF'), (103, 'PIM'), (112, 'VRRP'),
  (115, 'L2TP'), (132, 'SCTP'), (136, 'UDPLite'), (137, 'MPLS'), (262, 'MPTCP');

-- Dictionaries: whatever repeats is stored once ----------------------------------------------------------------

-- A place in the kernel's text, by symbol: addresses mean nothing after a reboot (KASLR).
CREATE TABLE location (
  id INTEGER PRIMARY KEY,
  -- 'tcp_v4_rcv+0x91', or the address where the kernel does not tell.
  location TEXT NOT NULL,
  symbol TEXT,
  module TEXT
) STRICT;
CREATE UNIQUE INDEX location_key ON location (location, ifnull(module, ''));

-- One frame a line, the innermost first: the same stack of another boot is the same row.
CREATE TABLE stack (
  id INTEGER PRIMARY KEY,
  frames TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE interface (
  id INTEGER PRIMARY KEY,
  ifindex INTEGER,
  name TEXT
) STRICT;
CREATE UNIQUE INDEX interface_key ON interface (ifnull(ifindex, -1), ifnull(name, ''));

-- The number of a namespace may be used again under another name: that is another row.
CREATE TABLE netns (
  id INTEGER PRIMARY KEY,
  boot INTEGER NOT NULL REFERENCES boot,
  inode INTEGER NOT NULL,
  name TEXT
) STRICT;
CREATE UNIQUE INDEX netns_key ON netns (boot, inode, ifnull(name, ''));

CREATE TABLE cgroup (
  id INTEGER PRIMARY KEY,
  boot INTEGER NOT NULL REFERENCES boot,
  inode INTEGER NOT NULL,
  path TEXT
) STRICT;
CREATE UNIQUE INDEX cgroup_key ON cgroup (boot, inode, ifnull(path, ''));

-- The running task.
CREATE TABLE task (
  id INTEGER PRIMARY KEY,
  boot INTEGER NOT NULL REFERENCES boot,
  pid INTEGER NOT NULL,
  comm TEXT
) STRICT;
CREATE UNIQUE INDEX task_key ON task (boot, pid, ifnull(comm, ''));

-- What headers and socket say. Found again by fingerprint, a 32-bit hash of all other columns: a UNIQUE index
-- over them would make the largest dictionary twice as large. The writer, of which there is one, compares the
-- columns and keeps the rows unique.
CREATE TABLE flow (
  id INTEGER PRIMARY KEY,
  fingerprint INTEGER NOT NULL,
  transport INTEGER,
  -- Addresses are text so that any client reads them.
  saddr TEXT,
  sport INTEGER,
  daddr TEXT,
  dport INTEGER,
  icmp_type INTEGER,
  icmp_code INTEGER,
  tcp_flags INTEGER,
  vlan INTEGER,
  mark INTEGER,
  uid INTEGER,
  cgroup INTEGER REFERENCES cgroup
) STRICT;
CREATE INDEX flow_fingerprint ON flow (fingerprint);

-- What the kernel counts by.
CREATE TABLE site (
  id INTEGER PRIMARY KEY,
  boot INTEGER NOT NULL REFERENCES boot,
  -- The number the kernel gave; its name is in reason, under the kernel of the boot.
  reason INTEGER,
  location INTEGER REFERENCES location,
  interface INTEGER REFERENCES interface,
  netns INTEGER REFERENCES netns,
  -- EtherType.
  protocol INTEGER,
  origin TEXT NOT NULL CHECK (origin IN ('software', 'hardware'))
) STRICT;
CREATE UNIQUE INDEX site_key ON site (
  boot, ifnull(reason, -1), ifnull(location, 0), ifnull(interface, 0), ifnull(netns, 0), ifnull(protocol, -1),
  origin
);

-- How a site was reached.
CREATE TABLE path (
  id INTEGER PRIMARY KEY,
  site INTEGER NOT NULL REFERENCES site,
  stack INTEGER REFERENCES stack,
  context TEXT CHECK (context IN ('task', 'softirq', 'hardirq', 'nmi'))
) STRICT;
CREATE UNIQUE INDEX path_key ON path (site, ifnull(stack, 0), ifnull(context, ''));

-- What happened ------------------------------------------------------------------------------------------------

-- One recorded drop. Narrow, because there are so many; time is the key, so a range of time is one scan and
-- needs no index, and old events leave by one range delete.
CREATE TABLE event (
  -- Nanoseconds since the epoch; a drop at a time already taken stands 1 ns later.
  time INTEGER PRIMARY KEY CHECK (time >= 0),
  path INTEGER NOT NULL REFERENCES path,
  flow INTEGER NOT NULL REFERENCES flow,
  task INTEGER NOT NULL REFERENCES task,
  length INTEGER,
  cpu INTEGER NOT NULL
) STRICT;

-- All drops, exactly. In the order of time, so that a range of time is one scan here too.
CREATE TABLE tally (
  -- The beginning of the bucket in nanoseconds since the epoch, so that views compare it as it stands.
  ts INTEGER NOT NULL CHECK (ts >= 0),
  -- The width of the bucket.
  seconds INTEGER NOT NULL DEFAULT 60 CHECK (seconds > 0),
  site INTEGER NOT NULL REFERENCES site,
  packets INTEGER NOT NULL CHECK (packets >= 0),
  bytes INTEGER NOT NULL CHECK (bytes >= 0),
  -- How many of the packets are or were rows of event.
  recorded INTEGER NOT NULL DEFAULT 0 CHECK (recorded >= 0),
  PRIMARY KEY (ts, seconds, site)
) STRICT, WITHOUT ROWID;

-- Drops that were counted and not recorded.
CREATE TABLE loss (
  -- The beginning of the second in which it was noticed, in nanoseconds since the epoch.
  ts INTEGER NOT NULL CHECK (ts >= 0),
  capture INTEGER NOT NULL REFERENCES capture,
  cause TEXT NOT NULL,
  packets INTEGER NOT NULL CHECK (packets >= 0),
  PRIMARY KEY (ts, capture, cause)
) STRICT, WITHOUT ROWID;

-- The public views ---------------------------------------------------------------------------------------------
--
-- Joins are LEFT JOINs on a unique key: so the table in the order of time is the outermost, and a range of ts is a
-- range of its key. What only names a number is a subquery, which costs nothing where nobody asks for the name.

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
  (SELECT name FROM host WHERE id = boot.host) AS host
FROM event
LEFT JOIN path ON path.id = event.path
LEFT JOIN site ON site.id = path.site
LEFT JOIN boot ON boot.id = site.boot
LEFT JOIN flow ON flow.id = event.flow;

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
  (SELECT name FROM host WHERE id = boot.host) AS host
FROM tally
LEFT JOIN site ON site.id = tally.site
LEFT JOIN boot ON boot.id = site.boot;

CREATE VIEW stacks AS
SELECT stack.id AS id, stack.frames AS frames
FROM stack;

CREATE VIEW reasons AS
SELECT
  kernel.release AS kernel,
  reason.value AS value,
  reason.subsystem AS subsystem,
  reason.name AS name,
  reason.symbol AS symbol,
  reason.sentinel AS sentinel,
  kernel.version AS kernel_version,
  kernel.btf_hash AS btf
FROM reason
LEFT JOIN kernel ON kernel.id = reason.kernel;

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
  (SELECT ifnull(sum(packets), 0) FROM capture_loss WHERE capture_loss.capture = capture.id) AS lost,
  -- Not json_group_object: SQLite 3.40 does not let views use JSON functions where the schema is not trusted.
  (SELECT '{' || ifnull(group_concat('"' || cause || '":' || packets, ','), '') || '}'
    FROM capture_loss WHERE capture_loss.capture = capture.id) AS lost_by_cause,
  capture.started AS start_ts,
  capture.ended AS end_ts,
  capture.last_seen AS last_seen_ts,
  host.machine_id AS machine_id,
  kernel.version AS kernel_version,
  kernel.machine AS machine,
  kernel.btf_hash AS btf
FROM capture
LEFT JOIN boot ON boot.id = capture.boot
LEFT JOIN kernel ON kernel.id = boot.kernel
LEFT JOIN host ON host.id = boot.host;

CREATE VIEW losses AS
SELECT
  strftime('%Y-%m-%dT%H:%M:%S', loss.ts / 1000000000, 'unixepoch')
    || printf('.%06dZ', loss.ts % 1000000000 / 1000) AS time,
  loss.ts AS ts,
  1 AS seconds,
  loss.cause AS cause,
  loss.packets AS packets,
  loss.capture AS capture
FROM loss;
