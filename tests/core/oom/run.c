#define SUITES(X) X(call)

#include "run.h"
