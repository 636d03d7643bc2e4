/* What is to be made of a recording: asked for by producers, kept in the database as JSON, sent to conclave-render. A value.
 */
#pragma once

#include "base/json.h"

G_BEGIN_DECLS

#define CV_RENDER_MAX_WITHOUT 500

/* Members that were not given are filled in, so that every one has a value. */
typedef struct {
  const char *layout;       /* of cv_render_layouts */
  guint width, height;      /* px */
  guint fps;                /* 0: as many as there are people for */
  gint64 from, to;          /* ms of the composed timeline; -1: its beginning, its end */
  char **without;           /* ids of people who are left out */
  const char *products[16]; /* of cv_render_products; ends in NULL */
  char suffix[8];           /* of the files' names: "" or "-2" …; given by the store */
  const char *const *words; /* of base/film-words.h, in the server's language; borrowed, given by the queue, not kept */
} CvRenderOrder;

/* "grid", …; end in NULL. */
extern const char *const cv_render_layouts[];
extern const char *const cv_render_products[];

/* All of it in the automatic layout, with every product: what is made of each recording. Returns: (transfer full). */
CvRenderOrder *cv_render_order_new (void);
void cv_render_order_free (CvRenderOrder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvRenderOrder, cv_render_order_free)

/* Reads what producers may say: all members optional but `layout`, none but these (cv_json_reader_finish() says so, and
 * whether it is valid). Without `products`: all but `repair` and `tracks`. Returns: (transfer full). */
CvRenderOrder *cv_render_order_read (CvJsonReader *reader);
/* What the database has. Returns: (transfer full), NULL with CV_JSON_ERROR. */
CvRenderOrder *cv_render_order_parse (const char *text, GError **error);
/* Its members, `suffix` too, and `words` where there are some, into an object that is open. */
void cv_render_order_add (const CvRenderOrder *self, JsonBuilder *builder);
/* The same as an object of its own. Returns: (transfer full). */
char *cv_render_order_to_text (const CvRenderOrder *self);

G_END_DECLS
