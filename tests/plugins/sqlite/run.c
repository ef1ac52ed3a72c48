#define SUITES(X) \
	X(batch) \
	X(dialect) X(error) X(memory) X(open) X(session) X(stmt) X(stop) X(txn) X(value)
#include "run.h"
