#define SUITES(X) X(kit)
#include "run.h"
