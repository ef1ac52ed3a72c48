#include <tusk/error.h>
#include <tusk/types.h>

#include <base/text.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

static int hex_digit(char c)
{
	c = tusk__lower(c);
	if (tusk__is_digit(c))
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Whether a hyphen stands before byte i. */
static bool is_group(int i)
{
	return i == 4 || i == 6 || i == 8 || i == 10;
}

int tusk_uuid_parse(const char *s, size_t len, tusk_uuid *out)
{
	tusk_uuid u;
	int high, low;

	if (len != 36)
		return TUSK_E_DATA;
	for (int i = 0; i < 16; i++, s += 2) {
		if (is_group(i) && *s++ != '-')
			return TUSK_E_DATA;
		high = hex_digit(s[0]);
		low = hex_digit(s[1]);
		if (high < 0 || low < 0)
			return TUSK_E_DATA;
		u.bytes[i] = (uint8_t)(high << 4 | low);
	}
	*out = u;
	return 0;
}

size_t tusk_uuid_print(const tusk_uuid *u, char *buf, size_t size)
{
	static const char hex[] = "0123456789abcdef";
	char text[36], *p = text;

	for (int i = 0; i < 16; i++) {
		if (is_group(i))
			*p++ = '-';
		*p++ = hex[u->bytes[i] >> 4];
		*p++ = hex[u->bytes[i] & 15];
	}
	return tusk__print_text(text, sizeof(text), buf, size);
}

static int make_random(int version, tusk_uuid *out)
{
	tusk_uuid u;

	if (getrandom(u.bytes, sizeof(u.bytes), 0) != sizeof(u.bytes))
		return TUSK_E_IO;
	u.bytes[6] = (uint8_t)((u.bytes[6] & 0x0f) | version << 4);
	u.bytes[8] = (uint8_t)((u.bytes[8] & 0x3f) | 0x80);
	*out = u;
	return 0;
}

int tusk_uuid_v4(tusk_uuid *out)
{
	return make_random(4, out);
}

/* RFC 9562, 6.2, method 3: the 12 bits behind the milliseconds are their fraction, so
   those of one clock sort to the quarter of a microsecond. */
int tusk_uuid_v7(tusk_uuid *out)
{
	struct timespec now;
	uint64_t ms, fraction;
	int st = make_random(7, out);

	if (st < 0)
		return st;
	clock_gettime(CLOCK_REALTIME, &now);
	ms = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
	fraction = (uint64_t)now.tv_nsec % 1000000 * 4096 / 1000000;
	for (int i = 5; i >= 0; i--, ms >>= 8)
		out->bytes[i] = (uint8_t)ms;
	out->bytes[6] = (uint8_t)(0x70 | fraction >> 8);
	out->bytes[7] = (uint8_t)fraction;
	return 0;
}
