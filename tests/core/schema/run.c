#define SUITES(X) X(normal) X(fingerprint) X(json) X(diff) X(lower) X(ddl)

#include "run.h"
