/* See sip-news.h. Believes nothing. */
#include "process/sip-news.h"

#include "base/ids.h"

#include <string.h>

#define MAX_CORES 1024
/* characters of what people get to see of a number: "…123" */
#define MAX_FROM 8
#define MAX_DIGITS 12

static const char *const KEYS[] = { "mute",     "hand",        "help",       "host-mute-all",
                                    "host-end", "consent-yes", "consent-no", NULL };
static const char *const CODECS[] = { "PCMU", "PCMA", "G722", "opus", NULL };
static const char *const SECURITIES[] = { "none", "sdes", "dtls", NULL };
static const char *const TRUNK_STATES[] = { "registering", "registered", "failed", "listed", NULL };

static const char *
read_letters (CvJsonReader *reader, const char *name, guint min, guint max, const char *letters)
{
  const char *text = cv_json_reader_text (reader, name, min, max, FALSE);

  if (text != NULL && text[strspn (text, letters)] != '\0' && reader->error == NULL)
    g_set_error (&reader->error, CV_JSON_ERROR, CV_JSON_ERROR_MEMBER, "%s: forbidden character", name);
  return text;
}

/* NULL with the error set. */
static const char *
read_choice (CvJsonReader *reader, const char *name, const char *const *choices)
{
  int choice = cv_json_reader_choice (reader, name, choices);

  return choice >= 0 ? choices[choice] : NULL;
}

static void
read_call (CvSipNews *self, CvJsonReader *reader)
{
  self->type = CV_SIP_NEWS_CALL;
  self->from = cv_json_reader_text (reader, "from", 0, MAX_FROM, FALSE);
  self->trunk = cv_json_reader_text (reader, "trunk", 1, CV_SIP_MAX_TRUNK_NAME, FALSE);
  self->source = read_letters (reader, "source", CV_SIP_MAX_SOURCE, CV_SIP_MAX_SOURCE, "0123456789abcdef");
}

static void
read_ready (CvSipNews *self, CvJsonReader *reader)
{
  self->type = CV_SIP_NEWS_READY;
  self->codec = read_choice (reader, "codec", CODECS);
  self->security = read_choice (reader, "security", SECURITIES);
}

static void
read_pin (CvSipNews *self, CvJsonReader *reader)
{
  self->type = CV_SIP_NEWS_PIN;
  self->digits = read_letters (reader, "digits", 1, MAX_DIGITS, "0123456789");
}

static void
read_key (CvSipNews *self, CvJsonReader *reader)
{
  self->type = CV_SIP_NEWS_KEY;
  self->key = (CvSipKey) MAX (cv_json_reader_choice (reader, "what", KEYS), 0);
}

static void
read_held (CvSipNews *self, CvJsonReader *reader)
{
  self->type = CV_SIP_NEWS_HELD;
  self->on = cv_json_reader_bool (reader, "on");
}

static void
read_gone (CvSipNews *self, CvJsonReader *reader)
{
  self->type = CV_SIP_NEWS_GONE;
  self->reason = read_letters (reader, "reason", 1, CV_PARCEL_MAX_NAME, "abcdefghijklmnopqrstuvwxyz-");
}

static void
read_trunk (CvSipNews *self, CvJsonReader *reader)
{
  self->type = CV_SIP_NEWS_TRUNK;
  self->trunk = cv_json_reader_text (reader, "trunk", 1, CV_SIP_MAX_TRUNK_NAME, FALSE);
  self->state = read_choice (reader, "state", TRUNK_STATES);
  self->text = cv_json_reader_text (reader, "text", 0, CV_PARCEL_MAX_TEXT, FALSE);
}

static void
read_trunk_stats (CvSipNews *self, CvJsonReader *reader)
{
  JsonArray *list = cv_json_reader_objects (reader, "trunks", CV_SIP_NEWS_MAX_TRUNKS);
  GError *error = NULL;

  for (guint i = 0; list != NULL && i < json_array_get_length (list) && error == NULL; i++) {
    CvSipTrunkStats *stats = &self->trunks[self->n_trunks++];
    CvJsonReader one;

    cv_json_reader_init (&one, json_array_get_object_element (list, i));
    stats->trunk = cv_json_reader_text (&one, "trunk", 1, CV_SIP_MAX_TRUNK_NAME, FALSE);
    stats->refused_full = (guint64) cv_json_reader_int (&one, "refused_full", 0, G_MAXINT64);
    stats->refused_media = (guint64) cv_json_reader_int (&one, "refused_media", 0, G_MAXINT64);
    cv_json_reader_finish (&one, &error);
  }
  if (error != NULL && reader->error == NULL)
    reader->error = g_steal_pointer (&error);
  g_clear_error (&error);
}

static void
read_stats (CvSipNews *self, CvJsonReader *reader)
{
  CvSipStats *stats = &self->stats;

  self->type = CV_SIP_NEWS_STATS;
  stats->cpu = cv_json_reader_number (reader, "cpu", 0, MAX_CORES);
  stats->rss = (guint) cv_json_reader_int (reader, "rss", 0, G_MAXINT);
  stats->calls = (guint) cv_json_reader_int (reader, "calls", 0, G_MAXINT);
  stats->answered = (guint64) cv_json_reader_int (reader, "answered", 0, G_MAXINT64);
  stats->refused_unknown = (guint64) cv_json_reader_int (reader, "refused_unknown", 0, G_MAXINT64);
  stats->refused_rate = (guint64) cv_json_reader_int (reader, "refused_rate", 0, G_MAXINT64);
  stats->refused_full = (guint64) cv_json_reader_int (reader, "refused_full", 0, G_MAXINT64);
  stats->refused_media = (guint64) cv_json_reader_int (reader, "refused_media", 0, G_MAXINT64);
  read_trunk_stats (self, reader);
}

static const struct {
  const char *name;
  void (*read) (CvSipNews *self, CvJsonReader *reader);
  gboolean of_call;
} TYPES[] = {
  { "call", read_call, TRUE }, { "ready", read_ready, TRUE }, { "pin", read_pin, TRUE }, { "key", read_key, TRUE },
  { "held", read_held, TRUE }, { "gone", read_gone, TRUE },   { "trunk", read_trunk },   { "stats", read_stats },
};

gboolean
cv_sip_news_parse (CvSipNews *self, const CvParcel *parcel, GError **error)
{
  CvJsonReader reader;

  *self = (CvSipNews){ 0 };
  if (parcel->id > 0 || parcel->n_fds > 0 || parcel->type == NULL) {
    g_set_error_literal (error, CV_JSON_ERROR, CV_JSON_ERROR_MEMBER, "asks, or brings descriptors");
    return FALSE;
  }
  for (guint i = 0; i < G_N_ELEMENTS (TYPES); i++) {
    if (!g_str_equal (parcel->type, TYPES[i].name))
      continue;
    cv_json_reader_init (&reader, parcel->object);
    if (TYPES[i].of_call)
      self->call = cv_json_reader_id (&reader, "call", "c", CV_ID_LETTERS);
    TYPES[i].read (self, &reader);
    return cv_json_reader_finish (&reader, error);
  }
  g_set_error_literal (error, CV_JSON_ERROR, CV_JSON_ERROR_MEMBER, "unknown type");
  return FALSE;
}
