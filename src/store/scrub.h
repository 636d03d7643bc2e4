/* Taking somebody out of JSON that was written of a meeting: their ids become another one, their names a neutral word.
 *
 * Owns what it looks for. Any thread, one at a time. Knows no table and no file.
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define CV_SCRUB_NAME "A participant"

typedef struct _CvScrub CvScrub;

/* What `id` becomes: an id of nobody. */
CvScrub *cv_scrub_new (const char *id);
void cv_scrub_free (CvScrub *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvScrub, cv_scrub_free)

/* A name that they had; the same again, "" and NULL are fine. `mine`: theirs alone, so that it is also taken out of what others
 * wrote. */
void cv_scrub_add_name (CvScrub *self, const char *name, gboolean mine);
gboolean cv_scrub_has_name (CvScrub *self, const char *name);

const char *cv_scrub_get_id (CvScrub *self);
const char *cv_scrub_get_new_id (CvScrub *self);

/* A text with nobody of them in it. Returns: (transfer full). */
char *cv_scrub_text (CvScrub *self, const char *text);
/* The same with each text in it, but words of the format ("kind": "action"). In place; `node` is a tree of its own. */
void cv_scrub_json (CvScrub *self, JsonNode *node);
/* Of one JSON object as text. Returns: (transfer full), NULL with an error of base/json.h. */
char *cv_scrub_object (CvScrub *self, const char *text, GError **error);

G_END_DECLS
