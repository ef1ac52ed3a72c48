/*
 * conf/choose.h: which database a command means.
 */
#ifndef TUSK_CONF_CHOOSE_H
#define TUSK_CONF_CHOOSE_H

#include <tusk/conf.h>

#include "store.h"

/* The outcome of the choice: one of the first three is set. */
typedef struct tusk__chosen {
	const char *name;   /* of a section */
	const char *url;    /* with its origin */
	const char *driver; /* with the usual path */
	const char *origin;
} tusk__chosen;

/*
 * What the choice means, or without one the environment and the files.
 *
 * search  where drivers are looked for
 * out     its texts are borrowed from c and choice
 * err     as of tusk_conf_database()
 */
int tusk__conf_choose(const tusk_conf *c, const tusk_conf_choice *choice,
                      const tusk_settings *search, tusk__chosen *out, tusk_error *err);
/* A key of [db.name], or NULL. */
const tusk__conf_item *tusk__conf_item_of(const tusk_conf *c, const char *name,
                                          const char *key);

#endif
