/* Fuzz target of what is read of the head of an upload (libFuzzer): a path, and below it header lines as libsoup reads them.
 *
 * What is taken is an id, a place whose end overflows nothing, and a number that is written as the same again. A key is 32 bytes of
 * base64url and nothing else.
 */
#include "base/ids.h"
#include "signalling/access.h"
#include "signalling/intake.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize n);

static void
look_at_path (const char *path)
{
  const char *document = cv_intake_read_path (path);
  if (document == NULL)
    return;
  g_assert_true (cv_intake_is_upload ("PATCH", path) && !cv_intake_is_upload ("POST", path));
  g_assert_true (cv_id_is_valid (document, "f") && g_str_has_suffix (path, document));
  g_assert_cmpuint (strlen (document), ==, 13);
}

static void
look_at_place (SoupMessageHeaders *headers)
{
  gint64 offset = -1, length = -1;
  if (!cv_intake_read_place (headers, &offset, &length))
    return;
  g_assert_true (offset >= 0 && length >= 0 && length <= G_MAXINT64 - offset);
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, offset);
  const char *said = soup_message_headers_get_one (headers, "Upload-Offset");
  g_assert_true (g_str_has_suffix (said, text) && strspn (said, "0123456789") == strlen (said));
  /* those that nobody else could take for another body */
  g_assert_null (soup_message_headers_get_list (headers, "Transfer-Encoding"));
}

static void
look_at_key (SoupMessageHeaders *headers)
{
  static const guint8 none[CV_ACCESS_KEY_BYTES];
  guint8 key[CV_ACCESS_KEY_BYTES];
  const char *header = soup_message_headers_get_one (headers, "Authorization");
  g_assert_cmpint (cv_access_read_bearer (header, key), ==, header != NULL);
  if (header == NULL || memcmp (key, none, sizeof key) == 0)
    return;
  g_autofree char *text = cv_base64url_encode (key, sizeof key);
  g_assert_true (g_str_has_suffix (header, text) && strlen (header) == strlen ("Bearer ") + strlen (text));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize n)
{
  const guint8 *end = n > 0 ? memchr (data, '\n', n) : NULL;
  gsize first = end != NULL ? (gsize) (end - data) : n;
  gsize left = end != NULL ? n - first - 1 : 0;
  g_autofree char *path = g_strndup ((const char *) data, first);
  g_autofree char *lines = g_strndup ((const char *) data + n - left, left);
  g_autofree char *head = g_strconcat ("PATCH / HTTP/1.1\r\n", lines, NULL);
  look_at_path (path);
  SoupMessageHeaders *headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  if (soup_headers_parse_request (head, (int) strlen (head), headers, NULL, NULL, NULL) == SOUP_STATUS_OK) {
    look_at_place (headers);
    look_at_key (headers);
  }
  soup_message_headers_unref (headers);
  return 0;
}
