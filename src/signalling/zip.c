/* See zip.h. */
#include "signalling/zip.h"

#include "signalling/filenames.h"

#include <string.h>

#define MAX_32 G_GUINT64_CONSTANT (0xffffffff)
#define MAX_16 0xffff

#define NEEDS_PLAIN 20
#define NEEDS_ZIP64 45
#define MADE_BY (3 << 8 | NEEDS_ZIP64) /* Unix */
#define FLAGS (1 << 3 | 1 << 11)       /* a data descriptor follows; names are UTF-8 */
#define MODE (0100644u << 16)          /* a plain file */

#define LOCAL_HEAD_BYTES 30
#define LOCAL_ZIP64_BYTES 20
#define TAIL_BYTES 16
#define TAIL_ZIP64_BYTES 24
#define ENTRY_BYTES 46
#define END_BYTES 22
#define END_ZIP64_BYTES (56 + 20)

typedef struct {
  char *name;
  guint64 size;
  guint64 offset; /* of its head */
  guint32 time;   /* date and time as MS-DOS writes them */
  guint32 crc;
} File;

struct _CvZip {
  GPtrArray *files;
  GHashTable *names; /* in lower case: some file systems know no other */
  guint64 offset;    /* where the next head stands */
};

static void
file_free (File *self)
{
  g_free (self->name);
  g_free (self);
}

CvZip *
cv_zip_new (void)
{
  CvZip *self = g_new0 (CvZip, 1);
  self->files = g_ptr_array_new_with_free_func ((GDestroyNotify) file_free);
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
cv_zip_free (CvZip *self)
{
  g_ptr_array_unref (self->files);
  g_hash_table_unref (self->names);
  g_free (self);
}

/* ---- names ---- */

/* Takes `name`, or the first of "name-2.mp4", "name-3.mp4" … that is free. Returns: (transfer full). */
static char *
take_name (CvZip *self, const char *name)
{
  const char *dot = strrchr (name, '.');
  gsize stem = dot != NULL && dot != name ? (gsize) (dot - name) : strlen (name);
  for (guint n = 1;; n++) {
    g_autofree char *number = n > 1 ? g_strdup_printf ("-%u", n) : g_strdup ("");
    g_autofree char *candidate = g_strdup_printf ("%.*s%s%s", (int) stem, name, number, name + stem);
    if (g_hash_table_add (self->names, g_utf8_casefold (candidate, -1)))
      return g_steal_pointer (&candidate);
  }
}

/* ---- sizes ---- */

static gboolean
is_large (const File *file)
{
  return file->size >= MAX_32;
}

static gsize
measure_head (const File *file)
{
  return LOCAL_HEAD_BYTES + strlen (file->name) + (is_large (file) ? LOCAL_ZIP64_BYTES : 0);
}

static gsize
measure_tail (const File *file)
{
  return is_large (file) ? TAIL_ZIP64_BYTES : TAIL_BYTES;
}

/* Of the values that do not fit into an entry of the directory. */
static gsize
measure_extra (const File *file)
{
  gsize n = (is_large (file) ? 16 : 0) + (file->offset >= MAX_32 ? 8 : 0);
  return n > 0 ? 4 + n : 0;
}

static guint64
measure_directory (CvZip *self)
{
  guint64 n = 0;
  for (guint i = 0; i < self->files->len; i++) {
    const File *file = g_ptr_array_index (self->files, i);
    n += ENTRY_BYTES + strlen (file->name) + measure_extra (file);
  }
  return n;
}

static gboolean
ends_large (CvZip *self, guint64 directory)
{
  return self->files->len >= MAX_16 || self->offset >= MAX_32 || directory >= MAX_32;
}

guint64
cv_zip_get_size (CvZip *self)
{
  guint64 directory = measure_directory (self);
  return self->offset + directory + END_BYTES + (ends_large (self, directory) ? END_ZIP64_BYTES : 0);
}

/* ---- files ---- */

/* In UTC: what a zone is, the format does not know. Years before 1980 it does not have. */
static guint32
make_time (gint64 seconds)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (seconds);
  int year = time != NULL ? g_date_time_get_year (time) : 0;
  if (year < 1980 || year > 2107)
    return 1u << 21 | 1u << 16;
  guint32 date =
    (guint32) ((year - 1980) << 9 | g_date_time_get_month (time) << 5 | g_date_time_get_day_of_month (time));
  guint32 clock = (guint32) (g_date_time_get_hour (time) << 11 | g_date_time_get_minute (time) << 5 |
                             g_date_time_get_second (time) / 2);
  return date << 16 | clock;
}

void
cv_zip_add (CvZip *self, const char *name, guint64 size, gint64 mtime)
{
  g_autofree char *cleaned = cv_filename_clean (name);
  File *file = g_new0 (File, 1);
  file->name = take_name (self, cleaned);
  file->size = size;
  file->offset = self->offset;
  file->time = make_time (mtime);
  self->offset += measure_head (file) + size + measure_tail (file);
  g_ptr_array_add (self->files, file);
}

guint
cv_zip_get_n_files (CvZip *self)
{
  return self->files->len;
}

