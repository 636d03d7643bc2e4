/* Prints summaries, on threads of GLib's pool, a few at once.
 *
 * Owns the words and the letterhead. Main thread.
 */
#pragma once

#include "summary/letterhead.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define CV_PRESS_MAX 4

typedef enum { CV_FORMAT_JSON, CV_FORMAT_HTML, CV_FORMAT_PDF, CV_FORMAT_MARKDOWN, CV_FORMAT_CAPTIONS } CvFormat;

/* "json", "html", "pdf", "md", "vtt", NULL. */
extern const char *const cv_formats[];
const char *cv_format_get_media_type (CvFormat format);

typedef struct {
  const char *body; /* of an issue: JSON */
  guint issue;
  gint64 made;
  const char *server;  /* as of compose.h */
  const char *address; /* the same */
  CvFormat format;
} CvPrint;

typedef struct _CvPress CvPress;
CvPress *cv_press_new (CvWords *words);
/* What is being printed is still answered. */
void cv_press_free (CvPress *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvPress, cv_press_free)

CvWords *cv_press_get_words (CvPress *self);
/* Of what is printed from now on; NULL: without. */
void cv_press_set_letterhead (CvPress *self, CvLetterhead *letterhead);

/* Fails with G_IO_ERROR_BUSY where CV_PRESS_MAX are under way, NO_SPACE for what is too long. Returns: (transfer full). */
void cv_press_print_async (CvPress *self, const CvPrint *print, GAsyncReadyCallback callback, gpointer user_data);
GBytes *cv_press_print_finish (GAsyncResult *result, GError **error);

G_END_DECLS
