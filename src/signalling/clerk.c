/* See clerk.h. */
#include "signalling/clerk.h"

#define CV_LOG_TOPIC "clerk"
#include "base/log.h"

static void
on_deleted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  if (!cv_cabinet_delete_finish (CV_CABINET (source), result, &error))
    cv_warning (NULL, NULL, "uploads of a meeting that ended are not deleted: %s", error->message);
}

static void
on_meeting_ended (CvMeeting *meeting, CvEnding ending, gpointer user_data)
{
  cv_cabinet_delete_async (user_data, CV_DOCUMENTS_UNFINISHED, cv_meeting_get_id (meeting), on_deleted, NULL);
}

static void
on_registry_meeting_started (CvRegistry *registry, CvRoom *room, gpointer user_data)
{
  g_signal_connect_object (cv_room_get_meeting (room), "ended", G_CALLBACK (on_meeting_ended), user_data, 0);
}

void
cv_clerk_listen (CvRegistry *registry, CvCabinet *cabinet)
{
  g_signal_connect_object (registry, "meeting-started", G_CALLBACK (on_registry_meeting_started), cabinet, 0);
}
