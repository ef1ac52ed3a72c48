#include "conn/conn.h"

void tusk__slot_init(tusk__slot *slot)
{
	atomic_store(&slot->generation, 0);
	slot->epoch = tusk__fork_mark();
	slot->dispose = NULL;
	pthread_mutex_init(&slot->cancel_lock, NULL);
	for (int i = 0; i < TUSK__SHELLS; i++)
		slot->shells[i] = (tusk_db){ .slot = slot };
}

void tusk__slot_clear(tusk__slot *slot)
{
	pthread_mutex_destroy(&slot->cancel_lock);
}

/* Odd generations are out; two of them are one shell further. */
static tusk_db *shell_of(tusk__slot *slot, uint64_t generation)
{
	return &slot->shells[generation / 2 % TUSK__SHELLS];
}

tusk_db *tusk__slot_give(tusk__slot *slot, tusk__conn *conn)
{
	uint64_t next = (atomic_load(&slot->generation) + 1) | 1;
	tusk_db *shell = shell_of(slot, next);

	/* A cancel that is late may be reading it: another connection comes only after
	   tusk__slot_settle(). */
	if (shell->conn != conn)
		shell->conn = conn;
	atomic_store(&shell->generation, next);
	atomic_store(&slot->generation, next);
	return shell;
}

void tusk__slot_take_back(tusk__slot *slot)
{
	uint64_t now = atomic_load(&slot->generation);

	atomic_store(&slot->generation, now + (now & 1));
}

bool tusk__slot_return(tusk_db *db)
{
	uint64_t generation = atomic_load(&db->generation);

	return generation & 1 &&
	       atomic_compare_exchange_strong(&db->slot->generation, &generation,
	                                      generation + 1);
}

void tusk__slot_settle(tusk__slot *slot)
{
	pthread_mutex_lock(&slot->cancel_lock);
	pthread_mutex_unlock(&slot->cancel_lock);
}

tusk_db *tusk__slot_shell(tusk__slot *slot)
{
	uint64_t now = atomic_load(&slot->generation);

	return shell_of(slot, now & 1 ? now : now - 1);
}
