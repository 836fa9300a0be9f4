/// When output harms nobody who looks at it or reads it by program.
enum HarmlessOutput {
  /// A Python program that looks at all files of a folder, judged by what their names end in.
  ///
  /// Unicode's categories, the CSV, XML, HTML and JSON parsers are Python's.
  static let check = #"""
    import csv, html.parser, io, json, os, re, sys, unicodedata, xml.etree.ElementTree

    ELEMENTS = set("html head meta title style body main header footer section article h1 h2 h3 h4 p ul ol li dl dt dd "
                   "table thead tbody tr th td div span code pre strong em b small br hr figure figcaption details summary "
                   "svg g path rect line text tspan desc polyline polygon circle time".split())

    class Page(html.parser.HTMLParser):
        def handle_starttag(self, tag, attributes):
            assert tag in ELEMENTS, f"element {tag}"
            for name, value in attributes:
                assert not name.startswith("on") and name not in {"href", "src", "xlink:href", "action"}, f"attribute {name}"

    def formula(cell):
        if not cell or cell[0] not in "=+-@\t\r": return False
        try: float(cell)
        except ValueError: return True
        return False

    def table(rows):
        for row in rows:
            assert len(row) == len(rows[0]), f"{len(row)} cells, not {len(rows[0])}: {row}"
            for cell in row: assert not formula(cell), f"formula {cell!r}"

    def cells(line):
        # Cells of a row in Markdown: a backslash takes the character after it.
        return len(re.sub(r"\\.", "", line).split("|"))

    def judge(text, form):
        if form == "csv": text = text.replace("\r\n", "\n")
        allowed = "\n\t" if form == "tsv" else "\n"
        for index, character in enumerate(text):
            if unicodedata.category(character) in {"Cc", "Cf", "Zl", "Zp", "Cs"} and character not in allowed:
                raise AssertionError(f"character {character!r} after {text[max(index - 40, 0):index]!r}")
        if form in {"json", "jsonl", "html", "svg"}: assert "<script" not in text.lower(), "a script"
        if form == "json":
            json.loads(text)
        elif form == "jsonl":
            for line in text.splitlines(): assert isinstance(json.loads(line), dict), line
        elif form == "csv":
            table(list(csv.reader(io.StringIO(text, newline=""), strict=True)))
        elif form == "tsv":
            table([line.split("\t") for line in text.split("\n")[:-1]])
        elif form == "svg":
            for element in xml.etree.ElementTree.fromstring(text).iter():
                assert element.tag.rpartition("}")[2] in ELEMENTS, element.tag
                assert not any(name.startswith("on") or name.endswith("href") for name in element.attrib), element.attrib
        elif form == "html":
            page = Page()
            page.feed(text)
            page.close()
        elif form == "markdown":
            plain = re.sub(r"`[^`\n]*`", "", re.sub(r"\\.", "", text))
            assert "<" not in re.sub(r"<br>", "", plain), plain[max(plain.find("<") - 40, 0):][:80]
            previous = None
            for line in text.split("\n"):
                if line.startswith("|"):
                    assert previous in {None, cells(line)}, f"other cells: {line}"
                    previous = cells(line)
                else:
                    previous = None

    count = 0
    for name in sorted(os.listdir(sys.argv[1])):
        form = name.rpartition(".")[2]
        data = open(os.path.join(sys.argv[1], name), "rb").read()
        try:
            if form == "pcapng":
                assert b"\x1b" not in data and b"\xc2\x9b" not in data, "an escape in a comment"
            else:
                judge(data.decode("utf-8"), form)
            count += 1
        except Exception as error:
            print(f"{name}: {error}")
            sys.exit(1)
    print(count, "harmless")
    """#

  /// What the check must find, by the format it is of.
  static let harmful = [
    ("table", "a\u{1b}[2Jb\n"), ("text", "a\rb\n"), ("text", "\u{9b}2J"), ("table", "\u{202e}a\n"),
    ("table", "a\tb\n"), ("text", "a\u{2028}b"), ("error", "\u{7}"),
    ("json", "[\"<script>\"]"), ("json", "[1"), ("jsonl", "{}\n[]\n"),
    ("csv", "a,b\r\n1\r\n"), ("csv", "a\r\n=1\r\n"), ("csv", "a\r\n\"x\r\n"), ("csv", "a\r\n-x\r\n"),
    ("tsv", "a\tb\n1\t2\t3\n"), ("tsv", "a\n+x\n"),
    ("markdown", "| a |\n| - |\n| b | c |\n"), ("markdown", "# <b>\n"),
    ("html", "<p><script>x</script>"), ("html", "<p onclick=x>"), ("html", "<img src=x>"),
    ("svg", "<svg><a href='x'/></svg>"), ("svg", "<svg>"), ("pcapng", "x\u{1b}"),
  ]
}
