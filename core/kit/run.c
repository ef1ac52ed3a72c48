#include <tusk/memory.h>

#include <base/clock.h>
#include <base/fail.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

enum {
	LIMIT_S = 10, /* of a check */
	CPU_S = 20,
	FILES = 256
};

/* What a child says, in memory that both see. */
struct kit_told {
	volatile int said;    /* 0: nothing yet */
	volatile int state;   /* tusk__kit_state */
	volatile int stage;   /* kit_stage */
	volatile int starved; /* memory was made to fail */
	char words[2048];
};

enum {
	SAID_NOTHING,
	SAID_STATE,
	SAID_DONE /* it came to its end */
};

/* --- in the child ------------------------------------------------------------------------ */

static void say(kit *k, tusk__kit_state state, const char *format, va_list args)
{
	vsnprintf(k->told->words, sizeof(k->told->words), format, args);
	k->told->state = state;
	k->told->said = SAID_STATE;
	_exit(0);
}

void kit_fail(kit *k, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(k, TUSK__KIT_FAIL, format, args);
	va_end(args);
	_exit(0);
}

void kit_fault(kit *k, const char *check, const char *format, ...)
{
	bool mine = !strcmp(k->check->name, check);
	char words[512];
	va_list args;

	va_start(args, format);
	if (mine)
		say(k, TUSK__KIT_FAIL, format, args);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	snprintf(k->told->words, sizeof(k->told->words), "see %s: %s", check, words);
	k->told->state = TUSK__KIT_NOT_RUN;
	k->told->said = SAID_STATE;
	_exit(0);
}

kit_stage kit_at(kit *k, kit_stage stage)
{
	kit_stage was = (kit_stage)k->told->stage;

	k->told->stage = stage;
	return was;
}

void kit_starve(kit *k, long n)
{
	k->told->starved = n != 0;
	kit_fail_alloc(n);
}

int kit_back(kit *k, int rc)
{
	k->told->stage = KIT_AT_OWN;
	return rc;
}

static void say_plain(kit *k, tusk__kit_state state, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(k, state, format, args);
	va_end(args);
}

void kit_skip(kit *k, const char *why)
{
	say_plain(k, TUSK__KIT_SKIP, "%s", why);
	_exit(0);
}

void kit_not_run(kit *k, const char *why)
{
	say_plain(k, TUSK__KIT_NOT_RUN, "%s", why);
	_exit(0);
}

/* "a:b" of a list of hosts is a setting each, as open() gets it. */
static void add_setting(kit *k, const char *key, const char *value)
{
	const uint32_t room = sizeof(k->settings) / sizeof(k->settings[0]);
	bool list = !strcmp(key, "host") || !strcmp(key, "port");
	char *copy = tusk_alloc(strlen(value) + 1), *save = NULL, *part;

	if (!copy)
		kit_not_run(k, "there is no memory");
	memcpy(copy, value, strlen(value) + 1);
	for (part = list ? strtok_r(copy, ",", &save) : copy;
	     part && k->nsettings < room;
	     part = list ? strtok_r(NULL, ",", &save) : NULL)
		k->settings[k->nsettings++] = (tusk_setting){ key, part };
}

/* A prefix option passes every key that begins so; none of ours has one. */
static void take_settings(kit *k)
{
	const tusk_driver *d = k->d;
	tusk_settings *s = NULL;
	tusk_error err;
	uint32_t i;

	if (!k->from)
		return;
	if (tusk_settings_copy(k->from, &s, &err) < 0 ||
	    tusk_settings_resolve(s, &err) < 0)
		kit_not_run(k, err.message);
	for (i = 0; i < d->noptions; i++) {
		const tusk_driver_option *o =
			(const void *)((const char *)d->options +
		                       (size_t)i * d->option_stride);
		const char *value = tusk_settings_get(s, o->key);

		if (value)
			add_setting(k, o->key, value);
	}
}

