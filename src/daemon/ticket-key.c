/* See ticket-key.h. Owns nothing. */
#include "daemon/ticket-key.h"

#include "base/ids.h"
#include "signalling/ticket.h"

#include <gio/gio.h>
#include <string.h>

static char *
make (const char *path, GError **error)
{
  guint8 bytes[CV_TICKET_MIN_KEY];
  g_autofree char *line = NULL;
  cv_random_bytes (bytes, sizeof bytes);
  char *key = cv_base64url_encode (bytes, sizeof bytes);
  cv_wipe (bytes, sizeof bytes);
  line = g_strconcat (key, "\n", NULL);
  if (g_file_set_contents_full (path, line, -1, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600,
                                error))
    return key;
  g_free (key);
  return NULL;
}

char *
cv_ticket_key_load (const char *path, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) cause = NULL;
  if (!g_file_get_contents (path, &text, NULL, &cause)) {
    if (g_error_matches (cause, G_FILE_ERROR, G_FILE_ERROR_NOENT))
      return make (path, error);
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }
  g_strchomp (text);
  if (strlen (text) >= CV_TICKET_MIN_KEY)
    return g_steal_pointer (&text);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s: a key has %d characters or more", path,
               CV_TICKET_MIN_KEY);
  return NULL;
}
