/* See metrics.h. */
#include "daemon/metrics.h"

#include "base/usage.h"
#include "daemon/metrics-tallies.h"

#define CV_LOG_TOPIC "metrics"
#include "base/log.h"

#define KIB 1024.0
#define BITS 8.0

struct _CvMetrics {
  grefcount references; /* one for each answer that is awaited */
  CvGaugesParts parts;
  CvServer *server;
  CvMetricsSource source;
  gint64 started; /* µs */
  gboolean stopped;
};

/* ---- the parts ---- */

static void
write_one (CvExposition *text, const char *name, const char *help, double value)
{
  cv_exposition_gauge (text, name, help);
  cv_exposition_add (text, value);
}

/* What runs, of each kind. */
static void
write_meetings (const CvGauges *gauges, CvExposition *text)
{
  const CvPolicy *const *all = cv_policy_all ();
  guint kinds = cv_gauges_count_kinds ();
  cv_exposition_gauge (text, "conclave_room_meetings", "Meetings that run, by kind.");
  for (guint kind = 0; kind < kinds; kind++)
    cv_exposition_add_labelled (text, gauges->meetings[kind], "kind", all[kind]->kind, NULL);
  cv_exposition_gauge (text, "conclave_room_people", "People in meetings, callers and streams among them, by kind.");
  for (guint kind = 0; kind < kinds; kind++)
    cv_exposition_add_labelled (text, gauges->people[kind], "kind", all[kind]->kind, NULL);
  write_one (text, "conclave_recording_running", "Meetings that are being recorded.", gauges->recording);
  write_one (text, "conclave_recording_paused", "Recordings that pause.", gauges->paused);
}

/* What the database has; `census` NULL: it does not say. */
static void
write_census (const CvCensus *census, CvExposition *text)
{
  const CvPolicy *const *all = cv_policy_all ();
  write_one (text, "conclave_store_up", "1: the database answers.", census != NULL);
  if (census == NULL)
    return;
  cv_exposition_gauge (text, "conclave_room_rooms", "Rooms that there are, by kind.");
  for (guint kind = 0; all[kind] != NULL; kind++) {
    gint64 n = 0;
    for (guint i = 0; i < census->n_kinds; i++)
      n += g_str_equal (census->kinds[i].kind, all[kind]->kind) ? census->kinds[i].rooms : 0;
    cv_exposition_add_labelled (text, (double) n, "kind", all[kind]->kind, NULL);
  }
  write_one (text, "conclave_document_files", "Documents of meetings that can be had.", (double) census->documents);
  write_one (text, "conclave_document_stored_bytes", "What documents take.", (double) census->document_bytes);
  write_one (text, "conclave_webhook_waiting", "Webhooks' calls that are still to be made.",
             (double) census->hooks_waiting);
  write_one (text, "conclave_webhook_abandoned", "Webhooks' calls that were given up and are kept.",
             (double) census->hooks_failed);
}

static void
write_connections (const CvGauges *gauges, CvExposition *text)
{
  write_one (text, "conclave_server_connections", "Connections that are open, WebSockets among them.",
             gauges->connections);
  write_one (text, "conclave_websocket_connections", "WebSockets that are open.", gauges->sockets);
}

/* Nobody knows a share of nothing. */
static void
write_loss (CvExposition *text, const CvMediaLoad *sum)
{
  if (sum->people == 0)
    return;
  cv_exposition_gauge (text, "conclave_media_loss_ratio",
                       "Packets that were lost, of those that were sent: the mean of all people.");
  cv_exposition_add_labelled (text, sum->up_loss / sum->people, "direction", "in", NULL);
  cv_exposition_add_labelled (text, sum->down_loss / sum->people, "direction", "out", NULL);
}

static void
write_media (const CvGauges *gauges, CvExposition *text)
{
  const CvPoolLoad *load = &gauges->media;
  if (!gauges->has_pool)
    return;
  write_one (text, "conclave_media_processes", "Media processes that work for a meeting.", load->processes);
  write_one (text, "conclave_media_spares", "Media processes that wait for a meeting, ready.", gauges->spares);
  write_one (text, "conclave_media_people", "People whose media pass through the server.", load->sum.people);
  write_one (text, "conclave_media_received_bytes_per_second", "Media that come in.", (double) load->sum.up / BITS);
  write_one (text, "conclave_media_sent_bytes_per_second", "Media that go out.", (double) load->sum.down / BITS);
  write_loss (text, &load->sum);
  write_one (text, "conclave_media_cpu_cores", "Processor time that media processes take.", load->sum.cpu);
  write_one (text, "conclave_media_resident_bytes", "Memory of media processes.", load->sum.rss * KIB);
}

static void
write_disk (CvMetrics *self, const CvGauges *gauges, CvExposition *text)
{
  if (gauges->has_disk) {
    write_one (text, "conclave_recording_disk_free_bytes", "Free space where recordings are.",
               (double) gauges->disk_free);
    write_one (text, "conclave_recording_disk_size_bytes", "All space there, free or not.", (double) gauges->disk_size);
  }
  write_one (text, "conclave_render_waiting", "Renderings that wait.", gauges->renders_waiting);
  write_one (text, "conclave_render_running", "Renderings that run.", gauges->renders_running);
  gint64 newest = cv_backups_get_newest (self->parts.backups);
  if (newest > 0)
    write_one (text, "conclave_backup_last_timestamp_seconds", "When the newest backup of the database was made.",
               (double) newest / 1000);
}

