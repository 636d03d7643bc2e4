/* See mp4.h. ISO/IEC 14496-12; `chpl` is Nero's, which all players that know chapters read. */
#define _GNU_SOURCE
#include "render/mp4.h"

#include "render/deposit.h"
#include "render/failure.h"
#include "render/programme.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define BOX(a, b, c, d) ((guint32) (a) << 24 | (b) << 16 | (c) << 8 | (d))
/* how deep offsets lie: moov, trak, mdia, minf, stbl */
#define MAX_DEPTH 8

typedef struct {
  guint32 type;
  gsize begin, body, end;
} Box;

static guint64
read_number (const guint8 *bytes, guint n)
{
  guint64 value = 0;
  for (guint i = 0; i < n; i++)
    value = value << 8 | bytes[i];
  return value;
}

static void
write_number (guint8 *bytes, guint n, guint64 value)
{
  for (guint i = 0; i < n; i++)
    bytes[i] = (guint8) (value >> (8 * (n - 1 - i)));
}

/* The box at `at`, if it ends before `end`. */
static gboolean
read_box (const guint8 *bytes, gsize at, gsize end, Box *box)
{
  if (end - at < 8)
    return FALSE;
  guint64 size = read_number (bytes + at, 4);
  *box = (Box){ (guint32) read_number (bytes + at + 4, 4), at, at + 8, 0 };
  if (size == 1 && end - at >= 16) {
    size = read_number (bytes + at + 8, 8);
    box->body = at + 16;
  } else if (size == 0)
    size = end - at;
  box->end = at + size;
  return size >= box->body - at && size <= end - at;
}

static gboolean
find_box (const guint8 *bytes, gsize at, gsize end, guint32 type, Box *box)
{
  for (; at < end && read_box (bytes, at, end, box); at = box->end)
    if (box->type == type)
      return TRUE;
  return FALSE;
}

/* ---- Offsets ---- */

static gboolean
shift_table (guint8 *bytes, const Box *box, guint width, guint64 by)
{
  guint64 n = box->end - box->body >= 8 ? read_number (bytes + box->body + 4, 4) : 0;
  if (box->end - box->body < 8 + n * width)
    return FALSE;
  for (guint64 i = 0; i < n; i++) {
    guint8 *at = bytes + box->body + 8 + i * width;
    guint64 offset = read_number (at, width) + by;
    if (width == 4 && offset > G_MAXUINT32)
      return FALSE;
    write_number (at, width, offset);
  }
  return TRUE;
}

/* All that point into the file. */
static gboolean
shift_offsets (guint8 *bytes, gsize at, gsize end, guint64 by, guint depth)
{
  Box box;
  for (; at < end && read_box (bytes, at, end, &box); at = box.end) {
    gboolean good = TRUE;
    switch (box.type) {
    case BOX ('s', 't', 'c', 'o'):
      good = shift_table (bytes, &box, 4, by);
      break;
    case BOX ('c', 'o', '6', '4'):
      good = shift_table (bytes, &box, 8, by);
      break;
    case BOX ('m', 'o', 'o', 'v'):
    case BOX ('t', 'r', 'a', 'k'):
    case BOX ('m', 'd', 'i', 'a'):
    case BOX ('m', 'i', 'n', 'f'):
    case BOX ('s', 't', 'b', 'l'):
      good = depth < MAX_DEPTH && shift_offsets (bytes, box.body, box.end, by, depth + 1);
      break;
    default:;
    }
    if (!good)
      return FALSE;
  }
  return TRUE;
}

/* ---- Chapters ---- */

static void
put_number (GByteArray *out, guint n, guint64 value)
{
  guint8 bytes[8];
  write_number (bytes, n, value);
  g_byte_array_append (out, bytes, n);
}

