#include <tusk/error.h>
#include <tusk/types.h>

#include <base/text.h>
#include <base/uuid.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

/* One more than the value of a hexadecimal digit; capital letters have a bit beside. */
enum {
	CAPITAL = 32
};
/* clang-format off */
static const uint8_t digit_of[256] = {
	['0'] = 1, ['1'] = 2, ['2'] = 3, ['3'] = 4, ['4'] = 5, ['5'] = 6, ['6'] = 7,
	['7'] = 8, ['8'] = 9, ['9'] = 10,
	['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
	['A'] = CAPITAL | 11, ['B'] = CAPITAL | 12, ['C'] = CAPITAL | 13,
	['D'] = CAPITAL | 14, ['E'] = CAPITAL | 15, ['F'] = CAPITAL | 16,
};
/* clang-format on */

/* Whether a hyphen stands before byte i. */
static bool is_group(int i)
{
	return i == 4 || i == 6 || i == 8 || i == 10;
}

bool tusk__uuid_read(const char *s, tusk_uuid *out, bool *capital)
{
	static const uint8_t places[16] = { 0,  2,  4,  6,  9,  11, 14, 16,
		                            19, 21, 24, 26, 28, 30, 32, 34 };
	unsigned seen = 0;
	bool none = s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-';

	for (int i = 0; i < 16; i++) {
		unsigned high = digit_of[(unsigned char)s[places[i]]];
		unsigned low = digit_of[(unsigned char)s[places[i] + 1]];

		none |= !high | !low;
		seen |= high | low;
		out->bytes[i] = (uint8_t)((high - 1) << 4 | ((low - 1) & 15));
	}
	*capital = seen & CAPITAL;
	return !none;
}

int tusk_uuid_parse(const char *s, size_t len, tusk_uuid *out)
{
	bool capital;
	tusk_uuid u;

	if (len != 36 || !tusk__uuid_read(s, &u, &capital))
		return TUSK_E_DATA;
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
