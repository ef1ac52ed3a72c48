#define SUITES(X) X(scan) X(conf) X(sweep)
#include "run.h"
