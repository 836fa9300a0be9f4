import Foundation
import Testing

/// `Scripts/install` into a folder of its own.
@Suite struct InstallTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
  private static let prelude = """
    set -euo pipefail
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    export DESTDIR=$folder/to
    # Whatever this machine has, but for another dropdb.
    swift=$(dirname "$(command -v swift)")
    mkdir "$folder/pg" "$folder/bin"
    ln -s /usr/bin/* "$folder/bin"
    rm -f "$folder/bin/dropdb"
    PATH=$folder/bin
    [ "$swift" = /usr/bin ] || PATH=$PATH:$swift
    install() { '\(root)'/Scripts/install --prefix /opt/drops "$@"; }
    files() { (cd "$DESTDIR" && find . \\( -type f -o -type l \\) | LC_ALL=C sort); }

    """

  private func shell(_ script: String) throws -> DropDBProcess {
    // The toolchain is where this test found it.
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    let home = ProcessInfo.processInfo.environment["HOME"] ?? "/"
    return try DropDBProcess.shell(Self.prelude + script, environment: ["PATH": path, "HOME": home])
  }

  @Test("Both names, with manuals and completions; all that was installed goes again, and nothing else")
  func both() throws {
    let result = try shell(
      """
      mkdir -p "$DESTDIR/opt/drops/share/man/man1"
      echo other >"$DESTDIR/opt/drops/share/man/man1/other.1"
      install >"$folder/said" 2>"$folder/errors" || { cat "$folder/errors"; exit 1; }
      files
      [ "$(sed -n 's/^installed //p' "$folder/said" | sort)" = "$(sed "s|^|$DESTDIR|" "$DESTDIR/opt/drops/share/skbdropdb/installed" | sort)" ]
      "$DESTDIR/opt/drops/bin/dropdb" query --help >"$folder/short"
      "$DESTDIR/opt/drops/bin/skbdropdb" query --help >"$folder/long"
      grep -q '^  dropdb query --since' "$folder/short"
      grep -q '^  skbdropdb query --since' "$folder/long"
      grep -q '^USAGE: skbdropdb query' "$folder/long"
      ! grep -n '^ *dropdb ' "$folder/long"
      for page in "$DESTDIR"/opt/drops/share/man/man1/*dropdb*.1; do
        groff -ww -mandoc -Tutf8 "$page" 2>&1 >/dev/null
        ! LC_ALL=C grep -nP '[^\\x00-\\x7f]' "$page"
        sed -n 's/^[.]Xr \\([^ ]*\\) 1.*/\\1/p' "$page" | while read -r name; do
          [ -f "$DESTDIR/opt/drops/share/man/man1/$name.1" ] || echo "no $name"
        done
        if command -v mandoc >/dev/null; then mandoc -T lint "$page" | grep -v 'referenced manual not found' || true; fi
      done
      MANWIDTH=200 man -l "$DESTDIR/opt/drops/share/man/man1/dropdb-query.1" >"$folder/page"
      grep -qF '           dropdb query --around "03:10 +-5m" --reason NO_SOCKET --net' "$folder/page"
      grep -qF "cidr_match(saddr, '10.0.0.0/8')" "$folder/page"
      install --uninstall | sed "s|$DESTDIR||" | grep -c '^removed '
      echo left:
      files
      ! install --uninstall 2>"$folder/errors"
      grep -q 'nothing is installed' "$folder/errors"
      """)
    #expect(result.status == 0, "\(result.text)\n\(result.error)")
    let lines = result.text.split(separator: "\n").map(String.init)
    let place = try #require(lines.firstIndex(of: "left:"))
    let files = lines[..<(place - 1)]
    #expect(lines[(place + 1)...] == ["./opt/drops/share/man/man1/other.1"])
    #expect(Int(lines[place - 1]) == files.count - 1)
    for file in [
      "bin/skbdropdb", "bin/dropdb", "share/man/man1/dropdb.1", "share/man/man1/skbdropdb.1",
      "share/man/man1/dropdb-query.1", "share/man/man1/skbdropdb-reasons-diff.1",
      "share/bash-completion/completions/dropdb", "share/zsh/site-functions/_skbdropdb",
      "share/fish/vendor_completions.d/dropdb.fish", "share/skbdropdb/installed",
    ] {
      #expect(files.contains("./opt/drops/\(file)"), "\(file)")
    }
    #expect(files.allSatisfy { $0.hasPrefix("./opt/drops/") }, "\(files)")
  }

  @Test(
    "Where PostgreSQL's dropdb is on the PATH, or a file of that name is there, ours has the long name alone")
  func other() throws {
    let result = try shell(
      """
      printf '#!/bin/sh\\n' >"$folder/pg/dropdb"
      chmod +x "$folder/pg/dropdb"
      mkdir -p "$DESTDIR/opt/drops/bin"
      install >/dev/null 2>"$folder/errors"
      files | grep -v skbdropdb || true
      # It came later.
      PATH=$PATH:$folder/pg install >"$folder/said" 2>"$folder/errors"
      grep -q "there is another: $folder/pg/dropdb" "$folder/errors"
      grep -q "^removed $DESTDIR/opt/drops/bin/dropdb" "$folder/said"
      echo then:
      files | grep -v skbdropdb || true
      printf 'theirs' >"$DESTDIR/opt/drops/bin/dropdb"
      install >/dev/null 2>"$folder/errors"
      grep -q "there is another: $DESTDIR/opt/drops/bin/dropdb" "$folder/errors"
      install --uninstall >/dev/null
      files
      cat "$DESTDIR/opt/drops/bin/dropdb"
      """)
    #expect(result.status == 0, "\(result.text)\n\(result.error)")
    let parts = result.text.components(separatedBy: "then:\n")
    #expect(parts.first?.contains("./opt/drops/bin/dropdb\n") == true)
    #expect(parts.last == "./opt/drops/bin/dropdb\ntheirs")
  }

  @Test(
    "Wrong usage installs nothing",
    arguments: ["--prefix", "--prefix relative", "--prefix /a/../b", "--frce"])
  func usage(arguments: String) throws {
    let result = try shell("'\(Self.root)'/Scripts/install \(arguments) || { echo $?; files 2>/dev/null; }")
    #expect(result.text == "2\n", "\(result.error)")
  }

  @Test(
    "The scripts are sound, says shellcheck",
    .enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/shellcheck")))
  func shellcheck() throws {
    let result = try DropDBProcess.shell("cd '\(Self.root)'/Scripts && shellcheck install manual")
    #expect(result.status == 0, "\(result.text)")
  }
}
