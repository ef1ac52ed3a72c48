#!/bin/sh
# Every public header stands alone, in C11 without extensions and in C++17.
set -eu
cases=0
for dir in "$TUSK_SRC"/core "$TUSK_BUILD"/core "$TUSK_SRC"/conf "$TUSK_SRC"/orm "$TUSK_SRC"/migrate; do
	[ -d "$dir/include" ] && inc="${inc-} -I$dir/include"
done
for h in "$TUSK_SRC"/*/include/tusk/*.h "$TUSK_BUILD"/core/include/tusk/version.h; do
	[ -e "$h" ] || continue
	for std in 'c -std=c11' 'c++ -std=c++17'; do
		# shellcheck disable=SC2086
		printf '#include <tusk/%s>\ntypedef int not_empty;\n' "$(basename "$h")" |
			${CC:-cc} -x $std -pedantic -Wall -Wextra -Werror $inc -fsyntax-only - || {
			echo "$h does not stand alone as $std"
			exit 1
		}
		cases=$((cases + 1))
	done
done
# So do the macros that make arguments and targets.
# shellcheck disable=SC2086
${CC:-cc} -x c -std=c11 -pedantic -Wall -Wextra -Werror $inc -fsyntax-only - <<'END'
#include <tusk/tusk.h>
int use(tusk_db *db, tusk_rows *rows, int64_t *id, tusk_opt_text *name, tusk_error *err);
int use(tusk_db *db, tusk_rows *rows, int64_t *id, tusk_opt_text *name, tusk_error *err)
{
	return tusk_db_exec(db, "a", TUSK_NO_ARGS, NULL, err) +
	       tusk_db_exec(db, "b", TUSK_ARGS(1), NULL, err) +
	       tusk_db_exec(db, "c", TUSK_ARGS("d", 2.5, true), NULL, err) +
	       tusk_rows_scan(rows, TUSK_INTO(id, name), err);
}
END
echo "cases: $((cases + 1))"
