#include "secret.h"

#include <base/alloc.h>
#include <base/fail.h>
#include <errno.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

void secret_harden(void)
{
	const struct rlimit none = { 0, 0 };

	/* Both can only fail where there is less to lose already. */
	setrlimit(RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__ /* its search for leaks is a debugger */
	prctl(PR_SET_DUMPABLE, 0);
#endif
}

/* --- the process list -------------------------------------------------------------- */

static bool hide(char *begin, const char *end)
{
	bool hidden = begin < end;

	while (begin < end)
		*begin++ = '*';
	return hidden;
}

/* Between the ':' behind the user and the '@': SCHEME://USER:PASSWORD@HOST */
static bool hide_authority(char *url)
{
	char *at, *colon, *begin = strstr(url, "://");

	if (!begin)
		return false;
	begin += 3;
	at = memrchr(begin, '@', strcspn(begin, "?#"));
	colon = at ? memchr(begin, ':', (size_t)(at - begin)) : NULL;
	return colon && hide(colon + 1, at);
}

/* Whether the key means "password", however it is escaped. */
static bool is_password(const char *key, size_t len)
{
	static const char word[] = "password";
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned code = (unsigned char)key[i];

		if (code == '%' && i + 2 < len && sscanf(key + i, "%%%2x", &code) == 1)
			i += 2;
		if (n == sizeof(word) - 1 || code != (unsigned char)word[n++])
			return false;
	}
	return n == sizeof(word) - 1;
}

static bool hide_query(char *url)
{
	bool hidden = false;
	char *at = strchr(url, '?');

	while (at) {
		char *key = at + 1;
		char *value = key + strcspn(key, "=&");

		at = value + strcspn(value, "&");
		if (*value == '=' && is_password(key, (size_t)(value - key)))
			hidden |= hide(value + 1, at);
		at = *at ? at : NULL;
	}
	return hidden;
}

int secret_hide(int argc, char **argv, char **copies, tusk_error *err)
{
	bool found = false, hidden;

	for (int i = 1; i < argc; i++) {
		char *arg = argv[i], *copy;

		if (strncmp(arg, "--url=", 6) && strcmp(argv[i - 1], "--url"))
			continue;
		copy = tusk__strdup(arg);
		if (!copy)
			return tusk__nomem(err);
		hidden = hide_authority(arg);
		hidden |= hide_query(arg);
		found |= hidden;
		copies[i] = copy;
		argv[i] = copy;
	}
	return found;
}

/* --- --password-fd ----------------------------------------------------------------- */

int secret_read(cli *c, int fd, char *out, size_t size, tusk_error *err)
{
	size_t len = 0;
	ssize_t got = 1;

	while (got && len < size && !memchr(out, '\n', len)) {
		int st = interrupt_wait(&c->interrupt, fd, -1, err);

		if (st < 0)
			return st;
		got = read(fd, out + len, size - len);
		if (got < 0)
			return tusk__fail_errno(
				err, TUSK_E_IO, errno,
				"reading the password from descriptor %d", fd);
		len += (size_t)got;
	}
	len = memchr(out, '\n', len) ? (size_t)((char *)memchr(out, '\n', len) - out)
	                             : len;
	if (len == size)
		return tusk__fail(err, TUSK_E_USAGE,
		                  "the password is longer than %zu bytes", size - 1);
	out[len] = 0;
	return 0;
}
