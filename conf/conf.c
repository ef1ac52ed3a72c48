#include <tusk/conf.h>
