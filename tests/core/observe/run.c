#define SUITES(X) X(events) X(open) X(stats) X(threads)

#include "run.h"
