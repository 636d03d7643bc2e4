/* The web client as files: what belongs to it, what it hashes to, and the page that is made of it.
 *
 * The daemon serves it, conclavectl compares what a server serves with it; both must make the same of the same files. A file is
 * named by its path below the root ("css/base.css"), a translation "po/LANGUAGE.json". Any thread; owns nothing.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The type of a file for browsers; NULL: it is not one (a README, a licence), and is not served. */
const char *cv_web_client_get_type (const char *path);

/* Reads `web` and `po` (directories; `po` may be missing). Returns: (transfer full), path → GBytes, NULL with an error. */
GHashTable *cv_web_client_read (const char *web, const char *po, GError **error);

/* A line for each file, as sha256sum(1) writes them, sorted by path. Returns: (transfer full). */
char *cv_web_client_list (GHashTable *files);

/* The client's hash: SHA-256 of that list, 64 hexadecimal digits. Returns: (transfer full). */
char *cv_web_client_hash (GHashTable *files);

/* Where the files are served, from the client's hash: "/w/…", without a slash at its end. Returns: (transfer full). */
char *cv_web_client_base (const char *hash);

/* The page, for one base; `embedders`: origins, with spaces between them. Returns: (transfer full), NULL with an error. */
char *cv_web_client_make_page (GHashTable *files, const char *base, const char *embedders, GError **error);

/* The page's Content-Security-Policy; `ancestors`: who may show it within theirs. Returns: (transfer full). */
char *cv_web_client_make_policy (const char *base, const char *ancestors);

G_END_DECLS
