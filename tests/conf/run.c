#define SUITES(X) X(scan) X(conf)
#include "run.h"
