#define SUITES(X) \
	X(lost) \
	X(open) \
	X(stmt) \
	X(stop) \
	X(stream) \
	X(txn) \
	X(value)
#include "run.h"
