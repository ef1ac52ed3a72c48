#define SUITES(X) X(call) X(many)

#include "run.h"
