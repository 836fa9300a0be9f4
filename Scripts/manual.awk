# Puts a page of generate-manual right, for Scripts/manual. Variables: name, of the command.

# Literal text: a reader copies it, so dashes and quotes must not become others.
function literal(text) {
	gsub(/\\/, "\\e", text)
	gsub(/-/, "\\-", text)
	gsub(/'/, "\\(aq", text)
	gsub(/`/, "\\(ga", text)
	gsub(/\^/, "\\(ha", text)
	gsub(/~/, "\\(ti", text)
	return text ~ /^[.]/ ? "\\\&" text : text
}

# Running text: short lines, each sentence on its own.
function running(text,    count, words, i, line) {
	count = split(text, words, / +/)
	line = ""
	for (i = 1; i <= count; i++) {
		if (words[i] == "") continue
		if (line != "" && length(line) + length(words[i]) > 76) {
			put(line)
			line = ""
		}
		line = line == "" ? words[i] : line " " words[i]
		if (words[i] ~ /[A-Za-z0-9)"'*%]([.!?][)"']*|:)$/) {
			put(line)
			line = ""
		}
	}
	if (line != "") put(line)
}

function put(line) {
	# At the beginning of a line these would be requests.
	print line ~ /^[.']/ ? "\\\&" line : line
}

function endLiteral() {
	if (inLiteral) print ".Ed"
	inLiteral = 0
}

# Points in the names of pages and titles become dashes, as man(1) has them.
function dashed(text) {
	gsub(/[.]/, "-", text)
	return text
}

/^[.]Sh "?EXIT STATUS"?/ {
	endLiteral()
	print ".Sh EXIT STATUS"
	print ".Bl -tag -width 6n -compact"
	print ".It 0\nsuccess"
	print ".It 1\nfailure"
	print ".It 2\nwrong usage"
	print ".It 3\nthe answer is no (check)"
	print ".El"
	isSkipping = 1
	next
}
/^[.]Sh / { isSkipping = 0 }
/^[.]Sh "?AUTHORS"?/ { isSkipping = 1 }
isSkipping { next }
/^[.]Dt / { print ".Dt " dashed($2) " " $3; next }
/^[.]Xr / {
	# 'help' has no page.
	if ($2 == name ".help") next
	$2 = dashed($2)
	print
	next
}
/^[.]Nd / {
	sub(/^[.]Nd "?/, "")
	sub(/[.]?"?$/, "")
	print ".Nd " $0
	next
}
# Between the items of a list there is room as it is.
/^[.]Pp$/ { next }
/^[.]/ {
	endLiteral()
	needsParagraph = 0
	print
	next
}
/^$/ {
	needsParagraph = 1
	next
}
/^  / {
	if (!inLiteral) {
		print ".Bd -literal -offset indent"
		inLiteral = 1
	} else if (needsParagraph) {
		print ""
	}
	needsParagraph = 0
	print literal(substr($0, 3))
	next
}
{
	endLiteral()
	if (needsParagraph) print ".Pp"
	needsParagraph = 0
	running($0)
}
END { endLiteral() }
