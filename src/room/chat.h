/* What was said in writing: numbered, and the latest of it kept for those who come later.
 *
 * Owned by the meeting. Main thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CV_CHAT_MAX_CHARACTERS 4000
/* Earlier messages that a late joiner gets; older ones are dropped. */
#define CV_CHAT_MAX_KEPT 500
/* The same in bytes of text: `joined` must stay within what a client reads at once. */
#define CV_CHAT_MAX_KEPT_BYTES (256 * 1024)

typedef struct {
  guint64 n; /* 1, 2, 3 … in this meeting */
  char *from;
  char *name;
  char *text;
  gint64 at; /* ms since 1970 */
} CvChatMessage;

typedef struct _CvChat CvChat;

/* `keeps`: for those who come later. */
CvChat *cv_chat_new (gboolean keeps);
void cv_chat_free (CvChat *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CvChat, cv_chat_free)

/* Borrowed, and there at least until cv_chat_trim(). */
CvChatMessage *cv_chat_add (CvChat *self, const char *from, const char *name, const char *text, gint64 at);
/* Drops what is not to be kept. */
void cv_chat_trim (CvChat *self);
/* What is kept, oldest first; borrowed. */
GQueue *cv_chat_get_kept (CvChat *self);

G_END_DECLS
