#define SUITES(X) X(seed) X(seed_source) X(seed_value)
#include "run.h"
