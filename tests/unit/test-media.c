/* The interface between a meeting and its media: each call arrives, and so does each signal. */
#include "process/media.h"

#include "lib/wait.h"

#include <string.h>

/* ---- Something that notes its calls ---- */

#define TEST_TYPE_NOTES (test_notes_get_type ())
G_DECLARE_FINAL_TYPE (TestNotes, test_notes, TEST, NOTES, GObject)

struct _TestNotes {
  GObject parent_instance;
  GString *calls;
};

static gboolean
test_notes_is_ready (CvMedia *media)
{
  g_string_append (TEST_NOTES (media)->calls, "is-ready;");
  return TRUE;
}

static void
test_notes_join (CvMedia *media, const char *person, const char *offer, CvMediaMay may, GTask *task)
{
  g_string_append_printf (TEST_NOTES (media)->calls, "join %s %s %u;", person, offer, may);
  if (g_str_equal (offer, "bad"))
    g_task_return_new_error (task, CV_MEDIA_ERROR, CV_MEDIA_ERROR_BAD_SDP, "It is bad.");
  else
    g_task_return_pointer (task, g_strdup ("answer"), g_free);
}

static void
test_notes_leave (CvMedia *media, const char *person)
{
  g_string_append_printf (TEST_NOTES (media)->calls, "leave %s;", person);
}

static void
test_notes_set_may (CvMedia *media, const char *person, CvMediaMay may)
{
  g_string_append_printf (TEST_NOTES (media)->calls, "may %s %u;", person, may);
}

static void
test_notes_set_view (CvMedia *media, const char *person, const CvMediaTile *tiles, guint n)
{
  g_string_append_printf (TEST_NOTES (media)->calls, "view %s %s %u;", person, tiles[0].person, n);
}

static void
test_notes_set_spotlight (CvMedia *media, const char *person)
{
  g_string_append_printf (TEST_NOTES (media)->calls, "spotlight %s;", person != NULL ? person : "-");
}

static void
test_notes_record (CvMedia *media, const char *person, CvMediaSource source, guint file, int fd, GTask *task)
{
  g_string_append_printf (TEST_NOTES (media)->calls, "record %s %s %u %d;", person, cv_media_sources[source], file, fd);
  g_task_return_boolean (task, TRUE);
}

static void
test_notes_unrecord (CvMedia *media, guint file, GTask *task)
{
  g_string_append_printf (TEST_NOTES (media)->calls, "unrecord %u;", file);
  g_task_return_int (task, 1000);
}

static void
test_notes_close (CvMedia *media)
{
  g_string_append (TEST_NOTES (media)->calls, "close;");
}

static CvMedia *
test_notes_open (CvMediaPool *pool, const char *room, const char *meeting, GError **error)
{
  g_string_append_printf (TEST_NOTES (pool)->calls, "open %s %s;", room, meeting);
  return CV_MEDIA (g_object_ref (TEST_NOTES (pool)));
}

static void
media_init (CvMediaInterface *iface)
{
  iface->is_ready = test_notes_is_ready;
  iface->join = test_notes_join;
  iface->leave = test_notes_leave;
  iface->set_may = test_notes_set_may;
  iface->set_view = test_notes_set_view;
  iface->set_spotlight = test_notes_set_spotlight;
  iface->record = test_notes_record;
  iface->unrecord = test_notes_unrecord;
  iface->close = test_notes_close;
}

static void
pool_init (CvMediaPoolInterface *iface)
{
  iface->open = test_notes_open;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestNotes, test_notes, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CV_TYPE_MEDIA, media_init)
                                 G_IMPLEMENT_INTERFACE (CV_TYPE_MEDIA_POOL, pool_init))

static void
test_notes_class_init (TestNotesClass *klass)
{
}

static void
test_notes_init (TestNotes *self)
{
  self->calls = g_string_new (NULL);
}

/* ---- Tests ---- */

static void
test_calls (void)
{
  TestNotes *notes = g_object_new (TEST_TYPE_NOTES, NULL);
  CvMedia *media = cv_media_pool_open (CV_MEDIA_POOL (notes), "room", "meeting", NULL);
  CvMediaTile tile = { "b", CV_MEDIA_CAMERA, 320 };

  g_assert_true (cv_media_is_ready (media));
  cv_media_leave (media, "a");
  cv_media_set_may (media, "a", CV_MEDIA_MAY_CAMERA | CV_MEDIA_MAY_SCREEN);
  cv_media_set_view (media, "a", &tile, 1);
  cv_media_set_spotlight (media, "a");
  cv_media_set_spotlight (media, NULL);
  cv_media_close (media);
  g_assert_cmpstr (notes->calls->str, ==,
                   "open room meeting;is-ready;leave a;may a 6;view a b 1;spotlight a;spotlight -;close;");
  g_string_free (notes->calls, TRUE);
  g_object_unref (media);
  g_object_unref (notes);
}

static void
test_join (void)
{
  TestNotes *notes = g_object_new (TEST_TYPE_NOTES, NULL);
  GAsyncResult *slot = NULL;
  g_autoptr (GError) error = NULL;

  cv_media_join_async (CV_MEDIA (notes), "a", "good", CV_MEDIA_MAY_MICROPHONE, cv_test_on_ready, &slot);
  {
    g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);
    g_autofree char *answer = cv_media_join_finish (CV_MEDIA (notes), result, &error);

    g_assert_no_error (error);
    g_assert_cmpstr (answer, ==, "answer");
  }
  cv_media_join_async (CV_MEDIA (notes), "a", "bad", 0, cv_test_on_ready, &slot);
  {
    g_autoptr (GAsyncResult) result = cv_test_wait_for (&slot);

    g_assert_null (cv_media_join_finish (CV_MEDIA (notes), result, &error));
    g_assert_error (error, CV_MEDIA_ERROR, CV_MEDIA_ERROR_BAD_SDP);
  }
  g_assert_cmpstr (notes->calls->str, ==, "join a good 1;join a bad 0;");
  g_string_free (notes->calls, TRUE);
  cv_test_wait_gone (notes);
}

