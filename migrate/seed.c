#include <tusk/seed.h>
