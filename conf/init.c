/*
 * A first tusk.ini.
 */
#include "init.h"

#include <tusk/conf.h>
#include <tusk/driver_info.h>

#include <base/alloc.h>
#include <base/bytes.h>
#include <base/fail.h>
#include <base/file.h>
#include <base/text.h>
#include <stdio.h>
#include <string.h>

#include "expand.h"
#include "scan.h"

static const char head[] =
	"# tusk.ini: made by tsk db init; tsk config shows what counts.\n"
	"# Comments stand on lines of their own: a value that holds # or ; must be quoted.\n"
	"\n"
	"[tusk]\n"
	"# the section used when --db is absent; with one section, that one\n"
	"database = main\n"
	"connect_timeout = 10s\n"
	"# of one statement in commands that are not interactive; 0 = none\n"
	"timeout = 30s\n"
	"\n"
	"[db.main]\n";

static const char tail[] = "# destructive verbs ask for more\n"
			   "# production = yes\n"
			   "# enforced by the database, not by reading the SQL\n"
			   "# read_only = no\n"
			   "\n"
			   "# [pool]\n"
			   "# max = 10\n"
			   "\n"
			   "[migrate]\n"
			   "dir = migrations\n"
			   "\n"
			   "[backup]\n"
			   "dir = backups\n";

static const tusk_driver_option *option_at(const tusk_driver_info *info, uint32_t i)
{
	const char *at = (const char *)info->options + (size_t)i * info->option_stride;

	return (const void *)at;
}

static bool takes_host(const tusk_driver_info *info)
{
	for (uint32_t i = 0; i < info->noptions; i++)
		if (strcmp(option_at(info, i)->key, "host") == 0)
			return true;
	return false;
}

/* Each declared option as a comment, with its help and its default. */
static void write_options(const tusk_driver_info *info, tusk__bytes *out)
{
	for (uint32_t i = 0; i < info->noptions; i++) {
		const tusk_driver_option *o = option_at(info, i);
		bool key = (o->flags & (TUSK_OPT_SECRET | TUSK_OPT_PREFIX)) == 0;

		if (!key)
			continue;
		if (o->help && *o->help)
			tusk__bytes_printf(out, "# %s\n", o->help);
		tusk__bytes_printf(out, "# %s = %s\n", o->key, o->def ? o->def : "");
	}
}

/* A driver with hosts: what it asks for, to be filled in. */
static void write_server(const tusk_driver_info *info, tusk__bytes *out)
{
	tusk__bytes_printf(out, "driver = %s\n", info->name);
	write_options(info, out);
	tusk__bytes_str(out, "# a file that only you may read, whose first line is the "
	                     "password; or password_command = ...,\n"
	                     "# or password = ${NAME} of the environment\n"
	                     "# password_file = main.secret\n");
}

static void write_driver(const tusk_driver_info *info, tusk__bytes *out)
{
	size_t n = strcspn(info->schemes, ",");

	if (takes_host(info))
		write_server(info, out);
	else if (n)
		tusk__bytes_printf(out, "url = %.*s:./tusk.db\n", (int)n,
		                   info->schemes);
	else
		tusk__bytes_printf(out, "driver = %s\n", info->name);
}

/* What no value of a file can hold; the rest is seen when the text is whole. */
static bool is_sayable(const char *url)
{
	size_t len = strlen(url);

	if (tusk__utf8_check(url, len) < len)
		return false;
	for (; *url; url++)
		if ((unsigned char)*url < ' ' || *url == 127 || *url == '"')
			return false;
	return true;
}

/* It can be read, a driver answers to it, and it holds no password: the file may end up
   in a repository. Its variables are for the day it is used. */
