/* See clerk.h. */
#include "signalling/clerk.h"

#define CV_LOG_TOPIC "clerk"
#include "base/log.h"

struct _CvClerk {
  GObject parent_instance;
  CvRegistry *registry; /* outlives the clerk */
  CvCabinet *cabinet;   /* so does it */
};

G_DEFINE_FINAL_TYPE (CvClerk, cv_clerk, G_TYPE_OBJECT)

static void
cv_clerk_class_init (CvClerkClass *klass)
{
}

static void
cv_clerk_init (CvClerk *self)
{
}

/* ---- from meetings to files ---- */

static void
on_deleted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  if (!cv_cabinet_delete_finish (CV_CABINET (source), result, &error))
    cv_warning (NULL, NULL, "documents of a meeting are not deleted: %s", error->message);
}

static void
on_meeting_ended (CvMeeting *meeting, CvEnding ending, gpointer user_data)
{
  CvClerk *self = user_data;
  cv_cabinet_delete_async (self->cabinet, CV_DOCUMENTS_UNFINISHED, cv_meeting_get_id (meeting), on_deleted, NULL);
}

/* Who takes a document out of what is shared deletes its file. */
static void
on_shared (CvSharing *sharing, GPtrArray *ops, GPtrArray *stamps, CvParticipant *by, gpointer user_data)
{
  CvClerk *self = user_data;
  for (guint i = 0; by != NULL && i < ops->len; i++) {
    const CvOperation *operation = g_ptr_array_index (ops, i);
    if (operation->type == CV_MODEL_DOCUMENT && operation->gone)
      cv_cabinet_delete_async (self->cabinet, CV_DOCUMENTS_ONE, operation->object, on_deleted, NULL);
  }
}

static void
on_registry_meeting_started (CvRegistry *registry, CvRoom *room, gpointer user_data)
{
  CvMeeting *meeting = cv_room_get_meeting (room);
  g_signal_connect_object (meeting, "ended", G_CALLBACK (on_meeting_ended), user_data, 0);
  g_signal_connect_object (cv_meeting_get_sharing (meeting), "shared", G_CALLBACK (on_shared), user_data, 0);
}

/* ---- from files to meetings ---- */

/* Of the meeting of `row`, while it goes on; else NULL. */
static CvSharing *
find_sharing (CvClerk *self, const CvDocumentRow *row)
{
  CvRoom *room = cv_registry_peek (self->registry, row->room);
  CvMeeting *meeting = room != NULL ? cv_room_get_meeting (room) : NULL;
  if (meeting == NULL || !g_str_equal (cv_meeting_get_id (meeting), row->meeting))
    return NULL;
  return cv_meeting_get_sharing (meeting);
}

static void
put (CvSharing *sharing, CvOperation *operation, const CvDocumentRow *row)
{
  g_autoptr (GError) error = NULL;
  if (!cv_sharing_put (sharing, operation, &error))
    cv_warning (row->room, NULL, "document %s is not shown to the meeting: %s", row->id, error->message);
}

static void
on_cabinet_ready (CvCabinet *cabinet, const CvDocumentRow *row, gpointer user_data)
{
  CvSharing *sharing = find_sharing (user_data, row);
  if (sharing == NULL)
    return;
  CvOperation *operation = cv_operation_new (row->id, CV_MODEL_DOCUMENT, 1, CV_SHARING_SERVER);
  cv_operation_set_text (operation, "name", row->name);
  cv_operation_set_int (operation, "bytes", row->bytes);
  cv_operation_set_text (operation, "sha256", row->sha256);
  cv_operation_set_text (operation, "media_type", row->media_type);
  cv_operation_set_text (operation, "by", row->person);
  cv_operation_set_text (operation, "sender", row->by_name);
  cv_operation_set_int (operation, "at", row->created);
  put (sharing, operation, row);
}

static void
on_cabinet_gone (CvCabinet *cabinet, const CvDocumentRow *row, gpointer user_data)
{
  CvSharing *sharing = find_sharing (user_data, row);
  const CvObject *object = sharing != NULL ? cv_model_find (cv_sharing_get_model (sharing), row->id) : NULL;
  if (object == NULL || cv_object_is_gone (object))
    return;
  CvOperation *operation = cv_operation_new (row->id, CV_MODEL_DOCUMENT, 1, CV_SHARING_SERVER);
  operation->gone = TRUE;
  put (sharing, operation, row);
}

CvClerk *
cv_clerk_new (CvRegistry *registry, CvCabinet *cabinet)
{
  CvClerk *self = g_object_new (CV_TYPE_CLERK, NULL);
  self->registry = registry;
  self->cabinet = cabinet;
  g_signal_connect_object (registry, "meeting-started", G_CALLBACK (on_registry_meeting_started), self, 0);
  g_signal_connect_object (cabinet, "ready", G_CALLBACK (on_cabinet_ready), self, 0);
  g_signal_connect_object (cabinet, "gone", G_CALLBACK (on_cabinet_gone), self, 0);
  return self;
}
