/* See requests.h. */
#include "signalling/requests.h"

#include <string.h>

#define MAX_CHUNK_DIGITS 8
#define MAX_LENGTH_DIGITS 18

void
cv_requests_init (CvRequests *self)
{
  *self = (CvRequests){ .state = CV_REQUESTS_START };
}

/* Digits in `base`, and nothing else, at most `max` of them. */
static gboolean
read_number (const char *text, gsize n, guint base, gsize max, guint64 *value)
{
  *value = 0;
  for (gsize i = 0; i < n; i++) {
    int digit = base == 16 ? g_ascii_xdigit_value (text[i]) : g_ascii_digit_value (text[i]);
    if (digit < 0)
      return FALSE;
    *value = *value * base + (guint64) digit;
  }
  return n > 0 && n <= max;
}

/* The value of the header `name` in the line, without the blanks around it; FALSE if it is another header. */
static gboolean
get_value (const CvRequests *self, const char *name, const char **value, gsize *n)
{
  gsize length = strlen (name);
  gsize end = MIN (self->length, sizeof self->line);
  if (self->length <= length || g_ascii_strncasecmp (self->line, name, length) != 0 || self->line[length] != ':')
    return FALSE;
  *value = self->line + length + 1;
  const char *last = self->line + end;
  while (*value < last && (**value == ' ' || **value == '\t'))
    (*value)++;
  while (last > *value && (last[-1] == ' ' || last[-1] == '\t'))
    last--;
  *n = (gsize) (last - *value);
  return TRUE;
}

/* A name that is followed by its colon at once; a line that begins with a blank would go on with the one before. */
static gboolean
has_name (const CvRequests *self)
{
  gsize n = strcspn (self->line, ": \t");
  return n > 0 && (n == sizeof self->line - 1 || self->line[n] == ':');
}

static gboolean
read_header (CvRequests *self)
{
  const char *value = NULL;
  gsize n = 0;
  self->line[MIN (self->length, sizeof self->line - 1)] = '\0';
  gboolean whole = self->length < sizeof self->line;
  if (!has_name (self))
    return FALSE;
  if (get_value (self, "Host", &value, &n))
    return ++self->hosts == 1;
  if (get_value (self, "Content-Length", &value, &n))
    return whole && ++self->lengths == 1 && read_number (value, n, 10, MAX_LENGTH_DIGITS, &self->content);
  if (get_value (self, "Transfer-Encoding", &value, &n))
    return whole && ++self->codings == 1 && n == strlen ("chunked") && g_ascii_strncasecmp (value, "chunked", n) == 0;
  return TRUE;
}

/* The head is over: what follows? */
static gboolean
end_head (CvRequests *self)
{
  guint64 content = self->content;
  gboolean chunked = self->codings > 0;
  if (chunked && self->lengths > 0)
    return FALSE;
  cv_requests_init (self);
  self->left = content;
  if (chunked)
    self->state = CV_REQUESTS_CHUNK_SIZE;
  else if (content > 0)
    self->state = CV_REQUESTS_BODY;
  return TRUE;
}

static gboolean
read_chunk_size (CvRequests *self)
{
  if (self->length >= sizeof self->line || !read_number (self->line, self->length, 16, MAX_CHUNK_DIGITS, &self->left))
    return FALSE;
  self->state = self->left > 0 ? CV_REQUESTS_CHUNK : CV_REQUESTS_LAST_CHUNK;
  return TRUE;
}

/* A whole line has come. */
static gboolean
read_line (CvRequests *self)
{
  gboolean fine = FALSE;
  switch (self->state) {
  case CV_REQUESTS_START:
    fine = self->length > 0;
    self->state = CV_REQUESTS_HEADER;
    break;
  case CV_REQUESTS_HEADER:
    fine = self->length > 0 ? read_header (self) : end_head (self);
    break;
  case CV_REQUESTS_CHUNK_SIZE:
    fine = read_chunk_size (self);
    break;
  case CV_REQUESTS_CHUNK_END:
    fine = self->length == 0;
    self->state = CV_REQUESTS_CHUNK_SIZE;
    break;
  case CV_REQUESTS_LAST_CHUNK:
    fine = self->length == 0;
    cv_requests_init (self);
    break;
  case CV_REQUESTS_BODY:
  case CV_REQUESTS_CHUNK:
    break;
  }
  self->length = 0;
  return fine;
}

/* Lines end in CR LF; neither stands anywhere else, nor does NUL. */
static gboolean
take_byte (CvRequests *self, guint8 byte)
{
  if (self->cr) {
    self->cr = FALSE;
    return byte == '\n' && read_line (self);
  }
  if (byte == '\0' || byte == '\n')
    return FALSE;
  self->cr = byte == '\r';
  if (self->cr)
    return TRUE;
  if (self->length < sizeof self->line)
    self->line[self->length] = (char) byte;
  self->length++;
  return TRUE;
}

gboolean
cv_requests_feed (CvRequests *self, const guint8 *data, gsize n)
{
  while (n > 0) {
    if (self->left > 0) {
      gsize step = MIN (self->left, n);
      self->left -= step;
      data += step;
      n -= step;
      if (self->left == 0)
        self->state = self->state == CV_REQUESTS_CHUNK ? CV_REQUESTS_CHUNK_END : CV_REQUESTS_START;
      continue;
    }
    if (++self->head > CV_REQUESTS_MAX_HEAD || !take_byte (self, *data))
      return FALSE;
    data++;
    n--;
  }
  return TRUE;
}
