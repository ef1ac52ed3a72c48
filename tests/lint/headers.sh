#!/bin/sh
# Every public header stands alone, in C11 (GNU where it says so) and in C++.
set -eu
cases=0
for dir in "$TUSK_SRC"/core "$TUSK_BUILD"/core "$TUSK_SRC"/conf "$TUSK_SRC"/orm "$TUSK_SRC"/migrate; do
	[ -d "$dir/include" ] && inc="${inc-} -I$dir/include"
done
for h in "$TUSK_SRC"/*/include/tusk/*.h "$TUSK_BUILD"/core/include/tusk/version.h; do
	[ -e "$h" ] || continue
	for std in 'c -std=gnu11' 'c++ -std=c++17'; do
		# shellcheck disable=SC2086
		printf '#include <tusk/%s>\ntypedef int not_empty;\n' "$(basename "$h")" |
			${CC:-cc} -x $std -Wall -Wextra -Werror $inc -fsyntax-only - || {
			echo "$h does not stand alone as $std"
			exit 1
		}
		cases=$((cases + 1))
	done
done
# The driver's header is for any C11 compiler.
# shellcheck disable=SC2086
printf '#include <tusk/driver.h>\ntypedef int not_empty;\n' |
	${CC:-cc} -x c -std=c11 -pedantic -Wall -Wextra -Werror $inc -fsyntax-only -
echo "cases: $((cases + 1))"
