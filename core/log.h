/*
 * log.h: the one way by which core says something that is no error of a call.
 */
#ifndef TUSK_CORE_LOG_H
#define TUSK_CORE_LOG_H

/* level as in tusk_set_log(); to the hook of the program, or nowhere. */
void tusk__log(int level, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
