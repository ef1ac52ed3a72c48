#!/bin/sh
# Fails when a folder includes, calls or names what it must not know.
set -eu
cd "$TUSK_SRC"
bad=0 cases=0
deny() { # deny <folder> <regex of forbidden includes>
	cases=$((cases + 1))
	if grep -rnE "^#[[:space:]]*include [<\"]($2)" "$1" --include='*.[ch]'; then
		echo "layer broken: $1 must not include the above"
		bad=1
	fi
}
databases='sqlite3|libpq|mysql|mariadb|hiredis|mongoc|bson'
deny core      "$databases|iniparser|tusk/(conf|seed|orm|model|query|migrate)\.h"
deny core/base 'tusk/(db|rows|stmt|driver|schema|settings|lexer|trace|admin|tusk)\.h|driver/|conn/'
deny conf      "$databases|tusk/(orm|model|query|migrate|seed|driver)\.h"
deny plugins   'iniparser|base/|tusk/(db|stmt|rows|settings|conf|orm|model|query|migrate|seed|schema|memory|tusk)\.h'
deny orm       "$databases|iniparser|tusk/(conf|migrate|seed|driver)\.h"
deny migrate   "$databases|iniparser|tusk/(conf|driver|orm|model|query)\.h"
deny cli       "$databases|iniparser|tusk/driver\.h"

# Only one file knows iniparser.
cases=$((cases + 1))
[ "$(grep -rlE '^#[[:space:]]*include <(iniparser/)?iniparser\.h>' conf --include='*.[ch]' | wc -l)" -le 1 ] || {
	echo "more than one file includes iniparser"
	bad=1
}

# No code of ours outside plugins/ names a database; comments may.
cases=$((cases + 1))
strip() { # source text without comments, one file a line prefix
	for f in "$@"; do
		${CC:-cc} -fpreprocessed -dD -E -P -x c "$f" 2>/dev/null | sed "s|^|$f: |"
	done
}
# shellcheck disable=SC2046
if strip $(find core orm migrate -name '*.[ch]') |
	grep -iE 'sqlite|postgres|libpq|mysql|mariadb|redis|mongo'; then
	echo "a database is named outside plugins/"
	bad=1
fi

# Memory comes from the one allocator; some calls are never right.
cases=$((cases + 1))
# shellcheck disable=SC2046
if strip $(find core conf orm migrate cli -name '*.c' ! -path core/memory.c) |
	grep -E '(^|[^_[:alnum:].>])(malloc|calloc|realloc|strdup|strndup|asprintf|vasprintf|getline|open_memstream) ?\('; then
	echo "memory from elsewhere than tusk_alloc()"
	bad=1
fi
cases=$((cases + 1))
# shellcheck disable=SC2046
if strip $(find core plugins conf orm migrate cli -name '*.c') |
	grep -E '(^|[^_[:alnum:].>])(system|popen|strcpy|strcat|sprintf|vsprintf|gets|alloca|localtime|mktime|strtok|rand|sqlite3_interrupt|tmpnam|mktemp) ?\('; then
	echo "a call that is banned"
	bad=1
fi

# Core says nothing by itself.
cases=$((cases + 1))
# shellcheck disable=SC2046
if strip $(find core orm -name '*.c') | grep -E '(^|[^_[:alnum:]])(stdout|stderr|perror|printf ?\(|puts ?\()' | grep -vE '[sf]n?printf|_printf'; then
	echo "core prints"
	bad=1
fi
echo "cases: $cases"
exit $bad
