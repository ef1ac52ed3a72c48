#include <tusk/settings.h>

#include <driver/url.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drivers.h"
#include "oom.h"
#include "scratch.h"
#include "suite.h"

static tusk_settings *s;
static tusk_error err;

static void setup(void)
{
	scratch_make();
	search_only(driver_folder());
	assert_ok(tusk_settings_new(&s, &err), &err);
}

static void teardown(void)
{
	tusk_settings_free(s);
	scratch_remove();
}

/* "key=value|key=value": in order, without driver and url. */
static void assert_parts(const char *url, const char *wanted)
{
	char got[1024] = "";
	tusk_settings_entry e;

	tusk_settings_free(s);
	assert_ok(tusk_settings_new(&s, &err), &err);
	assert_ok(tusk_settings_parse_url(s, url, "here", &err), &err);
	for (uint32_t i = 0; tusk_settings_at(s, i, &e) == 0; i++) {
		size_t len = strlen(got);

		ck_assert_str_eq(e.origin, "here");
		if (strcmp(e.key, "driver") != 0 && strcmp(e.key, "url") != 0)
			snprintf(got + len, sizeof(got) - len, "%s%s=%s",
			         len ? "|" : "", e.key, e.value);
	}
	ck_assert_str_eq(got, wanted);
	ck_assert_str_eq(tusk_settings_get(s, "url"), url);
}

