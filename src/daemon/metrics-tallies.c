/* See metrics-tallies.h. */
#include "daemon/metrics-tallies.h"

#include "base/tally.h"
#include "room/policy.h"
#include "signalling/problem.h"

/* The label's value; NULL: there is none of this number. */
typedef const char *(*NameFunc) (guint label);

static const char *
name_status (guint label)
{
  static const char *const names[] = { "none", "1xx", "2xx", "3xx", "4xx", "5xx" };
  return label < G_N_ELEMENTS (names) ? names[label] : NULL;
}

static const char *
name_problem (guint label)
{
  return label < CV_N_PROBLEMS ? cv_problem_get_id (label) : NULL;
}
G_STATIC_ASSERT (CV_N_PROBLEMS <= CV_TALLY_MAX_LABELS);

static const char *
name_way (guint label)
{
  static const char *const names[] = { [CV_TALLY_IN] = "in", [CV_TALLY_OUT] = "out" };
  return label < G_N_ELEMENTS (names) ? names[label] : NULL;
}

static const char *
name_kind (guint label)
{
  const CvPolicy *const *all = cv_policy_all ();
  for (guint i = 0; all[i] != NULL; i++)
    if (i == label)
      return all[i]->kind;
  return NULL;
}

static const struct {
  CvTally tally;
  const char *name;
  const char *help;
  const char *label; /* NULL: none */
  NameFunc get_name;
  gboolean seldom; /* values of the label that never occurred are left out */
} TALLIES[] = {
  { CV_TALLY_CONNECTIONS, "conclave_server_connections_total", "Connections that were taken." },
  { CV_TALLY_CONNECTIONS_REFUSED, "conclave_server_connections_refused_total",
    "Connections that were closed at once: too many of one address." },
  { CV_TALLY_REQUESTS, "conclave_http_requests_total", "Requests that were answered, by the class of the status.",
    "status", name_status, TRUE },
  { CV_TALLY_REFUSED, "conclave_server_refusals_total",
    "What was refused over HTTP and WebSockets, by the problem's id.", "problem", name_problem, TRUE },
  { CV_TALLY_MESSAGES, "conclave_websocket_messages_total", "Messages over WebSockets.", "direction", name_way },
  { CV_TALLY_LOGINS_FAILED, "conclave_login_failures_total",
    "Wrong passwords, keys, codes, tokens and secrets of links, as fail2ban sees them." },
  { CV_TALLY_JOINS, "conclave_room_joins_total", "Seats that were taken, by kind of room.", "kind", name_kind },
  { CV_TALLY_JOINS_REFUSED, "conclave_room_joins_refused_total", "Joins that were refused, by the problem's id.",
    "problem", name_problem, TRUE },
  { CV_TALLY_MEDIA_STARTS, "conclave_media_starts_total", "Media processes that were given a meeting." },
  { CV_TALLY_MEDIA_CRASHES, "conclave_media_crashes_total",
    "Media processes that ended while their meeting went on; another one takes over." },
  { CV_TALLY_SPARES_LOST, "conclave_media_spares_lost_total", "Spare media processes that ended or did not start." },
  { CV_TALLY_RECORDINGS, "conclave_recording_started_total", "Recordings that began." },
  { CV_TALLY_RECORDINGS_FAILED, "conclave_recording_failed_total",
    "Recordings that could not begin, or ended because they could not be written." },
  { CV_TALLY_RECORDED_BYTES, "conclave_recording_written_bytes_total", "What recordings have that ended." },
  { CV_TALLY_RENDERS, "conclave_render_done_total", "Renderings that are done." },
  { CV_TALLY_RENDERS_FAILED, "conclave_render_failed_total", "Renderings that failed; not those that were cancelled." },
  { CV_TALLY_HOOKS, "conclave_webhook_calls_total", "Webhooks' calls that were taken." },
  { CV_TALLY_HOOKS_FAILED, "conclave_webhook_attempts_failed_total", "Attempts of webhooks' calls that failed." },
  { CV_TALLY_BACKUPS, "conclave_backup_made_total", "Backups of the database that were made." },
  { CV_TALLY_BACKUPS_FAILED, "conclave_backup_failed_total", "Backups of the database that failed." },
  { CV_TALLY_SIP_CRASHES, "conclave_sip_crashes_total", "Telephone gateways that ended unasked." },
};
G_STATIC_ASSERT (G_N_ELEMENTS (TALLIES) == CV_N_TALLIES);

void
cv_metrics_write_tallies (CvExposition *text)
{
  for (gsize i = 0; i < G_N_ELEMENTS (TALLIES); i++) {
    cv_exposition_counter (text, TALLIES[i].name, TALLIES[i].help);
    if (TALLIES[i].get_name == NULL) {
      cv_exposition_add (text, (double) cv_tally_get (TALLIES[i].tally, 0));
      continue;
    }
    const char *value;
    for (guint label = 0; (value = TALLIES[i].get_name (label)) != NULL; label++) {
      guint64 n = cv_tally_get (TALLIES[i].tally, label);
      if (n > 0 || !TALLIES[i].seldom)
        cv_exposition_add_labelled (text, (double) n, TALLIES[i].label, value, NULL);
    }
  }
}
