/* fakestub: a stub, as a driver is built without its client library. */
#define DOUBLE_NAME  "fakestub"
#define DOUBLE_FLAGS TUSK_NOTE_STUB
#include "double.h"

static void spoil(tusk_driver *table)
{
	table->unavailable = "built without libfake: install libfake-dev";
}
