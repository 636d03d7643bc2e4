/* Who a child is, and that it lives: see hello.h. */
#include "ipc/hello.h"

G_DEFINE_QUARK (cv_hello_error, cv_hello_error)

void
cv_hello_send (CvChannel *channel, const char *program)
{
  JsonBuilder *message = cv_parcel_build ("hello");

  cv_json_add_int (message, "version", CV_HELLO_VERSION);
  cv_json_add_text (message, "program", program);
  cv_channel_send (channel, message, NULL, 0);
}

static gboolean
on_alive (gpointer user_data)
{
  cv_channel_send (user_data, cv_parcel_build ("alive"), NULL, 0);
  return G_SOURCE_CONTINUE;
}

guint
cv_hello_keep_alive (CvChannel *channel)
{
  return g_timeout_add (CV_HELLO_ALIVE_MS, on_alive, channel);
}

gboolean
cv_hello_check (const CvParcel *message, const char *program, GError **error)
{
  g_autoptr (GError) cause = NULL;
  CvJsonReader reader;
  g_autofree char *name = NULL;
  gint64 version;

  if (g_strcmp0 (message->type, "hello") != 0 || message->id > 0 || message->n_fds > 0) {
    g_set_error_literal (error, CV_HELLO_ERROR, CV_HELLO_ERROR_INVALID, "its first message is no hello");
    return FALSE;
  }
  cv_json_reader_init (&reader, message->object);
  version = cv_json_reader_int (&reader, "version", 1, G_MAXINT);
  name = g_strdup (cv_json_reader_text (&reader, "program", 1, CV_PARCEL_MAX_NAME, FALSE));
  /* another version may say more */
  if (reader.error == NULL && version != CV_HELLO_VERSION) {
    g_set_error (error, CV_HELLO_ERROR, CV_HELLO_ERROR_VERSION,
                 "it speaks version %" G_GINT64_FORMAT ", we speak %d: it was not installed together with us", version,
                 CV_HELLO_VERSION);
    return FALSE;
  }
  if (!cv_json_reader_finish (&reader, &cause)) {
    g_set_error (error, CV_HELLO_ERROR, CV_HELLO_ERROR_INVALID, "its hello is wrong: %s", cause->message);
    return FALSE;
  }
  if (!g_str_equal (name, program)) {
    g_set_error (error, CV_HELLO_ERROR, CV_HELLO_ERROR_INVALID, "it is another program than %s", program);
    return FALSE;
  }
  return TRUE;
}
