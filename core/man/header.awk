# header.awk: a public header of core as a page of the manual (mdoc).
#
#   awk -v page=tusk_db -v date="..." -f header.awk db.h >tusk_db.3
#
# The header is the one source: its first comment becomes the description, its types
# are shown as they stand, and each block above a prototype becomes a section.
function text(s) { # one line of text as roff
	gsub(/\\/, "\\e", s)
	if (s ~ /^[.']/)
		s = "\\\&" s
	return s
}
function sentences(s,    r) { # each begins on a line of its own, as roff wants it
	while (match(s, /[.:] [A-Z]/)) {
		r = r text(substr(s, 1, RSTART)) "\n"
		s = substr(s, RSTART + 2)
	}
	return r text(s)
}
function prose(s,    n, i, line, open) { # lines of a comment: indented ones are shown as they are
	n = split(s, line, "\n")
	for (i = 1; i <= n; i++) {
		if (line[i] ~ /^(\t|  +)/ && !open) { out = out ".Bd -literal -compact\n"; open = 1 }
		if (line[i] !~ /^(\t|  +)/ && open && line[i] != "") { out = out ".Ed\n"; open = 0 }
		if (line[i] == "")
			out = out (open ? "\n" : (i < n ? ".Pp\n" : ""))
		else
			out = out (open ? text(line[i]) : sentences(line[i])) "\n"
	}
	if (open)
		out = out ".Ed\n"
}
function block(doc,    n, i, line, list, words, rest, body) { # a doc block: text, then its list
	n = split(doc, line, "\n")
	body = ""
	for (i = 1; i <= n; i++) {
		if (match(line[i], /^[a-z_0-9]+(, [a-z_0-9]+)*  +[^ ]/)) {
			if (!list) { sub(/\n+$/, "", body); prose(body); out = out ".Bl -tag -width Ds\n"; list = 1 }
			words = line[i]; sub(/  .*/, "", words)
			rest = substr(line[i], length(words) + 1); sub(/^ +/, "", rest)
			out = out ".It Ar " words "\n" sentences(rest) "\n"
		} else if (list) {
			sub(/^ +/, "", line[i])
			if (line[i] != "")
				out = out sentences(line[i]) "\n"
		} else
			body = body line[i] "\n"
	}
	if (list)
		out = out ".El\n"
	else { sub(/\n+$/, "", body); prose(body) }
}
function flush_comment() {
	gsub(/^\n+|\n+$/, "", comment)
}
# --- reading
/^\/\*/ { in_comment = 1; comment = ""; raw = "" }
in_comment {
	raw = raw $0 "\n"
	s = $0
	sub(/^\/\* ?/, "", s); sub(/ ?\*\/.*$/, "", s); sub(/^ \* ?/, "", s); sub(/^ \*$/, "", s)
	comment = comment s "\n"
	if ($0 ~ /\*\//) {
		in_comment = 0
		if (!seen_head) { seen_head = 1; head = comment; comment = ""; raw = "" }
	}
	next
}
/^#if|^#endif|^#include|^extern|^}$|^#undef|^\/\*/ { next }
/^#define TUSK_[A-Z]+_H$/ { next }
/^$/ { if (!in_type) { comment = ""; raw = "" } next }
/^(typedef|enum|struct|#define)/ && !in_type {
	in_type = 1; depth = 0
	types = types text_raw(raw)
	raw = ""; comment = ""
}
in_type {
	types = types text($0) "\n"
	t = $0; depth += gsub(/\{/, "", t); t = $0; depth -= gsub(/\}/, "", t)
	if (depth <= 0 && ($0 ~ /;/ || ($0 ~ /^#define/ && $0 !~ /\\$/) || (is_define && $0 !~ /\\$/))) {
		in_type = 0; is_define = 0; types = types "\n"
	} else if ($0 ~ /^#define/)
		is_define = 1
	next
}
function text_raw(s,    n, i, line, r) {
	n = split(s, line, "\n")
	for (i = 1; i < n; i++)
		r = r text(line[i]) "\n"
	return r
}
/^static inline/ { skipping = 1 }
skipping { if ($0 ~ /^}/) skipping = 0; next }
/^[a-z].*\(/ || in_proto {
	proto = proto text($0) "\n"
	in_proto = 1
	if ($0 ~ /;[ \t]*(\/\*.*)?$/) {
		in_proto = 0
		name = proto; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name)
		names[++count] = name
		gsub(/^\n+|\n+$/, "", comment)
		if (comment == "" && funcs != "") # shares the block above: stands in the same section
			shared[count] = 1
		protos[count] = proto
		docs[count] = comment
		funcs = "x"
		comment = ""; proto = ""
	}
}
END {
	sub(/^\n+/, "", head)
	n = index(head, ": "); rest = substr(head, n + 2)
	title = rest; sub(/\.?\n.*/, "", title)
	if (match(rest, /\n\n/)) { first = substr(rest, 1, RSTART - 1); body = substr(rest, RSTART + 2) } else { first = rest; body = "" }
	gsub(/\n/, " ", first); sub(/[. ]+$/, "", first)
	gsub(/^\n+|\n+$/, "", body)
	printf ".\\\" Made from <tusk/%s>: change that.\n", header
	printf ".Dd %s\n.Dt %s 3\n.Os \"Tusk DB\"\n.Sh NAME\n", date, toupper(page)
	if (count == 0)
		printf ".Nm %s\n", page
	for (i = 1; i <= count; i++)
		printf ".Nm %s%s\n", names[i], i < count ? " ," : ""
	printf ".Nd %s\n.Sh SYNOPSIS\n.In tusk/%s\n.Sh DESCRIPTION\n", text(first), header
	out = ""
	if (body == "")
		body = first "."
	prose(body)
	printf "%s", out
	if (types != "")
		printf ".Sh TYPES\n.Bd -literal\n%s.Ed\n", types
	if (count)
		print ".Sh FUNCTIONS"
	for (i = 1; i <= count; i++) {
		group = names[i]; all = protos[i]; doc = docs[i]
		while (shared[i + 1]) { i++; group = group " , " names[i]; all = all protos[i] }
		printf ".Ss %s\n.Bd -literal\n%s.Ed\n.Pp\n", group, all
		out = ""
		block(doc)
		printf "%s", out
	}
	print ".Sh SEE ALSO\n.Xr tsk 1 ,\n.Xr tusk 3 ,\n.Xr tusk-driver 7"
}
