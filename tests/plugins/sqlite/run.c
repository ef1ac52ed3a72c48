#define SUITES(X) X(value)
#include "run.h"
