/* See prompts.h. */
#include "sip/prompts.h"

#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CV_LOG_TOPIC "sip"
#include "base/log.h"

#define LEVEL 6000
#define FADE (CV_PROMPTS_RATE / 200)

static const char *const names[] = {
  "welcome",
  "enter-pin",
  "wrong-pin",
  "goodbye",
  "waiting-host",
  "lobby",
  "consent",
  "consent-yes",
  "consent-no",
  "joined",
  "joined-listening",
  "muted",
  "unmuted",
  "muted-by-host",
  "on-stage",
  "off-stage",
  "hand-up",
  "hand-down",
  "help",
  "help-host",
  "all-muted",
  "confirm-end",
  "recording-on",
  "recording-off",
  "ended",
  "removed",
  "refused",
  "no-consent",
  "full",
  "locked",
  "blocked",
  "refused-kind",
  "timeout",
  "failed",
  "operator",
};

struct _CvPrompts {
  GHashTable *samples; /* name → GBytes */
  GBytes *silence;
};

/* ---- Files ---- */

static guint
read16 (const guint8 *at)
{
  return (guint) (at[0] | at[1] << 8);
}

static guint32
read32 (const guint8 *at)
{
  return read16 (at) | (guint32) read16 (at + 2) << 16;
}

static gboolean
is_ours (const guint8 *format, gsize n)
{
  return n >= 16 && read16 (format) == 1 && read16 (format + 2) == 1 && read32 (format + 4) == CV_PROMPTS_RATE &&
         read16 (format + 14) == 16;
}

GBytes *
cv_prompts_parse (const guint8 *file, gsize n)
{
  gboolean has_format = FALSE;
  if (n < 12 || memcmp (file, "RIFF", 4) != 0 || memcmp (file + 8, "WAVE", 4) != 0)
    return NULL;
  for (gsize at = 12; at + 8 <= n;) {
    gsize length = read32 (file + at + 4), left = n - at - 8;
    const guint8 *chunk = file + at + 8;
    /* programs that write to a pipe do not know the length of the last one */
    gsize there = MIN (length, left);
    if (memcmp (file + at, "fmt ", 4) == 0 && !(has_format = is_ours (chunk, there)))
      return NULL;
    if (memcmp (file + at, "data", 4) == 0)
      return has_format && there >= 2 ? g_bytes_new (chunk, there & ~(gsize) 1) : NULL;
    if (length > left)
      return NULL;
    at += 8 + length + length % 2;
  }
  return NULL;
}

static GBytes *
read_file (int folder, const char *name)
{
  struct stat status;
  g_autofree char *path = g_strdup_printf ("%s.wav", name);
  int fd = openat (folder, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0)
    return NULL;
  GBytes *samples = NULL;
  if (fstat (fd, &status) == 0 && S_ISREG (status.st_mode) && status.st_size <= CV_PROMPTS_MAX_BYTES) {
    gsize n = 0, size = (gsize) status.st_size;
    g_autofree guint8 *file = g_malloc (size + 1);
    for (gssize got; n < size && (got = read (fd, file + n, size - n)) > 0;)
      n += (gsize) got;
    samples = cv_prompts_parse (file, n);
  }
  close (fd);
  return samples;
}

static void
read_all (CvPrompts *self, int folder, const char *language)
{
  int own = openat (folder, language, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  guint missing = 0;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    GBytes *samples = own >= 0 ? read_file (own, names[i]) : NULL;
    if (samples != NULL)
      g_hash_table_insert (self->samples, (gpointer) names[i], samples);
    else if (missing++ == 0)
      cv_warning (NULL, NULL, "the prompt %s/%s.wav is missing, or not mono, 16 bit and 16 kHz", language, names[i]);
  }
  if (missing > 1)
    cv_warning (NULL, NULL, "%u prompts are missing", missing);
  if (own >= 0)
    close (own);
}

/* ---- Tones ---- */

/* Appends a tone that begins and ends softly. */
static void
append_tone (GByteArray *out, double hertz, guint ms)
{
  guint n = CV_PROMPTS_RATE * ms / 1000;
  for (guint i = 0; i < n; i++) {
    double edge = MIN (1.0, (double) MIN (i, n - 1 - i) / FADE);
    gint16 sample = hertz > 0 ? (gint16) (LEVEL * edge * sin (2 * G_PI * hertz * i / CV_PROMPTS_RATE)) : 0;
    g_byte_array_append (out, (const guint8 *) &sample, sizeof sample);
  }
}

static GBytes *
make_tones (double first, double second)
{
  GByteArray *out = g_byte_array_new ();
  append_tone (out, first, 120);
  append_tone (out, second, 160);
  append_tone (out, 0, 60);
  return g_byte_array_free_to_bytes (out);
}

CvPrompts *
cv_prompts_new (int folder, const char *language)
{
  CvPrompts *self = g_new0 (CvPrompts, 1);
  self->samples = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_bytes_unref);
  self->silence = g_bytes_new_take (g_malloc0 (CV_PROMPTS_RATE * 2), CV_PROMPTS_RATE * 2);
  g_hash_table_insert (self->samples, (gpointer) "tone-entry", make_tones (660, 880));
  g_hash_table_insert (self->samples, (gpointer) "tone-exit", make_tones (880, 660));
  read_all (self, folder, language);
  return self;
}

void
cv_prompts_free (CvPrompts *self)
{
  g_hash_table_unref (self->samples);
  g_bytes_unref (self->silence);
  g_free (self);
}

GBytes *
cv_prompts_get (CvPrompts *self, const char *name)
{
  GBytes *samples = g_hash_table_lookup (self->samples, name);
  return samples != NULL ? samples : self->silence;
}
