/* See bridges.h. */
#include "room/bridges.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sys/socket.h>

#define CV_LOG_TOPIC "bridge"
#include "base/log.h"

struct _CvBridges {
  CvTelephony *telephony; /* borrowed */
  GHashTable *all;        /* room's id → Bridge, owned; none is without callers */
};

typedef struct {
  CvTelephony *telephony;
  char *room;
  char *meeting;
  CvSwitchboard *switchboard;
  GHashTable *callers; /* number → CvParticipant, borrowed from the meeting */
} Bridge;

static void
bridge_free (gpointer data)
{
  Bridge *self = data;
  g_signal_handlers_disconnect_by_data (self->switchboard, self);
  g_object_unref (self->switchboard);
  g_hash_table_unref (self->callers);
  g_free (self->meeting);
  g_free (self->room);
  g_free (self);
}

/* Each end goes to a process of its own, and closes when that one does. */
static void
bring_up (Bridge *self)
{
  int fds[2];
  GHashTableIter iter;
  gpointer number, participant;
  if (!cv_switchboard_is_ready (self->switchboard))
    return;
  if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) != 0) {
    cv_warning (self->room, NULL, "no bridge to callers: %s", g_strerror (errno));
    return;
  }
  cv_telephony_bridge (self->telephony, self->room, self->meeting, fds[0]);
  cv_switchboard_set_phones (self->switchboard, fds[1]);
  g_close (fds[0], NULL);
  g_close (fds[1], NULL);
  g_hash_table_iter_init (&iter, self->callers);
  while (g_hash_table_iter_next (&iter, &number, &participant))
    cv_switchboard_add_phone (self->switchboard, participant, GPOINTER_TO_UINT (number));
}

static void
on_switchboard_media (CvSwitchboard *switchboard, gboolean ready, Bridge *self)
{
  if (ready)
    bring_up (self);
  else
    cv_telephony_unbridge (self->telephony, self->room);
}

static Bridge *
bridge_new (CvTelephony *telephony, CvRoom *room)
{
  Bridge *self = g_new0 (Bridge, 1);
  self->telephony = telephony;
  self->room = g_strdup (cv_room_get_row (room)->id);
  self->meeting = g_strdup (cv_meeting_get_id (cv_room_get_meeting (room)));
  self->switchboard = g_object_ref (cv_room_get_switchboard (room));
  self->callers = g_hash_table_new (NULL, NULL);
  g_signal_connect (self->switchboard, "media", G_CALLBACK (on_switchboard_media), self);
  return self;
}

CvBridges *
cv_bridges_new (CvTelephony *telephony)
{
  CvBridges *self = g_new0 (CvBridges, 1);
  self->telephony = telephony;
  self->all = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, bridge_free);
  return self;
}

void
cv_bridges_free (CvBridges *self)
{
  g_hash_table_unref (self->all);
  g_free (self);
}

void
cv_bridges_add (CvBridges *self, CvRoom *room, CvParticipant *participant, guint32 number)
{
  const char *id = cv_room_get_row (room)->id;
  Bridge *bridge = g_hash_table_lookup (self->all, id);
  gboolean first = bridge == NULL;
  g_return_if_fail (cv_room_get_switchboard (room) != NULL);
  if (first) {
    bridge = bridge_new (self->telephony, room);
    g_hash_table_insert (self->all, bridge->room, bridge);
  }
  g_hash_table_insert (bridge->callers, GUINT_TO_POINTER (number), participant);
  if (first)
    bring_up (bridge);
  else
    cv_switchboard_add_phone (bridge->switchboard, participant, number);
}

void
cv_bridges_remove (CvBridges *self, const char *room, guint32 number)
{
  Bridge *bridge = g_hash_table_lookup (self->all, room);
  if (bridge == NULL || !g_hash_table_remove (bridge->callers, GUINT_TO_POINTER (number)) ||
      g_hash_table_size (bridge->callers) > 0)
    return;
  cv_telephony_unbridge (self->telephony, room);
  g_hash_table_remove (self->all, room);
}

guint
cv_bridges_count (CvBridges *self, const char *room)
{
  Bridge *bridge = g_hash_table_lookup (self->all, room);
  return bridge != NULL ? g_hash_table_size (bridge->callers) : 0;
}
