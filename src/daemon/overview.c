/* See overview.h.
 *
 * A row becomes text when it is made, so that an answer is only put together: writing 720 rows of numbers would hold the loop up.
 */
#include "daemon/overview.h"

#include "base/usage.h"
#include "daemon/ring.h"
#include "process/child.h"
#include "store/pulse.h"

#define RENDERER "conclave-render"
/* meetings that are listed at most; all are counted */
#define MAX_ROOMS 500

/* What grows, and what it was at the row before. */
typedef struct {
  gint64 value;
  double rate; /* a µs in each µs: cores */
} Growth;

struct _CvOverview {
  CvGaugesParts parts;
  CvServer *server;
  CvOverviewSource source;
  CvRing *ring;
  GCancellable *ended;
  guint timer;
  gint64 wall, began; /* ms since 1970 and µs at the start: a clock that is set does not put rows in disorder */
  gint64 measured;    /* µs: the row before */
  Growth own, renders;
  gboolean database; /* answers */
};

/* ---- a row ---- */

static gint64
get_time (CvOverview *self)
{
  return self->wall + (cv_clock_now (self->parts.clock) - self->began) / 1000;
}

static void
grow (Growth *self, gint64 value, gint64 elapsed)
{
  /* less than before: one of those that were counted has ended */
  self->rate = elapsed > 0 && value > self->value ? (double) (value - self->value) / (double) elapsed : 0;
  self->value = value;
}

static void
add_int (GString *row, guint64 value)
{
  g_string_append_printf (row, ",%" G_GUINT64_FORMAT, value);
}

/* Four digits are more than anybody sees. */
static void
add_number (GString *row, gboolean known, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append_printf (row, ",%s", known ? g_ascii_formatd (text, sizeof text, "%.4g", value) : "null");
}

static void
add_columns (GString *to)
{
  static const char *const names[] = { "sockets",         "in",         "out",           "loss_in",
                                       "loss_out",        "cpu_server", "cpu_media",     "cpu_render",
                                       "cpu_sip",         "disk_free",  "disk_size",     "renders_waiting",
                                       "renders_running", "recording",  "calls",         "trunks_up",
                                       "trunks",          "database",   "media_reserve", "open" };
  const CvPolicy *const *all = cv_policy_all ();
  guint kinds = cv_gauges_count_kinds ();
  g_string_append (to, "[\"at\"");
  for (guint kind = 0; kind < kinds; kind++)
    g_string_append_printf (to, ",\"meetings.%s\",\"people.%s\"", all[kind]->kind, all[kind]->kind);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_string_append_printf (to, ",\"%s\"", names[i]);
  g_string_append_c (to, ']');
}

static void
add_media (GString *row, const CvGauges *gauges)
{
  const CvMediaLoad *sum = &gauges->media.sum;
  gboolean people = gauges->has_pool && sum->people > 0;
  add_number (row, gauges->has_pool, (double) sum->up);
  add_number (row, gauges->has_pool, (double) sum->down);
  add_number (row, people, people ? sum->up_loss / sum->people : 0);
  add_number (row, people, people ? sum->down_loss / sum->people : 0);
}

/* In the order of the columns. Returns: (transfer full). */
static char *
make_row (CvOverview *self)
{
  GString *row = g_string_sized_new (256);
  CvGauges gauges;
  cv_gauges_measure (&gauges, &self->parts, self->server);
  gboolean calls = gauges.callers != NULL;
  guint kinds = cv_gauges_count_kinds ();
  g_string_append_printf (row, "[%" G_GINT64_FORMAT, get_time (self));
  for (guint kind = 0; kind < kinds; kind++) {
    add_int (row, gauges.meetings[kind]);
    add_int (row, gauges.people[kind]);
  }
  add_int (row, gauges.sockets);
  add_media (row, &gauges);
  add_number (row, self->measured != 0, self->own.rate);
  add_number (row, gauges.has_pool, gauges.media.sum.cpu);
  add_number (row, self->measured != 0, self->renders.rate);
  add_number (row, gauges.sip_up, calls ? cv_callers_get_stats (gauges.callers)->cpu : 0);
  add_number (row, gauges.has_disk, (double) gauges.disk_free);
  add_number (row, gauges.has_disk, (double) gauges.disk_size);
  add_int (row, gauges.renders_waiting);
  add_int (row, gauges.renders_running);
  add_int (row, gauges.recording);
  add_number (row, calls, gauges.calls);
  add_number (row, calls, gauges.trunks_up);
  add_number (row, calls, gauges.trunks);
  add_int (row, self->database);
  add_int (row, cv_registry_has_media_reserve (self->parts.registry));
  add_int (row, !cv_registry_is_closed (self->parts.registry));
  g_string_append_c (row, ']');
  return g_string_free (row, FALSE);
}