static GByteArray *
make_chapters (const GArray *chapters)
{
  GByteArray *out = g_byte_array_new ();
  guint n = MIN (chapters->len, CV_MP4_MAX_CHAPTERS);
  put_number (out, 4, 0); /* its size, at last */
  put_number (out, 4, BOX ('c', 'h', 'p', 'l'));
  put_number (out, 4, 1 << 24);
  put_number (out, 4, 0);
  put_number (out, 1, n);
  for (guint i = 0; i < n; i++) {
    const CvChapter *chapter = &g_array_index (chapters, CvChapter, i);
    const char *end = chapter->title;
    while (*end != '\0' && g_utf8_next_char (end) - chapter->title <= CV_MP4_MAX_TITLE)
      end = g_utf8_next_char (end);
    put_number (out, 8, (guint64) chapter->t * 10);
    put_number (out, 1, (guint64) (end - chapter->title));
    g_byte_array_append (out, (const guint8 *) chapter->title, (guint) (end - chapter->title));
  }
  write_number (out->data, 4, out->len);
  return out;
}

/* The moov with the chapters in its udta. Returns: (transfer full). */
static GByteArray *
make_index (const guint8 *bytes, const Box *moov, const GArray *chapters)
{
  GByteArray *out = g_byte_array_new ();
  g_autoptr (GByteArray) list = make_chapters (chapters);
  Box udta;
  g_byte_array_append (out, bytes + moov->begin, (guint) (moov->end - moov->begin));
  if (chapters->len == 0)
    return out;
  if (find_box (bytes, moov->body, moov->end, BOX ('u', 'd', 't', 'a'), &udta)) {
    gsize end = udta.end - moov->begin, begin = udta.begin - moov->begin, behind = out->len - end;
    g_byte_array_set_size (out, out->len + list->len);
    memmove (out->data + end + list->len, out->data + end, behind);
    memcpy (out->data + end, list->data, list->len);
    write_number (out->data + begin, 4, end - begin + list->len);
  } else {
    put_number (out, 4, 8 + list->len);
    put_number (out, 4, BOX ('u', 'd', 't', 'a'));
    g_byte_array_append (out, list->data, list->len);
  }
  write_number (out->data, 4, out->len);
  return out;
}

/* ---- The file ---- */

/* What stood before the moov goes behind it, but for the very first box (ftyp). */
static gboolean
write_file (int fd, const guint8 *bytes, gsize n, const Box *moov, const GArray *chapters, GError **error)
{
  Box first;
  g_autoptr (GByteArray) index = make_index (bytes, moov, chapters);
  gboolean front = read_box (bytes, 0, n, &first) && first.type == BOX ('f', 't', 'y', 'p') &&
                   first.end <= moov->begin && shift_offsets (index->data, 0, index->len, index->len, 0);
  if (!front) { /* or it stays where it is, as in a file whose offsets would need more bits */
    g_byte_array_unref (index);
    index = make_index (bytes, moov, chapters);
    first.end = moov->begin;
  }
  gboolean done = cv_deposit_write_all (fd, bytes, first.end) && cv_deposit_write_all (fd, index->data, index->len) &&
                  cv_deposit_write_all (fd, bytes + first.end, moov->begin - first.end) &&
                  cv_deposit_write_all (fd, bytes + moov->end, n - moov->end);
  return done || cv_failure_set_errno (error, "a file cannot be written");
}

gboolean
cv_mp4_finish (const char *from, const char *to, const GArray *chapters, GError **error)
{
  g_autoptr (GMappedFile) file = g_mapped_file_new (from, FALSE, error);
  Box moov;
  if (file == NULL)
    return FALSE;
  const guint8 *bytes = (const guint8 *) g_mapped_file_get_contents (file);
  gsize n = g_mapped_file_get_length (file);
  if (bytes == NULL || !find_box (bytes, 0, n, BOX ('m', 'o', 'o', 'v'), &moov)) {
    g_set_error_literal (error, CV_FAILURE, CV_FAILURE_PIPELINE, "what was joined has no index");
    return FALSE;
  }
  int fd = open (to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
  if (fd < 0)
    return cv_failure_set_errno (error, "a file cannot be written");
  gboolean done = write_file (fd, bytes, n, &moov, chapters, error);
  close (fd);
  return done;
}
