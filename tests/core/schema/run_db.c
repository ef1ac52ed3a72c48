#define SUITES(X) X(pairs)

#include "run.h"
