#define SUITES(X) X(live) X(pairs)

#include "run.h"
