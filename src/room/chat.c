/* See chat.h. */
#include "room/chat.h"

#include <string.h>

struct _CvChat {
  GQueue kept; /* of CvChatMessage, owned */
  gsize bytes;
  guint64 n;
  guint max;
};

static void
message_free (CvChatMessage *message)
{
  g_free (message->from);
  g_free (message->name);
  g_free (message->text);
  g_free (message);
}

CvChat *
cv_chat_new (gboolean keeps)
{
  CvChat *self = g_new0 (CvChat, 1);
  g_queue_init (&self->kept);
  self->max = keeps ? CV_CHAT_MAX_KEPT : 0;
  return self;
}

void
cv_chat_free (CvChat *self)
{
  g_queue_clear_full (&self->kept, (GDestroyNotify) message_free);
  g_free (self);
}

CvChatMessage *
cv_chat_add (CvChat *self, const char *from, const char *name, const char *text, gint64 at)
{
  CvChatMessage *message = g_new0 (CvChatMessage, 1);
  message->n = ++self->n;
  message->from = g_strdup (from);
  message->name = g_strdup (name);
  message->text = g_strdup (text);
  message->at = at;
  g_queue_push_tail (&self->kept, message);
  self->bytes += strlen (text);
  return message;
}

void
cv_chat_trim (CvChat *self)
{
  while (self->kept.length > self->max || self->bytes > CV_CHAT_MAX_KEPT_BYTES) {
    CvChatMessage *oldest = g_queue_pop_head (&self->kept);
    self->bytes -= strlen (oldest->text);
    message_free (oldest);
  }
}

GQueue *
cv_chat_get_kept (CvChat *self)
{
  return &self->kept;
}
