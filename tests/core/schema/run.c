#define SUITES(X) X(normal) X(fingerprint) X(json)

#include "run.h"
