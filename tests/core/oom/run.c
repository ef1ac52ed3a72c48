#define SUITES(X) X(call) X(many) X(side) X(admin)

#include "run.h"
