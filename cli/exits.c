#include "exits.h"

#include <tusk/error.h>

static const struct {
	int code, exit;
} special[] = {
	/* whatever is not here said no */
	{ TUSK_E_USAGE, EXIT_USAGE },
	{ TUSK_E_OPTION, EXIT_USAGE },
	{ TUSK_E_ABI, EXIT_DRIVER },
	{ TUSK_E_UNAVAILABLE, EXIT_DRIVER },
	{ TUSK_E_IO, EXIT_FILE },
	{ TUSK_E_NO_SPACE, EXIT_FILE },
	{ TUSK_E_CONNECT, EXIT_CONNECTION },
	{ TUSK_E_CONN_LOST, EXIT_CONNECTION },
	{ TUSK_E_AUTH, EXIT_CONNECTION },
	{ TUSK_E_TLS, EXIT_CONNECTION },
	{ TUSK_E_TIMEOUT, EXIT_BUSY },
	{ TUSK_E_POOL, EXIT_BUSY },
	{ TUSK_E_BUSY, EXIT_BUSY },
	{ TUSK_E_LOCKED, EXIT_BUSY },
	{ TUSK_E_DEADLOCK, EXIT_BUSY },
	{ TUSK_E_SERIALIZATION, EXIT_BUSY },
	{ TUSK_E_DRIFT, EXIT_DRIFT },
	{ TUSK_E_DIRTY, EXIT_PERSON },
	{ TUSK_E_REFUSED, EXIT_REFUSED },
	{ TUSK_E_VERIFY, EXIT_VERIFY },
};

int exit_of(int code)
{
	if (code >= 0)
		return EXIT_DONE;
	for (unsigned i = 0; i < sizeof(special) / sizeof(special[0]); i++) {
		if (special[i].code == code)
			return special[i].exit;
	}
	return EXIT_SAID_NO;
}