static void
write_trunks (CvCallers *callers, CvExposition *text)
{
  g_autoptr (GArray) trunks = cv_callers_list_trunks (callers);
  const CvTrunkView *all = (const CvTrunkView *) trunks->data;
  cv_exposition_gauge (text, "conclave_sip_trunk_up", "1: the trunk is registered, or needs not be.");
  for (guint i = 0; i < trunks->len; i++)
    cv_exposition_add_labelled (text, cv_gauges_is_trunk_up (&all[i]), "trunk", all[i].name, NULL);
  cv_exposition_gauge (text, "conclave_sip_calls", "Calls at present, by trunk.");
  for (guint i = 0; i < trunks->len; i++)
    cv_exposition_add_labelled (text, all[i].calls, "trunk", all[i].name, NULL);
  cv_exposition_counter (text, "conclave_sip_answered_total", "Calls that were answered, by trunk.");
  for (guint i = 0; i < trunks->len; i++)
    cv_exposition_add_labelled (text, (double) all[i].answered, "trunk", all[i].name, NULL);
  cv_exposition_counter (text, "conclave_sip_refused_total",
                         "Calls that were refused, by trunk: full, or without common media.");
  for (guint i = 0; i < trunks->len; i++) {
    cv_exposition_add_labelled (text, (double) all[i].refused_full, "trunk", all[i].name, "reason", "full", NULL);
    cv_exposition_add_labelled (text, (double) all[i].refused_media, "trunk", all[i].name, "reason", "media", NULL);
  }
}

static void
write_sip (const CvGauges *gauges, CvExposition *text)
{
  CvCallers *callers = gauges->callers;
  if (callers == NULL)
    return;
  const CvSipStats *stats = cv_callers_get_stats (callers);
  gboolean up = gauges->sip_up;
  write_one (text, "conclave_sip_up", "1: the telephone gateway takes calls.", up);
  write_trunks (callers, text);
  write_one (text, "conclave_sip_wrong_pins", "Wrong PINs of the last ten minutes.",
             cv_callers_count_wrong_pins (callers));
  if (!up)
    return;
  cv_exposition_counter (text, "conclave_sip_refused_requests_total",
                         "SIP requests that were refused: of no trunk, or too often.");
  cv_exposition_add_labelled (text, (double) stats->refused_unknown, "reason", "unknown", NULL);
  cv_exposition_add_labelled (text, (double) stats->refused_rate, "reason", "rate", NULL);
  write_one (text, "conclave_sip_cpu_cores", "Processor time that the telephone gateway takes.", stats->cpu);
  write_one (text, "conclave_sip_resident_bytes", "Memory of the telephone gateway.", stats->rss * KIB);
}

static void
write_process (CvMetrics *self, CvExposition *text)
{
  int descriptors = cv_usage_count_descriptors ();
  gint64 most = cv_usage_get_max_descriptors ();
  cv_exposition_counter (text, "conclave_process_cpu_seconds_total", "Processor time that conclaved took.");
  cv_exposition_add (text, (double) cv_usage_get_cpu () / G_USEC_PER_SEC);
  write_one (text, "conclave_process_resident_bytes", "Memory of conclaved.", cv_usage_get_rss () * KIB);
  if (descriptors >= 0)
    write_one (text, "conclave_process_descriptors", "Descriptors that conclaved has open.", descriptors);
  if (most >= 0)
    write_one (text, "conclave_process_descriptors_max", "How many descriptors conclaved may have.", (double) most);
  write_one (text, "conclave_process_uptime_seconds", "How long conclaved runs.",
             (double) (cv_clock_now (self->parts.clock) - self->started) / G_USEC_PER_SEC);
}

/* ---- the whole ---- */

static char *
write_all (CvMetrics *self, const CvCensus *census)
{
  g_autoptr (CvExposition) text = cv_exposition_new ();
  CvGauges gauges;
  cv_gauges_measure (&gauges, &self->parts, self->server);
  write_census (census, text);
  write_meetings (&gauges, text);
  write_connections (&gauges, text);
  write_media (&gauges, text);
  write_disk (self, &gauges, text);
  write_sip (&gauges, text);
  cv_metrics_write_tallies (text);
  write_process (self, text);
  return cv_exposition_steal (text);
}

static void
unref (CvMetrics *self)
{
  if (g_ref_count_dec (&self->references))
    g_free (self);
}

static void
on_counted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CvCensus) census = cv_census_take_finish (CV_STORE (source), result, &error);
  CvMetrics *self = g_task_get_task_data (task);
  if (self->stopped) {
    g_task_return_pointer (task, g_strdup (""), g_free);
    return;
  }
  if (census == NULL)
    cv_info (NULL, NULL, "the database was not counted: %s", error->message);
  g_task_return_pointer (task, write_all (self, census), g_free);
}

static void
collect_async (gpointer user_data, GAsyncReadyCallback callback, gpointer data)
{
  CvMetrics *self = user_data;
  GTask *task = g_task_new (self->parts.store, NULL, callback, data);
  g_ref_count_inc (&self->references);
  g_task_set_task_data (task, self, (GDestroyNotify) unref);
  cv_census_take_async (self->parts.store, on_counted, task);
}

static char *
collect_finish (gpointer source, GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}

CvMetrics *
cv_metrics_new (const CvGaugesParts *parts)
{
  CvMetrics *self = g_new0 (CvMetrics, 1);
  g_ref_count_init (&self->references);
  self->parts = *parts;
  self->started = cv_clock_now (parts->clock);
  self->source =
    (CvMetricsSource){ .collect_async = collect_async, .collect_finish = collect_finish, .user_data = self };
  return self;
}

void
cv_metrics_stop (CvMetrics *self)
{
  self->stopped = TRUE;
  unref (self);
}

const CvMetricsSource *
cv_metrics_get_source (CvMetrics *self)
{
  return &self->source;
}

void
cv_metrics_set_server (CvMetrics *self, CvServer *server)
{
  self->server = server;
}
