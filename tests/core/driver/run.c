#define SUITES(X) \
	X(note) X(gate) X(registry) X(info) X(settings) X(url) X(resolve) X(threads)
#include "run.h"
