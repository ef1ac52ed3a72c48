#define SUITES(X) X(caret) X(opt) X(out) X(params)
#include "run.h"
