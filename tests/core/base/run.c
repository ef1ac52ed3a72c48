/* clang-format off */
#define SUITES(X) \
	X(checksum) X(date) X(decimal) X(digest) X(file) X(json) X(json_read) X(memory) \
	X(number) X(table) X(text) X(value)
#include "run.h"
