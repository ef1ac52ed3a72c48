#define SUITES(X) X(tokens) X(statement) X(rewrite) X(shape)

#include "run.h"
