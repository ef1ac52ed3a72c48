#define SUITES(X) \
	X(lost) \
	X(open) \
	X(stmt) \
	X(stop) \
	X(stream) \
	X(txn) \
	X(value) \
	X(whole)
#include "run.h"
