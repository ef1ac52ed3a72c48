#define SUITES(X) X(convert) X(into)
#include "run.h"