START_TEST(urls_are_split_and_decoded)
{
	static const struct {
		const char *url, *parts;
	} cases[] = {
		{ "fake://h", "host=h" },
		{ "fake:", "" },
		{ "fake://", "" },
		{ "fake:///db", "database=db" },
		{ "fake://h:5432/db", "host=h|port=5432|database=db" },
		{ "fake://h:/", "host=h" },
		{ "fakes://u@h", "user=u|host=h" },
		{ "FAKE://u:@h", "user=u|password=|host=h" },
		{ "fake://u:p@h/d", "user=u|password=p|host=h|database=d" },
		{ "fake://a%40b:p%2Fq%3A%23@h/d%2Fe",
		  "user=a@b|password=p/q:#|host=h|database=d/e" },
		{ "fake://u:a:b@h", "user=u|password=a:b|host=h" },
		{ "fake://u!$&'()*+,;=:p@h", "user=u!$&'()*+,;=|password=p|host=h" },
		{ "fake://[::1]:5/d", "host=::1|port=5|database=d" },
		{ "fake://[fe80::1.2.3.4]", "host=fe80::1.2.3.4" },
		{ "fake://a:1,b,[::2]:3/d", "host=a,b,::2|port=1,,3|database=d" },
		{ "fake://a,b", "host=a,b" },
		{ "fake://%2Frun%2Fpg/d", "host=/run/pg|database=d" },
		{ "fake://h/d?tls=off&x.a=b%20c", "host=h|database=d|tls=off|x.a=b c" },
		{ "fake://h?x.a=b=c&x.b=&x.c=d/e?f", "host=h|x.a=b=c|x.b=|x.c=d/e?f" },
		{ "fake:?user=u+v", "user=u+v" },
		{ "fake://h/%C3%A4", "host=h|database=\xc3\xa4" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_parts(cases[i].url, cases[i].parts);
	ck_assert_str_eq(tusk_settings_get(s, "driver"), "fake");
}
END_TEST

START_TEST(a_driver_of_files_takes_all_as_its_path)
{
	static const struct {
		const char *url, *parts;
	} cases[] = {
		{ "good:app.db", "path=app.db" },
		{ "good:./a/b.db", "path=./a/b.db" },
		{ "good:/srv/app.db", "path=/srv/app.db" },
		{ "good:///srv/app.db", "path=/srv/app.db" },
		{ "good::memory:", "path=:memory:" },
		{ "good:", "" },
		{ "good://", "" },
		{ "goods:a%20b%3F.db?x.y=1", "path=a b?.db|x.y=1" },
		{ "good:a@b:c.db", "path=a@b:c.db" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_parts(cases[i].url, cases[i].parts);
}
END_TEST

/* The message never holds a part of the URL beyond its scheme. */
START_TEST(bad_urls_are_refused_with_the_byte)
{
	static const struct {
		const char *url;
		uint32_t position;
		const char *words;
	} cases[] = {
		{ "fake://h/a b", 11, "a blank must be written %20" },
		{ "fake://h/a#b", 11, "a '#' must be written %23" },
		{ "fake://geheim:p#w@h", 16, "a '#' must be written %23" },
		{ "fake://u:geh/eim@h", 10, "a port is a number" },
		{ "fake://u:p@w@h", 13, "an '@' must be written %40" },
		{ "fake://h/%", 10, "a '%' needs two hexadecimal digits" },
		{ "fake://h/%1", 10, "a '%' needs two hexadecimal digits" },
		{ "fake://h/%1g", 10, "a '%' needs two hexadecimal digits" },
		{ "fake://h/a%00b", 11, "%00 has no place in a URL" },
		{ "fake://h/a<b", 11, "this character must be written as %XX" },
		{ "fake://h/a\tb", 11, "a control character must be written" },
		{ "fake://h/\xc3\xa4", 10, "each byte of a character beyond ASCII" },
		{ "fake://h:0", 10, "a port is a number from 1 to 65535" },
		{ "fake://h:65536", 10, "a port is a number from 1 to 65535" },
		{ "fake://h:5x", 10, "a port is a number from 1 to 65535" },
		{ "fake://h:-5", 10, "a port is a number from 1 to 65535" },
		{ "fake://h:1,g:x", 14, "a port is a number from 1 to 65535" },
		{ "fake://a:b:c", 10, "a port is a number from 1 to 65535" },
		{ "fake://[::1", 8, "this '[' has no ']'" },
		{ "fake://[::g]", 11, "this is no IPv6 address" },
		{ "fake://[::1]5", 13, "behind ']' a ':' and a port are wanted" },
		{ "fake://a[b", 9, "this character must be written as %XX" },
		{ "fake://a%2Cb", 8, "a host holds no comma" },
		{ "fake://a%2cb", 8, "a host holds no comma" },
		{ "fake://h/a/b", 11,
		  "a '/' in the name of a database is written %2F" },
		{ "fake:h/db", 6, "'//' and a host are wanted" },
		{ "fake://h?a", 10, "key=value is wanted" },
		{ "fake://h?", 10, "key=value is wanted" },
		{ "fake://h?=b", 10, "key=value is wanted" },
		{ "fake://h?tls=off&", 18, "key=value is wanted" },
		{ "fake://h?tls=off&tls=on", 18, "this setting is there twice" },
		{ "fake://h?host=g", 10, "this setting is there twice" },
		{ "fake://h?driver_path=/x", 10, "this setting cannot stand in a URL" },
		{ "fake://h?driver=/x/y.so", 10, "this setting cannot stand in a URL" },
		{ "fake://h?url=x", 10, "this setting cannot stand in a URL" },
		{ "good://srv/app.db", 8, "this driver has a path and no host" },
		{ "good:a b", 7, "a blank must be written %20" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memset(&err, 0, sizeof(err));
		assert_code(tusk_settings_parse_url(s, cases[i].url, "here", &err),
		            TUSK_E_OPTION, &err);
		ck_assert_msg(err.position == cases[i].position, "%s: %u", cases[i].url,
		              err.position);
		ck_assert_msg(strstr(err.message, cases[i].words) != NULL, "%s: %s",
		              cases[i].url, err.message);
		ck_assert_ptr_null(strstr(err.message, "geh"));
		ck_assert_ptr_null(strstr(err.hint, "geh"));
		ck_assert_uint_eq(tusk_settings_count(s), 0);
	}
}
END_TEST

START_TEST(keys_of_a_url_are_keys)
{
	assert_code(tusk_settings_parse_url(s, "fake://h?TLS=off", "here", &err),
	            TUSK_E_OPTION, &err);
	assert_code(tusk_settings_parse_url(s, "fake://h?a%20b=off", "here", &err),
	            TUSK_E_OPTION, &err);
	ck_assert_uint_eq(tusk_settings_count(s), 0);
}
END_TEST

START_TEST(schemes_that_nobody_answers_to_are_not_found)
{
	assert_code(tusk_settings_parse_url(s, "foo://h", "here", &err),
	            TUSK_E_NOT_FOUND, &err);
	ck_assert_ptr_nonnull(strstr(err.message, "no driver answers to 'foo:'"));
	assert_code(tusk_settings_parse_url(s, "fakestub://h", "here", &err),
	            TUSK_E_UNAVAILABLE, &err);
	ck_assert_str_eq(err.message,
	                 "driver fakestub: built without libfake: install libfake-dev");
	assert_code(tusk_settings_parse_url(s, "", "here", &err), TUSK_E_OPTION, &err);
	ck_assert_uint_eq(tusk_settings_count(s), 0);
}
END_TEST

static void answer_to_file(tusk_driver_note *note, char *file)
{
	(void)file;
	memcpy(note->schemes, "good,file", 10);
}

START_TEST(a_plain_path_goes_to_the_driver_of_files)
{
	scratch_mkdir(scratch("a"), 0755);
	copy_changed("good", scratch("a/good.so"), answer_to_file);
	search_only(scratch("a"));
	assert_parts("app.db", "path=app.db");
	assert_parts("/srv/50%/a b?c#d.db", "path=/srv/50%/a b?c#d.db");
	assert_parts("./x:y", "path=./x:y");
	assert_parts(":memory:", "path=:memory:");
	assert_parts("c:x", "path=c:x"); /* one letter is no scheme */
	assert_parts("file:app.db", "path=app.db");
}
END_TEST

START_TEST(a_login_without_a_scheme_is_no_path)
{
	static const char *const urls[] = { "://u:geheim@h", "//u:geheim@h/db",
		                            "u:geheim@h", "password=geheim",
		                            "host=x password=geheim" };

	scratch_mkdir(scratch("a"), 0755);
	copy_changed("good", scratch("a/good.so"), answer_to_file);
	search_only(scratch("a"));
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		assert_code(tusk_settings_parse_url(s, urls[i], "here", &err),
		            TUSK_E_OPTION, &err);
		ck_assert_str_eq(err.message, "byte 1 of the URL: a scheme is wanted "
		                              "before a user or a password");
		ck_assert_ptr_nonnull(strstr(err.hint, "./NAME"));
		ck_assert_uint_eq(err.position, 1);
	}
	assert_parts("./u:p@h", "path=./u:p@h");
	assert_parts("/srv/password=p", "path=/srv/password=p");
	assert_parts("me@work.db", "path=me@work.db");
}
END_TEST

START_TEST(a_path_without_a_driver_of_files_is_not_found)
{
	assert_code(tusk_settings_parse_url(s, "app.db", "here", &err),
	            TUSK_E_NOT_FOUND, &err);
	ck_assert_ptr_nonnull(strstr(err.message, "no driver answers to 'file:'"));
}
END_TEST

START_TEST(a_later_url_replaces_what_it_says)
{
	assert_ok(tusk_settings_set(s, "host", "old", "test", &err), &err);
	assert_ok(tusk_settings_set(s, "tls", "off", "test", &err), &err);
	assert_ok(tusk_settings_parse_url(s, "fake://new", "here", &err), &err);
	ck_assert_str_eq(tusk_settings_get(s, "host"), "new");
	ck_assert_str_eq(tusk_settings_get(s, "tls"), "off");
}
END_TEST

START_TEST(the_driver_that_is_set_has_to_be_that_of_the_url)
{
	assert_ok(tusk_settings_set(s, "driver", "good", "test", &err), &err);
	assert_code(tusk_settings_parse_url(s, "fake://h", "here", &err), TUSK_E_OPTION,
	            &err);
	ck_assert_str_eq(err.message,
	                 "the URL is one of driver fake, but the driver is to be good");
	ck_assert_uint_eq(tusk_settings_count(s), 1);
}
END_TEST

START_TEST(very_long_urls_are_refused_or_read)
{
	char *url = malloc(200000);

	memset(url, 'a', 200000);
	memcpy(url, "fake://h/", 9);
	url[199999] = '\0';
	assert_code(tusk_settings_parse_url(s, url, "here", &err), TUSK_E_OPTION, &err);
	url[8000] = '\0';
	assert_ok(tusk_settings_parse_url(s, url, "here", &err), &err);
	free(url);
}
END_TEST

static int parse(void *user, tusk_error *e)
{
	tusk_settings *a;
	int st = tusk_settings_new(&a, e);

	(void)user;
	if (st < 0)
		return st;
	st = tusk_settings_parse_url(a, "fake://u:p@h:1,g/d?tls=off", "here", e);
	ck_assert_uint_eq(tusk_settings_count(a), st == 0 ? 8 : 0);
	tusk_settings_free(a);
	return st;
}

START_TEST(no_memory_leaves_settings_untouched)
{
	scratch_mkdir(scratch("a"), 0755);
	copy_driver("fake", scratch("a"));
	search_only(scratch("a"));
	/* The driver stays loaded, which the sweep would count as lost. */
	assert_parts("fake://h", "host=h");
	ck_assert_uint_gt(oom_sweep(parse, NULL), 20);
}
END_TEST

/* Any bytes give an answer, and what was read can be shown and read again. */
START_TEST(any_text_is_survived)
{
	static const char alphabet[] = "fake:/?#[]@!$&'()*+,;=%0aZ.-_~ \x01\xc3";
	unsigned seed = 20240607;
	char url[40];

	for (int i = 0; i < 20000; i++) {
		tusk__bytes shown;
		tusk__url u;
		size_t len;

		len = (size_t)rand_r(&seed) % (sizeof(url) - 6);
		memcpy(url, "fake:", 5);
		for (size_t k = 0; k < len; k++)
			url[5 + k] = alphabet[(size_t)rand_r(&seed) %
			                      (sizeof(alphabet) - 1)];
		url[5 + len] = '\0';
		memset(&err, 0, sizeof(err));
		if (tusk__url_split(url, &u, &err) < 0)
			ck_assert_msg(err.position >= 1 && err.position <= 5 + len,
			              "%s", url);
		tusk__bytes_init(&shown, 0);
		ck_assert_int_eq(tusk__url_mask(url, NULL, &shown), 0);
		ck_assert_int_eq(strncmp(shown.p, "fake:", 5), 0);
		tusk__bytes_clear(&shown);
	}
}
END_TEST

Suite *suite_url(void);
Suite *suite_url(void)
{
	Suite *suite = suite_create("url");
	TCase *t = tcase_create("url");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, urls_are_split_and_decoded);
	tcase_add_test(t, a_driver_of_files_takes_all_as_its_path);
	tcase_add_test(t, bad_urls_are_refused_with_the_byte);
	tcase_add_test(t, keys_of_a_url_are_keys);
	tcase_add_test(t, schemes_that_nobody_answers_to_are_not_found);
	tcase_add_test(t, a_plain_path_goes_to_the_driver_of_files);
	tcase_add_test(t, a_login_without_a_scheme_is_no_path);
	tcase_add_test(t, a_path_without_a_driver_of_files_is_not_found);
	tcase_add_test(t, a_later_url_replaces_what_it_says);
	tcase_add_test(t, the_driver_that_is_set_has_to_be_that_of_the_url);
	tcase_add_test(t, very_long_urls_are_refused_or_read);
	tcase_add_test(t, no_memory_leaves_settings_untouched);
	tcase_add_test(t, any_text_is_survived);
	suite_add_tcase(suite, t);
	return suite;
}
