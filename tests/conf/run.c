#define SUITES(X) X(scan) X(conf) X(sweep) X(lost)
#include "run.h"