static void prepare(kit *k, const kit_check *check)
{
	if (check->needs == KIT_FILE)
		return;
	kit_load(k);
	if (check->needs & KIT_LOADED)
		return;
	if (k->d->unavailable)
		kit_not_run(k, "the driver is a stub");
	if ((k->d->caps & check->caps) != check->caps)
		kit_skip(k, "a capability bit says that it cannot");
	if (!(check->needs & (KIT_OPEN | KIT_SQL)))
		return;
	if (!k->from && !(k->d->caps >> TUSK_CAP_LOCAL & 1))
		kit_not_run(k,
		            "no --url, and the driver serves nothing in this process");
	take_settings(k);
	if (check->needs & KIT_SQL && !(k->d->langs & TUSK_LANG_SQL))
		kit_skip(k, "it does not speak SQL");
	if (check->needs & KIT_SQL && !k->d->dialect)
		kit_not_run(k, "it has no dialect to learn its SQL from");
}

/* Whatever it prints is not ours. Cores of other people's crashes are not wanted. */
static void confine(void)
{
	const struct rlimit none = { 0, 0 }, cpu = { CPU_S, CPU_S },
			    files = { FILES, FILES };
	int null;

	setrlimit(RLIMIT_CORE, &none);
	setrlimit(RLIMIT_CPU, &cpu);
	setrlimit(RLIMIT_NOFILE, &files);
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int fd = 0; fd < 3; fd++)
		if (null < 0 || dup2(null, fd) < 0)
			_exit(1);
	if (null > 2)
		close(null);
}

/* A driver that writes behind the end of a struct of ours dies of the page there. */
static kit *in_child;

static void on_fault(int sig, siginfo_t *info, void *context)
{
	(void)context;
	if (kit_is_guard(info->si_addr))
		kit_fault(
			in_child, "writes_past_struct",
			"it touched memory behind the end of a struct or an array of ours");
	signal(sig, SIG_DFL);
	raise(sig);
}

static void watch_faults(kit *k)
{
	struct sigaction act = { .sa_sigaction = on_fault,
		                 .sa_flags = SA_SIGINFO | SA_NODEFER };

	in_child = k;
	sigaction(SIGSEGV, &act, NULL);
	sigaction(SIGBUS, &act, NULL);
}

static void run_child(kit *k, const kit_check *check)
{
	setpgid(0, 0);
	confine();
	k->check = check;
	watch_faults(k);
	prepare(k, check);
	check->run(k);
	k->told->state = TUSK__KIT_PASS;
	k->told->said = SAID_DONE;
	_exit(0);
}

/* --- in the parent ---------------------------------------------------------------------------- */

static bool wait_for(pid_t child, int *status, int64_t until_ns)
{
	const struct timespec nap = { 0, 1000000 };
	pid_t got;

	while ((got = waitpid(child, status, WNOHANG)) == 0 ||
	       (got < 0 && errno == EINTR)) {
		if (tusk__now_ns() >= until_ns)
			return false;
		nanosleep(&nap, NULL);
	}
	return true;
}

/* Which check tells of what died in a stage. */
static const char *owner_of(const struct kit_told *told, bool in_time)
{
	if (told->starved)
		return "malloc_fails_nth";
	switch (told->stage) {
	case KIT_AT_ENTRY:
		return "crash_in_entry";
	case KIT_AT_OPEN:
		return in_time ? "crash_in_open" : "hang_in_open";
	case KIT_AT_CALL:
		return in_time ? "exits_or_aborts_process" : NULL;
	case KIT_AT_CELL:
		return "len_past_buffer";
	default:
		return NULL;
	}
}

