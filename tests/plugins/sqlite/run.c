#define SUITES(X) \
	X(error) \
	X(open) \
	X(value)
#include "run.h"
