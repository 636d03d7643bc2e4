/* The web client, read into memory once, under a path that names its content.
 *
 * `/w/HASH/FILE` never changes and is cached for good; the page that leads there is made anew with each build and its
 * policy admits its one import map. Main thread. Knows no rooms.
 */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct _CvAssets CvAssets;

/* Reads `web` (a directory) and `po` (one of LANGUAGE.json files, may be missing). Pages of `embedders` (origins, ending in
 * NULL, or NULL) may show a room within themselves. Returns: (transfer full). */
CvAssets *cv_assets_load (const char *web, const char *po, const char *const *embedders, GError **error);
void cv_assets_free (CvAssets *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvAssets, cv_assets_free)

/* Hash of all that is served, as it stands in paths: the first digits of base/web-client.h's. */
const char *cv_assets_get_hash (CvAssets *self);

/* Answers with the file of this path ("/w/HASH/css/base.css"); FALSE where there is none. */
gboolean cv_assets_respond (CvAssets *self, SoupServerMessage *message, const char *path);
/* The same for what other sites load to show a room within theirs ("/embed/conclave.js"). */
gboolean cv_assets_respond_embed (CvAssets *self, SoupServerMessage *message, const char *path);
/* Answers with the page; `framed`: the embedders may show it within theirs. */
void cv_assets_respond_page (CvAssets *self, SoupServerMessage *message, gboolean framed);

G_END_DECLS