static int check_words(tusk_settings *s, const char *url, tusk_error *err)
{
	char *text = tusk__strdup(url);
	tusk_settings_entry e;
	int st;

	if (!text)
		return tusk__nomem(err);
	tusk__conf_cut_variables(text);
	st = tusk_settings_parse_url(s, text, "the URL", err);
	if (st == 0)
		st = tusk_settings_set(s, "url", text, NULL, err);
	for (uint32_t i = 0; st == 0 && tusk_settings_at(s, i, &e) == 0; i++)
		if (strcmp(e.key, "url") == 0 && e.secret)
			st = tusk__fail(
				err, TUSK_E_REFUSED,
				"the URL holds a password, which does not belong into "
				"a tusk.ini: leave it out and use password_file");
	explicit_bzero(text, strlen(text));
	tusk_release(text);
	return st;
}

static int check_url(const char *url, tusk_error *err)
{
	tusk_settings *s;
	int st;

	if (!is_sayable(url))
		return tusk__fail(
			err, TUSK_E_OPTION,
			"the URL holds a double quote, a control character or "
			"bytes that are not UTF-8: write them "
			"percent-encoded");
	st = tusk_settings_new(&s, err);
	if (st < 0)
		return st;
	st = check_words(s, url, err);
	tusk_settings_free(s);
	return st;
}

/* The driver of files, if none is named. */
static int find_driver(const char *driver, tusk_driver_info **out, tusk_error *err)
{
	tusk_driver_info *infos;
	char name[32] = "";
	uint32_t n;
	int st;

	if (driver)
		return tusk_driver_load_info(driver, NULL, out, err);
	st = tusk_drivers_list(NULL, &infos, &n, err);
	if (st < 0)
		return st;
	for (uint32_t i = 0; i < n; i++) {
		const char *at = strstr(infos[i].schemes, "file");

		if (infos[i].state == TUSK_DRIVER_READY && at &&
		    (at == infos[i].schemes || at[-1] == ',') &&
		    (at[4] == ',' || !at[4]))
			snprintf(name, sizeof(name), "%s", infos[i].name);
	}
	tusk_drivers_free(infos);
	if (!*name)
		return tusk__fail(
			err, TUSK_E_NOT_FOUND,
			"no driver answers to 'file:': name one with --driver");
	return tusk_driver_load_info(name, NULL, out, err);
}

/* What would be refused when it is read is not written. */
static int check_text(const tusk__bytes *text, tusk_error *err)
{
	tusk__arena arena;
	tusk__ini ini;
	int st;

	if (text->state < 0)
		return tusk__nomem(err);
	tusk__arena_init(&arena);
	st = tusk__ini_scan("tusk.ini", text->p, text->len, &arena, &ini, err);
	tusk__arena_clear(&arena);
	return st;
}

int tusk__init_text(const char *driver, const char *url, tusk__bytes *out,
                    tusk_error *err)
{
	tusk_driver_info *info;
	int st;

	tusk__bytes_str(out, head);
	if (url) {
		st = check_url(url, err);
		if (st < 0)
			return st;
		tusk__bytes_printf(out, "url = \"%s\"\n", url);
		if (driver)
			tusk__bytes_printf(out, "driver = %s\n", driver);
	} else {
		st = find_driver(driver, &info, err);
		if (st < 0)
			return st;
		write_driver(info, out);
		tusk_drivers_free(info);
	}
	tusk__bytes_str(out, tail);
	return check_text(out, err);
}

static int write_file(const char *path, const tusk__bytes *text, tusk_error *err)
{
	tusk__replace r = { .fd = -1 };
	int st;

	st = tusk__replace_begin(&r, path, 0644, err);
	if (st < 0)
		return st;
	st = tusk__write_all(r.fd, text->p, text->len);
	if (st < 0) {
		tusk__replace_abort(&r);
		return tusk__fail_errno(err, TUSK_E_IO, -st, "writing '%s'", path);
	}
	return tusk__replace_commit(&r, false, err);
}

int tusk_conf_init(const char *path, const char *driver, const char *url,
                   tusk_error *err)
{
	tusk__bytes text;
	int st;

	tusk__bytes_init(&text, 256 * 1024);
	st = tusk__init_text(driver, url, &text, err);
	if (st == 0)
		st = write_file(path, &text, err);
	tusk__bytes_clear(&text);
	return st;
}
