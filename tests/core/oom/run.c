#define SUITES(X) X(call) X(many) X(side)

#include "run.h"
