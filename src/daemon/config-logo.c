/* See config-logo.h.
 *
 * Whatever an SVG has in it, nothing of it runs: pages show it as a picture, and its own address is answered with a policy that forbids
 * everything (signalling/branding.c). So it is not rewritten here.
 */
#include "daemon/config-logo.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SVG "image/svg+xml"
#define PNG "image/png"
/* signature, length and name of the first chunk, its width and its height */
#define PNG_HEAD_BYTES 24

static guint32
read_number (const guint8 *data)
{
  return (guint32) data[0] << 24 | (guint32) data[1] << 16 | (guint32) data[2] << 8 | data[3];
}

static gboolean
is_png (const guint8 *data, gsize length)
{
  static const guint8 head[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R' };
  if (length < PNG_HEAD_BYTES || memcmp (data, head, sizeof head) != 0)
    return FALSE;
  guint32 width = read_number (data + sizeof head), height = read_number (data + sizeof head + 4);
  return width > 0 && width <= CV_LOGO_MAX_PIXELS && height > 0 && height <= CV_LOGO_MAX_PIXELS;
}

/* Behind a declaration, comments and a type of document stands the first element. Returns NULL where something does not end. */
static const char *
find_element (const char *text)
{
  while (TRUE) {
    while (g_ascii_isspace (*text))
      text++;
    const char *end = g_str_has_prefix (text, "<?")     ? "?>"
                      : g_str_has_prefix (text, "<!--") ? "-->"
                      : g_str_has_prefix (text, "<!")   ? ">"
                                                        : NULL;
    if (end == NULL)
      return text;
    const char *found = strstr (text, end);
    if (found == NULL)
      return NULL;
    text = found + strlen (end);
  }
}

static gboolean
is_svg (const char *data, gsize length)
{
  g_autofree char *text = g_strndup (data, length);
  const char *start = g_str_has_prefix (text, "\xef\xbb\xbf") ? text + 3 : text;
  if (!g_utf8_validate_len (data, length, NULL) || strstr (text, "<!ENTITY") != NULL)
    return FALSE;
  const char *element = find_element (start);
  return element != NULL && g_str_has_prefix (element, "<svg") && (g_ascii_isspace (element[4]) || element[4] == '>');
}

const char *
cv_config_logo_sniff (GBytes *bytes)
{
  gsize length = 0;
  const char *data = g_bytes_get_data (bytes, &length);
  if (data == NULL)
    return NULL;
  return is_png ((const guint8 *) data, length) ? PNG : is_svg (data, length) ? SVG : NULL;
}

/* NULL: it cannot be read, or is longer. Returns: (transfer full). */
static GBytes *
read_file (const char *path)
{
  g_autofree char *data = g_malloc (CV_LOGO_MAX_BYTES + 1);
  struct stat info;
  gssize n = 1;
  gsize length = 0;
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
  if (fd < 0)
    return NULL;
  while (fstat (fd, &info) == 0 && S_ISREG (info.st_mode) && n > 0 && length <= CV_LOGO_MAX_BYTES) {
    n = read (fd, data + length, CV_LOGO_MAX_BYTES + 1 - length);
    length += (gsize) MAX (n, 0);
  }
  g_close (fd, NULL);
  return n == 0 ? g_bytes_new (data, length) : NULL;
}

GBytes *
cv_config_logo_read (const char *path, const char **type, const char **trouble)
{
  g_autoptr (GBytes) bytes = read_file (path);
  *trouble = "a file of at most 256 KiB that can be read";
  *type = bytes != NULL ? cv_config_logo_sniff (bytes) : NULL;
  if (bytes != NULL && *type == NULL)
    *trouble = "a picture in SVG (UTF-8, without entities) or PNG (at most 4096 pixels wide and high)";
  return *type != NULL ? g_steal_pointer (&bytes) : NULL;
}