const char *
cv_zip_get_name (CvZip *self, guint i)
{
  return ((const File *) g_ptr_array_index (self->files, i))->name;
}

/* ---- bytes ---- */

static void
put_16 (GByteArray *out, guint value)
{
  g_byte_array_append (out, (guint8[]){ value & 0xff, value >> 8 & 0xff }, 2);
}

static void
put_32 (GByteArray *out, guint64 value)
{
  put_16 (out, (guint) (value & 0xffff));
  put_16 (out, (guint) (value >> 16 & 0xffff));
}

static void
put_64 (GByteArray *out, guint64 value)
{
  put_32 (out, value & MAX_32);
  put_32 (out, value >> 32);
}

/* The number, or where it does not fit the one that says to look into the extra field. */
static void
put_bounded_32 (GByteArray *out, guint64 value)
{
  put_32 (out, MIN (value, MAX_32));
}

static void
put_name (GByteArray *out, const File *file)
{
  g_byte_array_append (out, (const guint8 *) file->name, (guint) strlen (file->name));
}

GBytes *
cv_zip_get_head (CvZip *self, guint i)
{
  const File *file = g_ptr_array_index (self->files, i);
  gboolean large = is_large (file);
  GByteArray *out = g_byte_array_new ();
  put_32 (out, 0x04034b50);
  put_16 (out, large ? NEEDS_ZIP64 : NEEDS_PLAIN);
  put_16 (out, FLAGS);
  put_16 (out, 0); /* stored */
  put_32 (out, file->time);
  put_32 (out, 0); /* the checksum stands behind, like the sizes */
  put_32 (out, large ? MAX_32 : 0);
  put_32 (out, large ? MAX_32 : 0);
  put_16 (out, (guint) strlen (file->name));
  put_16 (out, large ? LOCAL_ZIP64_BYTES : 0);
  put_name (out, file);
  if (large) {
    put_16 (out, 1);
    put_16 (out, LOCAL_ZIP64_BYTES - 4);
    put_64 (out, 0);
    put_64 (out, 0);
  }
  return g_byte_array_free_to_bytes (out);
}

GBytes *
cv_zip_get_tail (CvZip *self, guint i, guint32 crc)
{
  File *file = g_ptr_array_index (self->files, i);
  GByteArray *out = g_byte_array_new ();
  file->crc = crc;
  put_32 (out, 0x08074b50);
  put_32 (out, crc);
  for (guint n = 0; n < 2; n++)
    if (is_large (file))
      put_64 (out, file->size);
    else
      put_32 (out, file->size);
  return g_byte_array_free_to_bytes (out);
}

static void
put_entry (GByteArray *out, const File *file)
{
  gsize extra = measure_extra (file);
  put_32 (out, 0x02014b50);
  put_16 (out, MADE_BY);
  put_16 (out, extra > 0 ? NEEDS_ZIP64 : NEEDS_PLAIN);
  put_16 (out, FLAGS);
  put_16 (out, 0);
  put_32 (out, file->time);
  put_32 (out, file->crc);
  put_bounded_32 (out, file->size);
  put_bounded_32 (out, file->size);
  put_16 (out, (guint) strlen (file->name));
  put_16 (out, (guint) extra);
  put_16 (out, 0); /* comment */
  put_16 (out, 0); /* disk */
  put_16 (out, 0); /* internal attributes */
  put_32 (out, MODE);
  put_bounded_32 (out, file->offset);
  put_name (out, file);
  if (extra == 0)
    return;
  put_16 (out, 1);
  put_16 (out, (guint) extra - 4);
  if (is_large (file)) {
    put_64 (out, file->size);
    put_64 (out, file->size);
  }
  if (file->offset >= MAX_32)
    put_64 (out, file->offset);
}

static void
put_end_zip64 (CvZip *self, GByteArray *out, guint64 directory)
{
  put_32 (out, 0x06064b50);
  put_64 (out, 56 - 12); /* of what follows in this record */
  put_16 (out, MADE_BY);
  put_16 (out, NEEDS_ZIP64);
  put_32 (out, 0);
  put_32 (out, 0);
  put_64 (out, self->files->len);
  put_64 (out, self->files->len);
  put_64 (out, directory);
  put_64 (out, self->offset);
  /* and where that record stands */
  put_32 (out, 0x07064b50);
  put_32 (out, 0);
  put_64 (out, self->offset + directory);
  put_32 (out, 1);
}

GBytes *
cv_zip_get_end (CvZip *self)
{
  GByteArray *out = g_byte_array_new ();
  for (guint i = 0; i < self->files->len; i++)
    put_entry (out, g_ptr_array_index (self->files, i));
  guint64 directory = out->len;
  if (ends_large (self, directory))
    put_end_zip64 (self, out, directory);
  put_32 (out, 0x06054b50);
  put_16 (out, 0);
  put_16 (out, 0);
  put_16 (out, MIN (self->files->len, MAX_16));
  put_16 (out, MIN (self->files->len, MAX_16));
  put_bounded_32 (out, directory);
  put_bounded_32 (out, self->offset);
  put_16 (out, 0);
  return g_byte_array_free_to_bytes (out);
}
