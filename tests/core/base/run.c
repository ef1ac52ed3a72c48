#define SUITES(X) \
	X(date) \
	X(decimal) \
	X(digest) X(file) X(json) X(memory) X(number) X(table) X(text) X(value)
#include "run.h"
