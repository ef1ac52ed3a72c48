#define SUITES(X) X(call) X(many) X(side) X(admin) X(schema)

#include "run.h"
