#define SUITES(X) X(batch)
#include "run.h"
