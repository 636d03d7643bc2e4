/* See gauges.h. */
#include "daemon/gauges.h"

guint
cv_gauges_count_kinds (void)
{
  const CvPolicy *const *all = cv_policy_all ();
  guint n = 0;
  while (n < CV_CENSUS_MAX_KINDS && all[n] != NULL)
    n++;
  return n;
}

/* What runs, of each kind. */
static void
count_meetings (CvGauges *self, CvRegistry *registry)
{
  g_autoptr (GPtrArray) live = cv_registry_list_live (registry);
  const CvPolicy *const *all = cv_policy_all ();
  guint kinds = cv_gauges_count_kinds ();
  for (guint i = 0; i < live->len; i++) {
    CvRoom *room = g_ptr_array_index (live, i);
    CvCapture *capture = cv_room_get_capture (room);
    CvCaptureState state = capture != NULL ? cv_capture_get_state (capture) : CV_CAPTURE_OFF;
    self->recording += state == CV_CAPTURE_ON;
    self->paused += state == CV_CAPTURE_PAUSED;
    for (guint kind = 0; kind < kinds; kind++)
      if (all[kind] == cv_room_get_policy (room)) {
        self->meetings[kind]++;
        self->people[kind] += cv_meeting_get_size (cv_room_get_meeting (room));
      }
  }
}

gboolean
cv_gauges_is_trunk_up (const CvTrunkView *trunk)
{
  return g_str_equal (trunk->state, "registered") || g_str_equal (trunk->state, "listed");
}

static void
count_calls (CvGauges *self, CvCallers *callers)
{
  g_autoptr (GArray) trunks = cv_callers_list_trunks (callers);
  self->sip_up = cv_callers_is_up (callers);
  self->trunks = trunks->len;
  for (guint i = 0; i < trunks->len; i++) {
    const CvTrunkView *trunk = &g_array_index (trunks, CvTrunkView, i);
    self->calls += trunk->calls;
    self->trunks_up += self->sip_up && cv_gauges_is_trunk_up (trunk);
  }
}

void
cv_gauges_measure (CvGauges *self, const CvGaugesParts *parts, CvServer *server)
{
  *self =
    (CvGauges){ .has_pool = parts->pool != NULL, .callers = server != NULL ? cv_server_get_callers (server) : NULL };
  count_meetings (self, parts->registry);
  if (server != NULL)
    cv_server_count (server, &self->connections, &self->sockets);
  if (self->has_pool) {
    cv_pool_measure (parts->pool, &self->media);
    self->spares = cv_pool_count_ready (parts->pool);
  }
  self->has_disk = cv_disk_measure (parts->disk, &self->disk_free, &self->disk_size);
  cv_library_count_renders (parts->library, &self->renders_waiting, &self->renders_running);
  if (self->callers != NULL)
    count_calls (self, self->callers);
}
