#define SUITES(X) X(scan)
#include "run.h"