static void
test_record (void)
{
  TestNotes *notes = g_object_new (TEST_TYPE_NOTES, NULL);
  GAsyncResult *slot = NULL;
  g_autoptr (GAsyncResult) recorded = NULL;
  g_autoptr (GAsyncResult) ended = NULL;

  cv_media_record_async (CV_MEDIA (notes), "a", CV_MEDIA_SCREEN_AUDIO, 7, 2, cv_test_on_ready, &slot);
  recorded = cv_test_wait_for (&slot);
  g_assert_true (cv_media_record_finish (CV_MEDIA (notes), recorded, NULL));
  cv_media_unrecord_async (CV_MEDIA (notes), 7, cv_test_on_ready, &slot);
  ended = cv_test_wait_for (&slot);
  g_assert_cmpint (cv_media_unrecord_finish (CV_MEDIA (notes), ended, NULL), ==, 1000);
  g_assert_cmpstr (notes->calls->str, ==, "record a screen-audio 7 2;unrecord 7;");
  g_string_free (notes->calls, TRUE);
  g_clear_object (&recorded);
  g_clear_object (&ended);
  cv_test_wait_gone (notes);
}

static void
on_track (CvMedia *media, guint file, const CvMediaTrack *track, GString *text)
{
  g_string_append_printf (text, "track %u %s %u;", file, track->codec, track->height);
}

static void
on_clock (CvMedia *media, guint file, gint64 pts, gint64 ntp, GString *text)
{
  g_string_append_printf (text, "clock %u %d %d;", file, (int) pts, (int) ntp);
}

static void
on_recorded (CvMedia *media, guint file, const char *reason, guint64 bytes, GString *text)
{
  g_string_append_printf (text, "recorded %u %s %u;", file, reason, (guint) bytes);
}

static void
on_slots (CvMedia *media, const char *person, const CvMediaSlot *slots, guint n, GString *text)
{
  g_string_append_printf (text, "slots %s %s %u;", person, slots[0].mid, n);
}

static void
on_state (CvMedia *media, const char *person, CvMediaState state, const char *reason, GString *text)
{
  g_string_append_printf (text, "state %s %d %s;", person, state, reason);
}

static void
on_speakers (CvMedia *media, char **people, GString *text)
{
  g_string_append_printf (text, "speakers %s;", people[0]);
}

static void
on_layers (CvMedia *media, const char *person, CvMediaSource source, char **rids, GString *text)
{
  g_string_append_printf (text, "layers %s %d %s;", person, source, rids[0]);
}

static void
on_stats (CvMedia *media, const CvMediaStats *stats, GString *text)
{
  g_string_append_printf (text, "stats %u;", stats->rss);
}

static void
on_ready (CvMedia *media, GString *text)
{
  g_string_append (text, "ready;");
}

static void
test_signals (void)
{
  TestNotes *notes = g_object_new (TEST_TYPE_NOTES, NULL);
  GString *text = notes->calls;
  CvMediaSlot slot = { .mid = "7" };
  CvMediaStats stats = { .rss = 5 };
  CvMediaTrack track = { "opus", 1, 2, 3 };
  const char *const names[] = { "x", NULL };

  g_signal_connect (notes, "state", G_CALLBACK (on_state), text);
  g_signal_connect (notes, "slots", G_CALLBACK (on_slots), text);
  g_signal_connect (notes, "speakers", G_CALLBACK (on_speakers), text);
  g_signal_connect (notes, "layers", G_CALLBACK (on_layers), text);
  g_signal_connect (notes, "stats", G_CALLBACK (on_stats), text);
  g_signal_connect (notes, "track", G_CALLBACK (on_track), text);
  g_signal_connect (notes, "clock", G_CALLBACK (on_clock), text);
  g_signal_connect (notes, "recorded", G_CALLBACK (on_recorded), text);
  g_signal_connect (notes, "ready", G_CALLBACK (on_ready), text);
  g_signal_emit_by_name (notes, "state", "a", CV_MEDIA_LOST, "consent");
  g_signal_emit_by_name (notes, "slots", "a", &slot, 1);
  g_signal_emit_by_name (notes, "speakers", names);
  g_signal_emit_by_name (notes, "layers", "a", CV_MEDIA_SCREEN, names);
  g_signal_emit_by_name (notes, "stats", &stats);
  g_signal_emit_by_name (notes, "track", 4, &track);
  g_signal_emit_by_name (notes, "clock", 4, (gint64) 5, (gint64) 6);
  g_signal_emit_by_name (notes, "recorded", 4, "full", (guint64) 7);
  g_signal_emit_by_name (notes, "ready");
  g_signal_emit_by_name (notes, "lost");
  g_signal_emit_by_name (notes, "failed");
  g_assert_cmpstr (text->str, ==,
                   "state a 2 consent;slots a 7 1;speakers x;layers a 2 x;stats 5;"
                   "track 4 opus 3;clock 4 5 6;recorded 4 full 7;ready;");
  g_string_free (text, TRUE);
  g_object_unref (notes);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/media/calls", test_calls);
  g_test_add_func ("/media/join", test_join);
  g_test_add_func ("/media/record", test_record);
  g_test_add_func ("/media/signals", test_signals);
  return g_test_run ();
}
