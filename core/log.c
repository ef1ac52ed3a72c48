#include "log.h"

#include <tusk/tusk.h>

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>

typedef void (*log_fn)(void *user, int level, const char *message);

static _Atomic(log_fn) hook;
static _Atomic(void *) hook_user;

void tusk_set_log(void (*log)(void *user, int level, const char *message), void *user)
{
	atomic_store(&hook, (log_fn)NULL);
	atomic_store(&hook_user, user);
	atomic_store(&hook, log);
}

void tusk__log(int level, const char *format, ...)
{
	log_fn log = atomic_load(&hook);
	char message[1024];
	va_list args;

	if (!log)
		return;
	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	log(atomic_load(&hook_user), level, message);
}

const char *tusk_version(void)
{
	return TUSK_VERSION;
}
