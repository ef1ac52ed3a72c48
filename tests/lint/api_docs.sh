#!/bin/sh
# Every public prototype has a block above it with a line for each parameter and for
# "since", and no line for a parameter that is gone. A block may stand above several
# prototypes that follow each other without a blank line: then each of their
# parameters is told in it. Hooks and structs are told in their own comments.
set -eu
awk '
BEGIN { split("own return thread since see", k); for (i in k) keyword[k[i]] = 1 }
FNR == 1 { finish(); doc = "" }
function finish(    w) {
	if (!npro) { split("", is_arg); return }
	for (w in told)
		if (!(w in is_arg) && !(w in keyword)) { print where ": no parameter \"" w "\": " pro; bad = 1 }
	npro = 0; split("", is_arg)
}
/^\/\*/ { finish(); doc = ""; on = 1; split("", told) }
on {
	doc = doc "\n" $0
	if (match($0, /^ \* [a-z_0-9, ]+  +[^ ]/)) {
		line = $0; sub(/^ \* /, "", line); sub(/  .*/, "", line)
		m = split(line, names, /, */)
		for (i = 1; i <= m; i++) if (names[i] ~ /^[a-z_0-9]+$/) told[names[i]] = 1
	}
}
/\*\// { on = 0; next }
/^$/ { finish(); doc = ""; split("", told); next }
on || /^(typedef|#|extern|__attribute__|static|struct|enum|union|}|[ \t])/ { next }
/^[a-z_].*\(/ {
	p = $0
	while (p !~ /[;{]/ && (getline l) > 0) { sub(/^[ \t]+/, " ", l); p = p l }
	if (p !~ /;/) next
	where = FILENAME; npro++; count++; pro = p
	if (doc !~ /\n \* since /) { print FILENAME ": no since: " p; bad = 1 }
	args = p; sub(/^[^(]*\(/, "", args)
	while (match(args, /\([^()]*\)\([^()]*\)/)) { # a function pointer: keep its name
		f = substr(args, RSTART, RLENGTH); sub(/^\(\*?/, "", f); sub(/\).*/, "", f)
		args = substr(args, 1, RSTART - 1) " " f substr(args, RSTART + RLENGTH)
	}
	sub(/\).*/, "", args)
	n = split(args, a, ",")
	for (i = 1; i <= n; i++) {
		w = a[i]; gsub(/\[.*/, "", w); sub(/[ ]+$/, "", w); sub(/.*[ *]/, "", w); is_arg[w] = 1
		if (w == "void" || w == "..." || (w in told)) continue
		print FILENAME ": \"" w "\" is not told: " p; bad = 1
	}
}
END { finish(); print "cases: " count; exit bad }' "$TUSK_SRC"/*/include/tusk/*.h