static void
measure (CvOverview *self)
{
  gint64 now = cv_clock_now (self->parts.clock);
  gint64 elapsed = self->measured != 0 ? now - self->measured : 0;
  grow (&self->own, cv_usage_get_cpu (), elapsed);
  grow (&self->renders, cv_child_get_cpu (RENDERER), elapsed);
  cv_ring_add (self->ring, make_row (self));
  self->measured = now;
}

static void on_time (gpointer user_data);

static void
on_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  gboolean answers = cv_pulse_take_finish (CV_STORE (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  CvOverview *self = user_data;
  self->database = answers;
  measure (self);
  self->timer = cv_clock_after (self->parts.clock, CV_OVERVIEW_EVERY_MS, on_time, self);
}

static void
on_time (gpointer user_data)
{
  CvOverview *self = user_data;
  self->timer = 0;
  cv_pulse_take_async (self->parts.store, self->parts.clock, CV_API_READY_MS, self->ended, on_answered, self);
}

/* ---- an answer ---- */

/* Those that run, as far as anybody may know of them. Ids and kinds are of letters and digits. */
static void
add_rooms (CvOverview *self, GString *to)
{
  g_autoptr (GPtrArray) live = cv_registry_list_live (self->parts.registry);
  guint listed = 0, unlisted = 0;
  g_string_append_c (to, '[');
  for (guint i = 0; i < live->len && listed < MAX_ROOMS; i++) {
    CvRoom *room = g_ptr_array_index (live, i);
    CvMeeting *meeting = cv_room_get_meeting (room);
    if (!cv_room_get_policy (room)->keeps_rows) {
      unlisted++;
      continue;
    }
    g_string_append_printf (to, "%s{\"id\":\"%s\",\"kind\":\"%s\",\"people\":%u,\"since\":%" G_GINT64_FORMAT "}",
                            listed++ > 0 ? "," : "", cv_room_get_row (room)->id, cv_room_get_policy (room)->kind,
                            cv_meeting_get_size (meeting), cv_meeting_get_started (meeting));
  }
  g_string_append_printf (to, "],\"unlisted\":%u", unlisted);
}

static char *
show (gpointer user_data, guint after)
{
  CvOverview *self = user_data;
  GString *text = g_string_new ("{\"run\":");
  /* a client that knows rows of another run asks again */
  g_string_append_printf (
    text, "%" G_GINT64_FORMAT ",\"now\":%" G_GINT64_FORMAT ",\"every\":%d,\"keeps\":%d,\"last\":%u", self->wall,
    get_time (self), CV_OVERVIEW_EVERY_MS, CV_OVERVIEW_ROWS, cv_ring_get_last (self->ring));
  g_string_append (text, ",\"columns\":");
  add_columns (text);
  g_string_append (text, ",\"rows\":[");
  cv_ring_write (self->ring, after, text);
  g_string_append (text, "],\"rooms\":");
  add_rooms (self, text);
  g_string_append_c (text, '}');
  return g_string_free (text, FALSE);
}

/* ---- life ---- */

CvOverview *
cv_overview_new (const CvGaugesParts *parts)
{
  CvOverview *self = g_new0 (CvOverview, 1);
  self->parts = *parts;
  self->source = (CvOverviewSource){ .show = show, .user_data = self };
  self->ring = cv_ring_new (CV_OVERVIEW_ROWS);
  self->ended = g_cancellable_new ();
  self->wall = cv_clock_wall (parts->clock);
  self->began = cv_clock_now (parts->clock);
  return self;
}

void
cv_overview_start (CvOverview *self, CvServer *server)
{
  self->server = server;
  on_time (self);
}

void
cv_overview_free (CvOverview *self)
{
  cv_clock_cancel (self->parts.clock, &self->timer);
  g_cancellable_cancel (self->ended);
  g_object_unref (self->ended);
  cv_ring_free (self->ring);
  g_free (self);
}

const CvOverviewSource *
cv_overview_get_source (CvOverview *self)
{
  return &self->source;
}
