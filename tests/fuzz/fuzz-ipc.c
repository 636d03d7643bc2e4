/* Fuzz target of what a child says (libFuzzer): bytes → lines → messages → events and news.
 *
 * Fed whole and in pieces the same messages come out. Readers of members stand whatever they find.
 */
#include "ipc/hello.h"
#include "ipc/inbox.h"
#include "process/event.h"
#include "process/render-news.h"
#include "process/sip-news.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize n);

/* What is taken is within its bounds. */
static void
read_event (const CvParcel *parcel)
{
  g_auto (CvEvent) event = { 0 };

  if (!cv_event_parse (&event, parcel, NULL))
    return;
  g_assert_true (event.person == NULL || strlen (event.person) > 0);
  if (event.type == CV_EVENT_SLOTS)
    for (guint i = 0; i < event.slots->len; i++)
      g_assert_cmpint (g_array_index (event.slots, CvMediaSlot, i).source, <=, CV_MEDIA_SCREEN_AUDIO);
  if (event.type >= CV_EVENT_TRACK)
    g_assert_true (event.file >= 1 && event.file <= CV_MEDIA_MAX_FILE);
  if (event.type == CV_EVENT_TRACK)
    g_assert_true (event.track.codec != NULL && event.track.at >= 0);
  if (event.type == CV_EVENT_SPEAKERS)
    g_assert_null (event.people->pdata[event.people->len - 1]);
  if (event.type == CV_EVENT_STATS)
    for (guint i = 0; i < event.stats->len; i++)
      g_assert_true (g_array_index (event.stats, CvMediaPersonStats, i).up_loss <= 1);
}

/* A file's name is one in the recording's own folders, and text that is printed is there. */
static void
read_render_news (const CvParcel *parcel)
{
  g_auto (CvRenderNews) news = { 0 };
  const char *name;

  if (!cv_render_news_parse (&news, parcel, NULL))
    return;
  if (news.type == CV_RENDER_NEWS_PROGRESS)
    g_assert_true (news.stage != NULL && news.done >= 0 && news.done <= 1);
  if (news.type == CV_RENDER_NEWS_FAILED)
    g_assert_true (news.error != NULL && news.text != NULL);
  if (news.type != CV_RENDER_NEWS_FILE)
    return;
  name = g_str_has_prefix (news.file.name, "tracks/") ? news.file.name + strlen ("tracks/") : news.file.name;
  g_assert_true (*name != '\0' && *name != '.' && strchr (name, '/') == NULL);
  g_assert_cmpint (strlen (news.file.sha256), ==, 64);
  g_assert_true (news.file.kind != NULL && news.file.person != NULL && news.file.source != NULL);
}

/* What is asked for without a look is there. */
static void
read_sip_news (const CvParcel *parcel)
{
  CvSipNews news = { 0 };

  if (!cv_sip_news_parse (&news, parcel, NULL))
    return;
  g_assert_true ((news.call != NULL) == (news.type < CV_SIP_NEWS_TRUNK));
  if (news.type == CV_SIP_NEWS_CALL)
    g_assert_true (news.from != NULL && news.trunk != NULL && strlen (news.source) == CV_SIP_MAX_SOURCE);
  if (news.type == CV_SIP_NEWS_READY)
    g_assert_true (news.codec != NULL && news.security != NULL);
  if (news.type == CV_SIP_NEWS_PIN)
    g_assert_true (*news.digits != '\0' && news.digits[strspn (news.digits, "0123456789")] == '\0');
  if (news.type == CV_SIP_NEWS_GONE)
    g_assert_nonnull (news.reason);
  if (news.type == CV_SIP_NEWS_TRUNK)
    g_assert_true (news.trunk != NULL && news.state != NULL && news.text != NULL);
}

/* Appends a text of what came out, up to the first error. */
static gboolean
drain (CvInbox *inbox, GString *out)
{
  for (;;) {
    g_autoptr (GError) error = NULL;
    g_autoptr (CvParcel) message = cv_inbox_next (inbox, &error);
    g_autoptr (JsonNode) node = NULL;
    g_autofree char *text = NULL;

    g_assert_true (message == NULL || error == NULL);
    if (message == NULL)
      return error == NULL;
    g_assert_true ((message->type != NULL) != (message->re > 0));
    node = json_node_init_object (json_node_alloc (), message->object);
    text = cv_json_to_text (node, NULL);
    g_string_append_printf (out, "%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %s %s %u %s\n", message->type,
                            message->id, message->re, message->error, message->text, message->n_fds, text);
    cv_hello_check (message, "conclave-media", NULL);
    read_event (message);
    read_render_news (message);
    read_sip_news (message);
  }
}

static gboolean
feed (const guint8 *data, gsize n, guint32 pieces, GString *out)
{
  CvInbox inbox;
  gboolean fine = TRUE;

  cv_inbox_init (&inbox);
  while (fine && n > 0) {
    gsize step = n;

    if (pieces > 0) {
      pieces = pieces * 1664525 + 1013904223;
      step = MIN (n, 1 + (pieces >> 24) % 40);
    }
    cv_inbox_push (&inbox, data, step);
    data += step;
    n -= step;
    fine = drain (&inbox, out);
  }
  cv_inbox_clear (&inbox);
  return fine;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize n)
{
  g_autoptr (GString) whole = g_string_new (NULL);
  g_autoptr (GString) cut = g_string_new (NULL);

  if (n < 1)
    return 0;
  g_assert_cmpint (feed (data + 1, n - 1, 0, whole), ==, feed (data + 1, n - 1, data[0] + 1u, cut));
  g_assert_cmpstr (whole->str, ==, cut->str);
  return 0;
}