/* What happened to a child that did not say. */
static void judge_end(const kit *k, const kit_check *check, int status, bool in_time)
{
	struct kit_told *told = k->told;
	const char *owner = owner_of(told, in_time);
	bool mine = !owner || !strcmp(owner, check->name);
	char words[200];

	if (!in_time)
		snprintf(words, sizeof(words), "did not end in %u seconds", k->limit_s);
	else if (WIFSIGNALED(status))
		snprintf(words, sizeof(words), "the process died: %s",
		         strsignal(WTERMSIG(status)));
	else
		snprintf(words, sizeof(words),
		         "the driver ended the process (exit code %d)",
		         WEXITSTATUS(status));
	told->state = mine ? TUSK__KIT_FAIL : TUSK__KIT_NOT_RUN;
	snprintf(told->words, sizeof(told->words), "%s%s%s%s", mine ? "" : "see ",
	         mine ? "" : owner, mine ? "" : ": ", words);
}

/* What died or hung while it was loaded or opened does so again: it is not asked to, but
   by the check that tells of it. */
static void note_wall(kit *k)
{
	const struct kit_told *told = k->told;

	if (told->said || k->wall)
		return;
	if (told->stage == KIT_AT_ENTRY)
		k->wall = KIT_LOADED | KIT_TABLE | KIT_OPEN | KIT_SQL;
	else if (told->stage == KIT_AT_OPEN && !told->starved)
		k->wall = KIT_OPEN | KIT_SQL;
}

static bool is_walled(const kit *k, const kit_check *check)
{
	static const char *const tells[] = { "crash_in_entry", "crash_in_open",
		                             "hang_in_open" };

	for (size_t i = 0; i < sizeof(tells) / sizeof(tells[0]); i++)
		if (!strcmp(check->name, tells[i]))
			return false;
	return k->wall & check->needs;
}

static int run_one(kit *k, const kit_check *check, tusk__kit_verdict *out,
                   tusk_error *err)
{
	int64_t begun = tusk__now_ns();
	struct kit_told *told = k->told;
	bool in_time;
	int status = 0;
	pid_t child;

	*told = (struct kit_told){ 0 };
	if (is_walled(k, check)) {
		*out = (tusk__kit_verdict){ .group = check->group,
			                    .name = check->name,
			                    .state = TUSK__KIT_NOT_RUN,
			                    .words = "it cannot be loaded or opened" };
		return 0;
	}
	child = fork();
	if (child < 0)
		return tusk__fail_errno(err, TUSK_E_IO, errno, "fork");
	if (!child)
		run_child(k, check);
	in_time = wait_for(child, &status, begun + k->limit_s * INT64_C(1000000000));
	kill(-child, SIGKILL); /* and whatever it began */
	if (!in_time) {
		kill(child, SIGKILL);
		waitpid(child, &status, 0);
	}
	if (!told->said)
		judge_end(k, check, status, in_time);
	note_wall(k);
	*out = (tusk__kit_verdict){ .group = check->group,
		                    .name = check->name,
		                    .state = (tusk__kit_state)told->state,
		                    .words = told->words,
		                    .us = (tusk__now_ns() - begun) / 1000 };
	return 0;
}

static bool is_wanted(const kit_check *check, const char *groups)
{
	return !groups || strchr(groups, check->group);
}

uint32_t tusk__kit_checks(const char *groups)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < kit_ncheck; i++)
		n += is_wanted(&kit_checks[i], groups);
	return n;
}

int tusk__kit_run(const tusk__kit_options *o, tusk__kit_count *out, tusk_error *err)
{
	kit k = { .file = o->file,
		  .from = o->settings,
		  .limit_s = o->limit_s ? o->limit_s : LIMIT_S };
	tusk__kit_verdict verdict;
	int st = 0;

	*out = (tusk__kit_count){ { 0 } };
	k.told = mmap(NULL, sizeof(*k.told), PROT_READ | PROT_WRITE,
	              MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (k.told == MAP_FAILED)
		return tusk__nomem(err);
	for (uint32_t i = 0; i < kit_ncheck && st >= 0; i++) {
		if (!is_wanted(&kit_checks[i], o->groups))
			continue;
		st = run_one(&k, &kit_checks[i], &verdict, err);
		if (st < 0)
			break;
		out->of[verdict.state & 3]++;
		st = o->tell ? o->tell(o->user, &verdict) : 0;
	}
	munmap(k.told, sizeof(*k.told));
	return st;
}
