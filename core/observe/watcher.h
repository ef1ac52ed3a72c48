/*
 * observe/watcher.h: whom to tell. Settings carry it to what is opened with them.
 */
#ifndef TUSK_CORE_WATCHER_H
#define TUSK_CORE_WATCHER_H

#include <tusk/trace.h>

#include <stdbool.h>

typedef struct tusk__hooks {
	bool on;
	tusk_trace trace;
	void *user;
} tusk__hooks;

#endif
