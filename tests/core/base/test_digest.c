#include <base/crc32c.h>
#include <base/sha256.h>
#include <stdlib.h>
#include <string.h>

#include "suite.h"

static const char *sha256_of(const void *p, size_t len)
{
	static char hex[65];
	uint8_t digest[32];
	tusk__sha256 s;

	tusk__sha256_init(&s);
	tusk__sha256_add(&s, p, len);
	tusk__sha256_end(&s, digest);
	tusk__sha256_hex(digest, hex);
	return hex;
}

/* NIST, "Examples with Intermediate Values" and the one-byte vector of CAVP */
START_TEST(sha256_of_the_published_vectors)
{
	static const struct {
		const char *text, *hex;
	} vectors[] = {
		{ "", "e3b0c44298fc1c149afbf4c8996fb924"
		      "27ae41e4649b934ca495991b7852b855" },
		{ "abc", "ba7816bf8f01cfea414140de5dae2223"
		         "b00361a396177a9cb410ff61f20015ad" },
		{ "\xd3", "28969cdfa74a12c82f3bad960b0b000a"
		          "ca2ac329deea5c2328ebc6f2ba9802c1" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		  "248d6a61d20638b8e5c026930c3e6039"
		  "a33ce45964ff2167f6ecedd419db06c1" },
		{ "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
		  "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
		  "cf5b16a778af8380036ce59e7b049237"
		  "0b249b11e8f07a51afac45037afee9d1" },
	};

	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++)
		ck_assert_str_eq(sha256_of(vectors[i].text, strlen(vectors[i].text)),
		                 vectors[i].hex);
}
END_TEST

START_TEST(sha256_of_a_million_a)
{
	static char a[1000000];

	memset(a, 'a', sizeof(a));
	ck_assert_str_eq(sha256_of(a, sizeof(a)), "cdc76e5c9914fb9281a1c7e284d73e67"
	                                          "f1809a48a497200e046d39ccc7112cd0");
}
END_TEST

START_TEST(sha256_is_the_same_in_any_pieces)
{
	char text[300], whole[65], pieces[65];
	uint8_t digest[32];
	tusk__sha256 s;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)(i * 7);
	for (size_t len = 0; len <= sizeof(text); len++) {
		memcpy(whole, sha256_of(text, len), sizeof(whole));
		for (size_t step = 1; step < 70; step += 9) {
			tusk__sha256_init(&s);
			for (size_t at = 0; at < len; at += step)
				tusk__sha256_add(&s, text + at,
				                 len - at < step ? len - at : step);
			tusk__sha256_end(&s, digest);
			tusk__sha256_hex(digest, pieces);
			ck_assert_str_eq(pieces, whole);
		}
	}
}
END_TEST

/* RFC 3720, appendix B.4 */
START_TEST(crc32c_of_the_published_vectors)
{
	uint8_t bytes[32];

	memset(bytes, 0, 32);
	ck_assert_uint_eq(tusk__crc32c(0, bytes, 32), 0x8a9136aa);
	memset(bytes, 0xff, 32);
	ck_assert_uint_eq(tusk__crc32c(0, bytes, 32), 0x62a8ab43);
	for (uint8_t i = 0; i < 32; i++)
		bytes[i] = i;
	ck_assert_uint_eq(tusk__crc32c(0, bytes, 32), 0x46dd794e);
	for (uint8_t i = 0; i < 32; i++)
		bytes[i] = 31 - i;
	ck_assert_uint_eq(tusk__crc32c(0, bytes, 32), 0x113fdb5c);
	ck_assert_uint_eq(tusk__crc32c(0, "123456789", 9), 0xe3069283);
	ck_assert_uint_eq(tusk__crc32c(0, "", 0), 0);
}
END_TEST

static uint32_t crc_bit_by_bit(const uint8_t *p, size_t len)
{
	uint32_t crc = ~0u;

	for (; len; p++, len--) {
		crc ^= *p;
		for (int i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
	}
	return ~crc;
}

START_TEST(crc32c_agrees_with_its_definition_at_every_length_and_cut)
{
	uint8_t bytes[200];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * i + 3);
	for (size_t len = 0; len < sizeof(bytes); len++) {
		uint32_t want = crc_bit_by_bit(bytes, len);

		for (size_t cut = 0; cut <= len; cut += 13)
			ck_assert_uint_eq(tusk__crc32c(tusk__crc32c(0, bytes, cut),
			                               bytes + cut, len - cut),
			                  want);
	}
}
END_TEST

Suite *suite_digest(void);
Suite *suite_digest(void)
{
	Suite *s = suite_create("digest");
	TCase *t = tcase_create("digest");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, sha256_of_the_published_vectors);
	tcase_add_test(t, sha256_of_a_million_a);
	tcase_add_test(t, sha256_is_the_same_in_any_pieces);
	tcase_add_test(t, crc32c_of_the_published_vectors);
	tcase_add_test(t, crc32c_agrees_with_its_definition_at_every_length_and_cut);
	suite_add_tcase(s, t);
	return s;
}
