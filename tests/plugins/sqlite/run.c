#define SUITES(X) \
	X(error) \
	X(open) \
	X(stop) \
	X(txn) \
	X(value)
#include "run.h"
