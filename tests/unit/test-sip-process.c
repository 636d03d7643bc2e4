/* The gateway's process, with one that misbehaves on command: what it is told, what is believed of it, and that there is always
 * another one. */
#include "process/sip-process.h"

#include "lib/log.h"
#include "lib/processes.h"
#include "lib/wait.h"

#include <fcntl.h>
#include <glib/gstdio.h>

typedef struct {
  CvClock *clock;
  CvSipProcess *process;
  guint up, down;
  GString *news; /* "call gone …" */
  int folder;
} Fixture;

static void
on_up (CvTelephony *telephony, Fixture *f)
{
  f->up++;
}

static void
on_down (CvTelephony *telephony, Fixture *f)
{
  f->down++;
}

static void
on_news (CvTelephony *telephony, const CvSipNews *news, Fixture *f)
{
  g_string_append_printf (f->news, "%d:%s ", news->type, news->call);
}

static void
set_up (Fixture *f, gconstpointer language)
{
  static const CvSipListen listen[] = { { "udp", (char *) "127.0.0.1", 0 } };
  static const char *const none[] = { NULL };
  static const CvSipTrunkOptions trunks[] = { { "one", none, "", "", none, 60, 10, "1" },
                                              { "two", none, "u", "p", none, 60, 5, "" } };
  f->folder = open (g_get_tmp_dir (), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const CvSipOptions options = { .program = CV_FAKE_SIP,
                                 .language = language,
                                 .listen = listen,
                                 .n_listen = 1,
                                 .external = "",
                                 .rtp_address = "127.0.0.1",
                                 .rtp_first = 20000,
                                 .rtp_last = 20010,
                                 .security = "off",
                                 .max_calls = 10,
                                 .max_calls_per_source = 2,
                                 .invites_per_second = 5,
                                 .trunks = trunks,
                                 .n_trunks = G_N_ELEMENTS (trunks),
                                 .prompts = f->folder,
                                 .tls = -1 };
  f->news = g_string_new (NULL);
  f->clock = cv_clock_new ();
  f->process = cv_sip_process_new (&options, f->clock);
  g_signal_connect (f->process, "up", G_CALLBACK (on_up), f);
  g_signal_connect (f->process, "down", G_CALLBACK (on_down), f);
  g_signal_connect (f->process, "news", G_CALLBACK (on_news), f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  cv_sip_process_stop (f->process);
  cv_test_wait_until (cv_child_count () == 0);
  cv_test_wait_gone (g_steal_pointer (&f->process));
  g_clear_object (&f->clock);
  g_close (f->folder, NULL);
  g_string_free (f->news, TRUE);
}

/* A call that there never was is passed over, as is what is told of one that is gone. */
static void
test_good (Fixture *f, gconstpointer data)
{
  CvTelephony *telephony = CV_TELEPHONY (f->process);
  cv_sip_process_start (f->process);
  cv_test_wait_until (f->up == 1 && f->news->len > 0);
  g_assert_true (cv_telephony_is_up (telephony));
  cv_test_assert_memory (2048);
  cv_telephony_bridge (telephony, "abcdefghijkm", "mabcdefghijkm", f->folder);
  cv_telephony_hang_up (telephony, "caaaaaaaaaaaa", "operator");
  cv_test_wait_until (g_str_has_suffix (f->news->str, "5:caaaaaaaaaaaa "));
  cv_test_pause (50);
  g_assert_cmpstr (f->news->str, ==, "0:caaaaaaaaaaaa 5:caaaaaaaaaaaa ");
  g_assert_cmpuint (f->down, ==, 0);
}

/* Who listens is told at once, as the second trunk of the options; nobody before there is somebody. */
static void
test_renew (Fixture *f, gconstpointer data)
{
  cv_sip_process_renew (f->process, 1);
  cv_sip_process_start (f->process);
  cv_test_wait_until (f->up == 1);
  cv_test_log_expect (G_LOG_LEVEL_INFO, "*fake: password {*\"trunk\":\"two\",\"password\":\"p\"} 0");
  cv_sip_process_renew (f->process, 1);
  cv_test_wait_until (cv_test_log_is_done ());
}

static void
test_crash (Fixture *f, gconstpointer data)
{
  cv_sip_process_start (f->process);
  cv_test_wait_until (f->up == 1);
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "conclave-sip* is gone: *");
  gint64 before = g_get_monotonic_time ();
  cv_telephony_hang_up (CV_TELEPHONY (f->process), "caaaaaaaaaaaa", "failed");
  cv_test_wait_until (f->down == 1);
  g_assert_false (cv_telephony_is_up (CV_TELEPHONY (f->process)));
  cv_telephony_say (CV_TELEPHONY (f->process), "caaaaaaaaaaaa", "joined"); /* to nobody */
  cv_test_wait_until (f->up == 2);
  g_assert_cmpint (g_get_monotonic_time () - before, <, 5 * G_USEC_PER_SEC);
}

/* What cannot be listened on, what breaks a rule, and a call that there is already. */
static void
test_bad (Fixture *f, gconstpointer data)
{
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "conclave-sip* is gone: *");
  cv_test_log_expect (G_LOG_LEVEL_WARNING, "conclave-sip* is gone: *");
  cv_sip_process_start (f->process);
  cv_test_wait_until (cv_test_log_is_done ());
}

#define ADD(name, language, func) g_test_add (name, Fixture, language, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  cv_test_log_init ();
  ADD ("/sip-process/good", "en", test_good);
  ADD ("/sip-process/renew", "en", test_renew);
  ADD ("/sip-process/crash", "en", test_crash);
  ADD ("/sip-process/not-bound", "de", test_bad);
  ADD ("/sip-process/unknown", "fr", test_bad);
  ADD ("/sip-process/twice", "nl", test_bad);
  return g_test_run ();
}
