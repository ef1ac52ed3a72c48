#include <tusk/error.h>

#include <base/alloc.h>
#include <stdint.h>
#include <string.h>

void *tusk__new(size_t n, size_t size)
{
	void *p;

	if (size && n > SIZE_MAX / size)
		return NULL;
	p = tusk_alloc(n * size);
	if (p)
		memset(p, 0, n * size);
	return p;
}

void *tusk__renew(void *p, size_t n, size_t size)
{
	if (size && n > SIZE_MAX / size)
		return NULL;
	return tusk_resize(p, n * size);
}

char *tusk__strndup(const char *s, size_t len)
{
	char *copy;

	if (len == SIZE_MAX)
		return NULL;
	copy = tusk_alloc(len + 1);
	if (!copy)
		return NULL;
	if (len)
		memcpy(copy, s, len);
	copy[len] = 0;
	return copy;
}

char *tusk__strdup(const char *s)
{
	return s ? tusk__strndup(s, strlen(s)) : NULL;
}

int tusk__grow(void *array, size_t *cap, size_t want, size_t size)
{
	size_t n = *cap ? *cap : 8;
	void *p;

	if (want <= *cap)
		return 0;
	while (n < want) {
		if (n > SIZE_MAX / 2)
			return TUSK_E_NOMEM;
		n *= 2;
	}
	memcpy(&p, array, sizeof(p)); /* array is a T **, whatever T is */
	p = tusk__renew(p, n, size);
	if (!p)
		return TUSK_E_NOMEM;
	memcpy(array, &p, sizeof(p));
	*cap = n;
	return 0;
}
